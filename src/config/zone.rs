//! The time zone of schedules and of times in the log.

use jiff::tz::TimeZone;

/// A time zone, looked up when it is needed: finding out the system's takes a millisecond, and a command that checks once needs none.
#[derive(Debug, Clone)]
pub enum Zone {
    /// the one that was named
    Named(TimeZone),
    /// the system's; UTC where that cannot be told
    System,
}

impl Zone {
    /// The zone itself.
    pub fn zone(&self) -> TimeZone {
        match self {
            Self::Named(zone) => zone.clone(),
            Self::System => TimeZone::try_system().unwrap_or(TimeZone::UTC),
        }
    }
}
