//! The proof: new containers stay up, and become healthy where they have a health check.
//!
//! One that is still starting is given all the time that it wants, because it may be moving its data to a new form, and what is stopped in the middle of that
//! may be lost. Only a health check that fails, or an end, is a reason to go back; or somebody who says so.

use std::time::Duration;

use tokio::time::{Instant, sleep};
use tracing::warn;

use super::{
    pace::{Pause, unless_ending},
    prepare::away,
    run::{Halt, Work},
};
use crate::{
    host::{Standing, StepError},
    wire::UpdateTrouble,
};

/// How often is looked at first, when most of what fails does, and after that.
const PACES: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(1));

/// How long is looked often.
const EAGER: Duration = Duration::from_secs(5);

/// How often the host may go away meanwhile.
const AWAY: u32 = 5;

/// After this long what is still starting is taken for good: nothing waits for ever.
const LONGEST: Duration = Duration::from_hours(24);

impl Work {
    /// Waits until the new containers have proved themselves. What happened to them before is forgiven.
    pub(super) async fn prove(&mut self) -> Result<(), Halt> {
        let mut pause = Pause::new(self.pace);
        let (mut begun, mut restarts, mut away_for) = (Instant::now(), None, 0);
        loop {
            let probe = match unless_ending(&self.stop, self.host.probe(&mut self.plan)).await? {
                Ok(probe) => probe,
                Err(StepError::Failed(trouble)) => return Err(Halt::Failed(trouble)),
                Err(StepError::Away(error)) => {
                    away_for += 1;
                    if away_for >= AWAY {
                        return Err(Halt::Failed(away(&error)));
                    }
                    self.until_back(&mut pause).await?;
                    self.start_again().await?;
                    (begun, restarts) = (Instant::now(), None);
                    continue;
                }
            };
            let past = begun.elapsed();
            let is_restarted = probe.restarts > *restarts.get_or_insert(probe.restarts);
            match probe.standing {
                Standing::Failed(trouble) => return Err(Halt::Failed(trouble)),
                _ if is_restarted => return Err(Halt::Failed(UpdateTrouble::Ended { code: probe.code })),
                _ if self.record.chosen().is_cancelled() => return Err(Halt::Failed(UpdateTrouble::Cancelled)),
                Standing::Well if past >= self.grace => return Ok(()),
                Standing::Starting if self.record.chosen().keeps() => return Ok(()),
                Standing::Starting if past >= LONGEST => {
                    warn!(operation = self.record.operation().id, "Still starting after a day: taken for good");
                    return Ok(());
                }
                Standing::Starting if past >= probe.limit.max(self.grace) => {
                    // others need not wait for it
                    self.turn = None;
                    self.record.overdue().await;
                }
                Standing::Well | Standing::Starting => {}
            }
            let next = if past < EAGER { PACES.0 } else { PACES.1 };
            let wait = next.min(self.grace.saturating_sub(past).max(Duration::from_millis(10)));
            tokio::select! {
                biased;
                () = self.stop.cancelled() => return Err(Halt::Ending),
                () = self.record.chosen_mut().changed() => {}
                () = sleep(if past < self.grace { wait } else { next }) => {}
            }
        }
    }
}
