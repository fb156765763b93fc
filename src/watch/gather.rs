//! Events come in flocks: `docker compose up` makes dozens. They are answered with one list.

use std::time::Duration;

use tokio::time::Instant;

/// Quiet that ends a flock.
const QUIET: Duration = Duration::from_millis(150);

/// Longest wait where there is no quiet: on a busy host the page is still right within a second.
const LONGEST: Duration = Duration::from_millis(600);

/// The longest rest after a slow list.
const REST: Duration = Duration::from_secs(10);

/// Events that wait for their list.
#[derive(Debug, Default)]
pub(super) struct Gather {
    /// when the first and the latest of them came
    span: Option<(Instant, Instant)>,
    /// no list before that
    rested: Option<Instant>,
}

impl Gather {
    /// None, after a list that took from `began` until `now`. Rests as long as that, so that a host is busy with lists for half of the
    /// time at most.
    pub(super) fn after(began: Instant, now: Instant) -> Self {
        Self { span: None, rested: Some(now + now.saturating_duration_since(began).min(REST)) }
    }

    /// One more event.
    pub(super) fn add(&mut self, now: Instant) {
        self.span = Some((self.span.map_or(now, |(first, _)| first), now));
    }

    /// When to list; none where no event waits.
    pub(super) fn due(&self) -> Option<Instant> {
        let due = self.span.map(|(first, latest)| (latest + QUIET).min(first + LONGEST))?;
        Some(self.rested.map_or(due, |rested| due.max(rested)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEP: Duration = Duration::from_millis(100);

    #[test]
    fn a_flock_is_answered_after_a_quiet_moment() {
        let (mut gather, start) = (Gather::default(), Instant::now());
        assert_eq!(gather.due(), None);
        gather.add(start);
        gather.add(start + STEP);
        assert_eq!(gather.due(), Some(start + STEP + QUIET));
    }

    #[test]
    fn endless_events_do_not_postpone_the_list_for_ever() {
        let (mut gather, start) = (Gather::default(), Instant::now());
        for n in 0..20 {
            gather.add(start + STEP * n);
        }
        assert_eq!(gather.due(), Some(start + LONGEST));
    }

    #[test]
    fn slow_lists_are_rested_from() {
        let start = Instant::now();
        let mut gather = Gather::after(start, start + STEP * 30);
        assert_eq!(gather.due(), None);
        gather.add(start + STEP * 31);
        assert_eq!(gather.due(), Some(start + STEP * 60));
    }
}
