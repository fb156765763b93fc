//! How a step stands, by what the Engine tells of both containers.

use super::{
    container::{Container, policy_name},
    door::Door,
    plan::Member,
};
use crate::{
    host::{Observed, StepError},
    wire::{Phase, UpdateTrouble},
};

/// Looks whether `step` was taken, and notes the new container in the plan where it was made without that being noted.
pub(super) async fn observe(door: &Door<'_>, plan: &mut Member, step: Phase) -> Result<Observed, StepError> {
    match step {
        Phase::SettingAside | Phase::Holding | Phase::Stopping => {
            match door.container(&plan.old).await.map_err(StepError::Away)? {
                Some(old) => Ok(of_old(plan, step, &old)),
                // its Engine has removed it when it stopped, or somebody who tidies up; that was long after it was set aside
                None if plan.removes || plan.made.is_some() => Ok(Observed::Done),
                None => Ok(interfered("the container is gone")),
            }
        }
        Phase::Creating => match successor(door, plan).await? {
            Successor::There(_) => Ok(Observed::Done),
            Successor::Missing => Ok(Observed::NotDone),
            Successor::Foreign(detail) => Ok(interfered(detail)),
        },
        Phase::Connecting | Phase::Starting | Phase::Releasing | Phase::Proving | Phase::Pausing => match successor(door, plan).await? {
            Successor::There(new) => Ok(done(is_done_to_new(plan, step, &new))),
            Successor::Missing => Ok(interfered("the new container is gone")),
            Successor::Foreign(detail) => Ok(interfered(detail)),
        },
        Phase::Removing => {
            if door.is_gone(&plan.old).await.map_err(StepError::Away)? {
                return Ok(Observed::Done);
            }
            let old = door.container(&plan.old).await.map_err(StepError::Away)?;
            match old.filter(|old| old.name() != plan.aside) {
                Some(old) => Ok(interfered(format!("the old container is called {}", old.name()))),
                None => Ok(Observed::NotDone),
            }
        }
        Phase::Waiting | Phase::Pulling | Phase::Planning | Phase::Undoing => Ok(Observed::Done),
    }
}

/// What stands under the name.
pub(super) enum Successor {
    /// the new container
    There(Box<Container>),
    /// nothing, or the old container still
    Missing,
    /// what somebody else put there, in words
    Foreign(String),
}

/// Looks for the new container: by its id, or by the name where the id was lost with the answer to its creation. Under the name stands
/// what this update made where it is of the new image and was never started: that is done only after its id was noted.
pub(super) async fn successor(door: &Door<'_>, plan: &mut Member) -> Result<Successor, StepError> {
    if let Some(made) = &plan.made
        && let Some(new) = door.container(made).await.map_err(StepError::Away)?
    {
        let foreign = new.name() != plan.name;
        return Ok(if foreign { Successor::Foreign(format!("the new container is called {}", new.name())) } else { there(new) });
    }
    let found = door.container(&plan.name).await.map_err(StepError::Away)?;
    // an Engine also takes the beginning of an id for a name
    let Some(found) = found.filter(|found| found.name() == plan.name && found.id() != plan.old) else { return Ok(Successor::Missing) };
    let fresh = matches!(found.status().as_str(), "created" | "configured" | "initialized");
    if fresh && plan.made.is_none() && found.image_id() == plan.image && found.written() == plan.reference {
        plan.made = Some(found.id().to_owned());
        return Ok(there(found));
    }
    Ok(Successor::Foreign(format!("another container is called {}", plan.name)))
}

fn there(new: Container) -> Successor {
    Successor::There(Box::new(new))
}

fn of_old(plan: &Member, step: Phase, old: &Container) -> Observed {
    match step {
        Phase::Holding => done(old.policy_name() == "no"),
        Phase::Stopping => done(!old.is_running()),
        _ if old.name() == plan.aside => Observed::Done,
        _ if old.name() == plan.name => Observed::NotDone,
        _ => interfered(format!("the container is called {}", old.name())),
    }
}

fn is_done_to_new(plan: &Member, step: Phase, new: &Container) -> bool {
    match step {
        Phase::Connecting => plan.connects.iter().all(|connect| is_connected(new, &connect.network)),
        Phase::Starting => new.is_running(),
        Phase::Pausing => new.flag("Paused"),
        Phase::Releasing => new.policy_name() == policy_name(&plan.policy),
        // a proof is made, not seen
        _ => false,
    }
}

/// Whether a container is in a network.
pub(super) fn is_connected(container: &Container, network: &str) -> bool {
    container.networks().is_some_and(|networks| networks.contains_key(network))
}

fn done(is: bool) -> Observed {
    if is { Observed::Done } else { Observed::NotDone }
}

fn interfered(detail: impl Into<String>) -> Observed {
    Observed::Interfered(UpdateTrouble::Interfered { detail: detail.into() })
}
