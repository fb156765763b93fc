//! What an Engine answers, as far as Plimsoll reads it. Anything may be missing or null: Podman and old Engines leave fields out.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

/// `GET /version`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Version {
    /// of the Engine itself
    #[serde(rename = "Version", deserialize_with = "lax")]
    pub(super) engine: String,
    /// the newest API that it speaks
    #[serde(rename = "ApiVersion", deserialize_with = "lax")]
    pub(super) api: String,
    #[serde(deserialize_with = "lax")]
    pub(super) components: Vec<Component>,
}

/// A part of the Engine: `Engine`, `Podman Engine`, `containerd`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Component {
    #[serde(deserialize_with = "lax")]
    pub(super) name: String,
    #[serde(deserialize_with = "lax")]
    pub(super) version: String,
}

/// `GET /info`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Info {
    /// pairs of name and value
    #[serde(deserialize_with = "lax")]
    pub(super) driver_status: Vec<Vec<String>>,
    /// what runs containers that ask for nothing else: `runc`
    #[serde(deserialize_with = "lax")]
    pub(super) default_runtime: String,
    /// the host name of its machine
    #[serde(deserialize_with = "lax")]
    pub(super) name: String,
}

/// An entry of `GET /containers/json`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Listed {
    #[serde(deserialize_with = "lax")]
    pub(super) id: String,
    #[serde(deserialize_with = "lax")]
    pub(super) names: Vec<String>,
    /// what it was started from; Docker puts the image id here when that no longer stands for its image
    #[serde(deserialize_with = "lax")]
    pub(super) image: String,
    #[serde(rename = "ImageID", deserialize_with = "lax")]
    pub(super) image_id: String,
    #[serde(deserialize_with = "lax")]
    pub(super) created: i64,
    #[serde(deserialize_with = "lax")]
    pub(super) labels: BTreeMap<String, String>,
    #[serde(deserialize_with = "lax")]
    pub(super) state: String,
    /// for people: `Up 2 hours (healthy)`
    #[serde(deserialize_with = "lax")]
    pub(super) status: String,
    /// the manifest of its platform; API 1.48 and later, in containerd's store
    #[serde(deserialize_with = "lax")]
    pub(super) image_manifest_descriptor: Descriptor,
}

/// What names a content.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Descriptor {
    #[serde(deserialize_with = "lax")]
    pub(super) digest: String,
}

/// `GET /containers/{id}/json`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Container {
    #[serde(deserialize_with = "lax")]
    pub(super) config: Config,
    #[serde(deserialize_with = "lax")]
    pub(super) state: State,
}

/// What the user asked for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Config {
    /// what it was started from, as written
    #[serde(deserialize_with = "lax")]
    pub(super) image: String,
}

/// What a container does.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct State {
    #[serde(deserialize_with = "lax")]
    pub(super) health: Health,
}

/// What its health check says; empty or `none` without one.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Health {
    #[serde(deserialize_with = "lax")]
    pub(super) status: String,
}

/// `GET /images/{name}/json`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Image {
    #[serde(deserialize_with = "lax")]
    pub(super) id: String,
    #[serde(deserialize_with = "lax")]
    pub(super) repo_digests: Vec<String>,
    #[serde(deserialize_with = "lax")]
    pub(super) os: String,
    #[serde(deserialize_with = "lax")]
    pub(super) architecture: String,
    #[serde(deserialize_with = "lax")]
    pub(super) variant: String,
    /// when it was made, RFC 3339
    #[serde(deserialize_with = "lax")]
    pub(super) created: String,
    /// where it came from; API 1.53 and later
    #[serde(deserialize_with = "lax")]
    pub(super) identity: Identity,
}

/// Where an image came from. Only whether there is any entry matters.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Identity {
    #[serde(deserialize_with = "lax")]
    pub(super) pull: Vec<serde::de::IgnoredAny>,
    #[serde(deserialize_with = "lax")]
    pub(super) build: Vec<serde::de::IgnoredAny>,
}

/// A line of `GET /events`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Line {
    #[serde(rename = "Type", deserialize_with = "lax")]
    pub(super) kind: String,
    #[serde(deserialize_with = "lax")]
    pub(super) action: String,
    #[serde(deserialize_with = "lax")]
    pub(super) actor: Actor,
    #[serde(rename = "time", deserialize_with = "lax")]
    pub(super) seconds: i64,
    #[serde(rename = "timeNano", deserialize_with = "lax")]
    pub(super) nanoseconds: i64,
}

/// What an event happened to.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Actor {
    #[serde(rename = "ID", deserialize_with = "lax")]
    pub(super) id: String,
    #[serde(deserialize_with = "lax")]
    pub(super) attributes: BTreeMap<String, String>,
}

/// Reads null as the default.
fn lax<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(deserializer: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}
