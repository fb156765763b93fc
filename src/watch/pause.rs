//! How long to wait before a host is tried again.

use std::time::Duration;

use crate::host::HostError;

/// After the first failure.
const FIRST: Duration = Duration::from_millis(250);

/// After many failures of a host on this machine, where trying costs next to nothing and somebody may be waiting at the page.
const NEAR_MAX: Duration = Duration::from_secs(5);

/// After many failures of a host elsewhere.
const FAR_MAX: Duration = Duration::from_secs(30);

/// Between looks for a socket that is not there.
const ABSENT: Duration = Duration::from_secs(1);

/// Growing pauses.
#[derive(Debug)]
pub(super) struct Pause {
    next: Duration,
    near: bool,
}

impl Pause {
    /// For a host on this machine (`near`) or elsewhere.
    pub(super) fn new(near: bool) -> Self {
        Self { next: FIRST, near }
    }

    /// The host is well: the next failure is a first one.
    pub(super) fn reset(&mut self) {
        self.next = FIRST;
    }

    /// The pause after `error`: doubled each time, plus up to a quarter by chance.
    pub(super) fn next(&mut self, error: &HostError) -> Duration {
        if self.near && matches!(error, HostError::Absent { .. } | HostError::Forbidden { .. }) {
            return ABSENT;
        }
        let pause = self.next;
        self.next = (pause * 2).min(if self.near { NEAR_MAX } else { FAR_MAX });
        // without chance the pause is the plain one
        let chance = f64::from(getrandom::u32().unwrap_or_default()) / f64::from(u32::MAX);
        pause.mul_f64(1.0 + chance / 4.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken() -> HostError {
        HostError::Broken { address: "tcp://nas:2375".into(), detail: "reset".into() }
    }

    #[test]
    fn pauses_grow_to_a_limit_and_begin_anew() {
        for (near, limit) in [(true, NEAR_MAX), (false, FAR_MAX)] {
            let mut pause = Pause::new(near);
            let pauses: Vec<_> = (0..12).map(|_| pause.next(&broken())).collect();
            assert!(pauses[0] < FIRST * 2 && pauses[1] >= FIRST * 2, "{pauses:?}");
            assert!(pauses[11] >= limit && pauses[11] <= limit.mul_f64(1.25), "{pauses:?}");
            pause.reset();
            assert!(pause.next(&broken()) < FIRST * 2);
        }
    }

    #[test]
    fn a_missing_socket_is_looked_for_every_second() {
        let mut pause = Pause::new(true);
        let absent = HostError::Absent { address: "unix:///s".into() };
        assert_eq!((0..5).map(|_| pause.next(&absent)).max(), Some(ABSENT));
    }
}
