//! The state that readers see.

use std::{collections::BTreeSet, sync::OnceLock};

use bytes::Bytes;

use super::log;
use crate::{
    image::Reference,
    wire::{CheckState, Revision, Snapshot},
};

/// The state at one revision. Never changed, only replaced.
#[derive(Debug)]
pub struct State {
    /// what pages and documents are made from
    pub snapshot: Snapshot,
    /// what a check asks about
    pub(super) references: BTreeSet<Reference>,
    /// the snapshot as an event, made when the first follower needs it
    event: OnceLock<Bytes>,
}

impl State {
    pub(super) fn new(snapshot: Snapshot, references: BTreeSet<Reference>) -> Self {
        Self { snapshot, references, event: OnceLock::new() }
    }

    pub(super) fn empty(boot: String, sample: bool) -> Self {
        let revision = Revision { boot, n: 0 };
        let snapshot = Snapshot { revision, hosts: Vec::new(), groups: Vec::new(), check: CheckState::default(), sample };
        Self::new(snapshot, BTreeSet::new())
    }

    /// The whole snapshot as an event, encoded once a revision.
    pub(super) fn event(&self) -> Bytes {
        self.event.get_or_init(|| log::event("snapshot", &self.snapshot.revision, &self.snapshot)).clone()
    }
}
