//! An image, as it came from a registry or from a build.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{Behaviour, merge};
use crate::image::Digest;

/// An image, as it came from a registry or from a build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// what its tag stands for in the registry: the digest of the index
    pub target: Digest,
    /// the digest of the manifest for this platform
    pub manifest: Digest,
    /// the digest of the configuration
    pub config: Digest,
    /// whether it was built on this machine and never came from a registry
    pub built: bool,
    /// when it was built, in Unix seconds
    pub created: i64,
    /// its size in bytes, unpacked
    pub size: u64,
    /// its labels, which its containers inherit
    pub labels: BTreeMap<String, String>,
    /// what else its containers inherit: `Env`, `Cmd`, `Entrypoint`, `ExposedPorts`, `Volumes`, `Healthcheck`, …
    pub settings: Map<String, Value>,
    /// `linux`
    pub os: String,
    /// `amd64`, `arm64`
    pub architecture: String,
    /// digests and sizes in bytes of what is pulled
    pub layers: Vec<(Digest, u64)>,
    /// what its containers do
    pub behaviour: Behaviour,
}

impl Image {
    /// An image that the registry knows by `target`. The digests below follow from that one.
    pub fn pulled(target: Digest) -> Self {
        let part = |what: &str| Digest::of(format!("{what} of {target}").as_bytes());
        let size = target.hex().bytes().fold(0_u64, |sum, byte| (sum * 31 + u64::from(byte)) % 900_000_000) + 20_000_000;
        Self {
            manifest: part("manifest"),
            config: part("config"),
            layers: [5, 2, 1].iter().map(|share| (part(&format!("layer {share}")), size / 24 * share)).collect(),
            target,
            built: false,
            created: 1_790_000_000,
            size,
            labels: BTreeMap::new(),
            settings: usual(),
            os: "linux".to_owned(),
            architecture: "amd64".to_owned(),
            behaviour: Behaviour::default(),
        }
    }

    /// An image that was built here; another `seed` makes another image.
    pub fn built(seed: &str) -> Self {
        Self { built: true, ..Self::pulled(Digest::of(format!("built: {seed}").as_bytes())) }
    }

    /// The same with a label more.
    #[must_use]
    pub fn label(mut self, name: &str, value: impl Into<String>) -> Self {
        self.labels.insert(name.to_owned(), value.into());
        self
    }

    /// The same, built at another time, in Unix seconds.
    #[must_use]
    pub fn created(mut self, created: i64) -> Self {
        self.created = created;
        self
    }

    /// The same with these members of its configuration, as `{"Env": ["A=1"], "Volumes": {"/data": {}}}`; null takes one away. Labels have
    /// a method of their own.
    #[must_use]
    pub fn with(mut self, settings: &Value) -> Self {
        merge::overlay(&mut self.settings, settings);
        self
    }

    /// The same for another platform.
    #[must_use]
    pub fn platform(mut self, os: &str, architecture: &str) -> Self {
        os.clone_into(&mut self.os);
        architecture.clone_into(&mut self.architecture);
        self
    }

    /// The same of other layers: a name each, which makes its digest, and its size in bytes. Equal names are equal layers.
    #[must_use]
    pub fn layers(mut self, layers: &[(&str, u64)]) -> Self {
        self.layers = layers.iter().map(|(name, size)| (Digest::of(format!("layer {name}").as_bytes()), *size)).collect();
        self
    }

    /// The same, with containers that do something else.
    #[must_use]
    pub fn behaving(mut self, behaviour: Behaviour) -> Self {
        self.behaviour = behaviour;
        self
    }

    /// Its configuration with the labels, as an inspection shows it.
    pub(super) fn inherited(&self) -> Map<String, Value> {
        let mut inherited = self.settings.clone();
        inherited.insert("Labels".to_owned(), if self.labels.is_empty() { Value::Null } else { json!(self.labels) });
        inherited
    }
}

/// What most images say.
fn usual() -> Map<String, Value> {
    let mut usual = Map::new();
    let said = json!({ "Env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"], "Cmd": ["/init"], "WorkingDir": "/" });
    merge::overlay(&mut usual, &said);
    usual
}
