//! A row of the dashboard: an image group and its workloads.

use serde::Serialize;

use super::{Allows, GroupStatus, LabelProblem, Verdict, Versions};

/// The parts of a reference, for display and for other tools' documents.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "ssr", derive(serde::Deserialize))]
pub struct Reference {
    /// the registry's host and port: `docker.io`, `ghcr.io`, `127.0.0.1:5000`; empty for a bare image id
    pub registry: String,
    /// the path in the registry: `library/nginx`
    pub repository: String,
    /// the tag, where there is one
    pub tag: Option<String>,
    /// the digest that it pins, where it does
    pub digest: Option<String>,
    /// how Docker writes registry and repository: `nginx`, `ghcr.io/acme/app`
    pub familiar: String,
}

/// All workloads that run one reference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ssr", derive(serde::Deserialize))]
pub struct GroupRow {
    /// the reference in full, `docker.io/library/nginx:1.27`: names the group in URLs and on the page
    pub id: String,
    /// its parts
    pub reference: Reference,
    /// the heaviest verdict of its running workloads; of all, where none runs
    pub verdict: Verdict,
    /// all verdicts in one word
    pub status: GroupStatus,
    /// who runs it, sorted by host and name
    pub workloads: Vec<WorkloadRow>,
    /// what the tag stands for in the registry, in full
    pub remote_digest: Option<String>,
    /// when the registry was last asked, in Unix seconds
    pub checked_at: Option<i64>,
    /// how long the last answer took, in milliseconds
    pub took_ms: Option<u32>,
    /// the last verdict that was known, where the present one is not
    pub last_good: Option<LastGood>,
    /// whether the registry is being asked just now
    pub checking: bool,
    /// what the tags of its repository offer, where they were asked for
    pub versions: Option<Versions>,
    /// the version that runs by the image's own word (label `org.opencontainers.image.version`), where the tag does not tell it
    pub runs_version: Option<String>,
    /// label `org.opencontainers.image.url` or `.source`, if it is an http address
    pub url: Option<String>,
}

/// What was known before a check failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ssr", derive(serde::Deserialize))]
pub struct LastGood {
    /// the verdict that it would give today
    pub verdict: Verdict,
    /// when it was found, in Unix seconds
    pub at: i64,
}

/// One workload of a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ssr", derive(serde::Deserialize))]
pub struct WorkloadRow {
    /// the host's name
    pub host: String,
    /// the Engine's id of it, in full
    pub id: String,
    /// its name, without the slash
    pub name: String,
    /// the Compose project or stack, where it belongs to one
    pub project: Option<String>,
    /// the Compose service, where it belongs to one
    pub service: Option<String>,
    /// what it does
    pub state: WorkloadState,
    /// what its health check says, where it has one: `healthy`, `unhealthy`, `starting`
    pub health: Option<String>,
    /// digests of its image that the registry may know, in full
    pub local_digests: Vec<String>,
    /// what the finding means for it
    pub verdict: Verdict,
    /// whether it is updated without being asked for, when its tag was rebuilt; never where its host is only watched
    pub auto_update: bool,
    /// whether a label says so, or says that it is not; then the switch has no say
    pub auto_update_by_label: bool,
    /// labels whose value was not understood
    pub label_problems: Vec<LabelProblem>,
    /// what its host lets Plimsoll do
    pub allows: Allows,
}

/// What a workload does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "ssr", derive(serde::Deserialize))]
#[serde(rename_all = "snake_case")]
pub enum WorkloadState {
    /// it runs
    Running,
    /// it is paused
    Paused,
    /// it dies and is started again
    Restarting,
    /// made, never started
    Created,
    /// it ended
    Exited,
    /// any other, or one that no longer exists by now
    Other,
}

impl WorkloadState {
    /// Whether it counts as running: it runs, or its Engine keeps it running.
    pub fn is_running(self) -> bool {
        matches!(self, Self::Running | Self::Paused | Self::Restarting)
    }
}
