//! Newer versions of an image, for programs.

use serde::Serialize;

use crate::{
    server::api::{time, told},
    ui::text,
    wire::{self, GroupRow, Level, TagKind, WhyNot},
};

/// What the tags of its repository offer an image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Versions {
    /// how it can be told what is newer: `version`, `track`, `channel`, `unordered`
    pub kind: TagKind,
    /// whether the registry has the tag no more
    pub tag_gone: bool,
    /// what it means, in English
    pub why: Option<String>,
    /// the best of each level and every major version between, lowest first
    pub candidates: Vec<Candidate>,
    /// the newest line beside the one that a track follows
    pub track: Option<Candidate>,
    /// what looks newer and is no candidate
    pub passed_over: Vec<PassedOver>,
    /// why the tags are not known, in English
    pub error: Option<String>,
}

/// A newer version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Candidate {
    /// its tag
    pub tag: String,
    /// `patch`, `minor`, `major`
    pub level: Level,
    /// whether it is the one that the policy moves to
    pub offered: bool,
    /// when it was made
    pub created_at: Option<String>,
    /// compressed size in bytes
    pub size: Option<u64>,
}

/// A tag that looks newer and is no candidate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PassedOver {
    /// the tag
    pub tag: String,
    /// why
    pub why: WhyNot,
    /// the same in English
    pub text: String,
}

/// What the tags offer a group, where anybody asked for them.
pub(super) fn versions(row: &GroupRow) -> Option<Versions> {
    let versions = row.versions.as_ref()?;
    Some(Versions {
        kind: versions.kind,
        tag_gone: versions.tag_gone,
        why: text::versions(versions, row.reference.tag.as_deref().unwrap_or_default()),
        candidates: versions.candidates.iter().map(candidate).collect(),
        track: versions.track.as_ref().map(candidate),
        passed_over: versions.passed_over.iter().map(passed_over).collect(),
        error: versions.failed.as_ref().map(told::reason),
    })
}

fn candidate(candidate: &wire::Candidate) -> Candidate {
    let wire::Candidate { tag, level, offered, created, size } = candidate;
    Candidate { tag: tag.clone(), level: *level, offered: *offered, created_at: created.map(time::rfc3339), size: *size }
}

fn passed_over(passed: &wire::PassedOver) -> PassedOver {
    PassedOver { tag: passed.tag.clone(), why: passed.why.clone(), text: text::why_not(&passed.why) }
}
