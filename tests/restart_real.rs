//! A real Engine that is killed and comes back. In a program of its own, because other tests would lose their Engine in the middle.

#[path = "support/lab.rs"]
mod lab;

use std::{fs, process::Command, time::Duration};

use plimsoll::{host::Host, live::Live, watch, wire::HostState};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// Waits until the state of the one host is as wanted.
async fn until(live: &Live, what: &str, wanted: fn(&HostState) -> bool) {
    let mut changes = live.changes();
    let seen = changes.wait_for(|state| state.snapshot.hosts.iter().any(|host| wanted(&host.state)));
    assert!(timeout(Duration::from_mins(1), seen).await.is_ok_and(|state| state.is_ok()), "it is not {what}");
}

#[tokio::test]
async fn an_engine_that_is_killed_is_lost_and_found_again() {
    let test = "an_engine_that_is_killed_is_lost_and_found_again";
    let Some(address) = lab::variable("PLIMSOLL_LAB_DOCKER", test) else { return };
    let file = lab::variable("PLIMSOLL_LAB_DOCKER_PID", test).expect("it is the same lab");
    let live = Live::start("lab".to_owned(), false);
    let stop = CancellationToken::new();
    let watching = tokio::spawn(watch::run(Host::new("lab", address.parse().expect("an address")), true, live.clone(), stop.clone()));
    until(&live, "connected", |state| *state == HostState::Connected).await;

    let killed = fs::read_to_string(&file).expect("the Engine's number");
    let kill = Command::new("sh").args(["-c", &format!("kill -KILL {}", killed.trim())]).status();
    assert!(kill.is_ok_and(|status| status.success()));
    until(&live, "lost", |state| matches!(state, HostState::Lost { .. })).await;
    until(&live, "connected again", |state| *state == HostState::Connected).await;
    assert_ne!(fs::read_to_string(&file).expect("the Engine's number"), killed, "another process");

    stop.cancel();
    watching.await.expect("no panic");
}
