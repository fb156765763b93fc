//! The loop over the steps of a plan: journal, take, journal.

use std::time::Duration;

use tokio::sync::OwnedSemaphorePermit;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use super::{
    busy::Held,
    composed::Composed,
    pace::{Ending, Pace, Pause, unless_ending},
    prepare::away,
    record::Record,
};
use crate::{
    host::{Host, Observed, Plan, Step, StepError},
    store::StoreError,
    wire::{Operation, Outcome, Phase, UpdateTrouble},
};

/// How often a step is tried while the host answers that question only, and how often the old container's removal is.
const TRIES: u32 = 5;

/// An operation with a plan: what is known of it, and what is needed to work on it.
#[derive(Debug)]
pub(super) struct Work {
    pub(super) host: Host,
    pub(super) record: Record,
    pub(super) plan: Plan,
    /// how long new containers must stay up
    pub(super) grace: Duration,
    pub(super) pace: Pace,
    /// the containers that are exchanged, which are nobody else's meanwhile
    pub(super) _held: Held,
    /// what another tag means for Compose, where it does
    pub(super) composed: Option<Composed>,
    pub(super) stop: CancellationToken,
    /// the permit to be one of the few that are under way, where it needs one
    pub(super) turn: Option<OwnedSemaphorePermit>,
}

/// Why the steps do not go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Halt {
    /// a step cannot be taken
    Failed(UpdateTrouble),
    /// the journal did not take that a step begins, so it was not taken
    NotBegun(UpdateTrouble),
    /// Plimsoll is ending
    Ending,
}

impl From<Ending> for Halt {
    fn from(Ending: Ending) -> Self {
        Self::Ending
    }
}

impl Work {
    /// Takes the steps from this one on. Where one fails, all of them are undone; but for the removal of old containers, before which the
    /// new ones have proved themselves.
    pub(super) async fn forward(mut self, from: usize) -> Result<Operation, Ending> {
        for at in from..self.plan.steps.len() {
            let step = self.plan.steps[at];
            let trouble = match self.step(step).await {
                Ok(()) => continue,
                Err(Halt::Ending) => return Err(Ending),
                Err(Halt::NotBegun(trouble)) if at == 0 => {
                    self.names_back().await;
                    return Ok(self.record.end(Outcome::Failed { trouble }).await);
                }
                Err(Halt::NotBegun(trouble) | Halt::Failed(trouble)) => trouble,
            };
            if step.phase == Phase::Removing {
                let container = self.plan.asides.get(step.member).cloned().unwrap_or_default();
                return Ok(self.record.end(Outcome::LeftOver { trouble, container }).await);
            }
            if step.phase >= Phase::Starting {
                self.listen().await;
            }
            return self.undo(at, trouble).await;
        }
        if let Some(composed) = self.composed.take()
            && let Some(line) = Box::pin(composed.settle(self.plan.digest.as_deref())).await
        {
            self.record.composed(line).await;
        }
        // a courtesy: the container is updated
        if let Ok(Err(error)) = unless_ending(&self.stop, self.host.after_success(&self.plan)).await {
            warn!(?error, operation = self.record.operation().id, "An image that was pulled and never used could not be let go");
        }
        Ok(self.record.end(Outcome::Updated).await)
    }

    /// Keeps the last words of what failed, before it is removed.
    async fn listen(&mut self) {
        if let Ok(Ok(words)) = unless_ending(&self.stop, self.host.last_words(&mut self.plan)).await
            && !words.is_empty()
        {
            self.record.logged(&words).await;
        }
    }

    /// Takes one step, between two lines in the journal.
    async fn step(&mut self, step: Step) -> Result<(), Halt> {
        if self.stop.is_cancelled() {
            return Err(Halt::Ending);
        }
        if self.record.chosen().is_cancelled() && step.phase != Phase::Removing {
            return Err(Halt::NotBegun(UpdateTrouble::Cancelled));
        }
        let n = self.record.begin_step(step, false).await.map_err(|error| Halt::NotBegun(journal(&error)))?;
        let taken = if step.phase == Phase::Proving { self.prove().await } else { self.take(step).await };
        let trouble = match &taken {
            Ok(()) => None,
            Err(Halt::Failed(trouble) | Halt::NotBegun(trouble)) => Some(trouble),
            Err(Halt::Ending) => return taken,
        };
        let written = self.record.end_step(n, trouble, &json(&self.plan)).await;
        taken?;
        match written {
            // after the last step there is nothing that the journal would be needed for
            Err(error) if step.phase != Phase::Removing => Err(Halt::Failed(journal(&error))),
            _ => Ok(()),
        }
    }

    /// Takes a step. Where the host went away meanwhile, that is decided by a look at it when it is back.
    async fn take(&mut self, step: Step) -> Result<(), Halt> {
        let mut pause = Pause::new(self.pace);
        let mut last = UpdateTrouble::Interrupted;
        for _ in 0..TRIES {
            match unless_ending(&self.stop, self.host.apply(&mut self.plan, step)).await? {
                Ok(()) => return Ok(()),
                // nothing speaks against trying again: the new one runs
                Err(StepError::Failed(trouble)) if step.phase == Phase::Removing && !is_interference(&trouble) => {
                    last = trouble;
                    pause.wait(&self.stop).await?;
                }
                Err(StepError::Failed(trouble)) => return Err(Halt::Failed(trouble)),
                Err(StepError::Away(error)) => {
                    last = away(&error);
                    self.until_back(&mut pause).await?;
                    if Phase::Starting < step.phase && step.phase < Phase::Removing {
                        self.start_again().await?;
                    }
                    match unless_ending(&self.stop, self.host.observe(&mut self.plan, step)).await? {
                        Ok(Observed::Done) => return Ok(()),
                        Ok(Observed::Interfered(trouble)) | Err(StepError::Failed(trouble)) => return Err(Halt::Failed(trouble)),
                        Ok(Observed::NotDone) | Err(StepError::Away(_)) => {}
                    }
                }
            }
        }
        Err(Halt::Failed(last))
    }

    /// A host that was restarted has ended the new containers with it, which is no fault of theirs: they are started again before they are judged.
    pub(super) async fn start_again(&mut self) -> Result<(), Halt> {
        for step in self.plan.steps.clone().into_iter().filter(|step| step.phase == Phase::Starting) {
            match unless_ending(&self.stop, self.host.apply(&mut self.plan, step)).await? {
                Err(StepError::Failed(trouble)) => return Err(Halt::Failed(trouble)),
                // where it is away once more, that is seen by whoever asks next
                Ok(()) | Err(StepError::Away(_)) => {}
            }
        }
        Ok(())
    }

    /// Waits for a host that went away. Its turn goes to others, whose hosts are well; once it is back, it goes on without one, because
    /// nobody waits for a pull while a container is down.
    pub(super) async fn until_back(&mut self, pause: &mut Pause) -> Result<(), Ending> {
        self.turn = None;
        pause.until_back(&self.host, &self.stop).await
    }
}

/// A plan as the journal keeps it.
pub(super) fn json(plan: &Plan) -> String {
    serde_json::to_string(plan).expect("a plan is plain data")
}

/// The journal could not be written.
pub(super) fn journal(error: &StoreError) -> UpdateTrouble {
    UpdateTrouble::Journal { detail: error.to_string() }
}

/// Whether somebody else has a hand in it, so that trying again would be a quarrel.
pub(super) fn is_interference(trouble: &UpdateTrouble) -> bool {
    matches!(trouble, UpdateTrouble::Interfered { .. })
}
