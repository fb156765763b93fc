//! What is pushed: an index of platforms, or what else a tag may stand for, made from the repository's name and a number.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::image::{Digest, Platform};

/// Media type of an index.
pub(super) const INDEX: &str = "application/vnd.oci.image.index.v1+json";

/// Media type of the manifest of one platform.
pub(super) const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

/// First of January 2025, in Unix seconds: when the image of seed 0 was made.
const FIRST: i64 = 1_735_689_600;

/// Seconds of a day: each seed is a day younger than the one before.
const DAY: i64 = 86_400;

/// The days after which the dates of creation start over, so that none lies in a far future.
const DAYS: u64 = 300;

/// Where attestations say what they are.
const PURPOSE: &str = "vnd.docker.reference.type";

/// The digest of the content that `seed` gives in `repository`, whether it was pushed or not.
pub fn digest_of(repository: &str, seed: u64) -> Digest {
    Recipe::usual(seed).digest(repository)
}

/// The digests of what an image is made of for one platform, where it is built as usual.
pub fn child_of(repository: &str, seed: u64, platform: &Platform) -> Option<Child> {
    let image = Image::new(repository, &Recipe::usual(seed));
    let child = image.children.iter().find(|child| child.platform == *platform)?;
    Some(Child { manifest: Digest::of(&child.manifest), config: Digest::of(&child.config), size: child.size() })
}

/// When the image of `seed` says that it was made, in Unix seconds.
pub fn created_of(seed: u64) -> i64 {
    // a remainder of 300 is small
    FIRST + i64::try_from(seed % DAYS).unwrap_or_default() * DAY
}

/// What an image is made of for one platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Child {
    /// the digest of its manifest
    pub manifest: Digest,
    /// the digest of its configuration
    pub config: Digest,
    /// the size of its layers, in bytes
    pub size: u64,
}

/// How an image is built, where that matters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Build {
    /// what it runs on
    pub platforms: Vec<Platform>,
    /// its label `org.opencontainers.image.version`
    pub version: Option<String>,
    /// when it says that it was made, where that is not the day of its seed
    pub created: Option<String>,
    /// what its tag stands for
    pub shape: Shape,
}

/// What a tag stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// an index of all platforms
    Index,
    /// such an index that says itself when it was made and which version it is
    Annotated,
    /// an index of such an index
    Nested,
    /// the manifest of the first platform
    Manifest,
}

impl Default for Build {
    /// An index for linux/amd64 and linux/arm64.
    fn default() -> Self {
        let platform = |architecture: &str| Platform { os: "linux".into(), architecture: architecture.into(), variant: None };
        Self { platforms: vec![platform("amd64"), platform("arm64")], version: None, created: None, shape: Shape::Index }
    }
}

/// From what an image is made.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Recipe {
    seed: u64,
    /// as usual where there is none: a hundred thousand tags cost little
    build: Option<Arc<Build>>,
    /// how often the index alone was made anew
    indexed: u32,
}

impl Recipe {
    /// An image that is built as usual.
    pub(super) fn usual(seed: u64) -> Self {
        Self { seed, build: None, indexed: 0 }
    }

    /// An image that is built in this way.
    pub(super) fn built(seed: u64, build: &Build) -> Self {
        Self { seed, build: Some(Arc::new(build.clone())), indexed: 0 }
    }

    /// The same images under another index.
    pub(super) fn indexed_anew(&self) -> Self {
        Self { indexed: self.indexed + 1, ..self.clone() }
    }

    /// When it says that it was made.
    pub(super) fn created(&self) -> String {
        let own = self.build.as_ref().and_then(|build| build.created.clone());
        own.unwrap_or_else(|| Timestamp::from_second(created_of(self.seed)).expect("a year behind 2025 is a time").to_string())
    }

    /// The digest that its tag stands for.
    pub(super) fn digest(&self, repository: &str) -> Digest {
        Digest::of(Image::new(repository, self).top().1)
    }
}

/// Everything that one tag stands for.
#[derive(Debug)]
pub(super) struct Image {
    /// the index; what the tag stands for where it is the manifest of one platform is the first child
    index: Option<Vec<u8>>,
    /// an index that the index names
    inner: Option<Vec<u8>>,
    /// what it names
    pub(super) children: Vec<Content>,
}

/// The image for one platform.
#[derive(Debug)]
pub(super) struct Content {
    /// what it runs on
    pub(super) platform: Platform,
    /// its manifest
    pub(super) manifest: Vec<u8>,
    config: Vec<u8>,
    layer: Vec<u8>,
}

impl Image {
    /// Makes it. The same name and recipe give the same bytes, always.
    pub(super) fn new(repository: &str, recipe: &Recipe) -> Self {
        let usual = Build::default();
        let build = recipe.build.as_deref().unwrap_or(&usual);
        let created = recipe.created();
        let children: Vec<_> =
            build.platforms.iter().map(|platform| Content::new(repository, recipe.seed, platform, build, &created)).collect();
        if build.shape == Shape::Manifest {
            return Self { index: None, inner: None, children };
        }
        let mut descriptors: Vec<_> = children.iter().map(Content::descriptor).collect();
        if recipe.indexed > 0 {
            descriptors.push(attestation(recipe.indexed));
        }
        let mut index = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": descriptors });
        if build.shape == Shape::Annotated {
            index["annotations"] = marks(&created, build.version.as_deref());
        }
        let index = index.to_string().into_bytes();
        if build.shape == Shape::Nested {
            let outer = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": [descriptor(INDEX, &index)] });
            return Self { index: Some(outer.to_string().into_bytes()), inner: Some(index), children };
        }
        Self { index: Some(index), inner: None, children }
    }

    /// Media type and bytes of what its tag stands for.
    pub(super) fn top(&self) -> (&'static str, &[u8]) {
        self.manifests().next().expect("an image has an index, or a platform")
    }

    /// The index, what it names, and what that names.
    fn manifests(&self) -> impl Iterator<Item = (&'static str, &[u8])> {
        let indexes = self.index.iter().chain(&self.inner).map(|index| (INDEX, index.as_slice()));
        indexes.chain(self.children.iter().map(|child| (MANIFEST, child.manifest.as_slice())))
    }

    /// Configurations and layers.
    fn blobs(&self) -> impl Iterator<Item = &[u8]> {
        self.children.iter().flat_map(|child| [child.config.as_slice(), child.layer.as_slice()])
    }

    /// The digest of everything that it is made of.
    pub(super) fn digests(&self) -> impl Iterator<Item = Digest> {
        self.manifests().map(|(_, content)| content).chain(self.blobs()).map(Digest::of)
    }

    /// Whether a digest names the index or anything below it.
    pub(super) fn holds(&self, digest: &Digest) -> bool {
        self.manifest(digest).is_some() || self.blob(digest).is_some()
    }

    /// Media type and bytes of the index or manifest of this digest.
    pub(super) fn manifest(&self, digest: &Digest) -> Option<(&'static str, &[u8])> {
        self.manifests().find(|(_, content)| digest.fits(content))
    }

    /// The configuration or layer of this digest.
    pub(super) fn blob(&self, digest: &Digest) -> Option<&[u8]> {
        self.blobs().find(|blob| digest.fits(blob))
    }
}

impl Content {
    /// Makes the manifest of one platform, and what it names.
    fn new(repository: &str, seed: u64, platform: &Platform, build: &Build, created: &str) -> Self {
        let Platform { os, architecture, variant } = platform;
        let layer = format!("{repository} {seed} {architecture}{}", variant.as_deref().unwrap_or_default()).into_bytes();
        let mut config = json!({
            "architecture": architecture,
            "os": os,
            "created": created,
            "config": { "Labels": marks(created, build.version.as_deref()) },
            "rootfs": { "type": "layers", "diff_ids": [Digest::of(&layer).as_str()] },
        });
        if let Some(variant) = variant {
            config["variant"] = json!(variant);
        }
        let config = config.to_string().into_bytes();
        let manifest = json!({
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": descriptor("application/vnd.oci.image.config.v1+json", &config),
            "layers": [descriptor("application/vnd.oci.image.layer.v1.tar", &layer)],
        });
        Self { platform: platform.clone(), manifest: manifest.to_string().into_bytes(), config, layer }
    }

    /// The size of its layers, in bytes.
    pub(super) fn size(&self) -> u64 {
        u64::try_from(self.layer.len()).expect("a layer is a few words")
    }

    /// How an index names it.
    fn descriptor(&self) -> Value {
        let mut descriptor = descriptor(MANIFEST, &self.manifest);
        descriptor["platform"] = json!(self.platform);
        descriptor
    }
}

/// Labels or annotations.
fn marks(created: &str, version: Option<&str>) -> Value {
    let mut marks = json!({ "org.opencontainers.image.created": created });
    if let Some(version) = version {
        marks["org.opencontainers.image.version"] = json!(version);
    }
    marks
}

/// What `BuildKit` puts into an index beside the images: it changes with each build, though they do not.
fn attestation(number: u32) -> Value {
    let mut descriptor = descriptor(MANIFEST, format!("attestation {number}").as_bytes());
    descriptor["platform"] = json!({ "architecture": "unknown", "os": "unknown" });
    descriptor["annotations"] = json!({ PURPOSE: "attestation-manifest" });
    descriptor
}

/// How a manifest names a content.
fn descriptor(media_type: &str, content: &[u8]) -> Value {
    json!({ "mediaType": media_type, "digest": Digest::of(content).as_str(), "size": content.len() })
}
