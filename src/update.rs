//! Updates: one loop over journaled steps, recovery at the start, and updates without being asked for.
//!
//! A host's plan is a list of steps. Each is journaled before and after it is taken ([`run`]), so whatever happens to Plimsoll, to the host or
//! to the machine, the journal and a look at the host tell what to finish or to undo ([`recover`]). What a step *is* only the host knows.

mod automatic;
mod batch;
mod busy;
mod choice;
mod claim;
mod composed;
mod keeper;
mod kept;
mod pace;
mod prepare;
mod prove;
mod record;
mod recover;
mod run;
#[cfg(test)]
mod tests;
mod undo;
mod wish;

use std::{path::PathBuf, sync::Arc};

use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

use crate::{
    config,
    host::Host,
    live::{Input, Live},
    registry::Registries,
    store::{Store, StoreError},
    wire::{Asker, Operation, Refusal},
};
pub use choice::Choice;
use keeper::Keeper;
use pace::Pace;
pub use wish::Wish;

/// The newest operations of earlier processes that pages know from the start; older ones are in the history.
const REMEMBERED: u32 = 50;

/// The handle: to wish for updates. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Updates {
    keeper: Arc<Keeper>,
}

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
    /// what is configured of updates
    pub settings: config::Update,
    /// what may be done with files of Compose
    pub compose: config::Compose,
    /// where a file of Compose is copied to that has to be written in place
    pub backups: PathBuf,
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
    pub async fn start(parts: Parts) -> Result<Self, StoreError> {
        Self::start_at(parts, Pace::default()).await
    }

    async fn start_at(parts: Parts, pace: Pace) -> Result<Self, StoreError> {
        for (host, name) in parts.store.switches().await? {
            parts.live.learn(Input::Switch { host, name, on: true }).await;
        }
        for operation in parts.store.operations(None, REMEMBERED).await? {
            parts.live.learn(Input::Operation(operation)).await;
        }
        let keeper = Arc::new(Keeper::new(parts, pace));
        keeper.take_up().await?;
        Arc::clone(&keeper).tidy_up();
        Ok(Self { keeper })
    }

    /// Wishes for the update of one workload. What can be refused at once is; everything else is told by the operation.
    pub async fn wish(&self, wish: Wish, asker: Asker) -> Result<Operation, Refusal> {
        let wished = self.wish_all(vec![wish], asker).await;
        wished.into_iter().next().map_or(Err(Refusal::Stopping), |wished| wished.result)
    }

    /// Wishes for the update of several workloads: all of them are accepted at once, and wait for their turn, each behind what it needs.
    pub async fn wish_all(&self, wishes: Vec<Wish>, asker: Asker) -> Vec<Wished> {
        self.keeper.accept(wishes, asker).await
    }

    /// Says what is wanted of an operation that is under way. Answers whether it is.
    pub fn choose(&self, operation: i64, choice: Choice) -> bool {
        self.keeper.book.choices.choose(operation, choice)
    }

    /// Moves the automatic switch of a workload; it is kept over restarts, and over updates, because it goes by the name.
    pub async fn switch(&self, host: &str, name: &str, on: bool) -> Result<(), StoreError> {
        self.keeper.store.save_switch(host, name, on).await?;
        self.keeper.live.learn(Input::Switch { host: host.to_owned(), name: name.to_owned(), on }).await;
        Ok(())
    }

    /// A scheduled check has ended: updates the switched-on workloads whose tag was rebuilt, but for what was rolled back.
    pub async fn after_scheduled_check(&self) {
        let wanted = automatic::wanted(&self.keeper.live.state().snapshot, &self.keeper.store).await;
        if !wanted.is_empty() {
            self.wish_all(wanted, Asker::Automatic).await;
        }
    }

    /// Every operation that ends from now on. Who is very slow misses some.
    pub fn ended(&self) -> broadcast::Receiver<Operation> {
        self.keeper.ended.subscribe()
    }

    /// Returns when nothing runs any more. Once `stop` was cancelled, that takes less than a second.
    pub async fn at_rest(&self) {
        self.keeper.at_rest().await;
    }
}
