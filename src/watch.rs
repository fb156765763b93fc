//! Keeps the inventory of each host current: one task a host, by its events, without polling.

mod gather;
mod pause;
mod session;
#[cfg(test)]
mod tests;

use std::{convert::Infallible, sync::Arc, time::Duration};

use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

use crate::{
    host::{Host, HostError},
    live::{Input, Live},
    wire::{Allows, HostState},
};
use pause::Pause;
use session::End;

/// A connection that held so long was a good one: after it the pauses begin anew.
const GOOD: Duration = Duration::from_secs(20);

/// How long the first list waits for what the host allows.
const ASKING: Duration = Duration::from_secs(5);

/// What is done unasked, and how often.
#[derive(Debug, Clone, Copy)]
struct Pace {
    /// A silent host is asked whether it still answers: a connection can die without a word.
    ping: Duration,
    /// Everything is asked for anew although no event said so: an Engine keeps only its last 256 events, and drops what a reader is
    /// too slow for without telling.
    refresh: Duration,
    /// The same where a proxy in between lets no events through.
    poll: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self { ping: Duration::from_secs(20), refresh: Duration::from_mins(15), poll: Duration::from_secs(30) }
    }
}

/// Follows `host` until `stop` is cancelled, whatever happens to it in between.
pub async fn run(host: Host, include_stopped: bool, live: Live, stop: CancellationToken) {
    run_at(host, include_stopped, live, stop, Pace::default()).await;
}

async fn run_at(host: Host, include_stopped: bool, live: Live, stop: CancellationToken, pace: Pace) {
    let watch = Watch { host, include_stopped, live, pace, well: None, allows: Allows::Updates };
    tokio::select! {
        () = stop.cancelled() => {}
        never = watch.follow() => match never {},
    }
}

/// One host under watch.
struct Watch {
    host: Host,
    include_stopped: bool,
    live: Live,
    pace: Pace,
    /// when it was last well, in Unix seconds
    well: Option<i64>,
    /// what it let Plimsoll do when it was last greeted
    allows: Allows,
}

impl Watch {
    /// Connects, follows, and connects again.
    async fn follow(mut self) -> Infallible {
        let mut pause = Pause::new(self.host.is_near());
        let mut last = None;
        loop {
            let began = Instant::now();
            let Err(end) = self.session().await;
            self.host.forget();
            if began.elapsed() >= GOOD {
                pause.reset();
                last = None;
            }
            let error = match end {
                // an Engine may end a stream at any time: a word is due only if it does not come back at once
                End::OfEvents(error) => {
                    debug!(host = self.host.name(), "{error}");
                    error
                }
                End::OfHost(error) => {
                    let state = error.state(&self.host.address(), self.well);
                    self.live.learn(Input::Host { name: self.host.name().to_owned(), state }).await;
                    // said once, not at every attempt
                    if last.as_ref() != Some(&error) {
                        warn!(host = self.host.name(), "{error}");
                        last = Some(error.clone());
                    }
                    error
                }
            };
            sleep(pause.next(&error)).await;
        }
    }

    /// Asks what may be done there, and hands it on. Said once in the log, not at every greeting. Who does not answer that in time is believed
    /// to be as before; what else is wrong with the host, its list tells.
    async fn look_what_it_allows(&mut self) {
        let name = self.host.name().to_owned();
        let allows = match timeout(ASKING, self.host.allows()).await {
            Ok(Ok(allows)) => allows,
            Ok(Err(error)) => return debug!(host = name, "{error}"),
            Err(_) => return debug!(host = name, "Whether changes are let through was not answered within {} s", ASKING.as_secs()),
        };
        match allows {
            Allows::Updates if self.allows != allows => info!(host = name, "Updates are let through now"),
            _ if self.allows == allows => {}
            Allows::Updates | Allows::Looking | Allows::Part => warn!(
                host = name,
                "Only watched: changes are not let through at {}. A socket proxy would allow updates with POST=1",
                self.host.address()
            ),
            Allows::NoPull => {
                warn!(
                    host = name,
                    "Only watched: pulls are not let through at {}. A socket proxy would with IMAGES=1",
                    self.host.address()
                );
            }
            Allows::NoNetworks => warn!(
                host = name,
                "Only watched: changes of networks are not let through at {}. A socket proxy would with NETWORKS=1",
                self.host.address()
            ),
        }
        self.allows = allows;
        self.live.learn(Input::Allows { host: name, allows }).await;
    }

    /// Lists everything and hands it on.
    async fn list(&mut self) -> Result<(), HostError> {
        let inventory = self.host.inventory(self.include_stopped).await?;
        self.well = Some(now());
        let name = self.host.name().to_owned();
        self.live.learn(Input::Inventory { host: name.clone(), inventory: Arc::new(inventory) }).await;
        self.live.learn(Input::Host { name, state: HostState::Connected }).await;
        Ok(())
    }
}

fn now() -> i64 {
    jiff::Timestamp::now().as_second()
}
