//! Manifests, indexes and configurations, as far as they matter here (OCI image specification; Docker's own forms differ in nothing that
//! does). Everything may be missing.

use jiff::Timestamp;
use serde::Deserialize;

use crate::image::{Digest, Platform, PlatformImage};

#[cfg(test)]
mod tests;

/// Most platforms of an index that are read; the images with the most have two dozen.
const PLATFORMS_MAX: usize = 200;

/// Longest version that is shown, in bytes.
const VERSION_MAX: usize = 128;

/// March 2013, in Unix seconds: no image is older than Docker. Who builds reproducibly writes 1970 or 1980.
const FIRST: i64 = 1_362_096_000;

/// A manifest or an index.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Document {
    /// what an index names; a manifest has none
    pub(super) manifests: Option<Vec<Entry>>,
    config: Option<Entry>,
    layers: Option<Vec<Entry>>,
    /// the same marks as labels have
    annotations: Option<Marks>,
}

/// How a content is named.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entry {
    media_type: Option<String>,
    digest: Option<String>,
    size: Option<u64>,
    platform: Option<Named>,
    annotations: Option<Purpose>,
}

/// A platform, as indexes and configurations name it.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Named {
    os: Option<String>,
    architecture: Option<String>,
    variant: Option<String>,
}

/// What an entry is there for, beside being run.
#[derive(Debug, Default, Deserialize)]
struct Purpose {
    /// `attestation-manifest`, as `BuildKit` writes it
    #[serde(rename = "vnd.docker.reference.type")]
    kind: Option<String>,
}

/// Labels or annotations (OCI image specification, "Pre-Defined Annotation Keys").
#[derive(Debug, Default, Deserialize)]
struct Marks {
    /// a time of RFC 3339
    #[serde(rename = "org.opencontainers.image.created")]
    created: Option<String>,
    /// the version of what is in the image
    #[serde(rename = "org.opencontainers.image.version")]
    version: Option<String>,
}

/// The configuration of an image.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Config {
    created: Option<String>,
    #[serde(flatten)]
    platform: Named,
    #[serde(rename = "config")]
    run: Option<Run>,
}

/// What a configuration says of running the image.
#[derive(Debug, Default, Deserialize)]
struct Run {
    #[serde(rename = "Labels")]
    labels: Option<Marks>,
}

impl Document {
    /// Whether it is an index or a manifest.
    pub(super) fn is_any(&self) -> bool {
        self.manifests.is_some() || self.config.is_some()
    }

    /// When the image was made, in Unix seconds, where an annotation says so.
    pub(super) fn created(&self) -> Option<i64> {
        self.annotations.as_ref()?.created()
    }

    /// The version of what is in the image, where an annotation says so.
    pub(super) fn version(&self) -> Option<String> {
        self.annotations.as_ref()?.version()
    }

    /// The digest of the configuration that a manifest names.
    pub(super) fn config(&self) -> Option<Digest> {
        self.config.as_ref()?.digest.as_ref()?.parse().ok()
    }

    /// The size of all layers in bytes, where each has one.
    pub(super) fn size(&self) -> Option<u64> {
        self.layers.as_ref()?.iter().try_fold(0_u64, |sum, layer| sum.checked_add(layer.size?))
    }
}

impl Named {
    /// The platform. None where it is none: attestations are for `unknown/unknown`.
    pub(super) fn platform(&self) -> Option<Platform> {
        platform(self.os.as_deref(), self.architecture.as_deref(), self.variant.as_deref())
    }
}

impl Marks {
    /// The time of creation, in Unix seconds.
    fn created(&self) -> Option<i64> {
        time(self.created.as_deref()?)
    }

    /// The version, where it can be shown.
    fn version(&self) -> Option<String> {
        let fits = |text: &&String| !text.is_empty() && text.len() <= VERSION_MAX && !text.chars().any(char::is_control);
        self.version.as_ref().filter(fits).cloned()
    }
}

impl Config {
    /// What it runs on.
    pub(super) fn platform(&self) -> Option<Platform> {
        self.platform.platform()
    }

    /// When the image was made, in Unix seconds: as the configuration has it, else as its label does.
    pub(super) fn created(&self) -> Option<i64> {
        self.created.as_deref().and_then(time).or_else(|| self.run.as_ref()?.labels.as_ref()?.created())
    }

    /// The version of what is in the image.
    pub(super) fn version(&self) -> Option<String> {
        self.run.as_ref()?.labels.as_ref()?.version()
    }
}

/// What the entries of an index can be run on.
pub(super) fn platforms(entries: &[Entry]) -> Vec<PlatformImage> {
    let images = entries.iter().filter(|entry| entry.annotations.as_ref().is_none_or(|purpose| purpose.kind.is_none()));
    let images = images.filter_map(|entry| {
        let manifest = entry.digest.as_ref()?.parse().ok()?;
        Some(PlatformImage { platform: entry.platform.as_ref()?.platform()?, manifest, config: None, size: None })
    });
    images.take(PLATFORMS_MAX).collect()
}

/// The first entry that is an index itself.
pub(super) fn nested(entries: &[Entry]) -> Option<Digest> {
    const INDEXES: [&str; 2] = ["application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json"];
    let index = entries.iter().find(|entry| entry.media_type.as_deref().is_some_and(|kind| INDEXES.contains(&kind)))?;
    index.digest.as_ref()?.parse().ok()
}

/// A platform by its parts. None where one is missing or unknown.
pub(super) fn platform(os: Option<&str>, architecture: Option<&str>, variant: Option<&str>) -> Option<Platform> {
    let known = |part: &&str| !part.is_empty() && *part != "unknown";
    let variant = variant.filter(|variant| !variant.is_empty()).map(str::to_owned);
    Some(Platform { os: os.filter(known)?.to_owned(), architecture: architecture.filter(known)?.to_owned(), variant })
}

/// A time of RFC 3339 in Unix seconds, where it can be one of creation.
pub(super) fn time(text: &str) -> Option<i64> {
    text.parse::<Timestamp>().ok().map(Timestamp::as_second).filter(|second| *second >= FIRST)
}
