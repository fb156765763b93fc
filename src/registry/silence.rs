//! Whether a registry answers at all.
//!
//! Where a thousand look-ups wait for their turn at a registry that is dead, sending one batch after the other into the void would hold
//! the check up for hours. Who still waited while many in a row got no answer is not sent any more; who comes later is.

use std::{
    sync::{Mutex, PoisonError},
    time::Instant,
};

use crate::wire::Reason;

/// So many look-ups in a row without an answer are no accident.
const MANY: u32 = 16;

/// How long nothing was heard.
#[derive(Debug, Default)]
pub(super) struct Silence(Mutex<Unanswered>);

/// The look-ups without an answer since the last one with an answer.
#[derive(Debug, Default)]
struct Unanswered {
    /// how many
    count: u32,
    /// when the last one ended, and why
    last: Option<(Instant, Reason)>,
}

impl Silence {
    /// Takes note of how a look-up ended: with an answer, or for want of one.
    pub(super) fn heard(&self, failure: Option<&Reason>) {
        // only whole values are put in: a poisoned one is as good as any
        let mut unanswered = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *unanswered = match failure {
            Some(reason @ (Reason::TimedOut { .. } | Reason::Unreachable { .. })) => {
                Unanswered { count: unanswered.count.saturating_add(1), last: Some((Instant::now(), reason.clone())) }
            }
            _ => Unanswered::default(),
        };
    }

    /// Why there is no point in asking, for who has waited since then.
    pub(super) fn since(&self, then: Instant) -> Option<Reason> {
        let unanswered = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, reason) = unanswered.last.as_ref().filter(|_| unanswered.count >= MANY)?;
        (*at > then).then(|| reason.clone())
    }
}
