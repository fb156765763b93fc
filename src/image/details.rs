//! What a manifest tells beside its digest.

use serde::{Deserialize, Serialize};

use super::{Digest, Platform};

/// What is known of what one tag stands for, beyond its digest. Learnt once for a digest: what a digest names never changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// the digest of the index, or of the manifest where there is no index
    pub digest: Digest,
    /// what it runs on; empty where the registry did not say
    pub platforms: Vec<PlatformImage>,
    /// when the image was made (`created` of its configuration), in Unix seconds; on Docker Hub when it was pushed
    pub created: Option<i64>,
    /// label `org.opencontainers.image.version`
    pub version: Option<String>,
}

/// The image for one platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlatformImage {
    /// what it runs on
    pub platform: Platform,
    /// the digest of its manifest
    pub manifest: Digest,
    /// the digest of its configuration, where its manifest was read: what Engines with the classic store call the image's id
    pub config: Option<Digest>,
    /// compressed size of all layers in bytes, where its manifest was read or the registry told
    pub size: Option<u64>,
}

impl Details {
    /// The image that runs on `platform`: the same variant where there is one, else any of that architecture whose variant is not told.
    pub fn for_platform(&self, platform: &Platform) -> Option<&PlatformImage> {
        let same = |image: &&PlatformImage| image.platform.os == platform.os && image.platform.architecture == platform.architecture;
        let exact = |image: &&PlatformImage| image.platform.variant == platform.variant;
        let open = |image: &&PlatformImage| image.platform.variant.is_none() || platform.variant.is_none();
        let of = || self.platforms.iter().filter(same);
        of().find(exact).or_else(|| of().find(open))
    }
}
