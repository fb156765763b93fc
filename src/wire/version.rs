//! Newer versions of an image.

use serde::Serialize;

use super::{Level, Reason};

/// How it can be told what is newer than a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "ssr", derive(serde::Deserialize))]
#[serde(rename_all = "snake_case")]
pub enum TagKind {
    /// it names one version: other tags name newer ones
    Version,
    /// it names a line of versions and moves along it (`1.27`, `16-alpine`): its digest tells, and newer lines are information
    Track,
    /// it names a channel (`latest`, `stable`, a code name) and moves: its digest tells
    Channel,
    /// it has no order with others (a commit, a branch): its digest tells
    Unordered,
}

/// What the tags of its repository offer a group.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "ssr", derive(serde::Deserialize))]
pub struct Versions {
    /// how it can be told what is newer
    pub kind: TagKind,
    /// whether the repository has the tag itself no more
    pub tag_gone: bool,
    /// the best of each level and every major version between, lowest first
    pub candidates: Vec<Candidate>,
    /// the newest line beside the one that the tag follows
    pub track: Option<Candidate>,
    /// what looks newer and is no candidate
    pub passed_over: Vec<PassedOver>,
    /// why the tags are not known
    pub failed: Option<Reason>,
}

/// Why a tag must be confirmed by the date of its image before it is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "ssr", derive(serde::Deserialize))]
#[serde(rename_all = "snake_case")]
pub enum Doubt {
    /// its first number is far beyond, with nothing between
    Jump,
    /// a counter started again, so that the order of counters says nothing
    CounterRestarted,
}

/// A newer version that may be moved to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "ssr", derive(serde::Deserialize))]
pub struct Candidate {
    /// its tag
    pub tag: String,
    /// how far it is away
    pub level: Level,
    /// whether it is the one that the policy moves to
    pub offered: bool,
    /// when it was made, in Unix seconds, where that is known
    pub created: Option<i64>,
    /// compressed size in bytes, where that is known
    pub size: Option<u64>,
}

/// A tag that looks newer and is no candidate.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "ssr", derive(serde::Deserialize))]
pub struct PassedOver {
    /// the tag
    pub tag: String,
    /// why
    pub why: WhyNot,
}

/// Why a tag that looks newer is no candidate.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "ssr", derive(serde::Deserialize))]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum WhyNot {
    /// a version that is not finished: `-rc1`, `b3`, `.dev2`
    Prerelease,
    /// the publisher changed how tags are named (`v1.2` before, `1.2` now)
    NamingChanged,
    /// another way of counting versions: years beside numbers, builds beside versions
    OtherScheme,
    /// another variant: `-alpine`, `-cuda`
    OtherVariant,
    /// not one of the lines with long support that the present tag is on
    NotLongTerm,
    /// it is far beyond, or its counter started again, and no date confirms that it is newer
    Unconfirmed {
        /// what is in doubt
        doubt: Doubt,
    },
    /// made before the image that runs
    Older,
    /// not there for what the image runs on here
    NoPlatform {
        /// what it would have to run on
        platform: String,
    },
    /// not among the tags that the policy includes
    NotIncluded,
    /// among those that the policy excludes
    Excluded,
    /// not below the version that the policy names
    NotBelow {
        /// that version
        bound: String,
    },
    /// the policy names it as one to pass over
    Ignored,
    /// too young for the policy
    TooYoung {
        /// when it will be old enough, in Unix seconds
        until: i64,
    },
}

/// A label whose value was not understood, and which therefore says nothing.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "ssr", derive(serde::Deserialize))]
pub struct LabelProblem {
    /// its name
    pub label: String,
    /// its value, shortened
    pub value: String,
    /// what is wrong with it
    pub kind: LabelProblemKind,
}

/// What is wrong with the value of a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "ssr", derive(serde::Deserialize))]
#[serde(rename_all = "snake_case")]
pub enum LabelProblemKind {
    /// neither `true` nor `false`
    NoBoolean,
    /// none of `digest`, `patch`, `minor`, `major`
    NoLevel,
    /// no regular expression, or too long a one
    NoPattern,
    /// no time such as `3d` or `12h`
    NoDuration,
    /// no version such as `17` or `2.4.1`
    NoVersion,
}
