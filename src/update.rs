//! Updates: one loop over journaled steps, recovery at the start, and updates without being asked for.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::{
    host::Host,
    live::Live,
    registry::Registries,
    store::{Store, StoreError},
    wire::{Asker, Operation, Refusal},
};

/// The handle: to wish for updates. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Updates {}

/// What updates work with.
#[derive(Debug)]
pub struct Parts {
    /// where containers run
    pub hosts: Vec<Host>,
    /// the logins for pulls
    pub registries: Registries,
    /// the journal
    pub store: Store,
    /// who is told
    pub live: Live,
    /// how long a new container must stay up before the old one is removed
    pub grace: Duration,
    /// ends everything when cancelled: nothing new is begun, and what runs is taken up at the next start
    pub stop: CancellationToken,
}

/// What came of a wish for one workload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wished {
    /// the host's name
    pub host: String,
    /// the workload's name
    pub name: String,
    /// the operation, or why there is none
    pub result: Result<Operation, Refusal>,
}

impl Updates {
    /// Takes up what an earlier process left, in the background, and is ready for wishes.
    pub async fn start(_parts: Parts) -> Result<Self, StoreError> {
        Ok(Self {})
    }

    /// Wishes for the update of one workload. What can be refused at once is; everything else is told by the operation.
    pub async fn wish(&self, _host: &str, _name: &str, _asker: Asker) -> Result<Operation, Refusal> {
        todo!()
    }

    /// Wishes for the update of several workloads, one after another.
    pub async fn wish_all(&self, _workloads: Vec<(String, String)>, _asker: Asker) -> Vec<Wished> {
        todo!()
    }

    /// Moves the automatic switch of a workload; it is kept over restarts, and over updates, because it goes by the name.
    pub async fn switch(&self, _host: &str, _name: &str, _on: bool) -> Result<(), StoreError> {
        todo!()
    }

    /// A scheduled check has ended: updates the switched-on workloads whose tag was rebuilt, but for what was rolled back.
    pub async fn after_scheduled_check(&self) {}
}
