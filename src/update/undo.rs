//! The way back: every step that was begun, in reverse order.

use tracing::warn;

use super::{
    pace::{Ending, Pause, unless_ending},
    prepare::away,
    run::{Halt, Work, is_interference, json},
};
use crate::{
    host::StepError,
    wire::{Operation, Outcome, Phase, UpdateTrouble},
};

/// How often a step is tried that the host refuses to undo.
const TRIES: u32 = 5;

/// How often a step is tried while the host answers everything but that: with the longest pauses, for some eight minutes.
const TRIES_AWAY: u32 = 100;

impl Work {
    /// Undoes the steps up to this one, which failed for this reason. The journal is written where it can be: the container comes first.
    pub(super) async fn undo(mut self, last: usize, trouble: UpdateTrouble) -> Result<Operation, Ending> {
        for at in (0..=last).rev() {
            let step = self.plan.steps[at];
            match self.undo_step(step).await {
                Ok(()) => {}
                Err(Halt::Ending) => return Err(Ending),
                Err(Halt::Failed(trouble) | Halt::NotBegun(trouble)) => {
                    let container = self.plan.aside.clone();
                    return Ok(self.record.end(Outcome::Stuck { trouble, container }).await);
                }
            }
        }
        Ok(self.record.end(Outcome::RolledBack { trouble }).await)
    }

    async fn undo_step(&mut self, step: Phase) -> Result<(), Halt> {
        if self.stop.is_cancelled() {
            return Err(Halt::Ending);
        }
        let id = self.record.operation().id;
        let n = match self.record.begin_step(step, true).await {
            Ok(n) => Some(n),
            Err(error) => {
                warn!(%error, operation = id, "Undoing a step without the journal");
                self.record.phase(Phase::Undoing).await;
                None
            }
        };
        let undone = self.put_back(step).await;
        let trouble = match &undone {
            Ok(()) => None,
            Err(Halt::Failed(trouble) | Halt::NotBegun(trouble)) => Some(trouble),
            Err(Halt::Ending) => return undone,
        };
        if let Some(n) = n
            && let Err(error) = self.record.end_step(n, trouble, &json(&self.plan)).await
        {
            warn!(%error, operation = id, "Undid a step without the journal");
        }
        undone
    }

    async fn put_back(&mut self, step: Phase) -> Result<(), Halt> {
        let mut pause = Pause::new(self.pace);
        let (mut refused, mut away_for) = (0, 0);
        loop {
            match unless_ending(&self.stop, self.host.undo(&mut self.plan, step)).await? {
                Ok(()) => return Ok(()),
                Err(StepError::Failed(trouble)) => {
                    refused += 1;
                    if refused >= TRIES || is_interference(&trouble) {
                        return Err(Halt::Failed(trouble));
                    }
                    pause.wait(&self.stop).await?;
                }
                Err(StepError::Away(error)) => {
                    away_for += 1;
                    if away_for >= TRIES_AWAY {
                        return Err(Halt::Failed(away(&error)));
                    }
                    self.until_back(&mut pause).await?;
                }
            }
        }
    }
}
