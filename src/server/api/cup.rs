//! Cup's document, `GET /api/v3/json` and, the same, `/api/v2/json`: what each reference could be updated to, and how many can.
//!
//! Cup lists references, not containers, and where it gathers from several machines each machine's. So does this document: with more
//! than one host a reference has an entry for every host that uses it. Local builds are left out, as Cup leaves them out.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{names, time, told};
use crate::wire::{GroupRow, Level, Snapshot, Verdict, WorkloadRow};

/// The whole document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Document {
    /// how many are of each kind
    pub metrics: Metrics,
    /// what can be updated furthest first, unknown last
    pub images: Vec<Image>,
    /// when the last check ended, in RFC 3339; 1970 before the first one has, because readers fail where it is missing
    pub last_updated: String,
}

/// How many images are of each kind. `monitored_images` is the sum of what can be updated, what is up to date and what is unknown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Metrics {
    /// all that the document tells of
    pub monitored_images: u32,
    /// nothing newer
    pub up_to_date: u32,
    /// the sum of the four kinds
    pub updates_available: u32,
    /// a newer major version
    pub major_updates: u32,
    /// a newer minor version
    pub minor_updates: u32,
    /// a newer patch
    pub patch_updates: u32,
    /// a new digest of the same tag
    pub other_updates: u32,
    /// not known
    pub unknown: u32,
    /// the same number: the name that Glance's widget reads
    pub unknown_updates: u32,
}

/// A reference, on a host where there are several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Image {
    /// as Docker writes it
    pub reference: String,
    /// its parts
    pub parts: Parts,
    /// where the image says that it comes from
    pub url: Option<String>,
    /// what the check found
    pub result: Outcome,
    /// how long the check of it took, in milliseconds
    pub time: u32,
    /// the host, where there are several
    pub server: Option<String>,
    /// whether a running container uses it
    pub in_use: bool,
}

/// The parts of a reference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Parts {
    /// the host that answers: `registry-1.docker.io` for Docker Hub; empty for a bare image id
    pub registry: String,
    /// the path in it
    pub repository: String,
    /// the tag; the digest, where there is none
    pub tag: String,
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// `null` where it is not known
    pub has_update: Option<bool>,
    /// of the update, where there is one
    pub info: Option<Info>,
    /// why it is not known
    pub error: Option<String>,
}

/// What an update would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Info {
    /// the tag
    Version {
        /// how far it is
        version_update_type: Level,
        /// the newer tag
        new_tag: String,
        /// the version in the tag
        current_version: String,
        /// the version in the newer tag
        new_version: String,
    },
    /// the digest, under the same tag
    Digest {
        /// all that the host has of it; never empty
        local_digests: Vec<String>,
        /// what the registry has
        remote_digest: String,
    },
}

/// The document.
pub fn document(snapshot: &Snapshot) -> Document {
    let mut images: Vec<_> = shares(snapshot).map(|share| share.image()).collect();
    images.sort_by(|a, b| (kind(&a.result), &a.reference, &a.server).cmp(&(kind(&b.result), &b.reference, &b.server)));
    Document { metrics: count(&images), images, last_updated: time::rfc3339(snapshot.check.last.unwrap_or(0)) }
}

/// The document for those who may see numbers alone.
pub fn counts(snapshot: &Snapshot) -> Document {
    Document { images: Vec::new(), ..document(snapshot) }
}

/// The kinds, in Cup's order of the images.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Major,
    Minor,
    Patch,
    Other,
    UpToDate,
    Unknown,
}

fn kind(result: &Outcome) -> Kind {
    match (result.has_update, &result.info) {
        (None, _) => Kind::Unknown,
        (Some(false), _) => Kind::UpToDate,
        (Some(true), Some(Info::Version { version_update_type: Level::Major, .. })) => Kind::Major,
        (Some(true), Some(Info::Version { version_update_type: Level::Minor, .. })) => Kind::Minor,
        (Some(true), Some(Info::Version { version_update_type: Level::Patch, .. })) => Kind::Patch,
        (Some(true), _) => Kind::Other,
    }
}

fn count(images: &[Image]) -> Metrics {
    let mut metrics = Metrics::default();
    for image in images {
        metrics.monitored_images += 1;
        *match kind(&image.result) {
            Kind::Major => &mut metrics.major_updates,
            Kind::Minor => &mut metrics.minor_updates,
            Kind::Patch => &mut metrics.patch_updates,
            Kind::Other => &mut metrics.other_updates,
            Kind::UpToDate => &mut metrics.up_to_date,
            Kind::Unknown => &mut metrics.unknown,
        } += 1;
    }
    metrics.updates_available = metrics.major_updates + metrics.minor_updates + metrics.patch_updates + metrics.other_updates;
    metrics.unknown_updates = metrics.unknown;
    metrics
}

/// What one host has of a group; with a single host, all of it.
struct Share<'a> {
    group: &'a GroupRow,
    server: Option<&'a str>,
    /// those that were not built here; none where nothing runs the reference
    members: Vec<&'a WorkloadRow>,
}

fn shares(snapshot: &Snapshot) -> impl Iterator<Item = Share<'_>> {
    let several = snapshot.hosts.len() > 1;
    snapshot.groups.iter().flat_map(move |group| {
        let members = group.workloads.iter().filter(|workload| workload.verdict != Verdict::LocalBuild);
        let members: Vec<_> = members.collect();
        // what is checked although nothing runs it belongs to this machine
        let unused = group.workloads.is_empty().then_some(None);
        let hosts: BTreeSet<_> = members.iter().map(|workload| several.then_some(workload.host.as_str())).chain(unused).collect();
        hosts.into_iter().map(move |server| Share {
            group,
            server,
            members: members.iter().copied().filter(|workload| server.is_none_or(|host| workload.host == host)).collect(),
        })
    })
}

impl Share<'_> {
    fn image(&self) -> Image {
        let reference = &self.group.reference;
        Image {
            reference: names::written(reference),
            parts: Parts {
                registry: names::registry_host(&reference.registry).to_owned(),
                repository: if names::has_name(reference) { &reference.repository } else { &reference.familiar }.clone(),
                tag: names::tag_or_digest(reference).unwrap_or_default().to_owned(),
            },
            url: self.group.url.clone(),
            result: self.outcome(),
            time: self.group.took_ms.unwrap_or(0),
            server: self.server.map(str::to_owned),
            in_use: self.runs(),
        }
    }

    fn runs(&self) -> bool {
        self.members.iter().any(|workload| workload.state.is_running())
    }

    /// The heaviest verdict of what runs; of all, where nothing does.
    fn verdict(&self) -> Option<&Verdict> {
        if self.members.is_empty() {
            return Some(&self.group.verdict);
        }
        let runs = self.runs();
        let counted = self.members.iter().filter(|workload| !runs || workload.state.is_running());
        counted.map(|workload| &workload.verdict).max_by_key(|verdict| verdict.weight())
    }

    fn outcome(&self) -> Outcome {
        let known = |info: Option<Info>| Outcome { has_update: Some(info.is_some()), info, error: None };
        match self.verdict() {
            Some(Verdict::Newer { level, tag, .. }) => known(Some(self.version(*level, tag))),
            Some(verdict @ (Verdict::Rebuilt | Verdict::Recreate)) => known(Some(self.digest(verdict))),
            Some(Verdict::Unknown { reason }) => Outcome { has_update: None, info: None, error: Some(told::reason(reason)) },
            Some(Verdict::UpToDate | Verdict::Pinned | Verdict::LocalBuild) | None => known(None),
        }
    }

    fn version(&self, level: Level, newer: &str) -> Info {
        let current = self.group.reference.tag.as_deref().unwrap_or_default();
        let number = |tag: &str| names::version(tag).unwrap_or(tag).to_owned();
        Info::Version {
            version_update_type: level,
            new_tag: newer.to_owned(),
            current_version: number(current),
            new_version: number(newer),
        }
    }

    fn digest(&self, verdict: &Verdict) -> Info {
        let behind = self.members.iter().filter(|workload| workload.verdict == *verdict);
        let mut local_digests = Vec::new();
        for digest in behind.flat_map(|workload| &workload.local_digests) {
            if !local_digests.contains(digest) {
                local_digests.push(digest.clone());
            }
        }
        if local_digests.is_empty() {
            local_digests.push(names::NO_DIGEST.to_owned());
        }
        let remote_digest = self.group.remote_digest.as_deref().unwrap_or(names::NO_DIGEST).to_owned();
        Info::Digest { local_digests, remote_digest }
    }
}

#[cfg(test)]
mod tests;
