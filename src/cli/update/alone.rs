//! Updates without a server: this process holds the data directory, keeps the journal, and works on the hosts itself.

use std::{sync::Arc, time::Duration};

use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::NotBegun;
use crate::{
    cli::{Failure, serve, start},
    config::{Environment, Loaded},
    live::{Input, Live},
    server::api::{target, v1},
    store::Store,
    update::{Parts, Updates, Wish},
    wire::{Asker, HostState, Target},
};

/// How long updates of an earlier process may go on when those that were asked for have ended.
const OTHERS: Duration = Duration::from_mins(2);

/// How long a step may go on after a signal.
const ENDS: Duration = Duration::from_secs(1);

/// What this process works with.
pub(super) struct Alone {
    live: Live,
    updates: Updates,
    store: Store,
    /// cancelled by a signal
    stop: CancellationToken,
}

impl Alone {
    /// Lists the hosts, and takes up what an earlier process left.
    pub(super) async fn start(loaded: &Loaded, environment: &Environment, store: Store) -> Result<Self, Failure> {
        let hosts = start::hosts(&loaded.config, environment)?;
        let registries = start::registries(&loaded.config, Some(environment))?;
        let live = Live::start("update".into(), false);
        let mut reached = false;
        for host in &hosts {
            let name = || host.name().to_owned();
            match host.inventory(true).await {
                Ok(inventory) => {
                    reached = true;
                    if let Ok(allows) = host.allows().await {
                        live.learn(Input::Allows { host: name(), allows }).await;
                    }
                    live.learn(Input::Inventory { host: name(), inventory: Arc::new(inventory) }).await;
                    live.learn(Input::Host { name: name(), state: HostState::Connected }).await;
                }
                Err(error) => eprintln!("plimsoll: {}: {error}", host.name()),
            }
        }
        if !reached {
            return Err(Failure::Run("no host could be asked what runs".into()));
        }
        let stop = CancellationToken::new();
        let (compose, backups) = (loaded.config.compose.clone(), loaded.config.data_dir.join("compose-backups"));
        let (settings, journal) = (loaded.config.update.clone(), store.clone());
        let parts = Parts { hosts, registries, store: journal, live: live.clone(), settings, compose, backups, stop: stop.clone() };
        let updates = Updates::start(parts).await.map_err(|error| Failure::Run(error.to_string()))?;
        live.settled().await;
        tokio::spawn(serve::stop_on_signal(stop.clone()));
        Ok(Self { live, updates, store, stop })
    }

    /// Wishes for an update.
    pub(super) async fn wish(&self, host: Option<&str>, name: &str, target: &Target) -> Result<v1::Operation, NotBegun> {
        let state = self.live.state();
        let row = target::workload(&state.snapshot, host, name).map_err(|missing| match missing {
            target::Missing::Nowhere => NotBegun::Refused(missing.text(name)),
            target::Missing::Several(_) => NotBegun::Usage(missing.text(name)),
        })?;
        let wished =
            self.updates.wish_all(vec![Wish { target: target.clone(), ..Wish::same(&row.host, &row.name) }], Asker::CommandLine).await;
        self.live.settled().await;
        let v1::Accepted { operations, refused } = v1::accepted(&wished);
        let refused = || refused.into_iter().next().map(|refused| refused.text).unwrap_or_default();
        operations.into_iter().next().ok_or_else(|| NotBegun::Refused(format!("refused: {}", refused())))
    }

    /// How an operation stands.
    pub(super) async fn look(&self, id: i64) -> Result<v1::Operation, String> {
        let known = self.live.state().snapshot.operations.iter().find(|operation| operation.id == id).map(v1::operation);
        match known {
            Some(operation) if !operation.running => Ok(operation),
            _ if self.stop.is_cancelled() => {
                self.rest().await;
                Err("interrupted; what was begun is finished or undone at the next start of Plimsoll".to_owned())
            }
            Some(operation) => Ok(operation),
            None => Err("the update is not known any more".to_owned()),
        }
    }

    /// Waits a while for what was taken up, then lets go of everything.
    pub(super) async fn end(self) {
        let stopped = self.stop.clone();
        let others = async {
            tokio::select! {
                () = self.updates.at_rest() => {}
                () = stopped.cancelled() => {}
            }
        };
        // what takes longer goes on at the next start
        let _ = timeout(OTHERS, others).await;
        self.stop.cancel();
        self.rest().await;
    }

    /// Waits until no step is under way, and closes the journal.
    async fn rest(&self) {
        // a step that takes longer is left to the journal
        let _ = timeout(ENDS, self.updates.at_rest()).await;
        self.store.close().await;
    }
}
