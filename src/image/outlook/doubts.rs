//! What must be confirmed by the date of an image before it is offered.

use super::Doubt;
use crate::image::tag::{Scheme, Tag, number};

/// A first number that is beyond the one before it by more than this, and by more than half of it, is a jump. Who counted 1, 2, 3 and
/// then has 168 published a build, or made a mistake.
const JUMP: u64 = 10;

/// A counter that is beyond the one before it by more than this, within one release, was perhaps restarted by its publisher: `-ls126` may
/// be older than `-ls99` (linuxserver/docker-wireguard#333).
const COUNTER_GAP: u64 = 20;

/// So many digits may be a commit without letters.
const LONG: usize = 7;

/// The doubts about newer tags, which come in rising order.
pub(super) struct Doubts<'c> {
    current: Tag<'c>,
    /// the first number of the tag before
    major: u64,
    /// the counter of the tag before
    count: Option<u64>,
    jumped: bool,
    restarted: bool,
}

impl<'c> Doubts<'c> {
    /// Nothing seen but the current tag.
    pub(super) fn new(current: &Tag<'c>) -> Self {
        let bare = current.scheme() == Scheme::Build && current.prefix().is_empty() && current.release().len() >= LONG;
        Self {
            current: *current,
            major: number::value(current.major()),
            count: current.named_count().map(number::value),
            jumped: bare,
            restarted: false,
        }
    }

    /// What is in doubt about the next tag. A doubt holds for all that follows.
    pub(super) fn of(&mut self, tag: &Tag<'_>) -> Option<Doubt> {
        if self.current.scheme() == Scheme::Version {
            let major = number::value(tag.major());
            let step = major.saturating_sub(self.major);
            self.jumped |= step > JUMP && step > self.major / 2;
            self.major = major;
        }
        if self.jumped {
            return Some(Doubt::Jump);
        }
        // counters of another release begin where they like
        if !tag.same_release(&self.current) || tag.compare_stage(&self.current).is_ne() || !tag.same_base(&self.current) {
            return None;
        }
        let count = tag.named_count().map(number::value);
        if let (Some(before), Some(count)) = (self.count, count) {
            self.restarted |= count.saturating_sub(before) > COUNTER_GAP;
        }
        self.count = count;
        self.restarted.then_some(Doubt::CounterRestarted)
    }
}
