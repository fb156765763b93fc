//! `/version` and `/info`.

use serde_json::{Value, json};

use crate::simulate::engine::{Options, State, Store, world::World};

/// `GET /version`.
pub(in super::super) fn version(options: &Options) -> Value {
    let (version, api, oldest) = (options.version(), format!("1.{}", options.api), format!("1.{}", options.oldest_api()));
    json!({
        "Platform": { "Name": "Docker Engine - Community" },
        "Components": [{
            "Name": "Engine",
            "Version": version,
            "Details": { "ApiVersion": api, "Arch": "amd64", "MinAPIVersion": oldest, "Os": "linux" },
        }],
        "Version": version,
        "ApiVersion": api,
        "MinAPIVersion": oldest,
        "Os": "linux",
        "Arch": "amd64",
        "KernelVersion": "6.1.0-30-amd64",
    })
}

/// `GET /info`.
pub(in super::super) fn info(world: &World, options: &Options) -> Value {
    let count = |wanted: fn(State) -> bool| world.containers.iter().filter(|container| wanted(container.state)).count();
    let (driver, status) = match world.store {
        Store::Classic => {
            ("overlay2", json!([["Backing Filesystem", "extfs"], ["Supports d_type", "true"], ["Native Overlay Diff", "true"]]))
        }
        Store::Containerd => ("overlayfs", json!([["driver-type", "io.containerd.snapshotter.v1"]])),
    };
    json!({
        "ID": "8f0f1f0e-6a5b-4c3d-9e2f-1a0b9c8d7e6f",
        "Containers": world.containers.len(),
        "ContainersRunning": count(|state| matches!(state, State::Running | State::Restarting(_))),
        "ContainersPaused": count(|state| state == State::Paused),
        "ContainersStopped": count(|state| !state.is_up()),
        "Images": world.images.len(),
        "Driver": driver,
        "DriverStatus": status,
        "Name": options.name,
        "ServerVersion": options.version(),
        "OperatingSystem": "Debian GNU/Linux 12 (bookworm)",
        "OSType": "linux",
        "Architecture": "x86_64",
        "NCPU": 4,
        "MemTotal": 16_000_000_000_u64,
        "Swarm": { "NodeID": "", "LocalNodeState": "inactive", "ControlAvailable": false },
        "Warnings": null,
    })
}
