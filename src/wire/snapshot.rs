//! The whole state of the fleet at one revision.

use serde::Serialize;

use super::{Allows, GroupRow, Level, Operation, Revision, Verdict};

/// The whole state at one revision: what a page is rendered from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ssr", derive(serde::Deserialize))]
pub struct Snapshot {
    /// which state this is
    pub revision: Revision,
    /// the hosts, in the order of configuration
    pub hosts: Vec<HostRow>,
    /// the groups, what needs attention first
    pub groups: Vec<GroupRow>,
    /// what the checks do
    pub check: CheckState,
    /// updates that run, and those that ended last; newest first
    pub operations: Vec<Operation>,
    /// whether this is `plimsoll demo` and the containers are invented
    pub sample: bool,
}

/// One place that runs containers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ssr", derive(serde::Deserialize))]
pub struct HostRow {
    /// its name
    pub name: String,
    /// how it is doing
    pub state: HostState,
    /// version of its Engine, where it was reached
    pub engine: Option<String>,
    /// what it lets Plimsoll do
    pub allows: Allows,
}

/// How a host is doing, and what would help where it is not well. Texts are made in `ui::text`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ssr", derive(serde::Deserialize))]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum HostState {
    /// the first list is on its way
    Connecting,
    /// what is shown is what runs
    Connected,
    /// nothing is there: no socket, or nobody listens
    Absent {
        /// where it was looked for
        address: String,
    },
    /// the socket is there, but its permissions keep Plimsoll out
    Forbidden {
        /// where it is
        address: String,
        /// the number of the group that may open it
        group: Option<u32>,
        /// whether Plimsoll itself runs in a container
        in_container: bool,
    },
    /// it was there and is gone, or it fails; what is shown is what ran at `since`. Without that it was never reached
    Lost {
        /// where it was
        address: String,
        /// what happened, in the words of the system
        detail: String,
        /// since when, in Unix seconds; none where it was never well while this process runs
        since: Option<i64>,
    },
}

/// What the checks do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ssr", derive(serde::Deserialize))]
pub struct CheckState {
    /// progress of the check that runs now
    pub running: Option<CheckProgress>,
    /// when the last one ended, in Unix seconds
    pub last: Option<i64>,
    /// when the next one is due, in Unix seconds
    pub next: Option<i64>,
    /// the pulls that registries with a limit have left for the user, as they said last
    pub quotas: Vec<Quota>,
}

/// The pulls that a registry has left for the user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ssr", derive(serde::Deserialize))]
pub struct Quota {
    /// the registry, as it stands in references
    pub registry: String,
    /// pulls that are allowed in one window
    pub limit: u32,
    /// pulls that are left of them
    pub remaining: u32,
}

/// How far a running check is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ssr", derive(serde::Deserialize))]
pub struct CheckProgress {
    /// when it started, in Unix seconds
    pub since: i64,
    /// images that were answered for
    pub done: u32,
    /// images in all
    pub total: u32,
}

/// How many groups are of each kind. Groups without a running workload do not count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ssr", derive(serde::Deserialize))]
pub struct Tally {
    /// groups in all
    pub images: u32,
    /// a newer major version
    pub major: u32,
    /// a newer minor version
    pub minor: u32,
    /// a newer patch
    pub patch: u32,
    /// the same tag, a new digest
    pub rebuilt: u32,
    /// pulled, not recreated
    pub recreate: u32,
    /// not known
    pub unknown: u32,
    /// pinned by digest
    pub pinned: u32,
    /// built on the host
    pub local: u32,
    /// up to date
    pub current: u32,
}

impl Tally {
    /// Counts the groups that run.
    pub fn of(groups: &[GroupRow]) -> Self {
        let mut tally = Self::default();
        for group in groups.iter().filter(|group| group.runs()) {
            tally.images += 1;
            *match &group.verdict {
                Verdict::Newer { level: Level::Major, .. } => &mut tally.major,
                Verdict::Newer { level: Level::Minor, .. } => &mut tally.minor,
                Verdict::Newer { level: Level::Patch, .. } => &mut tally.patch,
                Verdict::Rebuilt => &mut tally.rebuilt,
                Verdict::Recreate => &mut tally.recreate,
                Verdict::Unknown { .. } => &mut tally.unknown,
                Verdict::Pinned => &mut tally.pinned,
                Verdict::LocalBuild => &mut tally.local,
                Verdict::UpToDate => &mut tally.current,
            } += 1;
        }
        tally
    }

    /// Groups that an update would change.
    pub fn behind(&self) -> u32 {
        self.major + self.minor + self.patch + self.rebuilt + self.recreate
    }
}

impl GroupRow {
    /// Whether it counts: any of its workloads runs, or it is checked although there are none.
    pub fn runs(&self) -> bool {
        self.workloads.is_empty() || self.workloads.iter().any(|workload| workload.state.is_running())
    }
}
