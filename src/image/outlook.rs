//! What the tags of a repository mean for one of them.

use serde::{Deserialize, Serialize};

pub use crate::wire::{Doubt, TagKind};
use crate::wire::{Level, WhyNot};

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
pub fn outlook<'a>(current: &str, tags: impl IntoIterator<Item = &'a str>) -> Outlook {
    let listed = tags.into_iter().any(|tag| tag == current);
    Outlook { kind: TagKind::Unordered, listed, newer: Vec::new(), held: Vec::new() }
}
