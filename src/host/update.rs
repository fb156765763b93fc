//! What an update asks of a host: to be looked at, to pull, and to take, undo and observe single steps.
//!
//! The order in which that happens, and what is written down about it, is the business of the room `update`.

use std::{fmt, time::Duration};

use futures_util::Stream;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::{Host, HostError, Kind, docker};
use crate::{
    image::Reference,
    wire::{Phase, Pull, Refusal, UpdateTrouble},
};

/// A workload that may be updated, as it was before anything was touched.
#[derive(Debug, Clone)]
pub struct Survey {
    /// the host's id of it, in full
    pub id: String,
    /// its name
    pub name: String,
    /// what it was started from
    pub reference: Reference,
    /// the digest that it runs, where the host knows one of that repository
    pub digest: Option<String>,
    /// everything else that the plan is made from
    pub(super) docker: docker::Seen,
}

/// Why a workload could not be looked at, or may not be updated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SurveyError {
    /// it may not be updated
    Refused(Refusal),
    /// the host does not answer as it should
    Host(HostError),
}

/// What will be done, in which order, and all that is needed to undo it. It is journaled before the first step.
///
/// It holds the container's environment, secrets among it: it is never shown, and its `Debug` says nothing of it.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// the steps, in order
    pub steps: Vec<Phase>,
    /// the digest that was pulled, where the host knows one of the repository
    pub digest: Option<String>,
    /// the name under which the old container waits for the end
    pub aside: String,
    /// the rest
    pub(super) docker: docker::Plan,
}

/// User and password for a pull.
#[derive(Debug, Clone)]
pub struct Login {
    /// the user's name
    pub username: String,
    /// password or token
    pub password: SecretString,
}

/// Why a step was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepError {
    /// the host did not answer as it should: whether the step was taken is not known. Observe, once it is back
    Away(HostError),
    /// it cannot be taken
    Failed(UpdateTrouble),
}

/// How a step stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Observed {
    /// it was taken
    Done,
    /// it was not taken
    NotDone,
    /// somebody else has changed what it is about
    Interfered(UpdateTrouble),
}

impl Host {
    /// Looks at the workload called `name`, and says why where it may not be updated. Changes nothing.
    pub async fn survey(&self, name: &str) -> Result<Survey, SurveyError> {
        match &self.kind {
            Kind::Docker(engine) => engine.survey(name).await,
        }
    }

    /// Pulls what `reference` stands for. Every item is a newer state of the pull; it ends without an error exactly where the image is there.
    pub fn pull(&self, reference: &Reference, login: Option<Login>) -> impl Stream<Item = Result<Pull, UpdateTrouble>> + Send + use<> {
        match &self.kind {
            Kind::Docker(engine) => engine.pull(reference, login),
        }
    }

    /// Makes the plan of an update to what the reference stands for on the host by now. None where that runs already. `mark` makes the name of
    /// the old container unique; `grace` is how long the new container must stay up.
    pub async fn plan(&self, survey: &Survey, mark: &str, grace: Duration) -> Result<Option<Plan>, StepError> {
        match &self.kind {
            Kind::Docker(engine) => engine.plan(survey, mark, grace).await,
        }
    }

    /// Takes a step of the plan. What that makes is noted in the plan, which is journaled again. Taking a step twice does no harm.
    pub async fn apply(&self, plan: &mut Plan, step: Phase) -> Result<(), StepError> {
        match &self.kind {
            Kind::Docker(engine) => engine.apply(&mut plan.docker, step).await,
        }
    }

    /// Undoes a step of the plan, also one that was taken by half or not at all.
    pub async fn undo(&self, plan: &mut Plan, step: Phase) -> Result<(), StepError> {
        match &self.kind {
            Kind::Docker(engine) => engine.undo(&mut plan.docker, step).await,
        }
    }

    /// Looks whether a step of the plan was taken, and notes in the plan what it made.
    pub async fn observe(&self, plan: &mut Plan, step: Phase) -> Result<Observed, StepError> {
        match &self.kind {
            Kind::Docker(engine) => engine.observe(&mut plan.docker, step).await,
        }
    }
}

impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plan").field("steps", &self.steps).field("aside", &self.aside).finish_non_exhaustive()
    }
}
