//! What the containers of an image do once they are started.

use std::time::Duration;

/// What the containers of an image do once they are started.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Behaviour {
    /// they stay up, and a health check passes after a moment
    #[default]
    Runs,
    /// they stay up, and a health check passes after this long
    HealthyAfter(Duration),
    /// they stay up, and a health check fails for good after this long
    UnhealthyAfter(Duration),
    /// they stay up, and a health check never says anything
    NeverHealthy,
    /// they end with this code this long after each start; their restart policy says what then
    Ends {
        /// the code
        code: u8,
        /// how long they stay up
        after: Duration,
    },
    /// their program is not in the image: they cannot be started
    CannotStart,
    /// they stay up, and take this long to stop
    StopsAfter(Duration),
}

impl Behaviour {
    /// How long a health check of an image like most takes.
    const MOMENT: Duration = Duration::from_millis(100);

    /// What a health check comes to say, and when. None where it never says anything.
    pub(super) fn health(self) -> Option<(Duration, bool)> {
        match self {
            Self::Runs | Self::StopsAfter(_) => Some((Self::MOMENT, true)),
            Self::HealthyAfter(delay) => Some((delay, true)),
            Self::UnhealthyAfter(delay) => Some((delay, false)),
            Self::NeverHealthy | Self::Ends { .. } | Self::CannotStart => None,
        }
    }

    /// How long it takes to stop after it was asked to.
    pub(super) fn stopping(self) -> Duration {
        match self {
            Self::StopsAfter(delay) => delay,
            _ => Duration::ZERO,
        }
    }
}
