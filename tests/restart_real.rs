//! The Engine killed in the middle of an update, as a machine that loses its power does: when it is back, one container runs.
//!
//! A file of its own, because cargo runs files one after another: nobody else uses the Engine meanwhile.

#[path = "support/engine.rs"]
mod engine;
#[path = "support/lab.rs"]
mod lab;
#[path = "support/served.rs"]
mod served;
#[path = "support/way.rs"]
mod way;

use std::{path::Path, time::Duration};

use serde_json::{Value, json};
use tokio::time::sleep;

use engine::Hands;
use served::Served;
use way::{At, Way};

/// All containers whose name begins with `name`, as name and state.
async fn there(hands: &Hands, name: &str) -> Option<Vec<(String, String)>> {
    let all = hands.find("/containers/json?all=1").await?;
    let text = |value: &Value| value.as_str().unwrap_or_default().trim_start_matches('/').to_owned();
    let named = all.as_array()?.iter().map(|each| (text(&each["Names"][0]), text(&each["State"])));
    Some(named.filter(|(each, _)| each.starts_with(name)).collect())
}

/// Kills the Engine on the spot; the lab starts it again.
fn kill_engine(pid_file: &str) {
    let pid = std::fs::read_to_string(pid_file).expect("the Engine's process id");
    let killed = std::process::Command::new("kill").args(["-KILL", pid.trim()]).status().expect("kill");
    assert!(killed.success(), "the Engine could not be killed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_engine_that_is_killed_in_the_middle_comes_back_to_one_container() {
    const TEST: &str = "an_engine_that_is_killed_in_the_middle_comes_back_to_one_container";
    let Some(address) = lab::variable("PLIMSOLL_LAB_DOCKER", TEST) else { return };
    let Some(pid_file) = lab::variable("PLIMSOLL_LAB_DOCKER_PID", TEST) else { return };
    let Some(registry) = lab::variable("PLIMSOLL_LAB_REGISTRY", TEST) else { return };
    let Some(busybox) = lab::variable("PLIMSOLL_LAB_BUSYBOX", TEST) else { return };
    let Some(program) = lab::variable("PLIMSOLL_BIN", TEST) else { return };
    let hands = Hands::new(&address, &registry, &busybox, "restart");
    let image = format!("{}:1", hands.repository);
    let engine = Path::new(address.trim_start_matches("unix://"));
    for (number, (call, at)) in
        [("stop", At::Before as fn(usize) -> At), ("stop", At::After), ("start", At::After), ("update", At::After)].into_iter().enumerate()
    {
        let short = format!("app-{number}");
        let name = hands.name(&short);
        hands.build(&image, "first").await;
        hands.run(&short, &image, json!({ "HostConfig": { "RestartPolicy": { "Name": "always" } } })).await;
        hands.build(&image, "second").await;
        hands.upload(&image).await;

        let folder = tempfile::tempdir().expect("a folder");
        let way = Way::open(engine, &folder.path().join("docker.sock"));
        let mut plimsoll = Served::new(&program, &way.path);
        plimsoll.start().await;
        let pid_file = pid_file.clone();
        way.when_called(call, at(0), move || kill_engine(&pid_file));
        plimsoll.update(&name).await;
        plimsoll.until("the kill", async || way.has_happened().then_some(())).await;

        // never two at once, from here to the end
        let settled = async || {
            let there = there(&hands, &name).await?;
            let running: Vec<_> = there.iter().filter(|(_, state)| state == "running").collect();
            assert!(running.len() <= 1, "two run at once: {there:?}\n{}", plimsoll.log());
            let newest = plimsoll.newest(&name).await?;
            (!newest["outcome"].is_null() && there == [(name.clone(), "running".to_owned())]).then_some(newest)
        };
        let newest = plimsoll.until(&format!("one container, killed at {call} {number}"), settled).await;
        let after = hands.get(&format!("/containers/{name}/json")).await;
        assert_eq!(after["HostConfig"]["RestartPolicy"]["Name"], json!("always"), "{newest}");
        plimsoll.kill();
        hands.remove(&name).await;
        // an Engine that is started too often in a short time may be given up by who starts it
        sleep(Duration::from_millis(500)).await;
    }
}
