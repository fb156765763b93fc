//! The Engine killed on the spot, as a machine that loses its power does: it is found again, and of an update in the middle one container runs.
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

use plimsoll::{host::Host, live::Live, watch, wire::HostState};
use serde_json::{Value, json};
use tokio::{
    sync::Mutex,
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;

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

/// The tests of this file take the Engine from each other: one at a time.
static ALONE: Mutex<()> = Mutex::const_new(());

/// Kills the Engine on the spot; the lab starts it again. Answers what the file held.
fn kill_engine(pid_file: &str) -> String {
    let pid = std::fs::read_to_string(pid_file).expect("the Engine's process id");
    let process = pid.trim().parse().ok().and_then(rustix::process::Pid::from_raw).expect("a process id");
    rustix::process::kill_process(process, rustix::process::Signal::KILL).expect("the Engine can be killed");
    pid
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_engine_that_is_killed_in_the_middle_comes_back_to_one_container() {
    const TEST: &str = "an_engine_that_is_killed_in_the_middle_comes_back_to_one_container";
    let Some(address) = lab::variable("PLIMSOLL_LAB_DOCKER", TEST) else { return };
    let Some(pid_file) = lab::variable("PLIMSOLL_LAB_DOCKER_PID", TEST) else { return };
    let Some(registry) = lab::variable("PLIMSOLL_LAB_REGISTRY", TEST) else { return };
    let Some(busybox) = lab::variable("PLIMSOLL_LAB_BUSYBOX", TEST) else { return };
    let Some(program) = lab::variable("PLIMSOLL_BIN", TEST) else { return };
    let _alone = ALONE.lock().await;
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
        way.when_called(call, at(0), move || drop(kill_engine(&pid_file)));
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

/// Waits until the state of the one host is as wanted.
async fn until(live: &Live, what: &str, wanted: fn(&HostState) -> bool) {
    let mut changes = live.changes();
    let seen = changes.wait_for(|state| state.snapshot.hosts.iter().any(|host| wanted(&host.state)));
    assert!(timeout(Duration::from_mins(1), seen).await.is_ok_and(|state| state.is_ok()), "it is not {what}");
}

#[tokio::test]
async fn an_engine_that_is_killed_is_found_again() {
    let test = "an_engine_that_is_killed_is_found_again";
    let Some(address) = lab::variable("PLIMSOLL_LAB_DOCKER", test) else { return };
    let file = lab::variable("PLIMSOLL_LAB_DOCKER_PID", test).expect("it is the same lab");
    let registry = lab::variable("PLIMSOLL_LAB_REGISTRY", test).expect("it is the same lab");
    let busybox = lab::variable("PLIMSOLL_LAB_BUSYBOX", test).expect("it is the same lab");
    let hands = Hands::new(&address, &registry, &busybox, "found");
    let _alone = ALONE.lock().await;
    let live = Live::start("lab".to_owned(), false);
    let stop = CancellationToken::new();
    let watching = tokio::spawn(watch::run(Host::new("lab", address.parse().expect("an address")), true, live.clone(), stop.clone()));
    until(&live, "connected", |state| *state == HostState::Connected).await;

    let killed = kill_engine(&file);
    // it may be back before anybody had reason to call it lost: so what happens on the new one must be seen
    let another = async {
        while std::fs::read_to_string(&file).is_ok_and(|pid| pid == killed) || hands.find("/info").await.is_none() {
            sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(Duration::from_mins(1), another).await.expect("the Engine comes back");
    let image = format!("{}:1", hands.repository);
    hands.build(&image, "first").await;
    hands.run("after", &image, json!({})).await;
    let name = hands.name("after");
    let mut changes = live.changes();
    let has = |state: &plimsoll::live::State| state.snapshot.groups.iter().flat_map(|group| &group.workloads).any(|row| row.name == name);
    let seen = changes.wait_for(|state| has(state) && state.snapshot.hosts[0].state == HostState::Connected);
    assert!(timeout(Duration::from_mins(1), seen).await.is_ok_and(|state| state.is_ok()), "it is followed again");
    hands.remove(&name).await;

    stop.cancel();
    watching.await.expect("no panic");
}
