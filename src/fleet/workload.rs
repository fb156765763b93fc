//! Workloads: what a host runs and an update replaces.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    image::{Digest, Platform, Reference},
    wire::WorkloadState,
};

/// Everything that a host runs, at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inventory {
    /// version of the Engine
    pub engine: String,
    /// sorted by name
    pub workloads: Vec<Workload>,
}

/// One container. Later also a Swarm service or a Kubernetes controller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workload {
    /// the Engine's id, in full
    pub id: String,
    /// its name, without the slash
    pub name: String,
    /// what it was started from
    pub image: ImageName,
    /// the image that it runs
    pub local: LocalImage,
    /// labels, those of the image included
    pub labels: BTreeMap<String, String>,
    /// when it was created, in Unix seconds
    pub created: i64,
    /// what it does
    pub state: WorkloadState,
    /// what its health check says, where it has one
    pub health: Option<String>,
}

/// What a container was started from, as its configuration says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImageName {
    /// a reference
    Reference(Reference),
    /// a bare image id, in full or shortened: no registry can be asked
    Id(String),
    /// something else
    Invalid(String),
}

/// The image that a container runs, as its host knows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LocalImage {
    /// the Engine's id of it
    pub id: String,
    /// every digest under which the registry of the container's reference may know it; those of other repositories are left out
    pub digests: BTreeSet<Digest>,
    /// what else names exactly this image: the digest of its platform's manifest, or of its configuration
    pub same: BTreeSet<Digest>,
    /// whether nothing but this host knows it
    pub built_here: bool,
    /// where the container's tag stands for another image on this host by now: the digests of that one
    pub superseded_by: Option<BTreeSet<Digest>>,
    /// what it runs on, where the host says so
    pub platform: Option<Platform>,
    /// when it was made, in Unix seconds, where it tells
    pub created: Option<i64>,
}

impl Workload {
    /// The Compose project, where it belongs to one.
    pub fn project(&self) -> Option<&str> {
        self.labels.get("com.docker.compose.project").map(String::as_str)
    }

    /// The Compose service, where it belongs to one.
    pub fn service(&self) -> Option<&str> {
        self.labels.get("com.docker.compose.service").map(String::as_str)
    }
}
