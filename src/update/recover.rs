//! Taking up an operation that was left: the journal says how far it came, a look at the host what of it is true, and then it is finished or
//! undone.

use super::{
    pace::{Ending, Pause, unless_ending},
    prepare::away,
    run::{Halt, Work},
};
use crate::{
    host::{Observed, Step, StepError},
    store::JournaledStep,
    wire::{Operation, Outcome, Phase, UpdateTrouble},
};

/// How often the host is looked at while it answers everything but that.
const TRIES: u32 = 100;

/// What is to be done with an operation that was left.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Way {
    /// no step was begun: nothing was changed
    Nothing,
    /// all up to this step, the last one of the way to the new container, was taken: go on
    Finish(usize),
    /// the new container has proved itself: what is left is to remove the old one, which is this step
    Remove(usize),
    /// put the old container back: undo the steps up to this one
    Undo(usize, UpdateTrouble),
}

/// What the journal says is to be done.
fn way(plan: &[Step], journal: &[JournaledStep]) -> Way {
    let taken = || journal.iter().filter(|step| !step.undo);
    let of = |step: &JournaledStep| Step { phase: step.phase, member: step.member };
    let place = |step: &JournaledStep| plan.iter().position(|planned| *planned == of(step));
    let Some(last) = taken().filter_map(place).max() else { return Way::Nothing };
    if plan[last].phase == Phase::Removing {
        // parts of an old one may be gone: there is no way back
        return Way::Remove(plan.iter().position(|step| step.phase == Phase::Removing).unwrap_or(last));
    }
    let trouble = taken().find_map(|step| step.trouble.clone());
    let is_undone = journal.iter().any(|step| step.undo);
    // without a start, as of a container that did not run, all but the removal must have been taken
    let removing = plan.iter().position(|step| step.phase == Phase::Removing).unwrap_or(plan.len());
    let start = plan.iter().rposition(|step| step.phase == Phase::Starting).unwrap_or_else(|| removing.saturating_sub(1));
    let is_done = |step: &Step| taken().any(|journaled| of(journaled) == *step && journaled.ended.is_some());
    if trouble.is_none() && !is_undone && plan[..=start.min(last)].iter().all(is_done) && start <= last {
        return Way::Finish(start);
    }
    Way::Undo(last, trouble.unwrap_or(UpdateTrouble::Interrupted))
}

impl Work {
    /// Finishes or undoes what was left, as soon as the host answers.
    pub(super) async fn take_up(mut self, journal: &[JournaledStep]) -> Result<Operation, Ending> {
        let way = way(&self.plan.steps, journal);
        if way == Way::Nothing {
            return Ok(self.record.end(Outcome::Failed { trouble: UpdateTrouble::Interrupted }).await);
        }
        if unless_ending(&self.stop, self.host.ping()).await?.is_err() {
            self.until_back(&mut Pause::new(self.pace)).await?;
        }
        match self.decide(way).await {
            Ok(Decision::Forward(from)) => self.forward(from).await,
            Ok(Decision::Back(last, trouble)) => self.undo(last, trouble).await,
            Ok(Decision::Leave(trouble)) => {
                let container = self.plan.aside();
                Ok(self.record.end(Outcome::LeftOver { trouble, container }).await)
            }
            Err(Halt::Ending) => Err(Ending),
            Err(Halt::Failed(trouble) | Halt::NotBegun(trouble)) => {
                let container = self.plan.aside();
                Ok(self.record.end(Outcome::Stuck { trouble, container }).await)
            }
        }
    }

    /// What to do, after a look at the host. Fails where somebody else has changed what it is about, and nothing may be started beside it.
    async fn decide(&mut self, way: Way) -> Result<Decision, Halt> {
        match way {
            Way::Nothing | Way::Undo(..) => {
                let Way::Undo(last, trouble) = way else { return Ok(Decision::Back(0, UpdateTrouble::Interrupted)) };
                for at in 0..=last {
                    let step = self.plan.steps[at];
                    // somebody else's container under the name: nothing is started beside it
                    if step.phase == Phase::Creating {
                        self.look(step).await?;
                    }
                }
                Ok(Decision::Back(last, trouble))
            }
            Way::Finish(start) => {
                for at in 0..=start {
                    if self.look(self.plan.steps[at]).await? {
                        continue;
                    }
                    // a new container that was started may have been stopped by the same storm: it is started again. Before that, journal
                    // and host contradict each other, and the old one is what is known to be good
                    let starts = self.plan.steps[at].phase == Phase::Starting;
                    return Ok(if starts { Decision::Forward(at) } else { Decision::Back(start, UpdateTrouble::Interrupted) });
                }
                Ok(Decision::Forward(start + 1))
            }
            Way::Remove(at) => {
                let created = self.plan.steps.clone().into_iter().filter(|step| step.phase == Phase::Creating);
                for step in created {
                    match self.look(step).await {
                        Ok(true) => {}
                        // the new one is no longer there: then the old one is perhaps the last that there is
                        Ok(false) => {
                            return Ok(Decision::Leave(UpdateTrouble::Interfered { detail: "the new container is gone".to_owned() }));
                        }
                        Err(Halt::Failed(trouble)) => return Ok(Decision::Leave(trouble)),
                        Err(halt) => return Err(halt),
                    }
                }
                Ok(Decision::Forward(at))
            }
        }
    }

    /// Whether a step was taken.
    async fn look(&mut self, step: Step) -> Result<bool, Halt> {
        let mut pause = Pause::new(self.pace);
        let mut last = UpdateTrouble::Interrupted;
        for _ in 0..TRIES {
            match unless_ending(&self.stop, self.host.observe(&mut self.plan, step)).await? {
                Ok(Observed::Done) => return Ok(true),
                Ok(Observed::NotDone) => return Ok(false),
                Ok(Observed::Interfered(trouble)) | Err(StepError::Failed(trouble)) => return Err(Halt::Failed(trouble)),
                Err(StepError::Away(error)) => last = away(&error),
            }
            self.until_back(&mut pause).await?;
        }
        Err(Halt::Failed(last))
    }
}

/// How an operation that was left goes on.
enum Decision {
    /// with this step
    Forward(usize),
    /// with undoing, from this step on
    Back(usize, UpdateTrouble),
    /// not at all, with the old container left over
    Leave(UpdateTrouble),
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUNS: [Phase; 8] = [
        Phase::SettingAside,
        Phase::Creating,
        Phase::Holding,
        Phase::Stopping,
        Phase::Starting,
        Phase::Releasing,
        Phase::Proving,
        Phase::Removing,
    ];
    const STOPPED: [Phase; 3] = [Phase::SettingAside, Phase::Creating, Phase::Removing];

    /// The journal of an update that came through `done` steps and then began `begun` more of them.
    fn journal(plan: &[Phase], done: usize, begun: usize) -> Vec<JournaledStep> {
        let step = |(at, phase): (usize, &Phase)| JournaledStep {
            phase: *phase,
            member: 0,
            undo: false,
            begun: 0,
            ended: (at < done).then_some(1),
            trouble: None,
        };
        plan.iter().take(done + begun).enumerate().map(step).collect()
    }

    fn steps(plan: &[Phase]) -> Vec<Step> {
        plan.iter().map(|phase| Step { phase: *phase, member: 0 }).collect()
    }

    fn undo(last: usize) -> Way {
        Way::Undo(last, UpdateTrouble::Interrupted)
    }

    #[test]
    fn the_start_of_the_new_container_is_where_the_way_turns() {
        let cases = [
            (RUNS.as_slice(), 0, 0, Way::Nothing),
            (&RUNS, 0, 1, undo(0)),
            (&RUNS, 3, 0, undo(2)),
            (&RUNS, 4, 1, undo(4)),
            (&RUNS, 5, 0, Way::Finish(4)),
            (&RUNS, 5, 1, Way::Finish(4)),
            (&RUNS, 7, 0, Way::Finish(4)),
            (&RUNS, 7, 1, Way::Remove(7)),
            (&RUNS, 8, 0, Way::Remove(7)),
            (&STOPPED, 1, 1, undo(1)),
            (&STOPPED, 2, 0, Way::Finish(1)),
            (&STOPPED, 2, 1, Way::Remove(2)),
        ];
        for (plan, done, begun, expected) in cases {
            assert_eq!(way(&steps(plan), &journal(plan, done, begun)), expected, "{plan:?} {done} {begun}");
        }
    }

    #[test]
    fn what_failed_or_was_being_undone_is_undone() {
        let mut failed = journal(&RUNS, 7, 0);
        failed[6].trouble = Some(UpdateTrouble::Unhealthy);
        assert_eq!(way(&steps(&RUNS), &failed), Way::Undo(6, UpdateTrouble::Unhealthy));
        let mut undone = journal(&RUNS, 6, 0);
        undone.push(JournaledStep { phase: Phase::Releasing, member: 0, undo: true, begun: 2, ended: None, trouble: None });
        assert_eq!(way(&steps(&RUNS), &undone), undo(5));
    }

    #[test]
    fn a_removal_that_failed_is_not_undone() {
        let mut left = journal(&RUNS, 8, 0);
        left[7].trouble = Some(UpdateTrouble::Unhealthy);
        assert_eq!(way(&steps(&RUNS), &left), Way::Remove(7));
    }
}
