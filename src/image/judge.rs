//! From a finding to a verdict.

use std::collections::BTreeSet;

use super::{
    Answer, Details, Digest, Finding, Platform, Policy, Tags,
    choose::{Around, Choice, choose},
};
use crate::wire::{Reason, TagKind, Verdict};

#[cfg(test)]
mod tests;

/// What a judgement needs to know of the image that a workload runs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Local {
    /// whether the reference names a digest
    pub pinned: bool,
    /// the digests under which the registry may know the image: all of them, because one image can have several
    pub digests: BTreeSet<Digest>,
    /// what else names exactly this image: the digest of its manifest or of its configuration, as far as the Engine tells
    pub same: BTreeSet<Digest>,
    /// whether the image was built on the host and never came from a registry
    pub built_here: bool,
    /// where the host has another image under the same tag by now: its digests
    pub superseded_by: Option<BTreeSet<Digest>>,
    /// what it runs on
    pub platform: Option<Platform>,
    /// when it was made, in Unix seconds
    pub created: Option<i64>,
}

/// What `finding` means for a workload that runs `local` under `policy`, and what it could move to.
///
/// Where the host already holds the newer image, recreating the container is enough; where the registry has a third one by now, that
/// one must be pulled first. The ages of candidates are those at the time of the finding.
pub fn judge(finding: Option<&Finding>, local: &Local, policy: &Policy) -> (Verdict, Choice) {
    if local.pinned || policy.pin {
        return (Verdict::Pinned, Choice::default());
    }
    if local.built_here {
        return (Verdict::LocalBuild, Choice::default());
    }
    let unknown = |reason| (Verdict::Unknown { reason }, Choice::default());
    let Some(finding) = finding else { return unknown(Reason::NotChecked) };
    let answer = match &finding.answer {
        Err(reason) => return unknown(reason.clone()),
        Ok(answer) => answer,
    };
    let choice = candidates(answer, local, policy, finding.at);
    let same_tag = same_tag(finding, answer, local);
    let verdict = match (choice.candidates.last(), same_tag) {
        // a newer version is certain, also where nothing is known of the present tag
        (Some(newer), same_tag) => {
            let rebuilt = matches!(same_tag, Verdict::Rebuilt | Verdict::Recreate);
            Verdict::Newer { level: newer.level, tag: newer.tag.clone(), rebuilt }
        }
        // the same tag is current; whether a newer one exists is not known
        (None, Verdict::UpToDate) if let Tags::Failed { reason } = &answer.tags => Verdict::Unknown { reason: reason.clone() },
        (None, same_tag) => same_tag,
    };
    (verdict, choice)
}

/// What `finding` means for a reference that nothing runs: whether newer versions than its own exist.
pub fn judge_unused(finding: Option<&Finding>, policy: &Policy) -> (Verdict, Choice) {
    let unknown = |reason| (Verdict::Unknown { reason }, Choice::default());
    let Some(finding) = finding else { return unknown(Reason::NotChecked) };
    let answer = match &finding.answer {
        Err(reason) => return unknown(reason.clone()),
        Ok(answer) => answer,
    };
    let choice = candidates(answer, &Local::default(), policy, finding.at);
    let verdict = match (choice.candidates.last(), &answer.tags) {
        _ if policy.pin || finding.reference.digest().is_some() => Verdict::Pinned,
        (Some(newer), _) => Verdict::Newer { level: newer.level, tag: newer.tag.clone(), rebuilt: false },
        (None, Tags::Failed { reason }) => Verdict::Unknown { reason: reason.clone() },
        (None, Tags::Known(known)) if known.outlook.kind == TagKind::Version && answer.digest.is_some() => Verdict::UpToDate,
        (None, Tags::Known(_)) if answer.digest.is_none() => {
            Verdict::Unknown { reason: Reason::TagGone { registry: finding.reference.registry().to_owned() } }
        }
        (None, _) => Verdict::Unknown { reason: Reason::NothingRuns },
    };
    (verdict, choice)
}

/// What the tag itself stands for by now, in comparison with what runs.
fn same_tag(finding: &Finding, answer: &Answer, local: &Local) -> Verdict {
    let Some(digest) = &answer.digest else {
        return Verdict::Unknown { reason: Reason::TagGone { registry: finding.reference.registry().to_owned() } };
    };
    if local.digests.contains(digest) {
        return Verdict::UpToDate;
    }
    let details = finding.reference.tag().and_then(|tag| answer.details.get(tag)).filter(|details| details.digest == *digest);
    if details.is_some_and(|details| is_same_here(details, local)) {
        return Verdict::UpToDate;
    }
    if local.superseded_by.as_ref().is_some_and(|digests| digests.contains(digest)) {
        return Verdict::Recreate;
    }
    if local.digests.is_empty() { Verdict::Unknown { reason: Reason::NoLocalDigest } } else { Verdict::Rebuilt }
}

/// Whether a new index holds the same image for this platform as the old one: an index that was pushed again, for another platform or
/// with an attestation, is no update here.
fn is_same_here(details: &Details, local: &Local) -> bool {
    let Some(image) = local.platform.as_ref().and_then(|platform| details.for_platform(platform)) else { return false };
    let names = |digest: &Digest| local.same.contains(digest) || local.digests.contains(digest);
    names(&image.manifest) || image.config.as_ref().is_some_and(names)
}

/// What `answer` offers under `policy`.
fn candidates(answer: &Answer, local: &Local, policy: &Policy, at: i64) -> Choice {
    let Some(known) = answer.tags.known() else { return Choice::default() };
    let platforms = local.platform.iter().cloned().collect();
    choose(&known.outlook, policy, Around { platforms: &platforms, details: &answer.details, running_since: local.created, now: at })
}
