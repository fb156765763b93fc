//! One look at every tag of a repository. There are thousands: most are turned away by their first bytes, before they are read.

use std::cmp::Ordering;

use super::{held::Held, newer::Newer};
use crate::{
    image::tag::{
        Tag,
        glance::{Glance, may_hold_optional_counter},
        number,
    },
    wire::WhyNot,
};

/// What was seen so far.
pub(super) struct Scan<'c, 'a> {
    current: Tag<'c>,
    /// the release of the current tag, where a glance shows all of it
    glance: Option<Glance>,
    /// the newest of the family so far, roughly
    best: u128,
    /// whether the tag itself was there
    pub(super) listed: bool,
    /// whether there are tags of the same release with more numbers
    pub(super) finer: bool,
    /// newer tags of the family
    pub(super) newer: Newer<'a>,
    /// what looks newer and is not of the family
    held: Held<'a>,
    /// what is certainly not of the family, and was beyond the best of it when it came: not read yet. First what counts as the current
    /// tag does, by numbers or by the calendar, then the other
    strangers: [Vec<(u128, &'a str)>; 2],
}

/// Most strangers of either kind that are read in the end.
const STRANGERS_MAX: usize = 200;

impl<'c, 'a> Scan<'c, 'a> {
    /// Nothing seen yet.
    pub(super) fn new(current: Tag<'c>) -> Self {
        let (glance, best) = (current.glance(), current.rough_order());
        Self {
            current,
            glance,
            best,
            listed: false,
            finer: false,
            newer: Newer::default(),
            held: Held::default(),
            strangers: Default::default(),
        }
    }

    /// Takes one tag.
    pub(super) fn take(&mut self, text: &'a str) {
        if text == self.current.text() {
            self.listed = true;
        } else if self.current.is_ordered() {
            match text.strip_prefix(self.current.prefix()) {
                Some(_) if self.current.release().is_empty() => self.read(text),
                Some(rest) if rest.as_bytes().first().is_some_and(u8::is_ascii_digit) => self.look(text, rest),
                _ => self.look_at_other_name(text),
            }
        }
    }

    /// Looks at a tag with the same prefix and numbers behind it.
    fn look(&mut self, text: &'a str, rest: &'a str) {
        if self.current.numbers() <= 2 && !self.finer {
            let behind = rest.strip_prefix(self.current.release()).map(str::as_bytes);
            self.finer = matches!(behind, Some([b'.', b'0'..=b'9', ..]));
        }
        let told = match (self.glance, Glance::of(rest)) {
            (Some(mine), Some(theirs)) => self.glance(text, rest, mine, theirs),
            _ => !may_reach(rest, self.current.major()),
        };
        if !told {
            self.read(text);
        }
    }

    /// Decides about a tag by its numbers, without reading it; false where it must be read.
    fn glance(&mut self, text: &'a str, rest: &'a str, mine: Glance, theirs: Glance) -> bool {
        let behind = &rest[theirs.end..];
        if theirs.rough < mine.rough {
            return true;
        }
        let counts_alike = theirs.count == mine.count && theirs.calendar == mine.calendar;
        if counts_alike && behind == self.current.behind() {
            if theirs.rough > mine.rough {
                let end = text.len() - behind.len();
                self.push(theirs.rough, self.current.with_other_release(text, end));
            }
            return true;
        }
        // it is no family member, and what is not beyond the best of the family is not told of
        let stranger = !counts_alike || !self.current.is_flexible() && !may_hold_optional_counter(behind);
        if stranger && theirs.rough > self.best {
            self.strangers[usize::from(theirs.calendar != mine.calendar)].push((theirs.rough, text));
        }
        stranger && theirs.rough > mine.rough
    }

    /// What is held back, once every tag was taken: strangers are read now, those that are still beyond the best of the family.
    pub(super) fn held(&mut self) -> Held<'a> {
        for mut strangers in std::mem::take(&mut self.strangers) {
            strangers.retain(|(rough, _)| *rough > self.best);
            strangers.sort_unstable_by(|a, b| b.cmp(a));
            for (_, text) in strangers.into_iter().take(STRANGERS_MAX) {
                self.read(text);
            }
        }
        std::mem::take(&mut self.held)
    }

    /// Keeps a newer tag of the family.
    fn push(&mut self, rough: u128, tag: Tag<'a>) {
        self.best = self.best.max(rough);
        self.newer.push(rough, tag);
    }

    /// Reads a tag that begins as the current one does.
    fn read(&mut self, text: &'a str) {
        let tag = Tag::parse(text);
        if tag.prefix() != self.current.prefix() {
            return;
        }
        let variant = self.current.same_variant(&tag);
        if !self.current.same_scheme(&tag) {
            let comparable = variant && !tag.is_prerelease() && !tag.release().is_empty();
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
            (true, false) => self.push(tag.rough_order(), tag),
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
        // while the old name lives, nobody changed it; and the name of a rebuild is its commit
        if !self.newer.is_empty() || self.current.release().is_empty() {
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
