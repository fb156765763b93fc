//! An image, as it came from a registry or from a build.

use std::collections::BTreeMap;

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
}

impl Image {
    /// An image that the registry knows by `target`. The digests below follow from that one.
    pub fn pulled(target: Digest) -> Self {
        let part = |what: &str| Digest::of(format!("{what} of {target}").as_bytes());
        let size = target.hex().bytes().fold(0_u64, |sum, byte| (sum * 31 + u64::from(byte)) % 900_000_000) + 20_000_000;
        Self {
            manifest: part("manifest"),
            config: part("config"),
            target,
            built: false,
            created: 1_790_000_000,
            size,
            labels: BTreeMap::new(),
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
}
