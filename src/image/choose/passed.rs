//! What was passed over, and why: the highest of each level and reason.

use std::mem::discriminant;

use super::suits::Suits;
use crate::{
    image::{Outlook, outlook::HELD_MAX},
    wire::{Level, PassedOver, WhyNot},
};

/// What was passed over so far.
#[derive(Default)]
pub(super) struct Passed {
    list: Vec<(Level, PassedOver)>,
}

impl Passed {
    /// Takes a tag, unless a higher one of its level was passed over for the same reason. Tags come from the highest.
    pub(super) fn take(&mut self, level: Level, tag: &str, why: WhyNot) {
        let told = |(at, passed): &(Level, PassedOver)| *at == level && discriminant(&passed.why) == discriminant(&why);
        if !self.list.iter().any(told) {
            self.list.push((level, PassedOver { tag: tag.to_owned(), why }));
        }
    }

    /// All of it, highest level first, and what the outlook holds back; but not what nobody wishes anyway.
    pub(super) fn with_held(mut self, outlook: &Outlook, suits: &Suits<'_>) -> Vec<PassedOver> {
        self.list.sort_by_key(|(level, _)| std::cmp::Reverse(*level));
        let held = outlook.held.iter().filter(|held| suits.not_wished(&held.tag).is_none());
        let held = held.map(|held| PassedOver { tag: held.tag.clone(), why: held.why.clone() });
        self.list.into_iter().map(|(_, passed)| passed).chain(held).take(HELD_MAX).collect()
    }
}
