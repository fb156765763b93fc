//! What can be said of a wish before anything is asked: from what is known of the fleet.

use crate::wire::{HostState, Refusal, Snapshot};

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
