//! How something stands: a verdict laid flat.

use serde::Serialize;

use crate::{
    server::api::told,
    wire::{Level, Reason, Reference, Verdict},
};

/// A verdict, laid flat, so that a template reads each part by one name. What does not apply is `null`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// which one
    pub verdict: Word,
    /// whether an update would change something
    pub behind: bool,
    /// of `newer`: how far it is
    pub level: Option<Level>,
    /// of `newer`: the newer tag
    pub new_tag: Option<String>,
    /// of `newer`: whether the same tag was rebuilt too
    pub also_rebuilt: bool,
    /// of `unknown`: why
    pub reason: Option<Reason>,
    /// the same in English, for a person to read; its wording may change
    pub text: String,
}

/// The verdicts by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Word {
    /// runs what its tag stands for today
    UpToDate,
    /// the same tag stands for a new digest
    Rebuilt,
    /// a newer version exists under another tag
    Newer,
    /// the newer image was pulled, but the container was not recreated from it
    Recreate,
    /// the reference names a digest
    Pinned,
    /// built on this host
    LocalBuild,
    /// not known
    Unknown,
}

impl Standing {
    /// Lays a verdict on `reference` flat.
    pub(super) fn of(reference: &Reference, verdict: &Verdict) -> Self {
        let (mut level, mut new_tag, mut also_rebuilt, mut reason) = (None, None, false, None);
        let word = match verdict {
            Verdict::UpToDate => Word::UpToDate,
            Verdict::Rebuilt => Word::Rebuilt,
            Verdict::Newer { level: far, tag, rebuilt } => {
                (level, new_tag, also_rebuilt) = (Some(*far), Some(tag.clone()), *rebuilt);
                Word::Newer
            }
            Verdict::Recreate => Word::Recreate,
            Verdict::Pinned => Word::Pinned,
            Verdict::LocalBuild => Word::LocalBuild,
            Verdict::Unknown { reason: why } => {
                reason = Some(why.clone());
                Word::Unknown
            }
        };
        let text = told::change(reference, verdict);
        Self { verdict: word, behind: verdict.is_behind(), level, new_tag, also_rebuilt, reason, text }
    }
}
