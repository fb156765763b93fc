//! Everything that runs, in one place: made at the start, stopped at the end.

mod checks;

use std::{collections::HashSet, ops::Deref, sync::Arc};

use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

pub use checks::Checks;

use crate::{
    access::{Access, HostRule},
    config::{Config, Schedule},
    host::Host,
    image::Finding,
    live::{Input, Known, Live},
    registry::Registries,
    store::{Good, Store, StoreError, StoredFinding},
    update::{self, Updates},
    watch,
    wire::{HostState, Operation},
};

/// The handles of everything that runs. Cheap to clone.
#[derive(Debug, Clone)]
pub struct App(Arc<Handles>);

/// What [`App`] holds.
#[derive(Debug)]
pub struct Handles {
    /// what is in force
    pub config: Config,
    /// the state of the fleet
    pub live: Live,
    /// to wish for a check
    pub checks: Checks,
    /// to wish for updates
    pub updates: Updates,
    /// what is kept
    pub store: Store,
    /// who may do what
    pub access: Access,
    /// under which names it answers
    pub hosts: HostRule,
    /// ends everything when cancelled
    pub stop: CancellationToken,
}

/// What an [`App`] is made of.
#[derive(Debug)]
pub struct Parts {
    /// what is in force
    pub config: Config,
    /// where containers run
    pub hosts: Vec<Host>,
    /// whom to ask
    pub registries: Registries,
    /// what is kept
    pub store: Store,
    /// who may do what
    pub access: Access,
    /// whether all of it is invented
    pub sample: bool,
}

impl App {
    /// Starts everything and returns at once: no registry and no host was asked yet.
    pub async fn start(parts: Parts, stop: CancellationToken) -> Result<Self, StoreError> {
        let Parts { config, hosts, registries, store, access, sample } = parts;
        let live = Live::start(boot(), sample);
        let remembered: Vec<_> = store.load_findings().await?.into_iter().map(known).collect();
        let asked: HashSet<_> = remembered.iter().map(|known| known.latest.reference.clone()).collect();
        live.learn(Input::Policies(config.policies.clone())).await;
        live.learn(Input::Remembered(remembered)).await;
        for host in hosts.clone() {
            live.learn(Input::Host { name: host.name().to_owned(), state: HostState::Connecting }).await;
            tokio::spawn(watch::run(host, config.watch.stopped, live.clone(), stop.clone()));
        }
        let due = checks::Due { schedule: schedule(&config, &store).await?, zone: config.timezone.zone() };
        let (compose, backups) = (config.compose.clone(), config.data_dir.join("compose-backups"));
        let (settings, journal) = (config.update.clone(), store.clone());
        let parts = update::Parts {
            hosts,
            registries: registries.clone(),
            store: journal,
            live: live.clone(),
            settings,
            compose,
            backups,
            stop: stop.clone(),
        };
        let updates = Updates::start(parts).await?;
        // the first page already shows all of this
        live.settled().await;
        let at_start = config.check.at_start;
        let parts = checks::Parts {
            registries,
            live: live.clone(),
            store: store.clone(),
            updates: updates.clone(),
            due,
            limit: config.check.limit,
            at_start,
            stop: stop.clone(),
        };
        let checks = Checks::start(parts, asked);
        tokio::spawn(check_what_was_updated(updates.ended(), checks.clone(), stop.clone()));
        let hosts = HostRule::new(&config.accepted_hosts, config.public_url.as_ref());
        Ok(Self(Arc::new(Handles { config, live, checks, updates, store, access, hosts, stop })))
    }
}

/// Checks each image whose update has ended: what was read of it before is of before.
async fn check_what_was_updated(mut ended: broadcast::Receiver<Operation>, checks: Checks, stop: CancellationToken) {
    loop {
        let operation = tokio::select! {
            () = stop.cancelled() => return,
            operation = ended.recv() => operation,
        };
        match operation {
            Ok(operation) => {
                if let Ok(reference) = operation.image.parse() {
                    checks.wish_one(reference).await;
                }
            }
            // the schedule sees to those that were missed
            Err(broadcast::error::RecvError::Lagged(_)) => {}
            Err(broadcast::error::RecvError::Closed) => return,
        }
    }
}

/// A finding of an earlier process, as the live state takes it.
fn known(StoredFinding { finding, last_good: good }: StoredFinding) -> Known {
    let failed = finding.answer.is_err();
    let reference = finding.reference.clone();
    let last_good =
        good.filter(|_| failed).map(|Good { answer, at }| Finding { reference, answer: Ok(answer), at, took_ms: 0, steps: Vec::new() });
    Known { latest: finding, last_good }
}

/// A name for this process that no other one has had.
fn boot() -> String {
    let mut bytes = [0; 6];
    if getrandom::fill(&mut bytes).is_err() {
        // the time is no secret, and needs not be one
        bytes.copy_from_slice(&jiff::Timestamp::now().as_microsecond().to_be_bytes()[2..]);
    }
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

impl Deref for App {
    type Target = Handles;

    fn deref(&self) -> &Handles {
        &self.0
    }
}

/// The schedule of checks, its minute drawn where it is to be: once for an installation, and kept.
async fn schedule(config: &Config, store: &Store) -> Result<Schedule, StoreError> {
    const MINUTE: &str = "check_minute";
    let schedule = config.check.schedule.clone();
    if !schedule.is_to_be_drawn() {
        return Ok(schedule);
    }
    if let Some(minute) = store.setting(MINUTE).await? {
        return Ok(schedule.drawn(minute));
    }
    // without chance it is a minute like any other
    let minute = u8::try_from(getrandom::u32().unwrap_or_default() % 60).unwrap_or_default();
    store.save_setting(MINUTE, &minute).await?;
    Ok(schedule.drawn(minute))
}
