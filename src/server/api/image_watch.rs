//! Image Watch's document: the running containers by image, `GET /api/images`.
//!
//! Where its contract is silent: no container gives `[]`, although Image Watch itself writes `null`; the contract promises an array,
//! and a reader that takes `null` takes an empty array too, while the reverse fails.

use std::collections::HashMap;

use serde::Serialize;

use super::names;
use crate::wire::{GroupRow, Snapshot, Verdict, WorkloadRow};

mod progress;
pub mod route;

pub use progress::{PullProgress, progress};

/// Characters of a digest that are shown: `sha256:` and ten.
const DIGEST_SHOWN: usize = 17;

/// Characters of a container's id that name it.
const ID_SHOWN: usize = 12;

/// Stands where no digest is known.
const UNKNOWN: &str = "unknown";

/// All running containers of one image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImageGroup {
    /// as Docker writes it, with a tag always and a digest never
    pub image: String,
    /// shortened, or `unknown`
    pub remote_digest: String,
    /// the statuses of the containers in one word
    pub status: Status,
    /// sorted by host and name
    pub containers: Vec<ContainerItem>,
}

/// One running container.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ContainerItem {
    /// the first twelve characters
    pub container_id: String,
    /// without the slash
    pub container_name: String,
    /// shortened, or `unknown`
    pub local_digest: String,
    /// never `partial`
    pub status: Status,
    /// whether it is updated without being asked for
    pub auto_update: bool,
}

/// The words of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// its tag stands for what runs
    UpToDate,
    /// its tag stands for something else
    Outdated,
    /// of a group: some are outdated and some up to date
    Partial,
    /// not known; of a group: not of any container
    Unknown,
}

/// The document.
pub fn images(snapshot: &Snapshot) -> Vec<ImageGroup> {
    let mut images: Vec<ImageGroup> = Vec::new();
    // `nginx:1.27` and `nginx:1.27@sha256:…` have one name here, and a name must be there once: updates go by it
    let mut places = HashMap::new();
    for group in snapshot.groups.iter().filter(|group| names::has_name(&group.reference)) {
        let running: Vec<_> = group.workloads.iter().filter(|workload| workload.state.is_running()).collect();
        if running.is_empty() {
            continue;
        }
        let name = name(group);
        let place = *places.entry(name.clone()).or_insert_with(|| {
            images.push(ImageGroup { image: name, remote_digest: UNKNOWN.to_owned(), status: Status::Unknown, containers: Vec::new() });
            images.len() - 1
        });
        let image = &mut images[place];
        if image.remote_digest == UNKNOWN {
            image.remote_digest = short(group.remote_digest.as_deref());
        }
        image.containers.extend(running.into_iter().map(|workload| item(workload, group)));
    }
    for image in &mut images {
        image.status = fold(&image.containers);
    }
    images
}

/// The containers that the document lists.
pub fn listed(snapshot: &Snapshot) -> impl Iterator<Item = &WorkloadRow> {
    let groups = snapshot.groups.iter().filter(|group| names::has_name(&group.reference));
    groups.flat_map(|group| &group.workloads).filter(|workload| workload.state.is_running())
}

/// The running container of that id, shortened or in full: those that the document lists and no other.
pub fn find<'a>(snapshot: &'a Snapshot, id: &str) -> Option<&'a WorkloadRow> {
    listed(snapshot).find(|workload| is_id(&workload.id, id))
}

/// The listed containers of the image of that name, which the document writes with a tag always; here it may be left out.
pub fn members<'a>(snapshot: &'a Snapshot, image: &str) -> Vec<&'a WorkloadRow> {
    let tagged = format!("{image}:latest");
    let groups = snapshot.groups.iter().filter(|group| names::has_name(&group.reference));
    let named = groups.filter(|group| {
        let name = name(group);
        name == image || name == tagged || group.id == image
    });
    named.flat_map(|group| &group.workloads).filter(|workload| workload.state.is_running()).collect()
}

/// Whether `asked` names the container whose id in full is `id`.
pub fn is_id(id: &str, asked: &str) -> bool {
    id == asked || shown(id, ID_SHOWN) == asked
}

fn name(group: &GroupRow) -> String {
    let tag = group.reference.tag.as_deref().unwrap_or("latest");
    format!("{}:{tag}", group.reference.familiar)
}

fn item(workload: &WorkloadRow, group: &GroupRow) -> ContainerItem {
    ContainerItem {
        container_id: shown(&workload.id, ID_SHOWN).to_owned(),
        container_name: workload.name.clone(),
        local_digest: short(names::local_digest(workload, group.remote_digest.as_deref())),
        status: status(&workload.verdict),
        auto_update: workload.auto_update,
    }
}

/// The contract knows the same tag alone: a newer version under another one changes nothing.
fn status(verdict: &Verdict) -> Status {
    match verdict {
        Verdict::UpToDate | Verdict::Pinned | Verdict::Newer { rebuilt: false, .. } => Status::UpToDate,
        Verdict::Rebuilt | Verdict::Recreate | Verdict::Newer { rebuilt: true, .. } => Status::Outdated,
        Verdict::LocalBuild | Verdict::Unknown { .. } => Status::Unknown,
    }
}

fn fold(containers: &[ContainerItem]) -> Status {
    let any = |status| containers.iter().any(|container| container.status == status);
    match (any(Status::Outdated), any(Status::UpToDate)) {
        (true, true) => Status::Partial,
        (true, false) => Status::Outdated,
        (false, true) => Status::UpToDate,
        (false, false) => Status::Unknown,
    }
}

fn short(digest: Option<&str>) -> String {
    digest.map_or(UNKNOWN, |digest| shown(digest, DIGEST_SHOWN)).to_owned()
}

fn shown(text: &str, length: usize) -> &str {
    text.get(..length).unwrap_or(text)
}

#[cfg(test)]
mod tests;
