//! What the tags of a repository mean for one of them.

use serde::{Deserialize, Serialize};

use self::{newer::Entry, scan::Scan};
use super::tag::{Scheme, Tag, number};
pub use crate::wire::{Doubt, TagKind};
use crate::wire::{Level, WhyNot};

mod bases;
mod bound;
mod doubts;
mod held;
mod levels;
mod long_term;
mod newer;
mod scan;

#[cfg(test)]
mod tests;

/// Changes whenever the rules do: what was concluded under other rules is concluded anew.
pub const RULES: u32 = 1;

/// What the tags of a repository mean for one of them, before any policy. Stored with the finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outlook {
    /// how it can be told what is newer
    pub kind: TagKind,
    /// whether the tag itself is in the list
    pub listed: bool,
    /// every newer tag of the same family, newest first, at most [`NEWER_MAX`]; for a track the newer tracks
    pub newer: Vec<Newer>,
    /// the most telling of those that look newer and are not offered, at most [`HELD_MAX`]
    pub held: Vec<Held>,
}

/// Most newer tags that are kept. Beyond that the newest of each level matter.
pub const NEWER_MAX: usize = 200;

/// Most tags of which it is told why they are held back.
pub const HELD_MAX: usize = 12;

/// A newer tag of the same family.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Newer {
    /// the tag
    pub tag: String,
    /// how far it is away
    pub level: Level,
    /// what must be confirmed by the date of the image before it is offered
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doubt: Option<Doubt>,
}

/// A tag that looks newer and is not offered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// the tag
    pub tag: String,
    /// why
    pub why: WhyNot,
}

/// What `tags`, all tags of a repository, mean for `current`, which is one of them or was.
///
/// The rules, in short: a candidate has the same prefix, as many numbers, the same variants and products, and is strictly greater. A
/// stage (`-rc1`) is offered to a stage of the same release alone. A tag with one or two numbers is a track where finer tags exist:
/// `newer` holds newer tracks then. Of plain dates everything newer is a [`Level::Major`], because a day says nothing of what changed; of
/// years with months (`2024.10.1`) the number that changed says the level.
pub fn outlook<'a>(current: &str, tags: impl IntoIterator<Item = &'a str>) -> Outlook {
    let current = Tag::parse(current);
    let mut scan = Scan::new(current);
    for tag in tags {
        scan.take(tag);
    }
    let held = scan.held();
    let Scan { listed, finer, newer, .. } = scan;
    let kind = kind(&current, finer);
    let mut newer = newer.sorted(&current);
    bases::prefer_same(&current, &mut newer);
    let not_long_term = long_term::take_others(&current, &mut newer);
    let held = held.settle(&current, &newer, &not_long_term);
    let newer = bound::keep_telling(levels::of(&current, kind, &newer));
    Outlook { kind, listed, newer, held }
}

/// How it can be told what is newer than a tag; `finer` says whether there are tags of the same release with more numbers.
fn kind(current: &Tag<'_>, finer: bool) -> TagKind {
    match current.scheme() {
        Scheme::Channel => TagKind::Channel,
        Scheme::Unordered => TagKind::Unordered,
        Scheme::Date | Scheme::Build | Scheme::Rebuild => TagKind::Version,
        Scheme::Version if current.is_prerelease() || current.is_counted() || current.numbers() > 2 => TagKind::Version,
        Scheme::Version if finer || current.numbers() == 1 => TagKind::Track,
        // Two numbers and nothing finer: the 16.4 of Postgres is one version, the 1.25 of nginx and Ubuntu's 22.04 are lines of them
        Scheme::Version => {
            let minor = number::runs(current.release()).nth(1).unwrap_or_default();
            let year = current.is_calendar();
            let alone = year || number::value(current.major()) >= 10 && !number::is_padded(minor);
            if alone { TagKind::Version } else { TagKind::Track }
        }
    }
}
