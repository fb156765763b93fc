//! What changes on a host.

use std::{fmt, time::SystemTime};

/// A moment of a host's own clock, in nanoseconds since 1970. Clocks of two machines are never compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Moment(pub i64);

/// Something that changed on a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// what it happened to
    pub subject: Subject,
    /// what happened, in the Engine's word: `start`, `die`, `pull`
    pub action: String,
    /// the id of the container or image; for pulls and pushes the reference
    pub id: String,
    /// the container's name, or what an image is called
    pub name: Option<String>,
    /// when it happened
    pub at: Moment,
}

/// What an event happened to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// a container
    Workload,
    /// an image
    Image,
    /// a line that could not be read: anything may have changed
    Unknown,
}

impl Moment {
    /// Nanoseconds in a second.
    const SECOND: i64 = 1_000_000_000;

    /// The moment `seconds` after 1970.
    pub fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(Self::SECOND))
    }

    /// This machine's time, for hosts that do not tell theirs.
    pub fn now() -> Self {
        let elapsed = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Self(i64::try_from(elapsed.as_nanos()).unwrap_or(i64::MAX))
    }

    /// Whole seconds since 1970.
    pub fn seconds(self) -> i64 {
        self.0.div_euclid(Self::SECOND)
    }

    /// The same a number of seconds earlier.
    #[must_use]
    pub fn earlier(self, seconds: i64) -> Self {
        Self(self.0.saturating_sub(seconds.saturating_mul(Self::SECOND)))
    }
}

/// As the Engine wants it in `since`: seconds, a dot, and nine digits.
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:09}", self.seconds(), self.0.rem_euclid(Self::SECOND))
    }
}
