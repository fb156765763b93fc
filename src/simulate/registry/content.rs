//! What is pushed: an index for two platforms, made from the repository's name and a number.

use serde_json::{Value, json};

use crate::image::Digest;

/// Media type of an index.
pub(super) const INDEX: &str = "application/vnd.oci.image.index.v1+json";

/// Media type of the manifest of one platform.
pub(super) const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

/// The platforms of every image.
const PLATFORMS: [&str; 2] = ["amd64", "arm64"];

/// First of January 2025, in Unix seconds: when the image of seed 0 was made.
const FIRST: i64 = 1_735_689_600;

/// Seconds of a day: each seed is a day younger than the one before.
const DAY: i64 = 86_400;

/// The days after which the dates of creation start over, so that none lies in a far future.
const DAYS: u64 = 300;

/// The digest of the content that `seed` gives in `repository`, whether it was pushed or not.
pub fn digest_of(repository: &str, seed: u64) -> Digest {
    Digest::of(&Image::new(repository, seed).index)
}

/// Everything that one tag stands for.
#[derive(Debug)]
pub(super) struct Image {
    /// the index
    pub(super) index: Vec<u8>,
    /// what it names
    platforms: Vec<Platform>,
}

/// The image for one platform.
#[derive(Debug)]
struct Platform {
    manifest: Vec<u8>,
    config: Vec<u8>,
    layer: Vec<u8>,
}

impl Image {
    /// Makes it. The same name and seed give the same bytes, always.
    pub(super) fn new(repository: &str, seed: u64) -> Self {
        let platforms: Vec<_> = PLATFORMS.iter().map(|architecture| Platform::new(repository, seed, architecture)).collect();
        let descriptors: Vec<_> = PLATFORMS
            .iter()
            .zip(&platforms)
            .map(|(architecture, platform)| {
                let mut descriptor = descriptor(MANIFEST, &platform.manifest);
                descriptor["platform"] = json!({ "architecture": architecture, "os": "linux" });
                descriptor
            })
            .collect();
        let index = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": descriptors });
        Self { index: index.to_string().into_bytes(), platforms }
    }

    /// Whether a digest names the index or anything below it.
    pub(super) fn holds(&self, digest: &Digest) -> bool {
        self.manifest(digest).is_some() || self.blob(digest).is_some()
    }

    /// Media type and bytes of the index or manifest of this digest.
    pub(super) fn manifest(&self, digest: &Digest) -> Option<(&'static str, &[u8])> {
        if digest.fits(&self.index) {
            return Some((INDEX, &self.index));
        }
        let platform = self.platforms.iter().find(|platform| digest.fits(&platform.manifest))?;
        Some((MANIFEST, &platform.manifest))
    }

    /// The configuration or layer of this digest.
    pub(super) fn blob(&self, digest: &Digest) -> Option<&[u8]> {
        let blobs = self.platforms.iter().flat_map(|platform| [&platform.config, &platform.layer]);
        blobs.into_iter().find(|blob| digest.fits(blob)).map(Vec::as_slice)
    }
}

impl Platform {
    /// Makes the manifest of one platform, and what it names.
    fn new(repository: &str, seed: u64, architecture: &str) -> Self {
        let layer = format!("{repository} {seed} {architecture}").into_bytes();
        let days = i64::try_from(seed % DAYS).expect("a remainder of 300 is small");
        let created = jiff::Timestamp::from_second(FIRST + days * DAY).expect("a year behind 2025 is a time");
        let config = json!({
            "architecture": architecture,
            "os": "linux",
            "created": created.to_string(),
            "config": { "Labels": { "org.opencontainers.image.created": created.to_string() } },
            "rootfs": { "type": "layers", "diff_ids": [Digest::of(&layer).as_str()] },
        });
        let config = config.to_string().into_bytes();
        let manifest = json!({
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": descriptor("application/vnd.oci.image.config.v1+json", &config),
            "layers": [descriptor("application/vnd.oci.image.layer.v1.tar", &layer)],
        });
        Self { manifest: manifest.to_string().into_bytes(), config, layer }
    }
}

/// How a manifest names a content.
fn descriptor(media_type: &str, content: &[u8]) -> Value {
    json!({ "mediaType": media_type, "digest": Digest::of(content).as_str(), "size": content.len() })
}
