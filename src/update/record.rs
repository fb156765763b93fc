//! The one place that changes an operation: first in the journal, then for everybody to see.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use tracing::{error, info, warn};

use super::{
    batch::Pulled,
    choice::{Choices, Chosen},
    claim::Claim,
    wish::Wish,
};
use crate::{
    host::Step,
    live::{Input, Live},
    store::{Store, StoreError},
    wire::{Asker, ComposeLine, Operation, Outcome, Phase, Pull, UpdateTrouble},
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
    pub(super) choices: Choices,
    /// how long an image is kept that was replaced
    keep: Duration,
}

/// One operation, and the right to work on its workload.
#[derive(Debug)]
pub(super) struct Record {
    book: Book,
    operation: Operation,
    /// given back with the end, where it is this operation's to give
    claim: Option<Claim>,
    /// what somebody wants of it
    chosen: Chosen,
    /// what was pulled for those that were wished for with it
    pulled: Arc<Pulled>,
}

impl Book {
    pub(super) fn new(store: Store, live: Live, keep: Duration) -> Self {
        Self { store, live, owed: Arc::default(), choices: Choices::default(), keep }
    }

    /// Begins an operation.
    pub(super) async fn begin(&self, wish: &Wish, image: String, asker: &Asker, claim: Claim) -> Result<Record, StoreError> {
        self.settle().await?;
        let begun = Timestamp::now().as_second();
        let id = self.store.begin_operation(&wish.host, &wish.name, &image, &wish.target, asker, begun).await?;
        let operation = Operation {
            id,
            host: wish.host.clone(),
            name: wish.name.clone(),
            image,
            target: wish.target.clone(),
            along: Vec::new(),
            asker: asker.clone(),
            begun,
            ended: None,
            phase: Phase::Waiting,
            pull: None,
            outcome: None,
            from: None,
            to: None,
            overdue: false,
            log: false,
            kept_until: None,
            compose: None,
        };
        let record = Record { book: self.clone(), operation, claim: Some(claim), chosen: self.choices.listen(id), pulled: Arc::default() };
        record.tell().await;
        Ok(record)
    }

    /// Takes an operation up again. It counts as under way from now on, also where it had ended.
    pub(super) async fn resume(&self, operation: Operation, claim: Option<Claim>) -> Record {
        let operation = Operation { ended: None, outcome: None, ..operation };
        let chosen = self.choices.listen(operation.id);
        let record = Record { book: self.clone(), operation, claim, chosen, pulled: Arc::default() };
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

    /// The same, with what was pulled for those that were wished for with it.
    pub(super) fn sharing(self, pulled: &Arc<Pulled>) -> Self {
        Self { pulled: Arc::clone(pulled), ..self }
    }

    /// What was pulled for those that were wished for with it.
    pub(super) fn pulled_before(&self) -> &Pulled {
        &self.pulled
    }

    /// What somebody wants of it.
    pub(super) fn chosen(&self) -> &Chosen {
        &self.chosen
    }

    /// The same, to wait for.
    pub(super) fn chosen_mut(&mut self) -> &mut Chosen {
        &mut self.chosen
    }

    /// Its new container takes longer than its health check says. Only told, and only once.
    pub(super) async fn overdue(&mut self) {
        if !self.operation.overdue {
            self.operation.overdue = true;
            self.tell().await;
        }
    }

    /// Keeps what the new container wrote before it failed. It may hold secrets, so nobody is told more than that it is there.
    pub(super) async fn logged(&mut self, words: &str) {
        match self.book.store.keep_log(self.operation.id, words).await {
            Ok(()) => self.operation.log = true,
            Err(error) => warn!(%error, operation = self.operation.id, "The last words of a container could not be kept"),
        }
    }

    /// A file of Compose pins the tag that it was moved away from.
    pub(super) async fn composed(&mut self, line: ComposeLine) {
        if let Err(error) = self.book.store.keep_compose(self.operation.id, &line).await {
            warn!(%error, operation = self.operation.id, "The line of a Compose file could not be kept");
        }
        self.operation.compose = Some(line);
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

    /// The workload was looked at: this digest runs, and these are recreated with it.
    pub(super) async fn surveyed(&mut self, from: Option<String>, along: Vec<String>) -> Result<(), StoreError> {
        self.operation.from = from;
        self.operation.along = along;
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
    pub(super) async fn begin_step(&mut self, step: Step, undo: bool) -> Result<i64, StoreError> {
        let n = self.book.store.begin_step(self.operation.id, step.phase, step.member, undo, now_ms()).await?;
        self.phase(if undo { Phase::Undoing } else { step.phase }).await;
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
        self.operation.kept_until = self.settle_image(&outcome, ended).await;
        self.operation.outcome = Some(outcome);
        self.operation.ended = Some(ended);
        // which layers came is of no more interest
        self.operation.pull = None;
        self.operation.overdue = false;
        if let Some(claim) = &self.claim {
            claim.release();
        }
        self.tell().await;
        self.operation.clone()
    }

    /// What it replaced is kept from now on, in place of what earlier updates of the same workload replaced; or not at all, where it replaced
    /// nothing. Answers until when, in Unix seconds.
    async fn settle_image(&self, outcome: &Outcome, now: i64) -> Option<i64> {
        let id = self.operation.id;
        let (until, others) = match outcome {
            Outcome::Updated | Outcome::LeftOver { .. } => {
                (now.saturating_add(i64::try_from(self.book.keep.as_secs()).unwrap_or(i64::MAX)), Some(now))
            }
            // the old container needs it still
            Outcome::Stuck { .. } => return None,
            Outcome::Unchanged | Outcome::Refused { .. } | Outcome::Failed { .. } | Outcome::RolledBack { .. } => (now, None),
        };
        match self.book.store.keep_image_until(id, until, others).await {
            Ok(kept) => (kept && until > now).then_some(until),
            Err(error) => {
                warn!(%error, operation = id, "How long an image is kept could not be written down");
                None
            }
        }
    }

    async fn tell(&self) {
        self.book.live.learn(Input::Operation(self.operation.clone())).await;
    }
}

fn now_ms() -> i64 {
    Timestamp::now().as_millisecond()
}
