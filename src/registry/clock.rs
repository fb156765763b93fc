//! The time that a look-up may take, without that in which it waits for its turn.
//!
//! Whoever waits for a turn does so because others ask, and shall not be told that the registry was slow. What is long, page after page, is
//! given the time for each part of it. The clock belongs to the task of the look-up, so that everything below it can stop it, read it and
//! wind it.

use std::{cell::Cell, pin::pin, time::Duration};

use tokio::time::{Instant, timeout};

tokio::task_local! {
    static CLOCK: Clock;
}

/// How often as long all parts together may take as one of them.
const PARTS: u32 = 10;

/// Shortest time after which the clock is read again.
const TICK: Duration = Duration::from_millis(10);

/// How much time there was, and how much is gone.
#[derive(Debug)]
struct Clock {
    started: Instant,
    limit: Duration,
    /// how long it stood still
    stood: Cell<Duration>,
    /// since when it stands still
    stands_since: Cell<Option<Instant>>,
    /// the time that was used up when it was wound last
    wound_at: Cell<Duration>,
}

impl Clock {
    /// The time that was used up.
    fn spent(&self) -> Duration {
        let stands = self.stands_since.get().map_or(Duration::ZERO, |since| since.elapsed());
        self.started.elapsed().saturating_sub(self.stood.get() + stands)
    }

    /// The time that is left: of this part, and of all.
    fn left(&self) -> Duration {
        let spent = self.spent();
        let part = self.limit.saturating_sub(spent.saturating_sub(self.wound_at.get()));
        part.min(self.limit.saturating_mul(PARTS).saturating_sub(spent))
    }
}

/// Ends a stand-still, however the wait ends.
struct Standing;

impl Drop for Standing {
    fn drop(&mut self) {
        // without a clock there is nothing to set going
        let _ = CLOCK.try_with(|clock| {
            let stands = clock.stands_since.take().map_or(Duration::ZERO, |since| since.elapsed());
            clock.stood.set(clock.stood.get() + stands);
        });
    }
}

/// Runs `work` for at most `limit`, or so long for each part of it; the time in which the clock stands still is not counted. What came of
/// it, if it ended, and the time that it used up.
pub(super) async fn within<T>(limit: Duration, work: impl Future<Output = T>) -> (Option<T>, Duration) {
    let clock = Clock { started: Instant::now(), limit, stood: Cell::default(), stands_since: Cell::default(), wound_at: Cell::default() };
    let bounded = async {
        let mut work = pin!(work);
        loop {
            let done = timeout(left().max(TICK), &mut work).await.ok();
            // while it stands still there is as much left as before, and it is read again
            if done.is_some() || left().is_zero() {
                return (done, spent());
            }
        }
    };
    CLOCK.scope(clock, bounded).await
}

/// Waits with the clock standing still.
pub(super) async fn standing<T>(wait: impl Future<Output = T>) -> T {
    let _ = CLOCK.try_with(|clock| clock.stands_since.set(Some(Instant::now())));
    let _standing = Standing;
    wait.await
}

/// The time that is left. Without a clock there is no end.
pub(super) fn left() -> Duration {
    CLOCK.try_with(Clock::left).unwrap_or(Duration::MAX)
}

/// One part is done: the next one has as much time. All together have at most [`PARTS`] times as much.
pub(super) fn wind() {
    let _ = CLOCK.try_with(|clock| clock.wound_at.set(clock.spent()));
}

/// The time that was used up.
fn spent() -> Duration {
    CLOCK.try_with(Clock::spent).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Far longer than what a test does without waiting, on a busy machine too.
    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test]
    async fn what_takes_too_long_is_ended() {
        let (done, spent) = within(SECOND / 20, std::future::pending::<()>()).await;
        assert!(done.is_none() && spent >= SECOND / 20);
        let (done, spent) = within(SECOND, std::future::ready(7)).await;
        assert!(done == Some(7) && spent < SECOND);
    }

    #[tokio::test]
    async fn waiting_for_a_turn_costs_nothing() {
        let work = async {
            standing(tokio::time::sleep(SECOND * 6 / 5)).await;
            left()
        };
        let (left, spent) = within(SECOND, work).await;
        assert!(left.is_some_and(|left| !left.is_zero()) && spent < SECOND, "{left:?} {spent:?}");
        assert_eq!(super::left(), Duration::MAX, "without a clock there is no end");
    }

    #[tokio::test]
    async fn each_part_has_its_time_and_all_together_have_an_end() {
        let parts = async |count: u32| {
            for _ in 0..count {
                tokio::time::sleep(SECOND / 10).await;
                wind();
            }
            left()
        };
        let (left, spent) = within(SECOND, parts(15)).await;
        assert!(left.is_some_and(|left| left > SECOND / 2) && spent > SECOND, "{left:?} {spent:?}");
        let (done, _) = within(SECOND / 20, parts(1)).await;
        assert!(done.is_none(), "one part takes longer than it may");
        let (done, spent) = within(SECOND / 5, parts(1000)).await;
        assert!(done.is_none() && spent < SECOND * 30, "all parts would take a hundred seconds: {spent:?}");
    }

    #[tokio::test]
    async fn a_wait_that_is_given_up_sets_it_going_again() {
        let work = async {
            let given_up = timeout(SECOND / 20, standing(std::future::pending::<()>())).await;
            assert!(given_up.is_err());
            std::future::pending::<()>().await;
        };
        let ended = timeout(SECOND * 60, within(SECOND / 20, work)).await;
        assert!(ended.is_ok_and(|(done, _)| done.is_none()));
    }
}
