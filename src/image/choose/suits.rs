//! Whether a newer tag suits: what the policy says of its text, and what its image must be.

use std::cmp::Ordering;

use super::Around;
use crate::{
    image::{
        Details, Policy,
        outlook::Newer,
        tag::{Tag, number},
    },
    wire::{Candidate, WhyNot},
};

/// Before this an image was not made but given a date, so that building it twice gives the same: 1 January 1985.
const REAL_DATES: i64 = 473_385_600;

/// By how much an image that nobody doubts must be older than the one that runs to be passed over, in seconds. Publishers make old tags
/// anew whenever their base changes, and not all on one day: a month says that nobody cares for that line any more.
const OLDER_MARGIN: i64 = 30 * 24 * 3600;

/// The measure of a newer tag.
#[derive(Clone, Copy)]
pub(super) struct Suits<'a> {
    /// the wishes
    pub(super) policy: &'a Policy,
    /// what is known
    pub(super) around: Around<'a>,
}

impl Suits<'_> {
    /// Why a tag does not suit, as far as is known.
    pub(super) fn why_not(&self, newer: &Newer) -> Option<WhyNot> {
        self.not_wished(&newer.tag).or_else(|| match self.around.details.get(&newer.tag) {
            Some(details) => self.not_the_image(newer, details),
            None => newer.doubt.map(|doubt| WhyNot::Unconfirmed { doubt }),
        })
    }

    /// Whether anything is known of a tag beyond its text.
    pub(super) fn is_known(&self, tag: &str) -> bool {
        self.around.details.contains_key(tag)
    }

    /// Why the text of a tag does not suit the policy.
    pub(super) fn not_wished(&self, tag: &str) -> Option<WhyNot> {
        let Policy { include, exclude, below, ignore, .. } = self.policy;
        if ignore.iter().any(|ignored| ignored == tag) {
            Some(WhyNot::Ignored)
        } else if exclude.as_ref().is_some_and(|pattern| pattern.matches(tag)) {
            Some(WhyNot::Excluded)
        } else if include.as_ref().is_some_and(|pattern| !pattern.matches(tag)) {
            Some(WhyNot::NotIncluded)
        } else {
            below.as_ref().filter(|bound| !is_below(tag, bound)).map(|bound| WhyNot::NotBelow { bound: bound.clone() })
        }
    }

    /// Why the image behind a tag does not suit.
    fn not_the_image(&self, newer: &Newer, details: &Details) -> Option<WhyNot> {
        let missing = |platform: &&_| details.for_platform(platform).is_none();
        if let Some(platform) = self.around.platforms.iter().find(missing).filter(|_| !details.platforms.is_empty()) {
            return Some(WhyNot::NoPlatform { platform: platform.to_string() });
        }
        let created = real(details.created);
        match (newer.doubt, created, real(self.around.running_since)) {
            (Some(_), Some(created), Some(running)) if created < running => return Some(WhyNot::Older),
            (None, Some(created), Some(running)) if created < running - OLDER_MARGIN => return Some(WhyNot::Older),
            (Some(doubt), None, _) | (Some(doubt), _, None) => return Some(WhyNot::Unconfirmed { doubt }),
            _ => {}
        }
        let until = created?.saturating_add(self.policy.cooldown?.into());
        (until > self.around.now).then_some(WhyNot::TooYoung { until })
    }

    /// Whether a tag that suits is known to be as old as the policy wishes: what has no date waits.
    pub(super) fn is_old_enough(&self, tag: &str) -> bool {
        self.policy.cooldown.is_none() || self.around.details.get(tag).is_some_and(|details| real(details.created).is_some())
    }

    /// What is shown of a tag.
    pub(super) fn candidate(&self, newer: &Newer) -> Candidate {
        let details = self.around.details.get(&newer.tag);
        Candidate {
            tag: newer.tag.clone(),
            level: newer.level,
            offered: false,
            created: details.and_then(|details| real(details.created)),
            size: details.and_then(|details| self.size(details)),
        }
    }

    /// The compressed size of what would be pulled, the greatest where several platforms would.
    fn size(&self, details: &Details) -> Option<u64> {
        let here = self.around.platforms.iter().filter_map(|platform| details.for_platform(platform)?.size).max();
        match details.platforms.as_slice() {
            [only] => here.or(only.size),
            _ => here,
        }
    }
}

/// A date, unless it is one that reproducible builds write.
fn real(created: Option<i64>) -> Option<i64> {
    created.filter(|at| *at >= REAL_DATES)
}

/// Whether the release of a tag is below a bound: 16.9 is below `17`, 17.0 is not. What has fewer numbers moves, and may pass the bound.
fn is_below(tag: &str, bound: &str) -> bool {
    let (tag, bound) = (Tag::parse(tag), Tag::parse(bound));
    let known = !tag.release().is_empty() && !bound.release().is_empty();
    known && number::compare_common(number::runs(tag.release()), number::runs(bound.release())) == Ordering::Less
}
