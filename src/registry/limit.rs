//! How many requests a registry is sent at once, and when none at all.
//!
//! It grows with every answer and halves when the registry is overrun, once for all requests that were under way then: the rule by which TCP
//! finds out what a line carries (RFC 5681), slow start and all.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::Instant,
};

/// Longest pause that is kept because a registry asked for it.
const PAUSE_MAX: Duration = Duration::from_mins(1);

/// How long a registry that was overrun is approached step by step.
const WARY: Duration = Duration::from_mins(5);

/// Requests to a registry on the internet: at first, and at most.
const FAR: (u32, u32) = (16, 32);

/// Requests to a registry on this machine or in a private network: at first, and at most.
const NEAR: (u32, u32) = (256, 256);

/// The limit of one registry.
#[derive(Debug)]
pub(super) struct Limit {
    permits: Semaphore,
    most: usize,
    state: Mutex<State>,
}

/// Where the limit stands.
#[derive(Debug)]
struct State {
    /// requests that may be under way
    limit: usize,
    /// up to here it grows with each answer, above with each round of them
    steep: usize,
    /// answers since it grew last, above `steep`
    answers: usize,
    /// permits that are to be withdrawn when they come back
    owed: usize,
    /// how often it was halved
    cuts: u64,
    /// when it was halved last
    cut_at: Option<Instant>,
    /// until when nothing is sent, and until when nothing should be, as the registry has it
    paused: Option<(Instant, Instant)>,
}

/// Leave to send one request. How it ended is told; dropped, it says nothing.
#[derive(Debug)]
pub(super) struct Turn<'a> {
    limit: &'a Limit,
    permit: Option<SemaphorePermit<'a>>,
    /// how often the limit had been halved when the request was sent
    cuts: u64,
}

impl Limit {
    /// The limit of a registry; `at_once` is the most that its owner allows.
    pub(super) fn new(near: bool, at_once: Option<u32>) -> Self {
        let (first, most) = if near { NEAR } else { FAR };
        let most = at_once.unwrap_or(most).max(1);
        // who allows more than usual near by means it from the start
        let first = if near { most } else { first.min(most) };
        let number = |number: u32| usize::try_from(number).unwrap_or(usize::MAX).min(Semaphore::MAX_PERMITS);
        let (first, most) = (number(first), number(most));
        let state = State { limit: first, steep: most, answers: 0, owed: 0, cuts: 0, cut_at: None, paused: None };
        Self { permits: Semaphore::new(first), most, state: Mutex::new(state) }
    }

    /// The most that it ever grows to.
    pub(super) fn most(&self) -> usize {
        self.most
    }

    /// Waits until one more request may be sent.
    pub(super) async fn turn(&self) -> Turn<'_> {
        let permit = self.permits.acquire().await.expect("the semaphore is never closed");
        Turn { limit: self, permit: Some(permit), cuts: self.state().cuts }
    }

    /// Sends nothing for a while, as the registry asked.
    pub(super) fn pause(&self, pause: Duration) {
        let now = Instant::now();
        let mut state = self.state();
        state.paused = state.paused.max(Some((now + pause.min(PAUSE_MAX), now + pause)));
    }

    /// Until when nothing is sent, and until when nothing should be, as the registry has it. None where that is over.
    pub(super) fn paused(&self) -> Option<(Instant, Instant)> {
        self.state().paused.filter(|(until, _)| Instant::now() < *until)
    }

    /// Numbers are whole at every moment: a poisoned state is as good as any.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turn<'_> {
    /// An answer came.
    pub(super) fn answered(self) {
        let mut state = self.limit.state();
        if state.limit >= self.limit.most {
            return;
        }
        if state.cut_at.is_some_and(|at| at.elapsed() > WARY) {
            state.steep = self.limit.most;
            state.cut_at = None;
        }
        if state.limit >= state.steep {
            state.answers += 1;
            if state.answers < state.limit {
                return;
            }
            state.answers = 0;
        }
        state.limit += 1;
        if state.owed > 0 {
            state.owed -= 1;
        } else {
            self.limit.permits.add_permits(1);
        }
    }

    /// The registry was overrun: half as many from now on, but never fewer than `least`.
    pub(super) fn overrun(self, least: usize) {
        let mut state = self.limit.state();
        let half = (state.limit / 2).max(least).max(1);
        // what was sent before the last cut says nothing of how it is since
        if self.cuts != state.cuts || half >= state.limit {
            return;
        }
        let less = state.limit - half;
        state.owed += less - self.limit.permits.forget_permits(less);
        state.limit = half;
        state.steep = half;
        state.answers = 0;
        state.cuts += 1;
        state.cut_at = Some(Instant::now());
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let Some(permit) = self.permit.take() else { return };
        let mut state = self.limit.state();
        if state.owed > 0 {
            state.owed -= 1;
            permit.forget();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Requests that may be sent now.
    fn free(limit: &Limit) -> usize {
        limit.permits.available_permits()
    }

    #[tokio::test]
    async fn it_halves_once_for_all_that_were_under_way() {
        let limit = Limit::new(true, Some(8));
        let mut turns = Vec::new();
        for _ in 0..8 {
            turns.push(limit.turn().await);
        }
        for turn in turns.drain(..4) {
            turn.overrun(1);
        }
        assert_eq!((limit.state().limit, free(&limit)), (4, 0), "four are still under way");
        drop(turns);
        assert_eq!(free(&limit), 4);
        limit.turn().await.overrun(1);
        assert_eq!((limit.state().limit, free(&limit)), (2, 2));
        limit.turn().await.overrun(2);
        assert_eq!(free(&limit), 2, "never below the least");
        limit.turn().await.overrun(0);
        limit.turn().await.overrun(0);
        assert_eq!(free(&limit), 1, "never none at all");
    }

    #[tokio::test]
    async fn it_grows_to_its_bound_with_every_answer_and_after_a_cut_with_every_round() {
        let limit = Limit::new(false, None);
        assert_eq!((free(&limit), limit.most()), (16, 32));
        for _ in 0..40 {
            limit.turn().await.answered();
        }
        assert_eq!(free(&limit), 32);
        limit.turn().await.overrun(1);
        for _ in 0..16 {
            assert_eq!(free(&limit), 16);
            limit.turn().await.answered();
        }
        assert_eq!(free(&limit), 17);
    }

    #[test]
    fn a_pause_is_as_long_as_asked_for_but_no_longer_than_a_minute() {
        let limit = Limit::new(true, None);
        assert_eq!(limit.paused(), None);
        limit.pause(Duration::ZERO);
        assert_eq!(limit.paused(), None, "it is over");
        for (asked, kept) in [(7, 7), (3, 7), (3600, 60)] {
            let before = Instant::now();
            limit.pause(Duration::from_secs(asked));
            let (until, said) = limit.paused().unwrap();
            assert!(said >= until);
            assert!(until <= Instant::now() + Duration::from_secs(kept), "{asked}");
            assert!(until + Duration::from_secs(1) > before + Duration::from_secs(kept) || asked == 3, "{asked}");
        }
    }

    #[test]
    fn the_owner_decides_how_many() {
        for (near, at_once, first, most) in [
            (true, None, 256, 256),
            (false, None, 16, 32),
            (true, Some(4), 4, 4),
            (false, Some(4), 4, 4),
            (false, Some(0), 1, 1),
            (false, Some(100), 16, 100),
        ] {
            let limit = Limit::new(near, at_once);
            assert_eq!((free(&limit), limit.most()), (first, most), "{near} {at_once:?}");
        }
    }
}
