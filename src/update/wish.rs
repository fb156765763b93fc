//! A wish, and what can be said of it before anything is asked: from what is known of the fleet.

use crate::{
    image::Reference,
    wire::{HostState, Refusal, Snapshot, Target},
};

/// That a workload be brought to something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// the host's name
    pub host: String,
    /// the workload's name
    pub name: String,
    /// what it is brought to
    pub target: Target,
}

impl Wish {
    /// That a workload be brought to what its tag stands for by now.
    pub fn same(host: impl Into<String>, name: impl Into<String>) -> Self {
        Self { host: host.into(), name: name.into(), target: Target::Same }
    }
}

/// What is wrong with a target, for an image group of this id; nothing where nothing is.
pub(super) fn target(group: &str, target: &Target) -> Result<(), Refusal> {
    match (target, group.parse::<Reference>()) {
        (Target::Tag { tag }, Ok(reference)) if reference.with_tag(tag).is_none() => {
            Err(Refusal::NoTag { tag: tag.chars().take(TOLD).collect() })
        }
        _ => Ok(()),
    }
}

/// Most of what is no tag that is told again.
const TOLD: usize = 128;

/// The id of the image group of a workload, or why the wish for its update is refused.
pub(super) fn group(snapshot: &Snapshot, host: &str, name: &str) -> Result<String, Refusal> {
    let row = snapshot.hosts.iter().find(|row| row.name == host).ok_or(Refusal::NotFound)?;
    if let Some(detail) = away(&row.state) {
        return Err(Refusal::HostAway { detail });
    }
    if !row.allows.updates() {
        return Err(Refusal::MonitorOnly { allows: row.allows });
    }
    let runs = |group: &&crate::wire::GroupRow| group.workloads.iter().any(|row| row.host == host && row.name == name);
    snapshot.groups.iter().find(runs).map(|group| group.id.clone()).ok_or(Refusal::NotFound)
}

/// What is wrong with a host, in the words of the system; none where nothing is.
fn away(state: &HostState) -> Option<String> {
    match state {
        HostState::Connected => None,
        HostState::Connecting => Some("not connected yet".to_owned()),
        HostState::Absent { address } => Some(format!("nobody listens at {address}")),
        HostState::Forbidden { address, .. } => Some(format!("permission denied at {address}")),
        HostState::Lost { detail, .. } => Some(detail.clone()),
    }
}
