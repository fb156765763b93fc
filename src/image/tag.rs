//! Tags: what their text says. `v1.27.3-alpine3.20-ls45` has a prefix, a release, a base and a counter.
//!
//! Nothing here fails: whatever cannot be read as a version is a [`Scheme`] of its own. A tag is read without allocating, because a
//! registry has thousands of them.

use std::fmt;

pub use part::Kind;
use part::{Part, Parts};

mod date;
mod family;
pub mod glance;
mod head;
pub mod number;
mod order;
mod part;
mod tail;
mod words;

#[cfg(test)]
mod tests;

/// Longest text that is a tag, in bytes (OCI distribution specification, "Pulling manifests").
const LENGTH_MAX: usize = 128;

/// How a tag counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// numbers between dots: `1.27.3`, `7`, `2024.10.1`
    Version,
    /// a day, or a moment: `2024-01-31`, `20240131`, `2024-01-01T16-36-33Z`
    Date,
    /// one long number: `1234567`, `b4719`
    Build,
    /// a commit with a counter behind it: `33acdda4-ls73`. Only counters of the same commit can be compared
    Rebuild,
    /// words: `latest`, `jammy`, `pg16`
    Channel,
    /// a commit, a branch, a text that is no tag
    Unordered,
}

/// A tag that was read.
#[derive(Debug, Clone, Copy)]
pub struct Tag<'a> {
    text: &'a str,
    parts: Parts,
    scheme: Scheme,
    /// how many numbers its release has
    numbers: u8,
}

// === impl Tag ===

impl<'a> Tag<'a> {
    /// Reads any text.
    pub fn parse(text: &'a str) -> Self {
        let is_tag = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || words::is_separator(byte));
        if text.is_empty() || text.len() > LENGTH_MAX || !is_tag {
            return Self::opaque(text);
        }
        match head::find(text) {
            Some(release) => Self::with_release(text, release).unwrap_or_else(|| Self::opaque(text)),
            None => Self::rebuild(text).unwrap_or_else(|| Self { scheme: head::scheme_of_words(text), ..Self::opaque(text) }),
        }
    }

    /// A tag of which nothing can be told.
    fn opaque(text: &'a str) -> Self {
        Self { text, parts: Parts::default(), scheme: Scheme::Unordered, numbers: 0 }
    }

    /// A tag whose release was found. `None` where it has too many parts to be one that people made.
    fn with_release(text: &'a str, release: head::Release) -> Option<Self> {
        let mut parts = Parts::default();
        if release.start > 0 {
            parts.push(Kind::Prefix, 0, release.start)?;
        }
        parts.push(Kind::Release, release.start, release.end)?;
        tail::read(text, release.end, &mut parts)?;
        let numbers = number::runs(&text[release.start..release.end]).count();
        Some(Self { text, parts, scheme: release.scheme, numbers: u8::try_from(numbers).ok()? })
    }

    /// A tag that begins with a commit and counts rebuilds of it.
    fn rebuild(text: &'a str) -> Option<Self> {
        let end = head::leading_hash(text)?;
        let mut parts = Parts::default();
        parts.push(Kind::Prefix, 0, end)?;
        tail::read(text, end, &mut parts)?;
        let tag = Self { text, parts, scheme: Scheme::Rebuild, numbers: 0 };
        (tag.has(Kind::CounterNumbers) && !tag.has(Kind::Hash)).then_some(tag)
    }

    /// The tag as it was read.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// How it counts.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// Whether another tag can be newer.
    pub fn is_ordered(&self) -> bool {
        !matches!(self.scheme, Scheme::Channel | Scheme::Unordered)
    }

    /// What stands before the release: `v`, `version-`, `jammy-`.
    pub fn prefix(&self) -> &'a str {
        self.first(Kind::Prefix).unwrap_or_default()
    }

    /// The release: `1.27.3`. Empty where there is none.
    pub fn release(&self) -> &'a str {
        self.first(Kind::Release).unwrap_or_default()
    }

    /// How many numbers the release has.
    pub fn numbers(&self) -> usize {
        self.numbers.into()
    }

    /// The first number of the release, as digits. Empty where there is none.
    pub fn major(&self) -> &'a str {
        number::runs(self.release()).next().unwrap_or_default()
    }

    /// Whether it is not finished: `-rc1`, `b3`, `.dev2`.
    pub fn is_prerelease(&self) -> bool {
        self.has(Kind::Stage)
    }

    /// Whether it counts rebuilds: `-ls45`, `-r3`, `_7`.
    pub fn is_counted(&self) -> bool {
        self.has(Kind::CounterNumbers)
    }

    /// Whether its first number is a year, or as long as one.
    pub fn is_calendar(&self) -> bool {
        self.scheme == Scheme::Version && number::significant(self.major()).len() >= 4
    }

    /// Its parts with what they say, in order.
    pub fn parts(&self) -> impl Iterator<Item = (Kind, &'a str)> + '_ {
        self.parts.iter().map(|part| (part.kind, self.of(*part)))
    }

    /// The text of a part.
    fn of(&self, part: Part) -> &'a str {
        &self.text[part.range()]
    }

    /// The text of the first part of a kind.
    fn first(&self, kind: Kind) -> Option<&'a str> {
        self.parts.iter().take(2).find(|part| part.kind == kind).map(|part| self.of(*part))
    }

    /// Whether there is a part of a kind.
    fn has(&self, kind: Kind) -> bool {
        self.parts.iter().any(|part| part.kind == kind)
    }
}

impl fmt::Display for Tag<'_> {
    /// The parts, and what stands between them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut at = 0;
        for part in self.parts.iter() {
            f.write_str(&self.text[at..part.range().start])?;
            f.write_str(self.of(*part))?;
            at = part.range().end;
        }
        f.write_str(&self.text[at..])
    }
}
