//! Events come in flocks: `docker compose up` makes dozens. They are answered with one list.

use std::time::Duration;

use tokio::time::Instant;

/// Quiet that ends a flock.
const QUIET: Duration = Duration::from_millis(150);

/// Longest wait where there is no quiet: on a busy host the page is still right within a second.
const LONGEST: Duration = Duration::from_millis(600);

/// Events that wait for their list.
#[derive(Debug, Default)]
pub(super) struct Gather {
    /// when the first and the latest of them came
    span: Option<(Instant, Instant)>,
}

impl Gather {
    /// One more event.
    pub(super) fn add(&mut self) {
        let now = Instant::now();
        self.span = Some((self.span.map_or(now, |(first, _)| first), now));
    }

    /// Whether there are any.
    pub(super) fn is_waiting(&self) -> bool {
        self.span.is_some()
    }

    /// When to list. Of no meaning where none is waiting.
    pub(super) fn due(&self) -> Instant {
        self.span.map_or_else(Instant::now, |(first, latest)| (latest + QUIET).min(first + LONGEST))
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_flock_is_answered_after_a_quiet_moment() {
        let mut gather = Gather::default();
        assert!(!gather.is_waiting());
        gather.add();
        advance(Duration::from_millis(100)).await;
        gather.add();
        assert_eq!(gather.due(), Instant::now() + QUIET);
    }

    #[tokio::test(start_paused = true)]
    async fn endless_events_do_not_postpone_the_list_for_ever() {
        let mut gather = Gather::default();
        let start = Instant::now();
        for _ in 0..20 {
            gather.add();
            advance(Duration::from_millis(100)).await;
        }
        assert_eq!(gather.due(), start + LONGEST);
    }
}
