//! `/containers/json` and `/containers/{name}/json`.

use serde_json::{Map, Value, json};

use super::{network, ports, volume};
use crate::simulate::engine::{
    EngineError, Health, State, Store, event,
    words::{rfc3339, status},
    world::{Container, World},
};

/// The media type of the manifest of one platform.
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

/// `GET /containers/json`, the newest first.
pub(in super::super) fn containers(world: &World, api: u16, all: bool) -> Value {
    let shown = world.containers.iter().rev().filter(|container| all || container.state.is_up());
    shown.map(|container| listed(world, api, container)).collect()
}

fn listed(world: &World, api: u16, container: &Container) -> Value {
    // the name is shown only while it stands for the image that the container runs
    let image = match world.resolve(&container.image) {
        Ok(id) if id == container.image_id => &container.image,
        _ => &container.image_id,
    };
    let (program, arguments) = command(container);
    let command: Vec<&str> = [program].into_iter().chain(arguments).collect();
    let networks = Map::from_iter([("Networks".to_owned(), network::places(world, api, container))]);
    let mut told = json!({
        "Id": container.id,
        "Names": [format!("/{}", container.name)],
        "Image": image,
        "ImageID": container.image_id,
        "Command": command.join(" "),
        "Created": container.created.div_euclid(1_000_000_000),
        "Ports": ports::listed(container),
        "Labels": container.labels,
        "State": container.state_word(),
        "Status": status(container, event::now()),
        "HostConfig": { "NetworkMode": container.network_mode() },
        "NetworkSettings": networks,
        "Mounts": container.mounts.iter().map(volume::mounted).collect::<Vec<_>>(),
    });
    describe(world, api, container, &mut told);
    told
}

/// `GET /containers/{name}/json`.
pub(in super::super) fn container(world: &World, api: u16, name: &str) -> Result<Value, EngineError> {
    let container = &world.containers[world.find(name)?];
    let driver = match world.store {
        Store::Classic => "overlay2",
        Store::Containerd => "overlayfs",
    };
    let (program, arguments) = command(container);
    let mut config = container.config.clone();
    if let Some(mac) = world.main_mac(container).filter(|_| world.api >= 44) {
        config.insert("MacAddress".to_owned(), json!(mac));
    }
    let mut told = json!({
        "Id": container.id,
        "Created": rfc3339(Some(container.created)),
        "Path": program,
        "Args": arguments,
        "State": state(container),
        "Image": container.image_id,
        "ResolvConfPath": path(container, "resolv.conf"),
        "HostnamePath": path(container, "hostname"),
        "HostsPath": path(container, "hosts"),
        "LogPath": path(container, &format!("{}-json.log", container.id)),
        "Name": format!("/{}", container.name),
        "RestartCount": container.restarts,
        "Driver": driver,
        "Platform": "linux",
        "MountLabel": "",
        "ProcessLabel": "",
        "AppArmorProfile": "docker-default",
        "ExecIDs": null,
        "HostConfig": container.host_config,
        "GraphDriver": { "Name": driver, "Data": null },
        "Mounts": container.mounts.iter().map(volume::mounted).collect::<Vec<_>>(),
        "Config": config,
        "NetworkSettings": { "Ports": ports::inspected(container), "Networks": network::places(world, api, container) },
    });
    describe(world, api, container, &mut told);
    Ok(told)
}

/// The program that a container runs, and its arguments.
fn command(container: &Container) -> (&str, Vec<&str>) {
    let words = |name: &str| container.config.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let mut words = words("Entrypoint").chain(words("Cmd"));
    (words.next().unwrap_or_default(), words.collect())
}

/// A file that the Engine keeps for a container; only one that was started has it.
fn path(container: &Container, file: &str) -> String {
    container.started.map(|_| format!("/var/lib/docker/containers/{}/{file}", container.id)).unwrap_or_default()
}

fn state(container: &Container) -> Value {
    let up = container.state.is_up();
    let mut told = json!({
        "Status": container.state_word(),
        "Running": up,
        "Paused": container.state == State::Paused,
        "Restarting": matches!(container.state, State::Restarting(_)),
        "OOMKilled": false,
        "Dead": false,
        "Pid": if matches!(container.state, State::Running | State::Paused) { 4711 } else { 0 },
        "ExitCode": container.failure.as_ref().map_or(container.state.exit_code(), |(code, _)| *code),
        "Error": container.failure.as_ref().map_or("", |(_, message)| message),
        "StartedAt": rfc3339(container.started),
        "FinishedAt": rfc3339(container.finished),
    });
    if let Some(health) = container.health {
        let streak = if health == Health::Unhealthy { 3 } else { 0 };
        told["Health"] = json!({ "Status": health.to_string(), "FailingStreak": streak, "Log": [] });
    }
    told
}

/// What only the containerd store tells: which manifest of the index it runs.
fn describe(world: &World, api: u16, container: &Container, told: &mut Value) {
    if world.store != Store::Containerd || api < 48 {
        return;
    }
    if let Some(stored) = world.images.get(&container.image_id) {
        told["ImageManifestDescriptor"] = json!({
            "mediaType": MANIFEST,
            "digest": stored.image.manifest.as_str(),
            "size": 1128,
            "platform": { "architecture": "amd64", "os": "linux" },
        });
    }
}
