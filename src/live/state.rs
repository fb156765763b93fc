//! The state that readers see.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, OnceLock},
};

use bytes::Bytes;

use super::log;
use crate::{
    image::{Finding, Reference},
    wire::{CheckState, Revision, Snapshot},
};

/// The state at one revision. Never changed, only replaced.
#[derive(Debug)]
pub struct State {
    /// what pages and documents are made from
    pub snapshot: Snapshot,
    /// what a check asks about
    pub(super) references: BTreeSet<Reference>,
    /// the latest findings, by the id of their group
    pub(super) findings: HashMap<String, Arc<Finding>>,
    /// the snapshot as an event, made when the first follower needs it
    event: OnceLock<Bytes>,
}

impl State {
    pub(super) fn new(snapshot: Snapshot, references: BTreeSet<Reference>, findings: HashMap<String, Arc<Finding>>) -> Self {
        Self { snapshot, references, findings, event: OnceLock::new() }
    }

    pub(super) fn empty(boot: String, sample: bool) -> Self {
        let revision = Revision { boot, n: 0 };
        let snapshot =
            Snapshot { revision, hosts: Vec::new(), groups: Vec::new(), check: CheckState::default(), operations: Vec::new(), sample };
        Self::new(snapshot, BTreeSet::new(), HashMap::new())
    }

    /// What the last check learnt of a group.
    pub fn finding(&self, group: &str) -> Option<&Finding> {
        self.findings.get(group).map(|finding| &**finding)
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
