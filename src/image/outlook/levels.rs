//! How far a newer tag is away.

use std::cmp::Ordering;

use super::{Entry, Newer, TagKind, doubts::Doubts};
use crate::{
    image::tag::{Scheme, Tag, number},
    wire::Level,
};

/// A newer tag that is read, with what is told of it.
pub(super) struct Step<'a> {
    /// the tag
    pub(super) tag: Tag<'a>,
    /// how far it is away, and what is in doubt
    pub(super) newer: Newer,
}

/// The levels and doubts of `newer`, which is sorted, newest first, and stays so.
pub(super) fn of<'a>(current: &Tag<'_>, kind: TagKind, newer: &[Entry<'a>]) -> Vec<Step<'a>> {
    let mut doubts = Doubts::new(current);
    // from below, because a doubt is about what lies between
    let mut steps: Vec<_> = newer
        .iter()
        .rev()
        .map(|entry| {
            let tag = entry.tag;
            let doubt = doubts.of(&tag);
            let level = level(current, kind, &tag);
            Step { tag, newer: Newer { tag: String::new(), level, doubt } }
        })
        .collect();
    steps.reverse();
    steps
}

/// How far `tag`, which is newer, is away from `current`.
///
/// The first number that differs decides: the first is major, the second minor, all others patch. Where a version has two numbers and no
/// counter (`16.4` of Postgres), the second is what others call patch.
fn level(current: &Tag<'_>, kind: TagKind, tag: &Tag<'_>) -> Level {
    if matches!(current.scheme(), Scheme::Date | Scheme::Build) {
        return Level::Major;
    }
    let two_in_all = kind == TagKind::Version && current.numbers() == 2 && !current.is_counted() && !current.is_calendar();
    let numbers = number::runs(current.release()).zip(number::runs(tag.release()));
    let changed = numbers.map(|(mine, theirs)| number::compare(mine, theirs)).position(Ordering::is_ne);
    match changed {
        Some(0) => Level::Major,
        Some(1) if !two_in_all || current.is_prerelease() => Level::Minor,
        // from `12-beta3` to `12` is the step that `12` itself is, from `12-beta3` to `12-beta4` is a small one
        None if current.is_prerelease() && !tag.is_prerelease() => match current.numbers() {
            1 => Level::Major,
            2 => Level::Minor,
            _ => Level::Patch,
        },
        _ => Level::Patch,
    }
}
