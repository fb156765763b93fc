//! Who works on what: wishes are accepted, wait for their turn, and end as one outcome or another, whatever happens in between.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc, time::Duration};

use jiff::Timestamp;
use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore, broadcast};
use tokio::time::sleep;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::{debug, error};

use super::{
    Parts, Wished,
    batch::Pulled,
    busy::{Busy, Held},
    claim::{Claim, Claims},
    composed::Composed,
    pace::{Ending, Pace},
    prepare::{Preparation, Unprepared},
    record::{Book, Record},
    run::{Work, journal},
    wish::{self, Wish},
};
use crate::{
    config,
    fleet::ImageName,
    host::{Host, Plan},
    live::Live,
    registry::Registries,
    store::{Journaled, Store, StoreError},
    wire::{Asker, Operation, Outcome, Refusal, Target, UpdateTrouble},
};

/// Operations that are under way at once. Each restarts something that somebody may be using: there is no hurry.
const AT_ONCE: usize = 2;

/// How often it is looked for images that are kept no more.
const TIDIES: Duration = Duration::from_hours(1);

/// Ends that may wait for whoever follows them.
const ENDS: usize = 256;

/// What all operations have in common.
#[derive(Debug)]
pub(super) struct Keeper {
    pub(super) hosts: BTreeMap<String, Host>,
    registries: Registries,
    pub(super) store: Store,
    pub(super) live: Live,
    pub(super) settings: config::Update,
    compose: config::Compose,
    backups: PathBuf,
    pace: Pace,
    pub(super) stop: CancellationToken,
    pub(super) book: Book,
    pub(super) claims: Claims,
    busy: Busy,
    pub(super) letting_go: Mutex<()>,
    turns: Arc<Semaphore>,
    /// operations as they end
    pub(super) ended: broadcast::Sender<Operation>,
    pub(super) tasks: TaskTracker,
}

impl Keeper {
    pub(super) fn new(parts: Parts, pace: Pace) -> Self {
        let Parts { hosts, registries, store, live, settings, compose, backups, stop } = parts;
        Self {
            hosts: hosts.into_iter().map(|host| (host.name().to_owned(), host)).collect(),
            registries,
            book: Book::new(store.clone(), live.clone(), settings.keep),
            store,
            live,
            settings,
            compose,
            backups,
            pace,
            stop,
            claims: Claims::default(),
            busy: Busy::default(),
            letting_go: Mutex::default(),
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            ended: broadcast::Sender::new(ENDS),
            tasks: TaskTracker::new(),
        }
    }

    /// Accepts wishes or says why not. Those that are accepted are worked on one after another.
    pub(super) async fn accept(self: &Arc<Self>, wanted: Vec<Wish>, asker: Asker) -> Vec<Wished> {
        let keeper = Arc::clone(self);
        // in a task of its own: whoever wished may be gone before this ends, and no wish is to be accepted by half
        let accepting = self.tasks.spawn(async move {
            let mut accepted = Vec::new();
            let mut wished = Vec::new();
            let pulled = Arc::default();
            for wish in wanted {
                let result = keeper.begin(&wish, &asker, &pulled).await.map(|record| {
                    let operation = record.operation().clone();
                    accepted.push(record);
                    operation
                });
                wished.push(Wished { host: wish.host, name: wish.name, result });
            }
            if !accepted.is_empty() {
                keeper.work_on_all(accepted);
            }
            wished
        });
        accepting.await.unwrap_or_default()
    }

    /// Accepts one wish: takes the right to work on the workload, and writes the operation down.
    async fn begin(&self, wish: &Wish, asker: &Asker, pulled: &Arc<Pulled>) -> Result<Record, Refusal> {
        if self.stop.is_cancelled() {
            return Err(Refusal::Stopping);
        }
        let image = wish::group(&self.live.state().snapshot, &wish.host, &wish.name)?;
        wish::target(&image, &wish.target)?;
        let journal = |error: StoreError| Refusal::Journal { detail: error.to_string() };
        if wish.target == Target::Previous {
            let kept = self.store.previous_image(&wish.host, &wish.name, Timestamp::now().as_second()).await.map_err(journal)?;
            kept.ok_or(Refusal::NoPrevious)?;
        }
        let claim = self.claims.take(&wish.host, &wish.name).ok_or(Refusal::Updating)?;
        let record = self.book.begin(wish, image, asker, claim).await.map_err(journal)?;
        Ok(record.sharing(pulled))
    }

    /// Works on an operation when its turn comes, and answers how it ended; none where that is left to the journal.
    pub(super) async fn work(self: &Arc<Self>, record: Record) -> Option<Operation> {
        let turn = tokio::select! {
            biased;
            () = self.stop.cancelled() => Err(UpdateTrouble::Interrupted),
            () = record.chosen().cancelled() => Err(UpdateTrouble::Cancelled),
            turn = Arc::clone(&self.turns).acquire_owned() => turn.map_err(|_| UpdateTrouble::Interrupted),
        };
        let turn = match turn {
            Ok(turn) => turn,
            Err(trouble) => return Some(self.end_early(record, trouble).await),
        };
        let (id, claim) = (record.operation().id, record.claim().cloned());
        self.guard(id, claim, Box::pin(Arc::clone(self).operate(record, turn))).await
    }

    /// Ends an operation before its turn has come.
    pub(super) async fn end_early(&self, record: Record, trouble: UpdateTrouble) -> Operation {
        let operation = record.end(Outcome::Failed { trouble }).await;
        // nobody needs to follow
        let _ = self.ended.send(operation.clone());
        operation
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
            Ok((plan, held)) => {
                let composed = self.composed(&host, record.operation());
                Work { composed, ..self.on(host, record, plan, held, Some(turn)) }.forward(0).await
            }
            Err(Unprepared::Ends(outcome)) => Ok(record.end(outcome).await),
            Err(Unprepared::Ending) => Ok(record.end(Outcome::Failed { trouble: UpdateTrouble::Interrupted }).await),
        }
    }

    /// What an operation on this host is prepared with.
    pub(super) fn preparation<'a>(&'a self, host: &'a Host) -> Preparation<'a> {
        Preparation { host, registries: &self.registries, store: &self.store, busy: &self.busy, stop: &self.stop }
    }

    /// An operation with its plan.
    fn on(&self, host: Host, record: Record, plan: Plan, held: Held, turn: Option<OwnedSemaphorePermit>) -> Work {
        Work { host, record, plan, grace: self.settings.grace, pace: self.pace, _held: held, composed: None, stop: self.stop.clone(), turn }
    }

    /// What another tag means for Compose. Its labels name paths of the Engine's machine, so that is asked of this one alone.
    fn composed(&self, host: &Host, operation: &Operation) -> Option<Composed> {
        let Target::Tag { tag } = &operation.target else { return None };
        let state = self.live.state();
        let workload = state.workloads(host.name()).iter().find(|workload| workload.name == operation.name).filter(|_| host.is_near())?;
        let ImageName::Reference(reference) = &workload.image else { return None };
        Some(Composed {
            labels: workload.labels.clone(),
            reference: reference.clone(),
            tag: tag.clone(),
            settings: self.compose.clone(),
            backups: self.backups.clone(),
        })
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
            let (unchanged, planned): (Vec<_>, Vec<_>) = left.into_iter().partition(|open| open.plan.is_none());
            // free before anybody can see that nothing is under way
            let claim = (!planned.is_empty()).then_some(claim);
            for open in unchanged {
                let record = self.book.resume(open.operation, None).await;
                record.end(Outcome::Failed { trouble: UpdateTrouble::Interrupted }).await;
            }
            // told before the first page is shown
            for open in &planned {
                self.book.resume(open.operation.clone(), None).await;
            }
            let Some(claim) = claim else { continue };
            let keeper = Arc::clone(self);
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
            return Ok(record.end(Outcome::Stuck { trouble, container: plan.aside() }).await);
        };
        let Operation { host: place, name, along, .. } = record.operation();
        let names: Vec<String> = [name.clone()].into_iter().chain(along.iter().cloned()).collect();
        let held = self.busy.take(place, &names, &self.stop).await?;
        // large, and seldom needed
        Box::pin(self.on(host, record, plan, held, None).take_up(&steps)).await
    }

    /// Works on an operation in a task of its own. Where that panics, the journal tells what it left, and that is taken up as if Plimsoll had
    /// been killed; where that panics too, the next start has another try.
    pub(super) async fn guard(
        self: &Arc<Self>,
        id: i64,
        claim: Option<Claim>,
        work: impl Future<Output = Result<Operation, Ending>> + Send + 'static,
    ) -> Option<Operation> {
        let mut ended = tokio::spawn(work).await;
        if let Err(panic) = &ended {
            error!(operation = id, "An update came to grief, and is taken up again: {panic}");
            ended = tokio::spawn(Arc::clone(self).take_up_again(id, claim.clone())).await;
        }
        match ended {
            Ok(Ok(operation)) => {
                self.let_go().await;
                // nobody needs to follow
                let _ = self.ended.send(operation.clone());
                Some(operation)
            }
            Ok(Err(Ending)) => {
                debug!(operation = id, "Left to the journal");
                None
            }
            Err(panic) => {
                error!(operation = id, "An update came to grief: {panic}");
                self.give_up(id, claim).await;
                None
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

    /// Lets go of images when their time has come, also where no update reminds of it.
    pub(super) fn tidy_up(self: Arc<Self>) {
        tokio::spawn(async move {
            loop {
                self.let_go().await;
                tokio::select! {
                    biased;
                    () = self.stop.cancelled() => return,
                    () = sleep(TIDIES) => {}
                }
            }
        });
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
