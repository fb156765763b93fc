//! `/volumes`, and what is mounted.

use serde_json::{Value, json};

use crate::simulate::engine::{
    words::rfc3339,
    world::{Mount, World},
};

/// `GET /volumes`.
pub(in super::super) fn volumes(world: &World) -> Value {
    let told = world.volumes.iter().map(|(name, volume)| {
        let labels = if volume.anonymous && world.api >= 43 { json!({ "com.docker.volume.anonymous": "" }) } else { Value::Null };
        json!({
            "CreatedAt": rfc3339(Some(volume.created)),
            "Driver": "local",
            "Labels": labels,
            "Mountpoint": format!("/var/lib/docker/volumes/{name}/_data"),
            "Name": name,
            "Options": null,
            "Scope": "local",
        })
    });
    json!({ "Volumes": told.collect::<Vec<_>>(), "Warnings": null })
}

/// Something that is mounted, as the inspection of a container tells it.
pub(super) fn mounted(mount: &Mount) -> Value {
    let mut told = json!({
        "Type": mount.kind,
        "Source": mount.source,
        "Destination": mount.destination,
        "Mode": mount.mode,
        "RW": mount.writable,
        "Propagation": if mount.kind == "bind" { "rprivate" } else { "" },
    });
    if let Some(name) = &mount.name {
        told["Name"] = json!(name);
        told["Driver"] = json!("local");
    }
    told
}
