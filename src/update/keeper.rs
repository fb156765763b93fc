//! Who works on what: wishes are accepted, wait for their turn, and end as one outcome or another, whatever happens in between.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, broadcast};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::{debug, error};

use super::{
    Parts, Wished,
    claim::{Claim, Claims},
    pace::{Ending, Pace},
    prepare::{Preparation, Unprepared},
    record::{Book, Record},
    run::{Work, journal},
    wish,
};
use crate::{
    host::{Host, Plan},
    live::Live,
    registry::Registries,
    store::{Journaled, Store, StoreError},
    wire::{Asker, Operation, Outcome, Refusal, UpdateTrouble},
};

/// Operations that are under way at once. Each restarts something that somebody may be using: there is no hurry.
const AT_ONCE: usize = 2;

/// Ends that may wait for whoever follows them.
const ENDS: usize = 256;

/// What all operations have in common.
#[derive(Debug)]
pub(super) struct Keeper {
    pub(super) hosts: BTreeMap<String, Host>,
    registries: Registries,
    pub(super) store: Store,
    pub(super) live: Live,
    grace: Duration,
    pace: Pace,
    stop: CancellationToken,
    pub(super) book: Book,
    pub(super) claims: Claims,
    turns: Arc<Semaphore>,
    /// operations as they end
    pub(super) ended: broadcast::Sender<Operation>,
    tasks: TaskTracker,
}

impl Keeper {
    pub(super) fn new(parts: Parts, pace: Pace) -> Self {
        let Parts { hosts, registries, store, live, grace, stop } = parts;
        Self {
            hosts: hosts.into_iter().map(|host| (host.name().to_owned(), host)).collect(),
            registries,
            book: Book::new(store.clone(), live.clone()),
            store,
            live,
            grace,
            pace,
            stop,
            claims: Claims::default(),
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            ended: broadcast::Sender::new(ENDS),
            tasks: TaskTracker::new(),
        }
    }

    /// Accepts wishes or says why not. Those that are accepted are worked on one after another.
    pub(super) async fn accept(self: &Arc<Self>, workloads: Vec<(String, String)>, asker: Asker) -> Vec<Wished> {
        let keeper = Arc::clone(self);
        // in a task of its own: whoever wished may be gone before this ends, and no wish is to be accepted by half
        let accepting = self.tasks.spawn(async move {
            let mut accepted = Vec::new();
            let mut wished = Vec::new();
            for (host, name) in workloads {
                let result = keeper.begin(&host, &name, &asker).await.map(|record| {
                    let operation = record.operation().clone();
                    accepted.push(record);
                    operation
                });
                wished.push(Wished { host, name, result });
            }
            if !accepted.is_empty() {
                keeper.tasks.spawn(Arc::clone(&keeper).in_order(accepted));
            }
            wished
        });
        accepting.await.unwrap_or_default()
    }

    /// Accepts one wish: takes the right to work on the workload, and writes the operation down.
    async fn begin(&self, host: &str, name: &str, asker: &Asker) -> Result<Record, Refusal> {
        if self.stop.is_cancelled() {
            return Err(Refusal::Stopping);
        }
        let image = wish::group(&self.live.state().snapshot, host, name)?;
        let claim = self.claims.take(host, name).ok_or(Refusal::Updating)?;
        let begun = self.book.begin(host, name, image, asker, claim).await;
        begun.map_err(|error| Refusal::Journal { detail: error.to_string() })
    }

    async fn in_order(self: Arc<Self>, accepted: Vec<Record>) {
        for record in accepted {
            self.work(record).await;
        }
    }

    /// Works on an operation when its turn comes.
    async fn work(self: &Arc<Self>, record: Record) {
        let turn = tokio::select! {
            biased;
            () = self.stop.cancelled() => None,
            // the semaphore is never closed
            turn = Arc::clone(&self.turns).acquire_owned() => turn.ok(),
        };
        let Some(turn) = turn else {
            record.end(Outcome::Failed { trouble: UpdateTrouble::Interrupted }).await;
            return;
        };
        let (id, claim) = (record.operation().id, record.claim().cloned());
        self.guard(id, claim, Box::pin(Arc::clone(self).operate(record, turn))).await;
    }

    /// The whole of an operation.
    async fn operate(self: Arc<Self>, mut record: Record, turn: OwnedSemaphorePermit) -> Result<Operation, Ending> {
        let Some(host) = self.hosts.get(&record.operation().host).cloned() else {
            return Ok(record.end(Outcome::Refused { refusal: Refusal::NotFound }).await);
        };
        if let Err(trouble) = self.tidy(record.operation()).await? {
            return Ok(record.end(Outcome::Failed { trouble }).await);
        }
        match self.preparation(&host).plan(&mut record).await {
            Ok(plan) => Work { host, record, plan, pace: self.pace, stop: self.stop.clone(), turn: Some(turn) }.forward(0).await,
            Err(Unprepared::Ends(outcome)) => Ok(record.end(outcome).await),
            Err(Unprepared::Ending) => Ok(record.end(Outcome::Failed { trouble: UpdateTrouble::Interrupted }).await),
        }
    }

    /// What an operation on this host is prepared with.
    pub(super) fn preparation<'a>(&'a self, host: &'a Host) -> Preparation<'a> {
        Preparation { host, registries: &self.registries, grace: self.grace, stop: &self.stop }
    }

    /// Takes up what earlier updates of the same workload left, before another one makes more of it. Fails where an old container still
    /// waits to be put back.
    async fn tidy(&self, operation: &Operation) -> Result<Result<(), UpdateTrouble>, Ending> {
        let open = match self.store.open_operations().await {
            Ok(open) => open,
            Err(error) => return Ok(Err(journal(&error))),
        };
        let is_left = |left: &&Journaled| left.operation.id != operation.id && is_same_workload(&left.operation, operation);
        for left in open.iter().filter(is_left) {
            let ended = self.take_up_one(left.clone(), None).await?;
            if let Some(Outcome::Stuck { trouble, .. }) = ended.outcome.filter(Outcome::is_open) {
                return Ok(Err(trouble));
            }
        }
        Ok(Ok(()))
    }

    /// Takes up what an earlier process left: what has no plan has changed nothing and ends at once, everything else in the background, when
    /// its host answers.
    pub(super) async fn take_up(self: &Arc<Self>) -> Result<(), StoreError> {
        let mut left = BTreeMap::<_, Vec<Journaled>>::new();
        for open in self.store.open_operations().await? {
            let workload = (open.operation.host.clone(), open.operation.name.clone());
            left.entry(workload).or_default().push(open);
        }
        for ((host, name), left) in left {
            // each workload comes once, and nobody else is here yet
            let Some(claim) = self.claims.take(&host, &name) else { continue };
            let keeper = Arc::clone(self);
            let (unchanged, planned): (Vec<_>, Vec<_>) = left.into_iter().partition(|open| open.plan.is_none());
            for open in unchanged {
                let record = self.book.resume(open.operation, None).await;
                record.end(Outcome::Failed { trouble: UpdateTrouble::Interrupted }).await;
            }
            // told before the first page is shown
            for open in &planned {
                self.book.resume(open.operation.clone(), None).await;
            }
            self.tasks.spawn(async move {
                let last = planned.len().saturating_sub(1);
                for (at, open) in planned.into_iter().enumerate() {
                    // the workload is free when the last one is seen to have ended
                    let claim = (at == last).then(|| claim.clone());
                    let work = Box::pin(Arc::clone(&keeper).take_up_owned(open.clone(), claim.clone()));
                    keeper.guard(open.operation.id, claim, work).await;
                }
            });
        }
        Ok(())
    }

    async fn take_up_owned(self: Arc<Self>, open: Journaled, claim: Option<Claim>) -> Result<Operation, Ending> {
        self.take_up_one(open, claim).await
    }

    /// Finishes or undoes one operation that was left.
    async fn take_up_one(&self, open: Journaled, claim: Option<Claim>) -> Result<Operation, Ending> {
        let Journaled { operation, plan, steps } = open;
        let host = self.hosts.get(&operation.host).cloned();
        let container = operation.name.clone();
        let record = self.book.resume(operation, claim).await;
        let Some(plan) = plan else {
            return Ok(record.end(Outcome::Failed { trouble: UpdateTrouble::Interrupted }).await);
        };
        let Ok(plan) = serde_json::from_str::<Plan>(&plan) else {
            // a newer Plimsoll may have written it, and may come back
            let trouble = UpdateTrouble::Journal { detail: "the plan cannot be read".to_owned() };
            return Ok(record.end(Outcome::Stuck { trouble, container }).await);
        };
        let Some(host) = host else {
            let trouble = UpdateTrouble::HostAway { detail: "no host of this name is configured".to_owned() };
            return Ok(record.end(Outcome::Stuck { trouble, container: plan.aside }).await);
        };
        Work { host, record, plan, pace: self.pace, stop: self.stop.clone(), turn: None }.take_up(&steps).await
    }

    /// Works on an operation in a task of its own. Where that panics, the journal tells what it left, and that is taken up as if Plimsoll had
    /// been killed; where that panics too, the next start has another try.
    pub(super) async fn guard(
        self: &Arc<Self>,
        id: i64,
        claim: Option<Claim>,
        work: impl Future<Output = Result<Operation, Ending>> + Send + 'static,
    ) {
        let mut ended = tokio::spawn(work).await;
        if let Err(panic) = &ended {
            error!(operation = id, "An update came to grief, and is taken up again: {panic}");
            ended = tokio::spawn(Arc::clone(self).take_up_again(id, claim.clone())).await;
        }
        match ended {
            Ok(Ok(operation)) => {
                // nobody needs to follow
                let _ = self.ended.send(operation);
            }
            Ok(Err(Ending)) => debug!(operation = id, "Left to the journal"),
            Err(panic) => {
                error!(operation = id, "An update came to grief: {panic}");
                self.give_up(id, claim).await;
            }
        }
    }

    async fn take_up_again(self: Arc<Self>, id: i64, claim: Option<Claim>) -> Result<Operation, Ending> {
        let open = self.store.open_operations().await.unwrap_or_default();
        match open.into_iter().find(|open| open.operation.id == id) {
            Some(open) => self.take_up_one(open, claim).await,
            None => panic!("its journal cannot be read"),
        }
    }

    /// Ends an operation as what it is: stuck, until the next start.
    async fn give_up(&self, id: i64, claim: Option<Claim>) {
        // as told: the journal may be what failed
        let told = self.live.state().snapshot.operations.iter().find(|operation| operation.id == id).cloned();
        if let Some(operation) = told {
            let container = operation.name.clone();
            let record = self.book.resume(operation, claim).await;
            record.end(Outcome::Stuck { trouble: UpdateTrouble::Interrupted, container }).await;
        }
    }

    /// Returns when nothing runs any more.
    pub(super) async fn at_rest(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }
}

fn is_same_workload(one: &Operation, other: &Operation) -> bool {
    (&one.host, &one.name) == (&other.host, &other.name)
}
