//! Keeps the inventory of each host current: one task a host, by its events, without polling.

mod gather;
mod pause;

use std::{convert::Infallible, pin::pin, sync::Arc, time::Duration};

use futures_util::StreamExt;
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::{
    host::{Host, HostError},
    live::{Input, Live},
    wire::HostState,
};
use gather::Gather;
use pause::Pause;

/// How often a silent host is asked whether it still answers: a connection can die without a word.
const PING_EVERY: Duration = Duration::from_secs(20);

/// Follows `host` until `stop` is cancelled, whatever happens to it in between.
pub async fn run(host: Host, include_stopped: bool, live: Live, stop: CancellationToken) {
    let watch = Watch { host, include_stopped, live, well: None };
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
    /// when it was last well, in Unix seconds
    well: Option<i64>,
}

impl Watch {
    /// Connects, follows, and connects again.
    async fn follow(mut self) -> Infallible {
        let mut pause = Pause::new(self.host.is_near());
        let mut last = None;
        loop {
            let Err(error) = self.session(&mut pause).await;
            self.host.forget();
            let state = error.state(&self.host.address(), self.well, now());
            self.live.learn(Input::Host { name: self.host.name().to_owned(), state }).await;
            // said once, not at every attempt
            if last.as_ref() != Some(&error) {
                warn!(host = self.host.name(), "{error}");
                last = Some(error.clone());
            }
            sleep(pause.next(&error)).await;
        }
    }

    /// From a greeting to the first failure.
    async fn session(&mut self, pause: &mut Pause) -> Result<Infallible, HostError> {
        // what happens from this moment on is in the events, what happened before is in the list
        let since = self.host.greet().await?;
        self.list().await?;
        pause.reset();
        info!(host = self.host.name(), "Following the events of {}", self.host.address());
        let mut events = pin!(self.host.events(since));
        let mut gather = Gather::default();
        loop {
            tokio::select! {
                event = events.next() => match event {
                    Some(event) => {
                        self.host.note(&event?);
                        self.well = Some(now());
                        gather.add(Instant::now());
                    }
                    None => return Err(HostError::Broken { address: self.host.address(), detail: "the event stream ended".into() }),
                },
                () = sleep_until(gather.due().unwrap_or_else(Instant::now)), if gather.due().is_some() => {
                    gather = Gather::default();
                    self.list().await?;
                }
                () = sleep(PING_EVERY) => {
                    self.host.ping().await?;
                    self.well = Some(now());
                }
            }
        }
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
