//! The state that readers see.

use std::{
    collections::BTreeSet,
    sync::{Arc, OnceLock},
};

use bytes::Bytes;

use super::{asking::Asking, log};
use crate::{
    fleet::Workload,
    image::{Finding, Reference, policy::Labelled},
    wire::{CheckState, Revision, Snapshot},
};

/// The state at one revision. Never changed, only replaced.
#[derive(Debug)]
pub struct State {
    /// what pages and documents are made from
    pub snapshot: Snapshot,
    /// what a check can ask about
    pub(super) asking: Asking,
    /// the snapshot as an event, made when the first follower needs it
    event: OnceLock<Bytes>,
}

impl State {
    pub(super) fn new(snapshot: Snapshot, asking: Asking) -> Self {
        Self { snapshot, asking, event: OnceLock::new() }
    }

    pub(super) fn empty(boot: String, sample: bool) -> Self {
        let revision = Revision { boot, n: 0 };
        let snapshot =
            Snapshot { revision, hosts: Vec::new(), groups: Vec::new(), check: CheckState::default(), operations: Vec::new(), sample };
        Self::new(snapshot, Asking::default())
    }

    /// What the last check learnt of a group.
    pub fn finding(&self, group: &str) -> Option<&Finding> {
        let reference = group.parse().ok()?;
        self.asking.findings.get(&reference).map(|known| &*known.latest)
    }

    /// What runs on a host, with its labels.
    pub fn workloads(&self, host: &str) -> &[Workload] {
        self.asking.hosts.iter().find(|(name, ..)| name == host).map(|(_, inventory, _)| &*inventory.workloads).unwrap_or_default()
    }

    /// What is wished for a workload, by its labels and the configuration.
    pub fn wishes(&self, host: &str, name: &str) -> Option<Arc<Labelled>> {
        let (_, inventory, wishes) = self.asking.hosts.iter().find(|(its, ..)| its == host)?;
        inventory.workloads.iter().find(|workload| workload.name == name).map(|workload| wishes.of(workload))
    }

    /// Every reference that a registry can be asked about.
    pub fn references(&self) -> BTreeSet<Reference> {
        self.asking.references()
    }

    /// What may be said to those who may not look: the revision, and nothing of the fleet.
    pub fn veiled(&self) -> Snapshot {
        let Snapshot { revision, sample, .. } = &self.snapshot;
        Snapshot {
            revision: revision.clone(),
            hosts: Vec::new(),
            groups: Vec::new(),
            check: CheckState::default(),
            operations: Vec::new(),
            sample: *sample,
        }
    }

    /// The whole snapshot as an event, encoded once a revision.
    pub(super) fn event(&self) -> Bytes {
        self.event.get_or_init(|| log::event("snapshot", &self.snapshot.revision, &self.snapshot)).clone()
    }
}
