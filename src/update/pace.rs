//! How long is waited, and how often something is tried.

use std::time::Duration;

use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::host::Host;

/// What a call to a host may still take when Plimsoll is ending, so that most steps end as they should.
const LAST: Duration = Duration::from_millis(500);

/// How long is waited between tries.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    /// after the first try
    pub(super) first: Duration,
    /// after many: pauses double up to it
    pub(super) longest: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self { first: Duration::from_millis(250), longest: Duration::from_secs(5) }
    }
}

/// Plimsoll is ending: whatever is under way is left to the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ending;

/// Growing pauses.
#[derive(Debug)]
pub(super) struct Pause {
    next: Duration,
    longest: Duration,
}

impl Pause {
    /// From the shortest on.
    pub(super) fn new(pace: Pace) -> Self {
        Self { next: pace.first, longest: pace.longest }
    }

    /// Waits, longer each time.
    pub(super) async fn wait(&mut self, stop: &CancellationToken) -> Result<(), Ending> {
        let pause = self.next;
        self.next = (pause * 2).min(self.longest);
        tokio::select! {
            biased;
            () = stop.cancelled() => Err(Ending),
            () = sleep(pause) => Ok(()),
        }
    }

    /// Waits until the host answers again, however long that is.
    pub(super) async fn until_back(&mut self, host: &Host, stop: &CancellationToken) -> Result<(), Ending> {
        loop {
            self.wait(stop).await?;
            if let Ok(answer) = unless_ending(stop, host.ping()).await? {
                return Ok(answer);
            }
        }
    }
}

/// Lets a call end; while Plimsoll is ending, only for a moment more.
pub(super) async fn unless_ending<T>(stop: &CancellationToken, call: impl Future<Output = T>) -> Result<T, Ending> {
    let ending = async {
        stop.cancelled().await;
        sleep(LAST).await;
    };
    tokio::select! {
        biased;
        value = call => Ok(value),
        () = ending => Err(Ending),
    }
}
