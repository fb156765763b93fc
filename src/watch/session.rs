//! One connection to a host: from its greeting to the first failure.

use std::{convert::Infallible, future::pending, pin::pin};

use futures_util::StreamExt;
use tokio::time::{Instant, sleep, sleep_until};
use tracing::{info, warn};

use super::{Watch, gather::Gather, now};
use crate::host::HostError;

/// How a connection ended.
pub(super) enum End {
    /// the host failed
    OfHost(HostError),
    /// its stream of events ended; the host itself may be well
    OfEvents(HostError),
}

impl From<HostError> for End {
    fn from(error: HostError) -> Self {
        Self::OfHost(error)
    }
}

impl Watch {
    /// Greets, lists and follows.
    pub(super) async fn session(&mut self) -> Result<Infallible, End> {
        // what happens from this moment on is in the events, what happened before is in the list
        let since = self.host.greet().await?;
        self.look_what_it_allows().await;
        self.list().await?;
        info!(host = self.host.name(), "Following the events of {}", self.host.address());
        let mut events = pin!(self.host.events(since));
        let mut follows = true;
        let mut gather = Gather::default();
        let mut refresh = Instant::now() + self.pace.refresh;
        loop {
            tokio::select! {
                event = events.next(), if follows => match event {
                    Some(Ok(event)) => {
                        self.host.note(&event);
                        self.well = Some(now());
                        gather.add(Instant::now());
                    }
                    Some(Err(error @ HostError::Refused { .. })) => {
                        warn!(host = self.host.name(), "{error}; looking every {} s instead", self.pace.poll.as_secs());
                        follows = false;
                        refresh = Instant::now() + self.pace.poll;
                    }
                    Some(Err(error)) => return Err(End::OfEvents(error)),
                    None => {
                        let detail = "the event stream ended".to_owned();
                        return Err(End::OfEvents(HostError::Broken { address: self.host.address(), detail }));
                    }
                },
                () = at(gather.due()) => {
                    let began = Instant::now();
                    self.list().await?;
                    gather = Gather::after(began, Instant::now());
                }
                () = sleep_until(refresh) => {
                    // where no events come, a proxy that was started anew with other rules shows itself by nothing else
                    self.look_what_it_allows().await;
                    self.host.forget();
                    gather.add(Instant::now());
                    refresh = Instant::now() + if follows { self.pace.refresh } else { self.pace.poll };
                }
                () = sleep(self.pace.ping) => {
                    self.host.ping().await?;
                    self.well = Some(now());
                }
            }
        }
    }
}

/// Waits for a moment; for ever, where there is none.
async fn at(moment: Option<Instant>) {
    match moment {
        Some(moment) => sleep_until(moment).await,
        None => pending().await,
    }
}
