//! Tags that look newer and are not offered: the few of each reason that a person would ask about.

use super::{Entry, HELD_MAX, Held as Told};
use crate::{
    image::tag::{Tag, number},
    wire::WhyNot,
};

/// How many are kept of each reason.
const EACH: usize = 3;

/// The reasons that a scan knows, most telling first.
const REASONS: usize = 4;

/// The highest tags of each reason.
#[derive(Default)]
pub(super) struct Held<'a> {
    by_reason: [[Option<Tag<'a>>; EACH]; REASONS],
}

impl<'a> Held<'a> {
    /// Takes a tag, if it is among the highest of its reason.
    pub(super) fn take(&mut self, why: WhyNot, tag: Tag<'a>) {
        let list = &mut self.by_reason[slot(&why)];
        let Some(at) = list.iter().position(|kept| kept.is_none_or(|kept| tag.compare(&kept).is_gt())) else { return };
        list[at..].rotate_right(1);
        list[at] = Some(tag);
    }

    /// What is worth telling beside what is newer: that which is beyond all of it, the highest of each reason first.
    pub(super) fn settle(self, current: &Tag<'_>, newer: &[Entry<'a>], not_long_term: &[Entry<'a>]) -> Vec<Told> {
        let best = newer.first().map(|entry| entry.tag);
        let best = best.as_ref().unwrap_or(current);
        let beyond = |tag: &Tag<'_>| number::compare_common(number::runs(tag.release()), number::runs(best.release())).is_gt();
        let telling = |why: &WhyNot, tag: &Tag<'_>| match why {
            // while the old name lives, nobody changed it
            WhyNot::NamingChanged => newer.is_empty(),
            WhyNot::Prerelease => tag.compare(best).is_gt(),
            _ => beyond(tag),
        };
        let whys = [WhyNot::NamingChanged, WhyNot::Prerelease, WhyNot::OtherScheme, WhyNot::OtherVariant];
        let mut told = Vec::new();
        for at in 0..EACH {
            if let Some(entry) = not_long_term.get(at).filter(|entry| entry.tag.compare(best).is_gt()) {
                told.push(Told { tag: entry.tag.text().to_owned(), why: WhyNot::NotLongTerm });
            }
            for (why, list) in whys.iter().zip(&self.by_reason) {
                if let Some(tag) = list[at].filter(|tag| telling(why, tag)) {
                    told.push(Told { tag: tag.text().to_owned(), why: why.clone() });
                }
            }
        }
        told.truncate(HELD_MAX);
        told
    }
}

/// Where the tags of a reason are kept.
fn slot(why: &WhyNot) -> usize {
    match why {
        WhyNot::NamingChanged => 0,
        WhyNot::Prerelease => 1,
        WhyNot::OtherScheme => 2,
        _ => 3,
    }
}
