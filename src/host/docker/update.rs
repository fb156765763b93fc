//! Updates of one container: looking, pulling, planning, and single steps that can be taken, undone and observed.
//!
//! What is decided is decided by pure functions ([`refuse`], [`create_body`], [`steps`]); what is asked goes through one [`door`], which
//! tells a refusal from an answer that was lost.

mod apply;
mod container;
mod create_body;
mod door;
mod family;
mod observe;
mod own;
mod plan;
mod probe;
mod pull;
mod refuse;
mod steps;
mod logs;
mod survey;
mod tagging;
#[cfg(test)]
mod tests;
mod undo;

use std::fmt;

use futures_util::Stream;
use serde_json::Value;

pub(in crate::host) use self::plan::Plan;
use self::{container::Container, door::Door, plan::Connect};
use super::{Engine, images};
use crate::{
    host::{Goal, Login, Observed, Probe, Step, StepError, Stood, Survey, SurveyError},
    image::Reference,
    wire::{self, UpdateTrouble},
};

/// What was seen before an update. It holds secrets, so its `Debug` says nothing of it.
#[derive(Clone)]
pub(in crate::host) struct Seen {
    /// what the container was started from
    pub(in crate::host) reference: Reference,
    /// the container, and behind it those that must be recreated with it
    family: Vec<Relative>,
}

/// One of the containers that are exchanged together.
#[derive(Clone)]
struct Relative {
    /// the container
    container: Container,
    /// the image that it runs
    image: Value,
    /// the containers whose volumes it takes (`--volumes-from`), where they are there still
    givers: Vec<Container>,
}

impl Engine {
    /// Looks at the container called `name`, and says why where it may not be updated.
    pub(in crate::host) async fn survey(&self, name: &str) -> Result<Survey, SurveyError> {
        survey::survey(self, name).await
    }

    /// Pulls what `reference` stands for.
    pub(in crate::host) fn pull(
        &self,
        reference: &Reference,
        login: Option<Login>,
    ) -> impl Stream<Item = Result<wire::Pull, UpdateTrouble>> + Send + use<> {
        pull::pull(self.clone(), reference.clone(), login)
    }

    /// Notes what the pull will change, and keeps the image that runs.
    pub(in crate::host) async fn before_pull(&self, survey: &Survey, goal: &Goal, mark: &str) -> Result<Stood, StepError> {
        tagging::before_pull(&self.door().await?, survey, goal, mark).await
    }

    /// Puts back what the pull has changed.
    pub(in crate::host) async fn after_pull(&self, survey: &Survey, goal: &Goal, stood: &Stood) -> Result<(), StepError> {
        let door = self.door().await?;
        let wanted = survey.wanted(goal).to_string();
        let Some(pulled) = door.image(&wanted).await.map_err(StepError::Away)? else { return Ok(()) };
        tagging::put_back(&door, &wanted, &images::full_id(container::text(&pulled["Id"])), stood.image.as_deref()).await
    }

    /// The same, from the plan, once its steps are undone.
    pub(in crate::host) async fn after_undo(&self, plan: &Plan) -> Result<(), StepError> {
        let door = self.door().await?;
        for member in &plan.members {
            if let plan::Naming::Pulled { before } = &member.naming {
                tagging::put_back(&door, &member.reference, &member.image, before.as_deref()).await?;
            }
        }
        Ok(())
    }

    /// Removes what a name stood for before the pull, where that was nobody's: an earlier update that came to nothing may have pulled it.
    pub(in crate::host) async fn after_success(&self, plan: &Plan) -> Result<(), StepError> {
        let door = self.door().await?;
        for member in &plan.members {
            if let plan::Naming::Pulled { before: Some(before) } = &member.naming
                && *before != member.image
            {
                tagging::forget(&door, before).await?;
            }
        }
        Ok(())
    }

    /// Lets go of an image that was kept.
    pub(in crate::host) async fn release(&self, mark: &str, image: &str, written: Option<&str>) -> Result<(), StepError> {
        tagging::release(&self.door().await?, mark, image, written).await
    }

    /// Makes the plan; `None` where what it is to become runs already.
    pub(in crate::host) async fn plan(
        &self,
        survey: &Survey,
        goal: &Goal,
        stood: &Stood,
        mark: &str,
    ) -> Result<Option<crate::host::Plan>, StepError> {
        plan::plan(self, survey, goal, stood, mark).await
    }

    /// Takes a step.
    pub(in crate::host) async fn apply(&self, plan: &mut Plan, step: Step) -> Result<(), StepError> {
        let door = self.door().await?;
        plan.introduce(step.member);
        match plan.members.get_mut(step.member) {
            Some(member) => apply::apply(&door, member, step.phase).await,
            None => Ok(()),
        }
    }

    /// Undoes a step.
    pub(in crate::host) async fn undo(&self, plan: &mut Plan, step: Step) -> Result<(), StepError> {
        let door = self.door().await?;
        plan.introduce(step.member);
        match plan.members.get_mut(step.member) {
            Some(member) => undo::undo(&door, member, step.phase).await,
            None => Ok(()),
        }
    }

    /// Looks whether a step was taken.
    pub(in crate::host) async fn observe(&self, plan: &mut Plan, step: Step) -> Result<Observed, StepError> {
        let door = self.door().await?;
        match plan.members.get_mut(step.member) {
            Some(member) => observe::observe(&door, member, step.phase).await,
            None => Ok(Observed::Done),
        }
    }

    /// Looks how the new containers are.
    pub(in crate::host) async fn probe(&self, plan: &mut Plan) -> Result<Probe, StepError> {
        probe::probe(&self.door().await?, plan).await
    }

    /// The last lines that the new containers wrote.
    pub(in crate::host) async fn last_words(&self, plan: &mut Plan) -> Result<String, StepError> {
        logs::last_words(&self.door().await?, plan).await
    }

    async fn door(&self) -> Result<Door<'_>, StepError> {
        Door::open(self).await.map_err(StepError::Away)
    }
}

impl fmt::Debug for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Seen").field("reference", &self.reference).finish_non_exhaustive()
    }
}
