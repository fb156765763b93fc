//! The way back: every step that was begun, in reverse order.

use tracing::warn;

use super::{
    pace::{Ending, Pause, unless_ending},
    prepare::away,
    run::{Halt, Work, is_interference, json},
};
use crate::{
    host::{Step, StepError},
    wire::{Operation, Outcome, Phase, UpdateTrouble},
};

/// How often a step is tried that the host refuses to undo.
const TRIES: u32 = 5;

/// How often a step is tried while the host answers everything but that: with the longest pauses, for some eight minutes.
const TRIES_AWAY: u32 = 100;

/// How often the whole way back is gone, where the host goes away each time.
const ROUNDS: u32 = 20;

/// What undoing a step came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Undone {
    /// it is undone
    Quietly,
    /// it is undone, but the host was away meanwhile: what was undone before it may not be as it was
    AfterAway,
}

impl Work {
    /// Undoes the steps up to this one, which failed for this reason. The journal is written where it can be: the container comes first.
    ///
    /// A host that was restarted on the way leaves down what was started already, so then the way is gone once more: undoing twice does no
    /// harm, and "rolled back" is said only of what was seen to be so without an interruption.
    pub(super) async fn undo(mut self, last: usize, trouble: UpdateTrouble) -> Result<Operation, Ending> {
        let last = self.last_to_undo(last);
        let mut stuck = UpdateTrouble::HostAway { detail: "it goes away again and again".to_owned() };
        for _ in 0..ROUNDS {
            match self.round(last).await {
                Ok(Undone::Quietly) => {
                    self.names_back().await;
                    return Ok(self.record.end(Outcome::RolledBack { trouble }).await);
                }
                Ok(Undone::AfterAway) => {}
                Err(Halt::Ending) => return Err(Ending),
                Err(Halt::Failed(trouble) | Halt::NotBegun(trouble)) => {
                    stuck = trouble;
                    break;
                }
            }
        }
        let container = self.plan.aside();
        Ok(self.record.end(Outcome::Stuck { trouble: stuck, container }).await)
    }

    /// With a restart policy on hold, the old container may have been left down by a restart of its Engine, although nobody had stopped it
    /// yet: whoever undoes the hold also starts it.
    fn last_to_undo(&self, last: usize) -> usize {
        let steps = &self.plan.steps;
        let stopping = steps.iter().rposition(|step| step.phase == Phase::Stopping);
        stopping.filter(|_| steps[last].phase == Phase::Holding).unwrap_or(last)
    }

    /// What the pull has changed on the host is put back as well. That is a courtesy: the containers are as they were already.
    pub(super) async fn names_back(&mut self) {
        let mut pause = Pause::new(self.pace);
        for last in (0..TRIES).rev() {
            match unless_ending(&self.stop, self.host.after_undo(&self.plan)).await {
                Ok(Err(StepError::Away(_))) if last > 0 && pause.wait(&self.stop).await.is_ok() => {}
                Ok(Err(error)) => {
                    warn!(?error, operation = self.record.operation().id, "The names of images could not be put back as they were");
                    return;
                }
                Ok(Ok(())) | Err(Ending) => return,
            }
        }
    }

    /// Goes the whole way back once.
    async fn round(&mut self, last: usize) -> Result<Undone, Halt> {
        let mut all = Undone::Quietly;
        for at in (0..=last).rev() {
            if self.undo_step(self.plan.steps[at]).await? == Undone::AfterAway {
                all = Undone::AfterAway;
            }
        }
        Ok(all)
    }

    async fn undo_step(&mut self, step: Step) -> Result<Undone, Halt> {
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
            Ok(_) => None,
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

    async fn put_back(&mut self, step: Step) -> Result<Undone, Halt> {
        let mut pause = Pause::new(self.pace);
        let (mut refused, mut away_for) = (0, 0);
        loop {
            match unless_ending(&self.stop, self.host.undo(&mut self.plan, step)).await? {
                Ok(()) if away_for == 0 => return Ok(Undone::Quietly),
                Ok(()) => return Ok(Undone::AfterAway),
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
