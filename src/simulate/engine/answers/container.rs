//! `/containers/json` and `/containers/{name}/json`.

use serde_json::{Value, json};

use crate::{
    image::Digest,
    simulate::engine::{
        EngineError, Health, State, Store, event,
        words::{rfc3339, status},
        world::{Container, World},
    },
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
    let mut told = json!({
        "Id": container.id,
        "Names": [format!("/{}", container.name)],
        "Image": image,
        "ImageID": container.image_id,
        "Command": "/init",
        "Created": container.created.div_euclid(1_000_000_000),
        "Ports": [],
        "Labels": container.labels,
        "State": container.state.as_str(),
        "Status": status(container, event::now()),
        "HostConfig": { "NetworkMode": container.network() },
        "NetworkSettings": { "Networks": networks(container) },
        "Mounts": [],
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
    let mut told = json!({
        "Id": container.id,
        "Created": rfc3339(Some(container.created)),
        "Path": "/init",
        "Args": [],
        "State": state(container),
        "Image": container.image_id,
        "ResolvConfPath": "",
        "HostnamePath": "",
        "HostsPath": "",
        "LogPath": "",
        "Name": format!("/{}", container.name),
        "RestartCount": container.restarts,
        "Driver": driver,
        "Platform": "linux",
        "MountLabel": "",
        "ProcessLabel": "",
        "AppArmorProfile": "docker-default",
        "ExecIDs": null,
        "HostConfig": {
            "Binds": null,
            "NetworkMode": container.network(),
            "PortBindings": {},
            "RestartPolicy": { "Name": "unless-stopped", "MaximumRetryCount": 0 },
            "AutoRemove": false,
            "Privileged": false,
            "Runtime": "runc",
        },
        "Mounts": [],
        "Config": {
            "Hostname": &container.id[..12],
            "Domainname": "",
            "User": "",
            "AttachStdin": false,
            "AttachStdout": true,
            "AttachStderr": true,
            "Tty": false,
            "OpenStdin": false,
            "StdinOnce": false,
            "Env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
            "Cmd": ["/init"],
            "Image": container.image,
            "Volumes": null,
            "WorkingDir": "/",
            "Entrypoint": null,
            "Labels": container.labels,
        },
        "NetworkSettings": { "Ports": {}, "Networks": networks(container) },
    });
    describe(world, api, container, &mut told);
    Ok(told)
}

fn state(container: &Container) -> Value {
    let up = container.state.is_up();
    let mut told = json!({
        "Status": container.state.as_str(),
        "Running": up,
        "Paused": container.state == State::Paused,
        "Restarting": matches!(container.state, State::Restarting(_)),
        "OOMKilled": false,
        "Dead": false,
        "Pid": if matches!(container.state, State::Running | State::Paused) { 4711 } else { 0 },
        "ExitCode": container.state.exit_code(),
        "Error": "",
        "StartedAt": rfc3339(container.started),
        "FinishedAt": rfc3339(container.finished),
    });
    if let Some(health) = container.health {
        let streak = if health == Health::Unhealthy { 3 } else { 0 };
        told["Health"] = json!({ "Status": health.to_string(), "FailingStreak": streak, "Log": [] });
    }
    told
}

fn networks(container: &Container) -> Value {
    let network = container.network();
    let id = |what: &str| Digest::of(format!("{what} {network} {}", container.id).as_bytes()).hex().to_owned();
    let compose = container.labels.get("com.docker.compose.service");
    json!({ network.as_str(): {
        "IPAMConfig": null,
        "Links": null,
        "Aliases": compose.map(|service| json!([container.name, service])),
        "NetworkID": Digest::of(format!("network {network}").as_bytes()).hex(),
        "EndpointID": if container.state.is_up() { id("endpoint") } else { String::new() },
        "Gateway": if container.state.is_up() { "172.18.0.1" } else { "" },
        "IPPrefixLen": if container.state.is_up() { 16 } else { 0 },
        "MacAddress": "",
        "DriverOpts": null,
    } })
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
