//! What a check learnt of a reference.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Details, Digest, Outlook, Reference};
use crate::wire::Reason;
pub use crate::wire::Step;

/// What a check learnt of one reference. Stored; a verdict is derived from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// what was asked for
    pub reference: Reference,
    /// what was learnt, or why nothing was
    pub answer: Result<Answer, Reason>,
    /// when the answer came, in Unix seconds
    pub at: i64,
    /// how long it took, in milliseconds
    pub took_ms: u32,
    /// the requests that were made for it, in order
    pub steps: Vec<Step>,
}

/// What a registry says of a reference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// what its tag stands for: the digest of the index, or of the manifest where there is no index. None where the registry has no
    /// such tag any more, and its list of tags tells so
    pub digest: Option<Digest>,
    /// what the other tags of the repository mean for it
    #[serde(default, skip_serializing_if = "Tags::is_not_asked")]
    pub tags: Tags,
    /// what was learnt of candidates, and of the tag itself where it stands for another digest than runs here; by tag
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub details: BTreeMap<String, Details>,
}

/// What the list of a repository's tags gave.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Tags {
    /// not asked for: no other tag can be newer than this one
    #[default]
    NotAsked,
    /// the registry did not give it
    Failed {
        /// why
        reason: Reason,
    },
    /// what it means
    Known(KnownTags),
}

/// What a list of tags meant, and how to tell that it is the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownTags {
    /// what the tags mean for the reference's own
    pub outlook: Outlook,
    /// the rules that this was concluded by ([`super::outlook::RULES`])
    pub rules: u32,
    /// the pages that it was concluded from; empty where the registry gave no way to ask whether they changed
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<PageMark>,
}

/// One page of a list of tags, and how to ask whether it is the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageMark {
    /// its path and query
    pub path: String,
    /// its `ETag`
    pub etag: String,
}

impl Tags {
    /// Whether nobody asked.
    pub fn is_not_asked(&self) -> bool {
        *self == Self::NotAsked
    }

    /// What is known of them.
    pub fn known(&self) -> Option<&KnownTags> {
        match self {
            Self::Known(known) => Some(known),
            Self::NotAsked | Self::Failed { .. } => None,
        }
    }
}

impl Answer {
    /// An answer that is no more than a digest.
    pub fn digest(digest: Digest) -> Self {
        Self { digest: Some(digest), tags: Tags::NotAsked, details: BTreeMap::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_from_before_there_were_versions_is_still_read() {
        let digest = Digest::of(b"an image");
        let text = format!("{{\"digest\":\"{digest}\"}}");
        assert_eq!(serde_json::from_str::<Answer>(&text).unwrap(), Answer::digest(digest));
    }
}
