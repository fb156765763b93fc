//! The kinds of verdict that rows are marked with and counts are kept of.

use crate::wire::{Level, Tally, Verdict};

/// What a verdict is, without its particulars. In the order of attention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// a newer major version
    Major,
    /// a newer minor version
    Minor,
    /// a newer patch
    Patch,
    /// the same tag, a new digest
    Rebuilt,
    /// pulled, not recreated
    Recreate,
    /// not known
    Unknown,
    /// pinned by digest
    Pinned,
    /// built on the host
    Local,
    /// up to date
    Current,
}

impl Kind {
    /// All of them, in the order of attention.
    pub const ALL: [Self; 9] =
        [Self::Major, Self::Minor, Self::Patch, Self::Rebuilt, Self::Recreate, Self::Unknown, Self::Pinned, Self::Local, Self::Current];

    /// The kind of a verdict.
    pub fn of(verdict: &Verdict) -> Self {
        match verdict {
            Verdict::Newer { level: Level::Major, .. } => Self::Major,
            Verdict::Newer { level: Level::Minor, .. } => Self::Minor,
            Verdict::Newer { level: Level::Patch, .. } => Self::Patch,
            Verdict::Rebuilt => Self::Rebuilt,
            Verdict::Recreate => Self::Recreate,
            Verdict::Unknown { .. } => Self::Unknown,
            Verdict::Pinned => Self::Pinned,
            Verdict::LocalBuild => Self::Local,
            Verdict::UpToDate => Self::Current,
        }
    }

    /// Its word in addresses and in `data-level`: never translated.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Major => "major",
            Self::Minor => "minor",
            Self::Patch => "patch",
            Self::Rebuilt => "rebuilt",
            Self::Recreate => "recreate",
            Self::Unknown => "unknown",
            Self::Pinned => "pinned",
            Self::Local => "local",
            Self::Current => "current",
        }
    }

    /// Reads the word of an address.
    pub fn parse(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.slug() == slug)
    }

    /// How many images are of this kind.
    pub fn count(self, tally: &Tally) -> u32 {
        match self {
            Self::Major => tally.major,
            Self::Minor => tally.minor,
            Self::Patch => tally.patch,
            Self::Rebuilt => tally.rebuilt,
            Self::Recreate => tally.recreate,
            Self::Unknown => tally.unknown,
            Self::Pinned => tally.pinned,
            Self::Local => tally.local,
            Self::Current => tally.current,
        }
    }
}
