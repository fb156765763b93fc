//! `/images/json` and `/images/{name}/json`.

use serde_json::{Map, Value, json};

use crate::simulate::engine::{
    EngineError, Store, merge,
    words::rfc3339,
    world::{Stored, World},
};

/// The media type of an index.
const INDEX: &str = "application/vnd.oci.image.index.v1+json";

/// `GET /images/json`.
pub(in super::super) fn images(world: &World, api: u16) -> Value {
    world.images.iter().map(|(id, stored)| listed(world, api, id, stored)).collect()
}

fn listed(world: &World, api: u16, id: &str, stored: &Stored) -> Value {
    let mut tags: Vec<String> = world.repo_tags(id).into_iter().map(str::to_owned).collect();
    let mut digests = world.repo_digests(id);
    if world.store == Store::Containerd {
        // the list has one of the names, an inspection all of them
        digests.truncate(1);
    }
    if api < 43 && tags.is_empty() {
        tags.push("<none>:<none>".to_owned());
        if digests.is_empty() {
            digests.push("<none>@<none>".to_owned());
        }
    }
    let mut told = json!({
        "Id": id,
        "ParentId": "",
        "RepoTags": tags,
        "RepoDigests": digests,
        "Created": stored.image.created,
        "Size": stored.image.size,
        "SharedSize": -1,
        "Labels": stored.image.labels,
        "Containers": -1,
    });
    if api < 44 {
        told["VirtualSize"] = json!(stored.image.size);
    }
    describe(world, api, stored, &mut told);
    told
}

/// `GET /images/{name}/json`.
pub(in super::super) fn image(world: &World, api: u16, name: &str) -> Result<Value, EngineError> {
    let id = world.resolve(name)?;
    let stored = world.images.get(&id).ok_or_else(|| EngineError::NoImage(name.to_owned()))?;
    let image = &stored.image;
    // newer ones leave out what is not said
    let mut config = if world.api < 50 { merge::nothing() } else { Map::new() };
    config.extend(image.inherited());
    let mut told = json!({
        "Id": id,
        "RepoTags": world.repo_tags(&id),
        "RepoDigests": world.repo_digests(&id),
        "Parent": "",
        "Comment": "buildkit.dockerfile.v0",
        "Created": rfc3339(image.created.checked_mul(1_000_000_000)),
        "DockerVersion": "",
        "Author": "",
        "Config": config,
        "Architecture": image.architecture,
        "Os": image.os,
        "Size": image.size,
        "RootFS": { "Type": "layers", "Layers": [image.manifest.as_str()] },
        "Metadata": { "LastTagTime": rfc3339(stored.tagged) },
    });
    if api < 44 {
        told["VirtualSize"] = json!(image.size);
    }
    describe(world, api, stored, &mut told);
    Ok(told)
}

/// What only the containerd store tells: which content the image is.
fn describe(world: &World, api: u16, stored: &Stored, told: &mut Value) {
    if world.store == Store::Containerd && api >= 48 {
        told["Descriptor"] = json!({ "mediaType": INDEX, "digest": stored.image.target.as_str(), "size": 1609 });
    }
}
