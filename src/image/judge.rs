//! From a finding to a verdict.

use std::collections::BTreeSet;

use super::{Digest, Finding};
use crate::wire::{Reason, Verdict};

#[cfg(test)]
mod tests;

/// What a judgement needs to know of the image that a workload runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Local {
    /// whether the reference names a digest
    pub pinned: bool,
    /// the digests under which the registry may know the image: all of them, because one image can have several
    pub digests: BTreeSet<Digest>,
    /// whether the image was built on the host and never came from a registry
    pub built_here: bool,
    /// where the host has another image under the same tag by now: its digests
    pub superseded_by: Option<BTreeSet<Digest>>,
}

/// What `finding` means for a workload that runs `local`.
///
/// Where the host already holds the newer image, recreating the container is enough; where the registry has a third one by now, that
/// one must be pulled first.
pub fn judge(finding: Option<&Finding>, local: &Local) -> Verdict {
    if local.pinned {
        return Verdict::Pinned;
    }
    if local.built_here {
        return Verdict::LocalBuild;
    }
    let answer = match finding.map(|finding| &finding.answer) {
        None => return Verdict::Unknown { reason: Reason::NotChecked },
        Some(Err(reason)) => return Verdict::Unknown { reason: reason.clone() },
        Some(Ok(answer)) => answer,
    };
    if local.digests.contains(&answer.digest) {
        return Verdict::UpToDate;
    }
    if local.superseded_by.as_ref().is_some_and(|digests| digests.contains(&answer.digest)) {
        return Verdict::Recreate;
    }
    if local.digests.is_empty() {
        return Verdict::Unknown { reason: Reason::NoLocalDigest };
    }
    Verdict::Rebuilt
}
