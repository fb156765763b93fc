//! The keeper of checks: one at a time, at the start, on schedule, on demand and for images that appear. It stores what is found and
//! hands it to the live state.

mod queue;

use std::{
    collections::{BTreeSet, HashSet},
    pin::pin,
    time::Duration,
};

use futures_util::StreamExt;
use jiff::{Timestamp, tz::TimeZone};
use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, sleep, sleep_until},
};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use queue::{Queue, Wish};

use crate::{
    check,
    config::Schedule,
    image::{Finding, Question, Reference},
    live::{Input, Live},
    registry::Registries,
    store::{PastCheck, Store},
    update::Updates,
    wire::{HostState, Quota, Tally},
};

/// Wishes that may wait. They are joined, so there is never reason for many.
const WISHES: usize = 64;

/// Longest sleep towards the next due time: the clock may be set, or the machine may have slept, in between.
const NAP: Duration = Duration::from_secs(30);

/// Images that appear together, as when a stack starts, are asked about together.
const GATHER: Duration = Duration::from_millis(300);

/// How long the first check waits for hosts that have not answered yet.
const FIRST_LISTS: Duration = Duration::from_secs(5);

/// Findings that are stored in one go.
const BATCH: usize = 200;

/// How long a finding waits for company before it is stored.
const SAVE: Duration = Duration::from_secs(1);

/// The handle: to wish for a check.
#[derive(Debug, Clone)]
pub struct Checks {
    wishes: mpsc::Sender<Wish>,
}

/// What the keeper works with.
#[derive(Debug)]
pub(super) struct Parts {
    pub(super) registries: Registries,
    pub(super) live: Live,
    pub(super) store: Store,
    pub(super) updates: Updates,
    pub(super) due: Due,
    /// how long one check may take
    pub(super) limit: Duration,
    pub(super) at_start: bool,
    pub(super) stop: CancellationToken,
}

/// When checks are due.
#[derive(Debug)]
pub(super) struct Due {
    pub(super) schedule: Schedule,
    /// the zone that the schedule means
    pub(super) zone: TimeZone,
}

impl Due {
    fn next(&self) -> Option<Timestamp> {
        let now = Timestamp::now().to_zoned(self.zone.clone());
        self.schedule.next(&now).map(|next| next.timestamp())
    }
}

impl Checks {
    /// Starts the keeper. `known` are the references of which earlier processes learnt something.
    pub(super) fn start(parts: Parts, known: HashSet<Reference>) -> Self {
        let (wishes, received) = mpsc::channel(WISHES);
        tokio::spawn(Keeper { parts, known, wishes: received, queue: Queue::default() }.run());
        Self { wishes }
    }

    /// Wishes for a check of everything; joins the one that runs. What is returned resolves when that check has ended and can be seen.
    pub async fn wish(&self) -> oneshot::Receiver<()> {
        self.send(None).await
    }

    /// Wishes for a check of one image. While a check runs it waits for that one to end; what is wished for meanwhile is checked together.
    pub async fn wish_one(&self, reference: Reference) -> oneshot::Receiver<()> {
        self.send(Some(reference)).await
    }

    async fn send(&self, only: Option<Reference>) -> oneshot::Receiver<()> {
        let (done, ended) = oneshot::channel();
        // a keeper that has stopped drops the wish, and `ended` resolves at once
        let _ = self.wishes.send(Wish { only, done }).await;
        ended
    }
}

struct Keeper {
    parts: Parts,
    /// references that were asked about, now or by an earlier process
    known: HashSet<Reference>,
    wishes: mpsc::Receiver<Wish>,
    queue: Queue,
}

impl Keeper {
    async fn run(mut self) {
        let stop = self.parts.stop.clone();
        tokio::select! {
            () = stop.cancelled() => {}
            () = self.keep() => {}
        }
    }

    async fn keep(&mut self) {
        self.first_lists().await;
        if self.parts.at_start || self.queue.wants_all() {
            self.check_all().await;
        }
        let mut changes = self.parts.live.changes();
        loop {
            self.check_wished().await;
            let next = self.parts.due.next();
            self.parts.live.learn(Input::NextCheck(next.map(Timestamp::as_second))).await;
            let due = due(next);
            tokio::select! {
                wish = self.wishes.recv() => match wish {
                    Some(wish) => self.queue.push(wish),
                    None => return,
                },
                () = due => {
                    self.check_all().await;
                    self.parts.updates.after_scheduled_check().await;
                }
                // the live state outlives its keeper, so the only end of it is the end of all
                alive = changes.changed() => match alive {
                    Ok(()) => self.check_new().await,
                    Err(_) => return,
                },
            }
        }
    }

    /// Waits until every host has answered or failed.
    async fn first_lists(&mut self) {
        let mut changes = self.parts.live.changes();
        let listed = async {
            // this fails only when the live state is gone, and then everything is
            let _ = changes
                .wait_for(|state| {
                    let hosts = &state.snapshot.hosts;
                    !hosts.is_empty() && hosts.iter().all(|host| host.state != HostState::Connecting)
                })
                .await;
        };
        // a check that was wished for before there is anything to ask about waits for the lists too
        let mut enough = pin!(async {
            tokio::select! {
                () = listed => {}
                () = sleep(FIRST_LISTS) => {}
            }
        });
        loop {
            tokio::select! {
                () = &mut enough => return,
                Some(wish) = self.wishes.recv() => self.queue.push(wish),
            }
        }
    }

    /// Checks what is wished for, until nobody waits.
    async fn check_wished(&mut self) {
        loop {
            if self.queue.wants_all() {
                self.check_all().await;
                continue;
            }
            let (wished, waiting) = self.queue.take_singles();
            if waiting.is_empty() {
                return;
            }
            // what no registry can be asked about, or nobody runs any more, is left out
            let questions = self.parts.live.questions(Some(&wished.into_iter().collect()));
            if !questions.is_empty() {
                self.check(questions, false).await;
            }
            for done in waiting {
                let _ = done.send(());
            }
        }
    }

    async fn check_all(&mut self) {
        let questions = self.parts.live.questions(None);
        self.known = questions.iter().map(|question| question.reference.clone()).collect();
        self.check(questions, true).await;
        self.queue.all_done();
    }

    /// Asks about references that nobody asked about before.
    async fn check_new(&mut self) {
        let is_new =
            |known: &HashSet<Reference>, live: &Live| live.references().into_iter().filter(|r| !known.contains(r)).collect::<BTreeSet<_>>();
        if is_new(&self.known, &self.parts.live).is_empty() {
            return;
        }
        sleep(GATHER).await;
        let references = is_new(&self.known, &self.parts.live);
        if references.is_empty() {
            return;
        }
        self.check(self.parts.live.questions(Some(&references)), false).await;
    }

    /// Asks, and hands on and stores what is found. `whole` tells that all that can be asked about is.
    async fn check(&mut self, questions: Vec<Question>, whole: bool) {
        let Parts { registries, live, store, limit, .. } = &self.parts;
        let started = Timestamp::now();
        let total = questions.len();
        let references: Vec<_> = questions.iter().map(|question| question.reference.clone()).collect();
        self.known.extend(references.iter().cloned());
        live.learn(Input::CheckStarted { references, at: started.as_second() }).await;
        let mut findings = pin!(check::run(registries.clone(), questions, *limit));
        let mut save_at = Instant::now() + SAVE;
        let mut unsaved = Vec::new();
        let mut failed = 0;
        loop {
            tokio::select! {
                finding = findings.next() => match finding {
                    Some(finding) => {
                        failed += usize::from(finding.answer.is_err());
                        unsaved.push(finding.clone());
                        live.learn(Input::Found(finding)).await;
                        if unsaved.len() >= BATCH {
                            save(store, &mut unsaved).await;
                        }
                    }
                    None => break,
                },
                // a registry that hangs must not keep what others said from the disk
                () = sleep_until(save_at) => {
                    save(store, &mut unsaved).await;
                    save_at = Instant::now() + SAVE;
                }
                Some(wish) = self.wishes.recv() => self.queue.push(wish),
            }
        }
        save(store, &mut unsaved).await;
        let quotas = registries.quotas().into_iter();
        let quotas = quotas.map(|quota| Quota { registry: quota.registry, limit: quota.limit, remaining: quota.remaining });
        live.learn(Input::Quotas(quotas.collect())).await;
        if whole && let Some(last) = live.state().snapshot.check.last {
            next_second(last).await;
        }
        let ended = Timestamp::now();
        live.learn(Input::CheckEnded { at: ended.as_second(), whole }).await;
        live.settled().await;
        let past = PastCheck { started: started.as_second(), ended: ended.as_second(), tally: Tally::of(&live.state().snapshot.groups) };
        if whole && let Err(error) = store.save_check(&past).await {
            warn!(%error, "Cannot store the check's record");
        }
        info!(images = total, failed, duration_ms = (ended - started).total(jiff::Unit::Millisecond).unwrap_or_default(), "Checked");
    }
}

/// Stores findings. A failure is logged and costs the memory of them over a restart, nothing else.
async fn save(store: &Store, findings: &mut Vec<Finding>) {
    if findings.is_empty() {
        return;
    }
    if let Err(error) = store.save_findings(findings).await {
        warn!(%error, "Cannot store findings");
    }
    findings.clear();
}

/// Waits until the clock shows another second than `last`: documents tell whole seconds, and their readers know by a newer one that the
/// check they asked for was made.
async fn next_second(last: i64) {
    let now = Timestamp::now();
    if now.as_second() == last {
        let left = Duration::from_secs(1).saturating_sub(Duration::from_nanos(now.subsec_nanosecond().unsigned_abs().into()));
        sleep(left).await;
    }
}

/// Resolves when `next` has come; never where there is none.
async fn due(next: Option<Timestamp>) {
    let Some(next) = next else { return std::future::pending().await };
    loop {
        let left = Duration::try_from(next.duration_since(Timestamp::now())).unwrap_or_default();
        if left.is_zero() {
            return;
        }
        sleep(left.min(NAP)).await;
    }
}
