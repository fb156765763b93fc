//! One look at every tag of a repository. There are thousands: most are turned away by their first bytes, before they are read.

use std::cmp::Ordering;

use super::held::Held;
use crate::{
    image::tag::{Tag, number},
    wire::WhyNot,
};

/// A newer tag of the family.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry<'a> {
    /// orders most of them without looking at their text
    pub(super) rough: u128,
    /// the tag
    pub(super) tag: Tag<'a>,
}

/// What was seen so far.
pub(super) struct Scan<'c, 'a> {
    current: Tag<'c>,
    /// whether the tag itself was there
    pub(super) listed: bool,
    /// whether there are tags of the same release with more numbers
    pub(super) finer: bool,
    /// newer tags of the family
    pub(super) newer: Vec<Entry<'a>>,
    /// what looks newer and is not of the family
    pub(super) held: Held<'a>,
}

impl<'c, 'a> Scan<'c, 'a> {
    /// Nothing seen yet.
    pub(super) fn new(current: Tag<'c>) -> Self {
        Self { current, listed: false, finer: false, newer: Vec::new(), held: Held::default() }
    }

    /// Takes one tag.
    pub(super) fn take(&mut self, text: &'a str) {
        if text == self.current.text() {
            self.listed = true;
        } else if self.current.is_ordered() {
            match text.strip_prefix(self.current.prefix()) {
                Some(rest) if self.current.release().is_empty() || may_reach(rest, self.current.major()) => self.look(text, rest),
                _ => self.look_at_other_name(text),
            }
        }
    }

    /// Looks at a tag that begins as the current one does.
    fn look(&mut self, text: &'a str, rest: &str) {
        if self.current.numbers() <= 2 && !self.finer {
            let behind = rest.strip_prefix(self.current.release()).map(str::as_bytes);
            self.finer = matches!(behind, Some([b'.', b'0'..=b'9', ..]));
        }
        let tag = Tag::parse(text);
        if tag.prefix() != self.current.prefix() {
            return;
        }
        let variant = self.current.same_variant(&tag);
        if !self.current.same_scheme(&tag) {
            let comparable = variant && !tag.is_prerelease() && !tag.release().is_empty();
            // a date is no version at all: with a dash in it, it looks like one with a counter
            if comparable && number::compare_common(number::runs(tag.release()), number::runs(self.current.release())).is_gt() {
                self.held.take(WhyNot::OtherScheme, tag);
            }
            return;
        }
        if tag.compare(&self.current) != Ordering::Greater {
            return;
        }
        // a stage is for who is on a stage of that release already
        let stage_is_wished = self.current.is_prerelease() && tag.same_release(&self.current);
        match (variant, tag.is_prerelease() && !stage_is_wished) {
            (true, false) => self.newer.push(Entry { rough: tag.rough_order(), tag }),
            (true, true) => self.held.take(WhyNot::Prerelease, tag),
            (false, false) if !tag.is_prerelease() => self.held.take(WhyNot::OtherVariant, tag),
            (false, _) => {}
        }
    }

    /// Looks at a tag that has a `v` where the current one has none, or none where it has one.
    fn look_at_other_name(&mut self, text: &'a str) {
        let prefix = self.current.prefix();
        let rest = match prefix.strip_suffix('v') {
            Some(without) => text.strip_prefix(without),
            None => text.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('v')),
        };
        let Some(rest) = rest.filter(|rest| may_reach(rest, self.current.major())) else { return };
        // without a release of its own there is nothing to compare: the commit of a rebuild is its prefix
        if self.current.release().is_empty() {
            return;
        }
        let tag = Tag::parse(text);
        let named_so = tag.prefix().len() + rest.len() == text.len();
        if named_so
            && !tag.is_prerelease()
            && self.current.same_scheme(&tag)
            && self.current.same_variant(&tag)
            && tag.compare(&self.current).is_gt()
        {
            self.held.take(WhyNot::NamingChanged, tag);
        }
    }
}

/// Whether a text begins with a number that is not below `least`.
fn may_reach(text: &str, least: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    digits > 0 && number::compare(&text[..digits], least).is_ge()
}
