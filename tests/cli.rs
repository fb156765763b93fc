//! The command line, as a person or a script runs it: the program itself, on the sample fleet.

#![expect(clippy::unwrap_used, reason = "a test ends where something unexpected happens")]

use std::{
    fmt::Write,
    fs,
    path::Path,
    process::{Command, Output},
};

use plimsoll::simulate::fleet::{self, Fleet};
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
    assert_eq!(lines.len(), 2, "{text}");
    assert!(lines[0].starts_with("nginx:1.29-alpine") && lines[0].contains("rebuilt"), "{text}");
    assert!(lines[1].contains("not here") && lines[1].contains("404"), "{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fail_on_sets_the_exit_code() {
    let bench = Bench::new().await;
    for (kind, code) in [("any", 3), ("unknown", 3), ("major", 0), ("minor", 0), ("patch", 0)] {
        assert_eq!(bench.run(&["check", "--raw", "--fail-on", kind]).await.status.code(), Some(code), "{kind}");
    }
    assert_eq!(bench.run(&["check", "--fail-on", "sometimes"]).await.status.code(), Some(2));
}

#[test]
fn what_is_wrong_is_said_in_one_line() {
    let folder = TempDir::new().unwrap();
    for (set, arguments, code, expected) in [
        (("DOCKER_HOST", "unix:///nowhere.sock"), &["check"][..], 1, "no Engine answers at `unix:///nowhere.sock`"),
        (("DOCKER_HOST", "ssh://nas"), &["check"], 2, "connecting by ssh is not supported"),
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
