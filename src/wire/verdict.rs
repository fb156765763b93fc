//! What a finding means.

use serde::Serialize;

use super::{Level, Reason};

/// What a finding means for one workload. Derived from finding and workload whenever either changes, never stored.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "ssr", derive(serde::Deserialize))]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Verdict {
    /// runs what its tag stands for today
    UpToDate,
    /// the same tag stands for a new digest
    Rebuilt,
    /// a newer version exists under another tag
    Newer {
        /// how far it is away
        level: Level,
        /// the newer tag
        tag: String,
        /// whether the same tag was rebuilt too
        rebuilt: bool,
    },
    /// the newer image lies on the host already, but the container was not recreated from it
    Recreate,
    /// the reference names a digest: it stays where it is
    Pinned,
    /// built on this host: no registry knows it
    LocalBuild,
    /// not known, and why
    Unknown {
        /// why
        reason: Reason,
    },
}

impl Verdict {
    /// Whether an update would change something.
    pub fn is_behind(&self) -> bool {
        matches!(self, Self::Rebuilt | Self::Newer { .. } | Self::Recreate)
    }

    /// How much attention it wants: the dashboard sorts by it, greatest first.
    pub fn weight(&self) -> u8 {
        match self {
            Self::Newer { level: Level::Major, .. } => 7,
            Self::Newer { level: Level::Minor, .. } => 6,
            Self::Newer { level: Level::Patch, .. } => 5,
            Self::Rebuilt => 4,
            Self::Recreate => 3,
            Self::Unknown { .. } => 2,
            Self::Pinned | Self::LocalBuild => 1,
            Self::UpToDate => 0,
        }
    }
}

/// The verdicts of a group's workloads in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "ssr", derive(serde::Deserialize))]
#[serde(rename_all = "snake_case")]
pub enum GroupStatus {
    /// nothing is behind
    Current,
    /// all that is known is behind
    Behind,
    /// some are behind and some are up to date
    Partial,
    /// nothing is known of any of them
    Unknown,
}
