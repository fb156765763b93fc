//! Containers that are not like most: paused, gone when they stop, in the network of another one.

use std::time::Duration;

use serde_json::json;

use super::{
    end::{Before, Which},
    harbour::{Harbour, container, image},
};
use crate::{
    simulate::engine::{Behaviour, ContainerSpec, State},
    wire::Outcome,
};

fn good() -> Behaviour {
    Behaviour::Runs
}

fn bad() -> Behaviour {
    Behaviour::Ends { code: 1, after: Duration::ZERO }
}

async fn updated(spec: ContainerSpec, new: Behaviour, what: &str) -> Which {
    let harbour = Harbour::empty().await;
    harbour.plant(spec);
    harbour.rebuild("web", image("web", 2).behaving(new));
    let plimsoll = harbour.plimsoll().await;
    let before = Before::of(&harbour, "web");
    let operation = plimsoll.update("web").await;
    if new == good() { before.hold_and_told(&harbour, &operation, what) } else { before.hold_again(&harbour, &operation, what) }
}

#[tokio::test]
async fn every_state_is_afterwards_what_it_was() {
    let rm = || container("web").restart("no").with(&json!({ "HostConfig": { "AutoRemove": true }, "Volumes": { "/cache": {} } }));
    for (what, spec) in [
        ("paused", container("web").state(State::Paused)),
        ("restarting over and over", container("web").state(State::Restarting(1))),
        ("created", container("web").state(State::Created)),
        ("ended", container("web").restart("no").state(State::Exited(0))),
        ("--rm", rm()),
        ("--rm, and never started", rm().state(State::Created)),
        ("--rm, and paused", rm().state(State::Paused)),
    ] {
        assert_eq!(updated(spec.clone(), good(), what).await, Which::New, "{what}");
        if spec.state.is_up() {
            assert_eq!(updated(spec, bad(), what).await, Which::Old, "{what}");
        }
    }
}

/// A container that gives its network, one that uses it, and one that uses that one's processes.
async fn family() -> Harbour {
    let harbour = Harbour::empty().await;
    harbour.plant(container("vpn"));
    let id = harbour.engine.inspect("vpn").unwrap()["Id"].as_str().unwrap().to_owned();
    harbour.plant(container("torrent").with(&json!({ "HostConfig": { "NetworkMode": format!("container:{id}") } })));
    harbour.plant(container("shell").restart("no").with(&json!({ "HostConfig": { "PidMode": "container:torrent" } })));
    harbour
}

#[tokio::test]
async fn who_uses_the_network_of_another_one_is_recreated_with_it() {
    let harbour = family().await;
    harbour.rebuild("vpn", image("vpn", 2));
    // pulled by somebody, and not meant for now
    harbour.engine.pull("quay.test/app/torrent:1", image("torrent", 2)).unwrap();
    let plimsoll = harbour.plimsoll().await;
    let told = |name: &str| harbour.engine.inspect(name).unwrap();
    let before = ["vpn", "torrent", "shell"].map(&told);
    let operation = plimsoll.update("vpn").await;
    assert_eq!(operation.outcome, Some(Outcome::Updated));
    assert_eq!(operation.along, ["torrent", "shell"]);
    let after = ["vpn", "torrent", "shell"].map(told);
    assert_eq!(harbour.engine.running().len(), 3);
    assert_eq!(harbour.engine.containers().len(), 3);
    for (old, new) in before.iter().zip(&after) {
        assert_ne!(old["Id"], new["Id"]);
        assert_eq!(old["HostConfig"]["RestartPolicy"], new["HostConfig"]["RestartPolicy"]);
        assert_eq!(old["Config"]["Image"], new["Config"]["Image"]);
    }
    assert_ne!(before[0]["Image"], after[0]["Image"]);
    assert_eq!(before[1]["Image"], after[1]["Image"], "not its turn");
    assert_eq!(after[1]["HostConfig"]["NetworkMode"], format!("container:{}", after[0]["Id"].as_str().unwrap()));
    assert_eq!(after[2]["HostConfig"]["PidMode"], format!("container:{}", after[1]["Id"].as_str().unwrap()));
    assert_ne!(
        harbour.engine.resolve("quay.test/app/torrent:1"),
        after[1]["Image"].as_str().map(str::to_owned),
        "its tag stands for what was pulled"
    );
}

#[tokio::test]
async fn where_it_fails_all_of_them_are_back() {
    let harbour = family().await;
    harbour.rebuild("vpn", image("vpn", 2).behaving(bad()));
    let plimsoll = harbour.plimsoll().await;
    let before = ["vpn", "torrent", "shell"].map(|name| Before::of(&harbour, name));
    let operation = plimsoll.update("vpn").await;
    assert!(matches!(operation.outcome, Some(Outcome::RolledBack { .. })), "{operation:?}");
    for one in &before {
        assert_eq!(one.hold(&harbour, "family"), Which::Old);
    }
}

#[tokio::test]
async fn who_uses_another_one_is_updated_by_itself() {
    let harbour = family().await;
    harbour.rebuild("torrent", image("torrent", 2));
    let plimsoll = harbour.plimsoll().await;
    let vpn = Before::of(&harbour, "vpn");
    let operation = plimsoll.update("torrent").await;
    assert_eq!((operation.outcome, operation.along), (Some(Outcome::Updated), vec!["shell".to_owned()]));
    assert_eq!(harbour.engine.running().len(), 3);
    assert_eq!(harbour.engine.inspect("vpn").unwrap()["Id"], *vpn.id());
}
