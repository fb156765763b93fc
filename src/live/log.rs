//! A bounded ring of changes, each encoded once and shared by all who follow.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
use serde::Serialize;
use tokio::sync::watch;

use super::State;
use crate::wire::{Change, Revision};

/// Changes that are kept for those who come back. At twenty a second, the most there can be, this bridges ten seconds of absence;
/// on a quiet day it bridges hours.
pub(super) const KEPT: usize = 200;

/// What changed lately.
#[derive(Debug)]
pub struct Log {
    ring: Mutex<Ring>,
    /// the number of the newest change: what followers wait on
    newest: watch::Sender<u64>,
    /// how many changes are kept
    kept: usize,
}

#[derive(Debug)]
struct Ring {
    entries: VecDeque<(u64, Bytes)>,
    state: Arc<State>,
}

impl Log {
    /// A log that keeps the last `kept` changes. Where it keeps none, a follower gets the whole snapshot each time.
    pub(super) fn new(state: Arc<State>, kept: usize) -> Self {
        let newest = watch::Sender::new(state.snapshot.revision.n);
        Self { ring: Mutex::new(Ring { entries: VecDeque::with_capacity(kept), state }), newest, kept }
    }

    /// Adds the change that led to `state`.
    pub(super) fn push(&self, change: &Change, state: Arc<State>) {
        let n = change.revision.n;
        let event = (self.kept > 0).then(|| event("change", &change.revision, change));
        {
            let mut ring = self.ring();
            if ring.entries.len() == self.kept {
                ring.entries.pop_front();
            }
            ring.entries.extend(event.map(|event| (n, event)));
            ring.state = state;
        }
        self.newest.send_replace(n);
    }

    /// Follows along from `since`: first what it missed, then every change as it comes.
    pub fn follow(self: &Arc<Self>, since: Option<&Revision>) -> Follow {
        let seen = since.filter(|since| since.boot == self.ring().state.snapshot.revision.boot).map(|since| since.n);
        Follow { log: Arc::clone(self), newest: self.newest.subscribe(), seen }
    }

    /// The lock is held for copies of pointers only, and nothing in there can panic halfway: a poisoned ring is whole.
    fn ring(&self) -> MutexGuard<'_, Ring> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Events after `seen`, and the number that they lead to; the whole snapshot where the ring cannot bridge the gap.
    fn after(&self, seen: Option<u64>) -> (Vec<Bytes>, u64) {
        let ring = self.ring();
        let now = ring.state.snapshot.revision.n;
        let bridged =
            seen.filter(|seen| *seen == now || (*seen < now && ring.entries.front().is_some_and(|(first, _)| *first <= seen + 1)));
        if let Some(seen) = bridged {
            return (ring.entries.iter().filter(|(n, _)| *n > seen).map(|(_, event)| event.clone()).collect(), now);
        }
        let state = Arc::clone(&ring.state);
        drop(ring);
        (vec![state.event()], now)
    }
}

/// One who follows the log.
#[derive(Debug)]
pub struct Follow {
    log: Arc<Log>,
    newest: watch::Receiver<u64>,
    seen: Option<u64>,
}

impl Follow {
    /// Waits for the next events. `None` when there will be no more.
    pub async fn next(&mut self) -> Option<Vec<Bytes>> {
        loop {
            self.newest.borrow_and_update();
            let (events, now) = self.log.after(self.seen);
            self.seen = Some(now);
            if !events.is_empty() {
                return Some(events);
            }
            self.newest.changed().await.ok()?;
        }
    }
}

/// A server-sent event in the form of the wire. JSON has no line breaks, so one `data:` line holds it.
pub(super) fn event<T: Serialize>(name: &str, revision: &Revision, data: &T) -> Bytes {
    // the types of `wire` have string keys only, which is all that JSON asks for
    let json = serde_json::to_string(data).unwrap_or_default();
    Bytes::from(format!("id: {revision}\nevent: {name}\ndata: {json}\n\n"))
}
