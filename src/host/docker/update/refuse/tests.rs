//! A table: what is refused.

use serde_json::{Value, json};

use super::*;
use crate::{fleet::LocalImage, wire::WorkloadState};

const ID: &str = "aaaaaaaaaaaa0000000000000000000000000000000000000000000000000000";

/// A container of this id and name that runs, with parts of its answer replaced.
fn container(id: &str, name: &str, parts: Value) -> Container {
    let mut told = json!({
        "Id": id, "Name": format!("/{name}"), "State": { "Status": "running", "Running": true },
        "HostConfig": { "NetworkMode": "default", "IpcMode": "private", "PidMode": "" }, "Config": { "Labels": {} },
    });
    for (part, value) in parts.as_object().expect("parts") {
        told[part] = value.clone();
    }
    Container::new(told)
}

fn workload(image: ImageName, built_here: bool) -> Workload {
    Workload {
        id: ID.into(),
        name: "web".into(),
        image,
        local: LocalImage { built_here, ..LocalImage::default() },
        labels: std::collections::BTreeMap::default(),
        created: 0,
        state: WorkloadState::Running,
        health: None,
    }
}

fn nginx() -> ImageName {
    ImageName::Reference("nginx:1.27".parse().expect("a reference"))
}

fn refusal(name: &str, parts: Value, others: &[Container]) -> Option<Refusal> {
    let container = container(ID, name, parts);
    refuse(Facts { container: &container, workload: &workload(nginx(), false), others, own: false }).err()
}

#[test]
fn what_would_be_lost_or_come_back_is_refused() {
    let labels = |label: &str, value: &str| json!({ "Config": { "Labels": { label: value } } });
    let host = |key: &str, value: Value| json!({ "HostConfig": { key: value } });
    let state = |status: &str, flag: &str| json!({ "State": { "Status": status, flag: true } });
    let unsettled = |state: &str| Some(Refusal::Unsettled { state: state.into() });
    let shares = |with: &str| Some(Refusal::SharesNamespace { with: with.into() });
    let vpn = [container(&"b".repeat(64), "vpn", json!({}))];
    for (what, parts, expected) in [
        ("nothing is against it", json!({}), None),
        ("--rm", host("AutoRemove", json!(true)), None),
        ("a task of a service", labels("com.docker.swarm.task.id", "x"), Some(Refusal::SwarmTask)),
        ("an empty label is one too", labels("com.docker.swarm.task", ""), Some(Refusal::SwarmTask)),
        ("Quadlet", labels("PODMAN_SYSTEMD_UNIT", "web.service"), Some(Refusal::Quadlet { unit: "web.service".into() })),
        ("network of another, by id", host("NetworkMode", json!(format!("container:{}", "b".repeat(64)))), None),
        ("network of another, by name", host("NetworkMode", json!("container:vpn")), None),
        ("network of one that is gone", host("NetworkMode", json!("container:gone")), shares("gone")),
        ("processes of another", host("PidMode", json!("container:vpn")), None),
        ("memory of another", host("IpcMode", json!("container:vpn")), None),
        ("network of the machine", host("NetworkMode", json!("host")), None),
        ("volumes of another come along", host("VolumesFrom", json!(["vpn:ro"])), None),
        ("paused", state("paused", "Paused"), None),
        ("restarting", state("restarting", "Restarting"), None),
        ("being removed", state("removing", "Running"), unsettled("removing")),
        ("dead", state("dead", "Dead"), unsettled("dead")),
        ("created", state("created", "-"), None),
        ("ended", state("exited", "-"), None),
        ("Podman's word for created", state("configured", "-"), None),
    ] {
        assert_eq!(refusal("web", parts, &vpn), expected, "{what}");
    }
}

#[test]
fn what_an_unfinished_update_left_is_refused() {
    let stopped = json!({ "State": { "Status": "created", "Running": false } });
    let old = |parts: Value| container(&"b".repeat(64), "web.plimsoll-17", parts);
    assert_eq!(refusal("web.plimsoll-17", json!({}), &[]), Some(Refusal::SetAside));
    assert_eq!(refusal("web", stopped.clone(), &[old(json!({}))]), Some(Refusal::SetAside), "the old one does the work");
    assert_eq!(refusal("web", json!({}), &[old(stopped.clone())]), None, "it is only not removed yet");
    assert_eq!(refusal("web", stopped.clone(), &[old(stopped)]), None);
}

#[test]
fn the_image_must_be_one_that_a_registry_can_change() {
    let container = container(ID, "web", json!({}));
    let of = |image: ImageName, built_here: bool, own: bool| {
        refuse(Facts { container: &container, workload: &workload(image, built_here), others: &[], own })
    };
    let pinned = format!("nginx:1.27@sha256:{}", "0".repeat(64)).parse().expect("a reference");
    for (what, image, built_here, own, expected) in [
        ("a reference", nginx(), false, false, Ok("nginx:1.27".parse().expect("a reference"))),
        ("an id", ImageName::Id("sha256:00".into()), false, false, Err(Refusal::NoReference)),
        ("no reference", ImageName::Invalid("UPPER".into()), false, false, Err(Refusal::NoReference)),
        ("pinned", ImageName::Reference(pinned), false, false, Err(Refusal::Pinned)),
        ("built here", nginx(), true, false, Err(Refusal::LocalBuild)),
        ("Plimsoll itself", nginx(), false, true, Err(Refusal::Own)),
    ] {
        assert_eq!(of(image, built_here, own), expected, "{what}");
    }
}
