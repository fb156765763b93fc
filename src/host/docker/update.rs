//! Updates of one container: looking, pulling, planning, and single steps that can be taken, undone and observed.
//!
//! What is decided is decided by pure functions ([`refuse`], [`create_body`], [`steps`]); what is asked goes through one [`door`], which
//! tells a refusal from an answer that was lost.

mod apply;
mod container;
mod create_body;
mod door;
mod observe;
mod own;
mod plan;
mod prove;
mod pull;
mod refuse;
mod steps;
mod survey;
#[cfg(test)]
mod tests;
mod undo;

use std::{fmt, time::Duration};

use futures_util::Stream;
use serde_json::Value;

pub(in crate::host) use self::plan::Plan;
use self::{container::Container, door::Door, plan::Connect};
use super::Engine;
use crate::{
    host::{Login, Observed, StepError, Survey, SurveyError},
    image::Reference,
    wire::{self, Phase, UpdateTrouble},
};

/// What was seen of a container before an update. It holds secrets, so its `Debug` says nothing of it.
#[derive(Clone)]
pub(in crate::host) struct Seen {
    /// the container
    container: Container,
    /// the image that it runs
    image: Value,
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

    /// Makes the plan; `None` where what the reference stands for runs already.
    pub(in crate::host) async fn plan(&self, survey: &Survey, mark: &str, grace: Duration) -> Result<Option<crate::host::Plan>, StepError> {
        plan::plan(self, survey, mark, grace).await
    }

    /// Takes a step.
    pub(in crate::host) async fn apply(&self, plan: &mut Plan, step: Phase) -> Result<(), StepError> {
        apply::apply(&Door::open(self).await.map_err(StepError::Away)?, plan, step).await
    }

    /// Undoes a step.
    pub(in crate::host) async fn undo(&self, plan: &mut Plan, step: Phase) -> Result<(), StepError> {
        undo::undo(&Door::open(self).await.map_err(StepError::Away)?, plan, step).await
    }

    /// Looks whether a step was taken.
    pub(in crate::host) async fn observe(&self, plan: &mut Plan, step: Phase) -> Result<Observed, StepError> {
        observe::observe(&Door::open(self).await.map_err(StepError::Away)?, plan, step).await
    }
}

impl fmt::Debug for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Seen").field("container", &self.container.id()).finish_non_exhaustive()
    }
}
