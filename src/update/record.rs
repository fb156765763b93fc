//! The one place that changes an operation: first in the journal, then for everybody to see.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use tracing::{error, info, warn};

use super::claim::Claim;
use crate::{
    live::{Input, Live},
    store::{Store, StoreError},
    wire::{Asker, Operation, Outcome, Phase, Pull, UpdateTrouble},
};

/// An end that the journal has not taken yet.
#[derive(Debug)]
struct Owed {
    id: i64,
    outcome: Outcome,
    ended: i64,
}

/// All operations: the journal, and who is told. Clones are the same one.
#[derive(Debug, Clone)]
pub(super) struct Book {
    store: Store,
    live: Live,
    owed: Arc<Mutex<Vec<Owed>>>,
}

/// One operation, and the right to work on its workload.
#[derive(Debug)]
pub(super) struct Record {
    book: Book,
    operation: Operation,
    /// given back with the end, where it is this operation's to give
    claim: Option<Claim>,
}

impl Book {
    pub(super) fn new(store: Store, live: Live) -> Self {
        Self { store, live, owed: Arc::default() }
    }

    /// Begins an operation.
    pub(super) async fn begin(&self, host: &str, name: &str, image: String, asker: &Asker, claim: Claim) -> Result<Record, StoreError> {
        self.settle().await?;
        let begun = Timestamp::now().as_second();
        let id = self.store.begin_operation(host, name, &image, asker, begun).await?;
        let operation = Operation {
            id,
            host: host.to_owned(),
            name: name.to_owned(),
            image,
            asker: asker.clone(),
            begun,
            ended: None,
            phase: Phase::Waiting,
            pull: None,
            outcome: None,
            from: None,
            to: None,
        };
        let record = Record { book: self.clone(), operation, claim: Some(claim) };
        record.tell().await;
        Ok(record)
    }

    /// Takes an operation up again. It counts as under way from now on, also where it had ended.
    pub(super) async fn resume(&self, operation: Operation, claim: Option<Claim>) -> Record {
        let operation = Operation { ended: None, outcome: None, ..operation };
        let record = Record { book: self.clone(), operation, claim };
        record.tell().await;
        record
    }

    /// Writes down the ends that could not be written when they came, so that no later process takes those operations for unfinished.
    async fn settle(&self) -> Result<(), StoreError> {
        loop {
            let Some((id, outcome, ended)) = self.owed().first().map(|owed| (owed.id, owed.outcome.clone(), owed.ended)) else {
                return Ok(());
            };
            self.store.end_operation(id, &outcome, ended).await?;
            self.owed().retain(|owed| owed.id != id);
        }
    }

    /// Whole entries go in and out: a poisoned list is as good as any.
    fn owed(&self) -> MutexGuard<'_, Vec<Owed>> {
        self.owed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Record {
    /// As everybody sees it.
    pub(super) fn operation(&self) -> &Operation {
        &self.operation
    }

    /// The right to work on its workload, where it is this operation's.
    pub(super) fn claim(&self) -> Option<&Claim> {
        self.claim.as_ref()
    }

    /// It does something else now. Only told: what must be known after a restart is journaled with the steps.
    pub(super) async fn phase(&mut self, phase: Phase) {
        self.operation.phase = phase;
        self.tell().await;
    }

    /// The pull has come further. Only told.
    pub(super) async fn pulled(&mut self, pull: Pull) {
        self.operation.pull = Some(pull);
        self.tell().await;
    }

    /// The workload was looked at: this digest runs.
    pub(super) async fn surveyed(&mut self, from: Option<String>) -> Result<(), StoreError> {
        self.operation.from = from;
        self.operation.phase = Phase::Pulling;
        self.book.store.journal_operation(&self.operation, None).await?;
        self.tell().await;
        Ok(())
    }

    /// There is a plan, in JSON, to bring it to this digest.
    pub(super) async fn planned(&mut self, to: Option<String>, plan: &str) -> Result<(), StoreError> {
        self.operation.to = to;
        self.book.store.journal_operation(&self.operation, Some(plan)).await?;
        self.tell().await;
        Ok(())
    }

    /// A step begins; answers its place in the journal.
    pub(super) async fn begin_step(&mut self, step: Phase, undo: bool) -> Result<i64, StoreError> {
        let n = self.book.store.begin_step(self.operation.id, step, undo, now_ms()).await?;
        self.phase(if undo { Phase::Undoing } else { step }).await;
        Ok(n)
    }

    /// A step ended; this is the plan now, in JSON.
    pub(super) async fn end_step(&mut self, n: i64, trouble: Option<&UpdateTrouble>, plan: &str) -> Result<(), StoreError> {
        self.book.store.end_step(self.operation.id, n, now_ms(), trouble, Some(plan)).await
    }

    /// It has ended. The workload is free for the next one before anybody can see that.
    pub(super) async fn end(mut self, outcome: Outcome) -> Operation {
        let Operation { id, host, name, .. } = &self.operation;
        match &outcome {
            Outcome::Updated => info!(operation = id, host, container = name, "Updated"),
            Outcome::Unchanged => info!(operation = id, host, container = name, "Nothing to update"),
            Outcome::Refused { refusal } => warn!(operation = id, host, container = name, ?refusal, "Not updated"),
            Outcome::Failed { trouble } => warn!(operation = id, host, container = name, ?trouble, "Not updated"),
            Outcome::RolledBack { trouble } => warn!(operation = id, host, container = name, ?trouble, "Rolled back"),
            Outcome::LeftOver { trouble, container } => {
                warn!(operation = id, host, container = name, ?trouble, "Updated, but `{container}` is left over");
            }
            Outcome::Stuck { trouble, container } => {
                error!(operation = id, host, container = name, ?trouble, "Neither updated nor rolled back: the old one is `{container}`");
            }
        }
        let ended = Timestamp::now().as_second();
        if let Err(error) = self.book.store.end_operation(self.operation.id, &outcome, ended).await {
            warn!(%error, operation = self.operation.id, "The end of an update could not be written down yet");
            self.book.owed().push(Owed { id: self.operation.id, outcome: outcome.clone(), ended });
        }
        self.operation.outcome = Some(outcome);
        self.operation.ended = Some(ended);
        // which layers came is of no more interest
        self.operation.pull = None;
        if let Some(claim) = &self.claim {
            claim.release();
        }
        self.tell().await;
        self.operation
    }

    async fn tell(&self) {
        self.book.live.learn(Input::Operation(self.operation.clone())).await;
    }
}

fn now_ms() -> i64 {
    Timestamp::now().as_millisecond()
}
