//! The command line, as a person or a script runs it: the program itself, on the sample fleet.

#![expect(clippy::unwrap_used, reason = "a test ends where something unexpected happens")]

use std::{
    fmt::Write,
    fs,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use plimsoll::{
    simulate::{
        engine::{ContainerSpec, Engine, Image, Offer, Options, Trouble},
        fleet::{self, Fleet},
        registry::digest_of,
    },
    store::Store,
};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;

/// The program with a fleet to look at, and a configuration that leads it there.
struct Bench {
    fleet: Fleet,
    folder: TempDir,
}

impl Bench {
    async fn new() -> Self {
        let fleet = fleet::start(fleet::SIZE, false).await.unwrap();
        fleet.hurry();
        let folder = TempDir::new().unwrap();
        let mut config = "[check]\ntimeout = \"1s\"\n".to_owned();
        for (host, address) in fleet.addresses().unwrap() {
            write!(config, "[registry.\"{host}\"]\ninsecure = true\naddress = \"{address}\"\n").unwrap();
        }
        fs::write(folder.path().join("plimsoll.toml"), config).unwrap();
        Self { fleet, folder }
    }

    /// Runs `plimsoll` in an environment that holds nothing of the machine's.
    async fn run(&self, arguments: &[&str]) -> Output {
        let mut command = program(self.folder.path());
        command.env("DOCKER_HOST", self.fleet.host()).args(arguments);
        tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
    }
}

fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plimsoll"));
    command.env_clear().env("HOME", folder).env("PLIMSOLL_DATA_DIR", folder).current_dir(folder);
    command
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn check_prints_a_table_that_a_pipe_can_read() {
    let output = Bench::new().await.run(&["check"]).await;
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let text = out(&output);
    assert!(!text.contains('\x1b'), "no colours in a pipe: {text}");
    let words = ["up to date", "rebuilt", "recreate", "pinned", "built here", "unknown"];
    for word in words {
        assert!(text.lines().any(|line| line.contains(word)), "no line says `{word}`:\n{text}");
    }
    let last = text.lines().last().unwrap();
    assert!(last.contains("images have fallen behind"), "{last}");
    assert_eq!(err(&output), "", "no progress where nobody watches");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn raw_is_the_document_of_cup_on_one_line() {
    let output = Bench::new().await.run(&["check", "--raw"]).await;
    let text = out(&output);
    assert_eq!(text.lines().count(), 1);
    let document: Value = serde_json::from_str(&text).unwrap();
    assert!(document["metrics"]["updates_available"].as_u64().unwrap() > 0);
    assert!(document["images"].as_array().unwrap().len() > 10);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reference_can_be_named_whether_it_runs_or_not() {
    let bench = Bench::new().await;
    let output = bench.run(&["check", "nginx:1.29-alpine", "nobody/runs-this:1"]).await;
    let text = out(&output);
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 3, "{text}");
    assert!(lines[0].starts_with("nginx:1.29-alpine") && lines[0].contains("rebuilt"), "{text}");
    assert!(lines[1].contains("unknown") && lines[1].contains("404"), "{text}");
    assert_eq!(lines[2], "1 of 2 images has fallen behind, 1 unknown.");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn newer_versions_are_told_with_their_level() {
    let bench = Bench::new().await;
    let text = out(&bench.run(&["check"]).await);
    for expected in ["12.2.0 -> 13.0.0  (grafana)", "v3.7.3 -> v3.8.1  (prometheus)", "2.0.21 -> 2.0.22  (mosquitto)"] {
        assert!(text.contains(expected), "{expected}:\n{text}");
    }
    // without any Engine a reference is told by its tags alone
    let lines = out(&bench.run(&["--socket", "none", "check", "--icons", "grafana/grafana:12.2.0", "grafana/grafana:13.0.0"]).await);
    let expected = "\u{f0aa} grafana/grafana:12.2.0   major        12.2.0 -> 13.0.0\n\
                    \u{f058} grafana/grafana:13.0.0   up to date\n1 of 2 images has fallen behind.\n";
    assert_eq!(lines, expected);
    let document: Value = serde_json::from_str(&out(&bench.run(&["-s", "none", "check", "-r", "grafana/grafana:12.2.0"]).await)).unwrap();
    assert_eq!(
        document["images"][0]["result"]["info"],
        serde_json::json!({
            "type": "version", "version_update_type": "major", "new_tag": "13.0.0", "current_version": "12.2.0", "new_version": "13.0.0"
        })
    );
    assert_eq!(document["images"][0]["in_use"], false);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fail_on_sets_the_exit_code() {
    let bench = Bench::new().await;
    let (rebuilt, minor, major, gone) = ("nginx:1.29-alpine", "prom/prometheus:v3.7.3", "grafana/grafana:12.2.0", "gonzo/rss-digest:1.4");
    for (kind, image, code) in [
        ("any", rebuilt, 3),
        ("any", "redis:7-alpine", 0),
        ("any", gone, 0),
        ("unknown", gone, 3),
        ("unknown", rebuilt, 0),
        ("major", major, 3),
        ("major", minor, 0),
        ("minor", minor, 3),
        ("patch", minor, 3),
        ("patch", rebuilt, 0),
    ] {
        assert_eq!(bench.run(&["check", "--raw", "--fail-on", kind, image]).await.status.code(), Some(code), "{kind} {image}");
    }
    assert_eq!(bench.run(&["check", "--raw", "--fail-on", "any"]).await.status.code(), Some(3));
    assert_eq!(bench.run(&["check", "--fail-on", "sometimes"]).await.status.code(), Some(2));
}

#[test]
fn what_is_wrong_is_said_in_one_line() {
    let folder = TempDir::new().unwrap();
    for (set, arguments, code, expected) in [
        (("DOCKER_HOST", "unix:///nowhere.sock"), &["check"][..], 1, "no Engine answers at `unix:///nowhere.sock`"),
        (("DOCKER_HOST", "npipe:////./pipe/docker_engine"), &["check"], 2, "connecting by npipe is not supported"),
        (("DOCKER_HOST", "ssh://-oProxyCommand=x"), &["check"], 2, "the address that starts with `ssh://` cannot be used"),
        (("DOCKER_CONTEXT", "nas"), &["check"], 2, "the docker context `nas`, named by DOCKER_CONTEXT, is not there"),
        (("PLIMSOLL_LISTN", "x"), &["config"], 2, "did you mean `PLIMSOLL_LISTEN`?"),
        (("PLIMSOLL_LISTEN", "127.0.0.1:1"), &["healthcheck"], 1, "Connection refused"),
        (("PLIMSOLL_LISTEN", "203.0.113.1:80"), &["serve"], 1, "cannot listen on 203.0.113.1:80"),
        (("PLIMSOLL_LOG", "info"), &["check", "Upper/Case"], 2, "the repository name must be lower case"),
    ] {
        let output = program(folder.path()).env(set.0, set.1).args(arguments).output().unwrap();
        let text = err(&output);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {text}");
        let line = text.lines().find(|line| line.contains(expected));
        assert!(line.is_some_and(|line| line.starts_with("plimsoll: ")), "{arguments:?}: {text}");
        assert_eq!(out(&output), "");
    }
}

/// Far beyond what anything here takes.
const LONG: Duration = Duration::from_mins(1);

/// An Engine with `www`, of which something newer can be pulled, `db`, of which that fails, and `owned`, which is of systemd; and a folder for the
/// data.
async fn engine() -> (Engine, TempDir) {
    let engine = Engine::start(Options::default()).await.unwrap();
    for (image, repository) in [("nginx:1.29", "library/nginx"), ("postgres:16", "library/postgres")] {
        engine.pull(image, Image::pulled(digest_of(repository, 1))).unwrap();
    }
    for spec in [
        ContainerSpec::new("www", "nginx:1.29"),
        ContainerSpec::new("db", "postgres:16"),
        ContainerSpec::new("owned", "nginx:1.29").label("PODMAN_SYSTEMD_UNIT", "owned.service"),
    ] {
        engine.run(spec).unwrap();
    }
    engine.offer("nginx:1.29", Image::pulled(digest_of("library/nginx", 2))).unwrap();
    let broken = Offer::of(Image::pulled(digest_of("library/postgres", 2))).failing(Trouble::Error("no space left on device".into()));
    engine.offer("postgres:16", broken).unwrap();
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("plimsoll.toml"), "check.at_start = false\nupdate.grace = \"1s\"\nbase_path = \"/below\"\n").unwrap();
    (engine, folder)
}

async fn update(engine: &Engine, folder: &TempDir, names: &[&str]) -> Output {
    let mut command = program(folder.path());
    command.env("DOCKER_HOST", engine.address()).arg("update").args(names);
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

/// What both ways of updating have in common.
async fn updates_and_says_so(engine: &Engine, folder: &TempDir) {
    let before = engine.inspect("www").unwrap()["Id"].clone();
    let output = update(engine, folder, &["www"]).await;
    let text = out(&output);
    assert_eq!((output.status.code(), err(&output).as_str()), (Some(0), ""), "{text}");
    assert!(!text.contains('\x1b') && !text.contains('\r'), "lines in a pipe: {text}");
    assert!(text.lines().count() > 1 && text.lines().all(|line| line.starts_with("www: ")), "{text}");
    assert_eq!(text.lines().last(), Some("www: updated"), "{text}");
    assert_ne!(engine.inspect("www").unwrap()["Id"], before);

    let output = update(engine, folder, &["www", "owned", "nothing", "db"]).await;
    let text = out(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    for line in [
        "www: runs the newest already",
        "owned: refused: systemd owns it as owned.service",
        "nothing: there is no container `nothing`",
        "db: failed, nothing was changed: the image could not be pulled: no space left on device",
    ] {
        assert!(text.lines().any(|said| said.starts_with(line)), "{line}:\n{text}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn update_works_by_itself() {
    let (engine, folder) = engine().await;
    updates_and_says_so(&engine, &folder).await;
    assert!(!folder.path().join("door.json").exists());
}

/// A server of its own; it is stopped as a service is.
struct Server(Child);

impl Server {
    fn start(engine: &Engine, folder: &TempDir) -> Self {
        let mut command = program(folder.path());
        command.env("DOCKER_HOST", engine.address()).env("PLIMSOLL_LISTEN", "0.0.0.0:0").arg("serve");
        Self(command.stderr(Stdio::null()).spawn().unwrap())
    }

    fn stop(mut self) {
        kill_process(Pid::from_child(&self.0), Signal::TERM).unwrap();
        assert!(self.0.wait().unwrap().success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn update_goes_through_the_server_that_runs() {
    let (engine, folder) = engine().await;
    let server = Server::start(&engine, &folder);
    let door = folder.path().join("door.json");
    let started = Instant::now();
    while !door.exists() {
        assert!(started.elapsed() < LONG);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(fs::metadata(&door).unwrap().permissions().mode() & 0o777, 0o600);
    let told: Value = serde_json::from_slice(&fs::read(&door).unwrap()).unwrap();
    let (address, token) = (told["address"].as_str().unwrap().to_owned(), told["token"].as_str().unwrap().to_owned());
    assert!(address.starts_with("127.0.0.1:"), "{address}");
    // names are looked up in what the server has seen
    // whoever was first has done the same
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let ready = format!("http://{address}/below/readyz");
    while !client.get(&ready).send().await.unwrap().status().is_success() {
        assert!(started.elapsed() < LONG);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    updates_and_says_so(&engine, &folder).await;

    // the server did it, and knows for whom; nobody else may
    let list = client.get(format!("http://{address}/below/api/v1/updates")).bearer_auth(&token).send().await.unwrap();
    let list: Value = serde_json::from_slice(&list.bytes().await.unwrap()).unwrap();
    let operations = list["operations"].as_array().unwrap();
    assert!(operations.len() >= 3 && operations.iter().all(|operation| operation["asker"] == "command_line"), "{list}");
    let wish = || client.post(format!("http://{address}/below/api/v1/updates")).body(r#"{"name":"www"}"#);
    for (wrong, status) in [(wish(), 403), (wish().bearer_auth(token.replace(|_| true, "A")), 403), (wish().bearer_auth(""), 403)] {
        assert_eq!(wrong.send().await.unwrap().status(), status);
    }
    server.stop();
    assert!(!door.exists(), "the door goes with the server");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn update_says_what_is_in_its_way() {
    let (engine, folder) = engine().await;
    assert_eq!(update(&engine, &folder, &[]).await.status.code(), Some(2));
    assert_eq!(update(&engine, &folder, &["x"; 65]).await.status.code(), Some(2));
    let _other = Store::open(folder.path()).await.unwrap();
    let output = update(&engine, &folder, &["www"]).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(err(&output).contains("another Plimsoll uses the data directory, and is no server"), "{}", err(&output));
}
