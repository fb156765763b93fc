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
    /// its name
    pub name: String,
    /// the digest that it runs, where the host knows one of that repository
    pub digest: Option<String>,
    /// the names of those that must be recreated with it
    pub along: Vec<String>,
    /// the host's id of the image that it runs
    pub image: String,
    /// the reference by which it runs, as written
    pub written: String,
    /// everything else that the plan is made from
    pub(super) docker: docker::Seen,
}

/// What a workload is to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Goal {
    /// what its reference stands for in its registry
    Same,
    /// what another tag of its repository stands for
    Tag(String),
    /// an image that is on the host already
    Image {
        /// the host's id of it
        id: String,
        /// the reference under which it is to run, as written
        reference: String,
    },
}

/// How things stood before a pull.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stood {
    /// the image for which the wanted reference stood; none where the host did not have it
    pub image: Option<String>,
    /// the image that runs, where it was given a name under which it is kept
    pub kept: Option<String>,
}

/// A step of a plan: what is done, to which of the containers that are exchanged together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// what is done
    pub phase: Phase,
    /// 0 is the workload itself, those behind it are recreated with it
    pub member: usize,
}

/// How new workloads are, at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// what they do
    pub standing: Standing,
    /// how often their host has restarted them
    pub restarts: u64,
    /// how long they may take to become healthy, by what their health checks say
    pub limit: Duration,
    /// the exit code of the one that ended last
    pub code: i64,
}

/// What new workloads do, at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// they run, and are healthy where they have a health check
    Well,
    /// they run, and a health check says nothing yet
    Starting,
    /// one has failed
    Failed(UpdateTrouble),
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
    pub steps: Vec<Step>,
    /// the digest that was pulled, where the host knows one of the repository
    pub digest: Option<String>,
    /// the names under which the old containers wait for the end, the workload's own first
    pub asides: Vec<String>,
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

    /// Before a pull: notes what it will change, and gives the image that runs a name under which it is kept until [`Host::release`]. `mark` makes
    /// that name unique.
    pub async fn before_pull(&self, survey: &Survey, goal: &Goal, mark: &str) -> Result<Stood, StepError> {
        match &self.kind {
            Kind::Docker(engine) => engine.before_pull(survey, goal, mark).await,
        }
    }

    /// Pulls what `reference` stands for. Every item is a newer state of the pull; it ends without an error exactly where the image is there.
    pub fn pull(&self, reference: &Reference, login: Option<Login>) -> impl Stream<Item = Result<Pull, UpdateTrouble>> + Send + use<> {
        match &self.kind {
            Kind::Docker(engine) => engine.pull(reference, login),
        }
    }

    /// After a pull that led to nothing: what the reference stood for before, it stands for again.
    pub async fn after_pull(&self, survey: &Survey, goal: &Goal, stood: &Stood) -> Result<(), StepError> {
        match &self.kind {
            Kind::Docker(engine) => engine.after_pull(survey, goal, stood).await,
        }
    }

    /// The same for a plan of which every step was undone, or none was taken.
    pub async fn after_undo(&self, plan: &Plan) -> Result<(), StepError> {
        match &self.kind {
            Kind::Docker(engine) => engine.after_undo(&plan.docker).await,
        }
    }

    /// The same for a plan of which every step was taken: what a reference stood for before, and nothing else does, is let go.
    pub async fn after_success(&self, plan: &Plan) -> Result<(), StepError> {
        match &self.kind {
            Kind::Docker(engine) => engine.after_success(&plan.docker).await,
        }
    }

    /// Lets go of an image that was kept under this mark, and removes it where nothing uses it. `written` is the reference by which it ran, where that
    /// may go with it.
    pub async fn release(&self, mark: &str, image: &str, written: Option<&str>) -> Result<(), StepError> {
        match &self.kind {
            Kind::Docker(engine) => engine.release(mark, image, written).await,
        }
    }

    /// Makes the plan of an update. None where what it is to become runs already. `mark` makes the names of the old containers unique.
    pub async fn plan(&self, survey: &Survey, goal: &Goal, stood: &Stood, mark: &str) -> Result<Option<Plan>, StepError> {
        match &self.kind {
            Kind::Docker(engine) => engine.plan(survey, goal, stood, mark).await,
        }
    }

    /// Takes a step of the plan. What that makes is noted in the plan, which is journaled again. Taking a step twice does no harm. A proof is no
    /// single step: see [`Host::probe`].
    pub async fn apply(&self, plan: &mut Plan, step: Step) -> Result<(), StepError> {
        match &self.kind {
            Kind::Docker(engine) => engine.apply(&mut plan.docker, step).await,
        }
    }

    /// Undoes a step of the plan, also one that was taken by half or not at all.
    pub async fn undo(&self, plan: &mut Plan, step: Step) -> Result<(), StepError> {
        match &self.kind {
            Kind::Docker(engine) => engine.undo(&mut plan.docker, step).await,
        }
    }

    /// Looks whether a step of the plan was taken, and notes in the plan what it made.
    pub async fn observe(&self, plan: &mut Plan, step: Step) -> Result<Observed, StepError> {
        match &self.kind {
            Kind::Docker(engine) => engine.observe(&mut plan.docker, step).await,
        }
    }

    /// Looks how the new containers of a plan are.
    pub async fn probe(&self, plan: &mut Plan) -> Result<Probe, StepError> {
        match &self.kind {
            Kind::Docker(engine) => engine.probe(&mut plan.docker).await,
        }
    }

    /// The last lines that the new containers of a plan wrote. They may hold secrets.
    pub async fn last_words(&self, plan: &mut Plan) -> Result<String, StepError> {
        match &self.kind {
            Kind::Docker(engine) => engine.last_words(&mut plan.docker).await,
        }
    }
}

impl Survey {
    /// What the workload was started from.
    pub fn reference(&self) -> &Reference {
        &self.docker.reference
    }

    /// The reference that a pull has to bring for this goal.
    pub fn wanted(&self, goal: &Goal) -> Reference {
        match goal {
            Goal::Tag(tag) => self.reference().with_tag(tag).unwrap_or_else(|| self.reference().clone()),
            Goal::Same | Goal::Image { .. } => self.reference().clone(),
        }
    }
}

impl Plan {
    /// The name under which the old workload waits for the end.
    pub fn aside(&self) -> String {
        self.asides.first().cloned().unwrap_or_default()
    }
}

impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plan").field("steps", &self.steps).field("asides", &self.asides).finish_non_exhaustive()
    }
}
