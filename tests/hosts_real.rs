//! Hosts elsewhere, with a real Engine: by ssh through a real sshd, by a docker context, and behind a socket proxy.

#[path = "support/engine.rs"]
mod engine;
#[path = "support/lab.rs"]
mod lab;
#[path = "support/proxy.rs"]
mod proxy;
#[path = "support/served.rs"]
mod served;
#[path = "support/sshd.rs"]
mod sshd;

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use reqwest::Method;
use serde_json::{Value, json};
use tokio::sync::Mutex;

use engine::Hands;
use proxy::{LOOKING, Proxy, UPDATES};
use served::{Served, outcome};
use sshd::Sshd;

/// What these tests need of the lab.
struct Lab {
    hands: Hands,
    /// the Engine's address
    engine: String,
    /// the folder of the lab's programs
    programs: String,
    /// the program under test
    program: String,
}

fn lab(test: &str) -> Option<Lab> {
    let engine = lab::variable("PLIMSOLL_LAB_DOCKER", test)?;
    let registry = lab::variable("PLIMSOLL_LAB_REGISTRY", test)?;
    let busybox = lab::variable("PLIMSOLL_LAB_BUSYBOX", test)?;
    let programs = lab::variable("PLIMSOLL_LAB_BIN", test)?;
    let hands = Hands::new(&engine, &registry, &busybox, test);
    Some(Lab { hands, engine, programs, program: env!("CARGO_BIN_EXE_plimsoll").to_owned() })
}

/// The tests of this file look at everything that is there: one at a time.
static ALONE: Mutex<()> = Mutex::const_new(());

/// A Plimsoll that knows the machine by ssh.
fn served(lab: &Lab, machine: &Sshd) -> Served {
    let mut served = Served::new(&lab.program, Path::new("/nowhere"));
    served.with("DOCKER_HOST", &machine.url()).with("PATH", &machine.search_path());
    served
}

/// Whether the document of the fleet names the container.
async fn shows(served: &Served, name: &str) -> Option<()> {
    served.get("/api/v1/fleet").await?.to_string().contains(&format!("\"{name}\"")).then_some(())
}

/// The only host, once it is as wanted.
async fn host(served: &Served, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
    let look = async || served.get("/api/v1/fleet").await.map(|fleet| fleet["hosts"][0].clone()).filter(|host| wanted(host));
    served.until(what, look).await
}

/// A container whose image is one behind the registry's. Answers its name and its id.
async fn outdated(hands: &Hands) -> (String, String) {
    let image = format!("{}:1", hands.repository);
    hands.push("1", "first").await;
    let id = hands.run("web", &image, json!({})).await;
    hands.push("1", "second").await;
    (hands.name("web"), id)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn by_ssh_a_host_is_like_any_other() {
    let Some(lab) = lab("by_ssh_a_host_is_like_any_other") else { return };
    let _alone = ALONE.lock().await;
    let hands = &lab.hands;
    let mut machine = Sshd::start(&lab.programs, &lab.engine, "tower");
    let (name, id) = outdated(hands).await;
    let mut plimsoll = served(&lab, &machine);
    plimsoll.start().await;
    let connected = |host: &Value| host["state"] == "connected";
    let seen = host(&plimsoll, "it is connected", connected).await;
    assert_eq!((&seen["allows"], seen["engine"].as_str().is_some()), (&json!("updates"), true), "{seen}");

    // events, and an update
    plimsoll.until("the container", async || shows(&plimsoll, &name).await).await;
    hands.run("new", &format!("{}:1", hands.repository), json!({})).await;
    plimsoll.until("the event", async || shows(&plimsoll, &hands.name("new")).await).await;
    plimsoll.update(&name).await;
    let ended = plimsoll.ended(&name).await;
    assert_eq!(outcome(&ended), "updated", "{ended}\n{}", plimsoll.log());
    let now = hands.get(&format!("/containers/{name}/json")).await;
    assert!(now["Id"] != json!(id) && now["State"]["Running"] == true, "{now}");
    let open = machine.conversations().len();
    assert!((1..=8).contains(&open), "{open} conversations");

    // killed in the middle, it comes back by itself
    assert!(machine.kill_conversations() > 0);
    hands.act(&hands.name("new"), &format!("rename?name={}", hands.name("renamed"))).await;
    plimsoll.until("what happened meanwhile", async || shows(&plimsoll, &hands.name("renamed")).await).await;

    // away, and back
    machine.stop();
    machine.kill_conversations();
    let lost = host(&plimsoll, "it is lost", |host| host["state"] == "lost").await;
    assert!(lost["error"].as_str().is_some_and(|words| words.contains("connection refused")), "{lost}");
    machine.run();
    host(&plimsoll, "it is back", connected).await;

    // nothing stays, whether Plimsoll ends or is killed
    plimsoll.until("a conversation", async || (!machine.conversations().is_empty()).then_some(())).await;
    let process = rustix::process::Pid::from_raw(i32::try_from(plimsoll.id()).expect("a number")).expect("a process");
    rustix::process::kill_process(process, rustix::process::Signal::TERM).expect("it runs");
    let none = async || machine.conversations().is_empty().then_some(());
    plimsoll.until("the end of all conversations", none).await;
    plimsoll.kill();
    plimsoll.start().await;
    host(&plimsoll, "it is connected again", connected).await;
    plimsoll.kill();
    plimsoll.until("the end of all conversations", none).await;
    for short in ["web", "new", "renamed"] {
        hands.remove(&hands.name(short)).await;
    }
}

/// `plimsoll check` in an environment that has only this in it.
fn check(lab: &Lab, variables: &[(&str, &str)]) -> Output {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = Command::new(&lab.program);
    command.env_clear().env("HOME", folder.path()).env("PLIMSOLL_DATA_DIR", folder.path());
    command.envs(variables.iter().copied()).arg("check").output().expect("the program runs")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_with_ssh_is_told_in_words_to_act_on() {
    let Some(lab) = lab("what_is_wrong_with_ssh_is_told_in_words_to_act_on") else { return };
    let mut machine = Sshd::start(&lab.programs, &lab.engine, "strange");
    let (url, path) = (machine.url(), machine.search_path());
    let told = |machine: &Sshd| {
        let output = check(&lab, &[("DOCKER_HOST", &url), ("PATH", &path)]);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(machine.conversations().is_empty(), "none stays: {told}");
        (output.status.code(), told)
    };
    let expect = |machine: &Sshd, words: &str| {
        let (code, told) = told(machine);
        assert!(code == Some(1) && told.contains(words) && told.contains(&url), "{words}: {told}\n{}", machine.log());
    };
    let (code, well) = told(&machine);
    assert_eq!(code, Some(0), "{well}\n{}", machine.log());

    machine.forget_it();
    expect(&machine, "its host key is not known: accept it once by hand");
    machine.mistake_it();
    expect(&machine, "its host key has changed");
    machine.know_it();
    machine.log_in_with("stranger");
    expect(&machine, "the login is denied");
    machine.log_in_with("user");
    machine.script_docker("echo 'permission denied while trying to connect to the Docker daemon socket' >&2; exit 1");
    expect(&machine, "its user may not speak to Docker");
    machine.script_docker("echo Welcome to the tower; cat >/dev/null");
    expect(&machine, "something there prints text before Docker answers");
    machine.script_docker("exec sleep 1000");
    expect(&machine, "did not answer");
    machine.lose_docker();
    expect(&machine, "the program `docker` is not found there");
    machine.stop();
    expect(&machine, "no connection: connection refused");

    let none = tempfile::tempdir().expect("a folder");
    let output = check(&lab, &[("DOCKER_HOST", &url), ("PATH", &none.path().display().to_string())]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(1) && told.contains("the program `ssh` is not there"), "{told}");
    // what could be an option is refused before anything runs
    let output = check(&lab, &[("DOCKER_HOST", "ssh://-oProxyCommand=touch%20pwned"), ("PATH", &path)]);
    assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_context_that_docker_has_made_is_taken() {
    let Some(lab) = lab("a_context_that_docker_has_made_is_taken") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let certificates = lab::variable("PLIMSOLL_LAB_DOCKER_CERTS", "a_context_that_docker_has_made_is_taken").expect("the same lab");
    let secured = lab::variable("PLIMSOLL_LAB_DOCKER_TLS", "a_context_that_docker_has_made_is_taken").expect("the same lab");
    let docker = |arguments: &[&str]| {
        let mut command = Command::new(format!("{}/docker", lab.programs));
        let made = command.env_remove("DOCKER_HOST").env("DOCKER_CONFIG", folder.path()).args(arguments).output().expect("docker runs");
        assert!(made.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&made.stderr));
    };
    docker(&["context", "create", "near", "--docker", &format!("host={}", lab.engine)]);
    let files = ["ca", "cert", "key"].map(|name| format!("{name}={certificates}/{name}.pem")).join(",");
    docker(&["context", "create", "far", "--docker", &format!("host={secured},{files}")]);
    docker(&["context", "use", "near"]);
    let config = folder.path().display().to_string();

    for (more, address) in [(vec![], &lab.engine), (vec![("DOCKER_CONTEXT", "far")], &secured)] {
        let variables = [more, vec![("DOCKER_CONFIG", config.as_str())]].concat();
        let output = check(&lab, &variables);
        assert_eq!(output.status.code(), Some(0), "{address}: {}", String::from_utf8_lossy(&output.stderr));
        let shown = Command::new(&lab.program)
            .env_clear()
            .env("PLIMSOLL_DATA_DIR", folder.path())
            .envs(variables)
            .arg("config")
            .output()
            .expect("the program runs");
        let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
        assert!(shown.contains(&format!("{address}, the docker context `")), "{shown}");
    }

    // by its name, beside a host that is away: that is told, and the other is checked
    let file = folder.path().join("plimsoll.toml");
    fs::write(&file, "[host.near]\ncontext = \"near\"\n[host.far]\ncontext = \"far\"\n[host.gone]\nurl = \"tcp://127.0.0.1:1\"\n")
        .expect("a file");
    let file = file.display().to_string();
    let output = check(&lab, &[("DOCKER_CONFIG", &config), ("PLIMSOLL_CONFIG", &file)]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(0) && told.contains("gone: no Engine answers") && !told.contains("far"), "{told}");
}

/// Everything that is there, and could have been changed.
async fn all(hands: &Hands) -> Vec<Value> {
    let mut all = Vec::new();
    for path in ["/containers/json?all=1", "/images/json?all=1", "/networks", "/volumes"] {
        let mut document = hands.get(path).await;
        if path == "/volumes" {
            document = document["Volumes"].take();
        }
        // its lists are in no order
        if let Some(list) = document.as_array_mut() {
            // `Up 3 seconds`
            for each in list.iter_mut() {
                each["Status"] = Value::Null;
            }
            list.sort_by_key(ToString::to_string);
        }
        all.push(document);
    }
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn behind_a_socket_proxy_a_host_is_watched_until_it_lets_changes_through() {
    let Some(lab) = lab("behind_a_socket_proxy_a_host_is_watched_until_it_lets_changes_through") else { return };
    let _alone = ALONE.lock().await;
    let hands = &lab.hands;
    let proxy = Proxy::open(&lab.engine, LOOKING).await;
    let (name, id) = outdated(hands).await;
    let before = all(hands).await;
    let mut plimsoll = Served::new(&lab.program, Path::new("/nowhere"));
    plimsoll.with("DOCKER_HOST", &proxy.address);
    plimsoll.start().await;
    let allows = |word: &'static str| move |host: &Value| host["state"] == "connected" && host["allows"] == word;
    host(&plimsoll, "it is watched", allows("looking")).await;
    plimsoll.until("the container", async || shows(&plimsoll, &name).await).await;
    assert!(plimsoll.log().contains("Only watched: changes are not let through"), "{}", plimsoll.log());
    let (status, answer) = plimsoll.post("/api/v1/updates", &json!({ "name": name })).await.expect("an answer");
    assert_eq!(status, 409, "{answer}");
    assert!(answer.contains("POST=1"), "{answer}");

    // all that is asked reaches the Engine now, and changes nothing there
    let since = hands.get("/info").await["SystemTime"].as_str().expect("a time").to_owned();
    proxy.turn(UPDATES);
    host(&plimsoll, "it may be changed", allows("updates")).await;
    assert_eq!(all(hands).await, before, "nothing was made, changed or removed by asking");
    let until = hands.get("/info").await["SystemTime"].as_str().expect("a time").to_owned();
    let events = hands.ask(Method::GET, &format!("/events?since={since}&until={until}"), Vec::new(), "").await;
    let events = events.text().await.expect("a whole answer");
    assert!(!events.contains("\"create\"") && !events.contains("\"pull\"") && !events.contains("destroy"), "{events}");

    plimsoll.update(&name).await;
    let ended = plimsoll.ended(&name).await;
    assert_eq!(outcome(&ended), "updated", "{ended}\n{}", plimsoll.log());
    assert_ne!(hands.get(&format!("/containers/{name}/json")).await["Id"], json!(id));
    plimsoll.kill();
    hands.remove(&name).await;
}
