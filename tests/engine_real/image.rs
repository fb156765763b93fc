//! The container image: the last stage of `Dockerfile`, built on a real Engine and run there.
//!
//! The first stage compiles for half an hour and needs the internet. In its place stands an image that holds, where that stage leaves
//! them, the program under test and certificates. A program that needs a C library beside it gets the library: nothing else is added
//! to what the stage makes.

use std::{
    env, fs,
    os::unix::fs::MetadataExt,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use reqwest::{Client, Method};
use serde_json::{Value, json};

use crate::{
    engine::{Hands, entry},
    lab,
};

/// Whom the image runs as, user and group.
const NOBODY: u32 = 65532;

/// How long anything may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// A file for an image: where it lies here, and where it belongs there.
type File = (String, String);

/// Builds an image of files from a recipe, in which the file number n is called `n`.
async fn build(hands: &Hands, name: &str, recipe: &str, files: &[File]) {
    let mut archive = entry("Dockerfile", 0o644, recipe.as_bytes());
    for (n, (path, _)) in files.iter().enumerate() {
        archive.extend(entry(&n.to_string(), 0o755, &fs::read(path).unwrap_or_else(|error| panic!("{path}: {error}"))));
    }
    archive.extend([0; 1024]);
    hands.stream(&format!("/build?t={name}"), archive).await;
}

/// The lines of a recipe that put files where they belong.
fn copies(files: &[File]) -> String {
    let lines: Vec<_> = files.iter().enumerate().map(|(n, (_, place))| format!("COPY {n} {place}\n")).collect();
    lines.concat()
}

/// The libraries that a program needs beside it.
fn libraries(program: &str) -> Vec<File> {
    let output = Command::new("ldd").arg(program).output().expect("ldd comes with the C library");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    // `libm.so.6 => /lib/…/libm.so.6 (0x…)`, and `/lib64/ld-linux-x86-64.so.2 (0x…)`
    let path = |line: &str| line.split_whitespace().find(|word| word.starts_with('/')).map(str::to_owned);
    text.lines().filter_map(path).map(|path| (path.clone(), path)).collect()
}

/// Builds the image as `Dockerfile` does, under this name.
async fn build_plimsoll(hands: &Hands, name: &str) {
    let program = env::var("PLIMSOLL_BIN").ok().filter(|path| Path::new(path).exists());
    let program = program.unwrap_or_else(|| env!("CARGO_BIN_EXE_plimsoll").to_owned());
    let bundle = format!("{}/ca.pem", env::var("PLIMSOLL_LAB_DOCKER_CERTS").expect("it is the same lab"));
    let files =
        [(program.clone(), "/plimsoll/target/static/plimsoll".to_owned()), (bundle, "/etc/ssl/certs/ca-certificates.crt".to_owned())];
    let first = hands.name("first-stage");
    build(hands, &first, &format!("FROM scratch\n{}WORKDIR /empty/data\n", copies(&files)), &files).await;

    let recipe = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/Dockerfile")).expect("the recipe");
    let stage = &recipe[recipe.rfind("\nFROM scratch\n").expect("the last stage is made from nothing")..];
    assert_eq!(stage.matches("FROM").count(), 1, "{stage}");
    let mut stage = stage.replace("--from=build ", &format!("--from={first} "));
    let libraries = libraries(&program);
    if !libraries.is_empty() {
        let base = hands.name("libraries");
        build(hands, &base, &format!("FROM scratch\n{}", copies(&libraries)), &libraries).await;
        stage = stage.replace("FROM scratch", &format!("FROM {base}"));
    }
    build(hands, name, &stage, &[]).await;
}

/// What the Engine says of a container.
async fn inspect(hands: &Hands, id: &str) -> Value {
    let answer = hands.ask(Method::GET, &format!("/containers/{id}/json"), Vec::new(), "").await;
    serde_json::from_str(&answer.text().await.expect("a whole answer")).expect("a document")
}

/// What a container has said, with the frames that the Engine puts around it.
async fn log(hands: &Hands, id: &str) -> String {
    let answer = hands.ask(Method::GET, &format!("/containers/{id}/logs?stdout=1&stderr=1"), Vec::new(), "").await;
    String::from_utf8_lossy(&answer.bytes().await.expect("a whole answer")).into_owned()
}

/// Waits until the health check of a container has passed; answers what the Engine says of it then.
async fn healthy(hands: &Hands, id: &str) -> Value {
    let begun = Instant::now();
    loop {
        let container = inspect(hands, id).await;
        if container["State"]["Health"]["Status"] == "healthy" {
            return container;
        }
        let up = container["State"]["Running"] == true && begun.elapsed() < PATIENCE;
        assert!(up, "{}\n{}", container["State"], log(hands, id).await);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Waits until a check has ended, so that its findings are stored, and Plimsoll's document has a group for `image` that is as wanted;
/// answers it.
async fn group(hands: &Hands, container: &Value, image: &str, wanted: impl Fn(&Value) -> bool) -> Value {
    let address = container["NetworkSettings"]["Networks"]["bridge"]["IPAddress"].as_str().expect("an address");
    let client = Client::builder().no_proxy().timeout(Duration::from_secs(10)).build().expect("a client");
    let begun = Instant::now();
    loop {
        let answer = client.get(format!("http://{address}:8099/api/v1/fleet")).send().await.expect("an answer");
        let fleet: Value = serde_json::from_str(&answer.text().await.expect("a whole answer")).expect("a document");
        let groups = fleet["groups"].as_array().expect("groups");
        match groups.iter().find(|group| group["id"] == image) {
            Some(group) if fleet["checking"] == false && wanted(group) => return group.clone(),
            other if begun.elapsed() > PATIENCE => {
                panic!("{other:#?}\n{}\n{}", fleet["hosts"], log(hands, container["Id"].as_str().expect("an id")).await);
            }
            _ => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
}

/// The numbers behind a word in `/proc/<pid>/status`.
fn status(pid: &Value, word: &str) -> Vec<u32> {
    let text = fs::read_to_string(format!("/proc/{pid}/status")).expect("the process lives");
    let line = text.lines().find_map(|line| line.strip_prefix(word)).expect("its line");
    line.split_whitespace().filter_map(|number| number.parse().ok()).collect()
}

#[tokio::test]
async fn the_image_made_from_nothing_does_all_that_the_program_does() {
    let test = "the_image_made_from_nothing_does_all_that_the_program_does";
    let Some((_, hands)) = crate::lab(test) else { return };
    let address = lab::variable("PLIMSOLL_LAB_DOCKER", test).expect("it is the same lab");
    let registry = lab::variable("PLIMSOLL_LAB_REGISTRY_TLS", test).expect("it is the same lab");
    let bundle = lab::variable("PLIMSOLL_LAB_REGISTRY_CA", test).expect("it is the same lab");
    let busybox = lab::variable("PLIMSOLL_LAB_BUSYBOX", test).expect("it is the same lab");
    let secure = Hands::new(&address, &registry, &busybox, test);
    let image = hands.name("image");
    build_plimsoll(&hands, &image).await;
    let watched = format!("{}:1", secure.repository);
    secure.push("1", "first").await;
    secure.run("watched", &watched, json!({})).await;

    let socket = address.trim_start_matches("unix://");
    let group_of_socket = fs::metadata(socket).expect("the socket").gid();
    let volume = hands.name("data");
    let name_of_registry = registry.split(':').next().expect("a name");
    let with = |registry_at: &str| {
        json!({
            "Env": ["PLIMSOLL_TIMEZONE=Europe/Berlin", "PLIMSOLL_CHECK_TIMEOUT=5s"],
            // the image's own check, only more often
            "Healthcheck": { "Interval": 1_000_000_000_u64 },
            "HostConfig": {
                "Binds": [
                    format!("{socket}:/var/run/docker.sock:ro"),
                    format!("{volume}:/data"),
                    format!("{bundle}:/etc/ssl/certs/ca-certificates.crt:ro"),
                ],
                "GroupAdd": [group_of_socket.to_string()],
                "ExtraHosts": [format!("{name_of_registry}:{registry_at}")],
            },
        })
    };
    let id = hands.run("plimsoll", &image, with("192.0.2.1")).await;

    // it runs as nobody, with the group of the socket, and asks a registry that the mounted certificate vouches for
    let container = healthy(&hands, &id).await;
    let pid = &container["State"]["Pid"];
    assert_eq!((status(pid, "Uid:"), status(pid, "Gid:")), (vec![NOBODY; 4], vec![NOBODY; 4]));
    assert!(status(pid, "Groups:").contains(&group_of_socket));
    group(&hands, &container, &watched, |group| group["verdict"] == "up_to_date").await;

    // it stops in good order, and comes back
    secure.push("1", "second").await;
    hands.act(&id, "stop?t=10").await;
    let state = inspect(&hands, &id).await["State"].clone();
    assert_eq!((&state["ExitCode"], &state["OOMKilled"]), (&json!(0), &json!(false)), "{}", log(&hands, &id).await);
    hands.act(&id, "start").await;
    let container = healthy(&hands, &id).await;
    group(&hands, &container, &watched, |group| group["verdict"] == "recreate" || group["verdict"] == "rebuilt").await;

    // a new container on the same volume, to which the registry is out of reach, knows what the first one found
    // (nobody listens at that port of its own)
    hands.remove(&id).await;
    let id = hands.run("plimsoll-again", &image, with("127.0.0.1")).await;
    let container = healthy(&hands, &id).await;
    let kept = group(&hands, &container, &watched, |group| group["verdict"] == "unknown" && !group["last_good"].is_null()).await;
    assert_eq!(kept["reason"]["kind"], "unreachable");
    let mount =
        &container["Mounts"].as_array().expect("mounts").iter().find(|mount| mount["Type"] == "volume").expect("the volume")["Source"];
    let database = Path::new(mount.as_str().expect("a path")).join("plimsoll.db");
    assert_eq!(fs::metadata(&database).expect("the database lies in the volume").uid(), NOBODY);

    hands.remove(&id).await;
    secure.remove(&secure.name("watched")).await;
    let gone = hands.ask(Method::DELETE, &format!("/volumes/{volume}"), Vec::new(), "").await;
    assert!(gone.status().is_success(), "{}", gone.status());
}
