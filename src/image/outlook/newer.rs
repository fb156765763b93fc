//! The newer tags of a family, in order. There may be thousands; what is looked at closely is few.

use super::NEWER_MAX;
use crate::image::{Tag, tag::Scheme};

/// A newer tag of the family.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry<'a> {
    /// the tag
    pub(super) tag: Tag<'a>,
}

/// Newer tags as they come.
#[derive(Default)]
pub(super) struct Newer<'a> {
    /// the rough order of each, and where it is
    order: Vec<(u128, usize)>,
    tags: Vec<Tag<'a>>,
}

impl<'a> Newer<'a> {
    /// Whether there is none yet.
    pub(super) fn is_empty(&self) -> bool {
        self.tags.is_empty()
    }

    /// Keeps a tag.
    pub(super) fn push(&mut self, rough: u128, tag: Tag<'a>) {
        self.order.push((rough, self.tags.len()));
        self.tags.push(tag);
    }

    /// Newest first, each once: the newest [`NEWER_MAX`], and of the others all that can matter to a level, a step or a doubt.
    pub(super) fn sorted(mut self, current: &Tag<'_>) -> Vec<Entry<'a>> {
        let tags = self.tags;
        let newest = |a: &(u128, usize), b: &(u128, usize)| {
            let same = || tags[b.1].compare(&tags[a.1]).then_with(|| tags[a.1].text().cmp(tags[b.1].text()));
            b.0.cmp(&a.0).then_with(same)
        };
        self.order.sort_unstable_by(newest);
        self.order.dedup_by(|a, b| tags[a.1].text() == tags[b.1].text());
        let all = self.order.len();
        let mine = current.rough_order();
        let by_version = current.scheme() == Scheme::Version;
        let mut before = None;
        let telling = |(at, (rough, _)): &(usize, (u128, usize))| {
            let (major, minor) = (rough >> 96, rough >> 64);
            // what is first of a major or of the present major's minors; with what differs from it in base or counter alone
            let group = (major, major == mine >> 96 && minor == mine >> 64);
            let first = before.is_none_or(|(before, first_rough)| before != group || first_rough == *rough);
            if first {
                before = Some((group, *rough));
            }
            *at < NEWER_MAX || by_version && first || *rough == mine || all <= NEWER_MAX
        };
        let kept = self.order.into_iter().enumerate().filter(telling);
        kept.map(|(_, (_, at))| Entry { tag: tags[at] }).collect()
    }
}
