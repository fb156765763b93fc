//! The release of a tag at a glance: numbers between dots that need no further thought. Everything odd takes the long way.

use super::{Scheme, Tag, words};

/// Most digits of a number that fits, so that nothing has to saturate.
const DIGITS_MAX: usize = 9;

/// Numbers that begin a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glance {
    /// up to four numbers, the first in the highest bits; as [`Tag::rough_order`] has them
    pub rough: u128,
    /// how many there are
    pub count: usize,
    /// where they end
    pub end: usize,
    /// whether the first is a year, or as long as one
    pub calendar: bool,
}

impl Glance {
    /// Looks at numbers between dots. `None` where they may be a date or a build, are padded, long, or many.
    pub fn of(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let (mut rough, mut count, mut at, mut calendar) = (0u128, 0, 0, false);
        loop {
            let start = at;
            let mut value = 0u32;
            while let Some(digit @ b'0'..=b'9') = bytes.get(at) {
                if at - start == DIGITS_MAX {
                    return None;
                }
                value = value * 10 + u32::from(digit - b'0');
                at += 1;
            }
            let digits = at - start;
            let odd = digits == 0 || digits > 1 && bytes[start] == b'0' || count == 4;
            let date_or_build = count == 0 && (digits > 4 || digits == 4 && matches!(bytes.get(at), Some(b'-' | b'_')));
            if odd || date_or_build {
                return None;
            }
            calendar |= count == 0 && digits == 4;
            rough = rough << 32 | u128::from(value);
            count += 1;
            match bytes.get(at..at + 2) {
                Some([b'.', b'0'..=b'9']) => at += 1,
                _ => return Some(Self { rough: rough << (32 * (4 - count)), count, end: at, calendar }),
            }
        }
    }
}

impl Tag<'_> {
    /// Its release at a glance. `None` where that is not all there is to it: a stage, a date, padded months.
    pub fn glance(&self) -> Option<Glance> {
        let glance = Glance::of(&self.text[self.prefix().len()..])?;
        (self.scheme == Scheme::Version && !self.is_prerelease() && glance.end == self.release().len()).then_some(glance)
    }

    /// What stands behind the release.
    pub fn behind(&self) -> &str {
        &self.text[self.prefix().len() + self.release().len()..]
    }

    /// Whether a family member can have something else behind its release: a count, a base, a commit.
    pub fn is_flexible(&self) -> bool {
        use super::Kind::{BaseNumbers, CounterNumbers, Hash};
        [BaseNumbers, CounterNumbers, Hash].into_iter().any(|kind| self.has(kind))
    }

    /// The tag `text`, which has this one's prefix, and this one's text behind a release that ends at `end`.
    pub fn with_other_release<'b>(&self, text: &'b str, end: usize) -> Tag<'b> {
        let old = self.prefix().len() + self.release().len();
        match self.parts.moved(old, end) {
            Some(parts) => Tag { text, parts, scheme: self.scheme, numbers: self.numbers },
            None => Tag::parse(text),
        }
    }
}

/// Whether a text may hold a counter that a family member can have or not have.
pub fn may_hold_optional_counter(text: &str) -> bool {
    words::OPTIONAL_COUNTERS.iter().any(|word| text.as_bytes().windows(word.len()).any(|part| part.eq_ignore_ascii_case(word.as_bytes())))
}
