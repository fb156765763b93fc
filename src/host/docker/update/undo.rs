//! Undoing a step, also one that was taken by half or not at all: what is undone already is left alone.
//!
//! Nothing is taken from the new container before the old one was seen. Where that is gone, it is made again from what it was.

use super::{
    apply::{connect_all, make},
    container::{Container, policy_name},
    door::Door,
    observe::{Successor, successor},
    plan::Member,
    tagging,
};
use crate::{
    host::StepError,
    wire::{Phase, UpdateTrouble},
};

/// Undoes a step of the plan.
pub(super) async fn undo(door: &Door<'_>, plan: &mut Member, step: Phase) -> Result<(), StepError> {
    match step {
        Phase::Pausing => unpause(door, plan).await,
        Phase::Releasing => hold(door, plan).await,
        Phase::Starting => stop(door, plan).await,
        Phase::Stopping => start(door, plan).await,
        Phase::Holding => release(door, plan).await,
        Phase::Creating => remove(door, plan).await,
        Phase::SettingAside => name_back(door, plan).await,
        // connections go with the container; the rest changes nothing, or cannot be undone
        Phase::Connecting | Phase::Proving | Phase::Removing | Phase::Waiting | Phase::Pulling | Phase::Planning | Phase::Undoing => Ok(()),
    }
}

/// Lets the new container go on, so that it can be stopped.
async fn unpause(door: &Door<'_>, plan: &mut Member) -> Result<(), StepError> {
    match new(door, plan).await?.filter(|new| new.flag("Paused")) {
        Some(new) => door.unpause(Phase::Pausing, true, new.id()).await,
        None => Ok(()),
    }
}

/// Takes the restart policy from the new container, so that a restarted Engine leaves it down. What cannot be held is removed soon anyway.
async fn hold(door: &Door<'_>, plan: &mut Member) -> Result<(), StepError> {
    old(door, plan).await?;
    let Some(new) = new(door, plan).await? else { return Ok(()) };
    if new.policy_name() == "no" {
        return Ok(());
    }
    let none = serde_json::json!({ "Name": "no" });
    match door.set_policy(Phase::Releasing, true, new.id(), &none).await {
        Err(StepError::Failed(_)) => Ok(()),
        other => other,
    }
}

/// Stops the new container, or removes it at once where it will not stop: its ports are needed.
async fn stop(door: &Door<'_>, plan: &mut Member) -> Result<(), StepError> {
    old(door, plan).await?;
    let Some(new) = new(door, plan).await?.filter(Container::is_running) else { return Ok(()) };
    match door.stop(Phase::Starting, true, &new).await {
        Err(StepError::Failed(_)) => door.remove(Phase::Starting, true, new.id(), true).await,
        other => other,
    }
}

/// Starts the old container again, where it ran, and pauses it where it was paused.
async fn start(door: &Door<'_>, plan: &mut Member) -> Result<(), StepError> {
    if !plan.running {
        return Ok(());
    }
    if !old(door, plan).await?.is_running()
        && let Err(error) = door.start(Phase::Stopping, true, &plan.old).await
        && (matches!(error, StepError::Away(_)) || !old(door, plan).await?.is_running())
    {
        return Err(error);
    }
    if plan.paused && !old(door, plan).await?.flag("Paused") {
        door.pause(Phase::Stopping, true, &plan.old).await?;
    }
    Ok(())
}

/// Gives the old container its restart policy back. One that ended by itself while it had none would have been started again: it is now.
async fn release(door: &Door<'_>, plan: &mut Member) -> Result<(), StepError> {
    if !plan.holds {
        return Ok(());
    }
    if old(door, plan).await?.policy_name() != policy_name(&plan.policy) {
        door.set_policy(Phase::Holding, true, &plan.old, &plan.policy).await?;
    }
    start(door, plan).await
}

/// Removes the new container.
async fn remove(door: &Door<'_>, plan: &mut Member) -> Result<(), StepError> {
    old(door, plan).await?;
    match new(door, plan).await? {
        Some(new) => door.remove(Phase::Creating, true, new.id(), true).await,
        None => Ok(()),
    }
}

/// Gives the old container its name back. A creation that came late can hold it.
async fn name_back(door: &Door<'_>, plan: &mut Member) -> Result<(), StepError> {
    let found = old(door, plan).await?;
    // where somebody has given it a name of their own, that is theirs
    if found.name() != plan.aside {
        return Ok(());
    }
    let refusal = match door.rename(Phase::SettingAside, true, &plan.old, &plan.name).await {
        Err(refusal @ StepError::Failed(_)) => refusal,
        other => return other,
    };
    if old(door, plan).await?.name() == plan.name {
        return Ok(());
    }
    let Some(late) = new(door, plan).await? else { return Err(refusal) };
    door.remove(Phase::Creating, true, late.id(), true).await?;
    door.rename(Phase::SettingAside, true, &plan.old, &plan.name).await
}

/// The old container. One that is gone is made again, and set aside as the first one was: its Engine removes some when they stop, and somebody
/// may have tidied up what does not run. But one that went before there was a new one is nobody's to bring back.
async fn old(door: &Door<'_>, plan: &mut Member) -> Result<Container, StepError> {
    if let Some(old) = door.container(&plan.old).await.map_err(StepError::Away)? {
        return Ok(old);
    }
    let is_theirs = !plan.removes && new(door, plan).await?.is_none();
    let Some(again) = plan.again.clone().filter(|_| !is_theirs) else { return Err(interfered("the old container is gone")) };
    // made before, and the answer lost
    let found = door.container(&plan.aside).await.map_err(StepError::Away)?.filter(|found| found.name() == plan.aside);
    let id = if let Some(found) = found {
        found.id().to_owned()
    } else {
        if !door.stands_for(&again.reference, &again.image).await.map_err(StepError::Away)? {
            tagging::name(door, &again.image, &again.reference).await?;
        }
        make(door, Phase::Creating, true, &plan.aside, &again.body).await?
    };
    plan.old = id;
    let gone = || interfered("the old container is gone");
    let old = door.container(&plan.old).await.map_err(StepError::Away)?.ok_or_else(gone)?;
    connect_all(door, &old, &again.connects, true).await?;
    if plan.holds && !plan.running {
        // no step holds it, so none gives it back
        door.set_policy(Phase::Holding, true, &plan.old, &plan.policy).await?;
    }
    Ok(old)
}

/// The new container, whatever somebody calls it by now; none where it was not made, or where somebody else's stands under the name.
async fn new(door: &Door<'_>, plan: &mut Member) -> Result<Option<Container>, StepError> {
    if let Some(made) = &plan.made
        && let Some(new) = door.container(made).await.map_err(StepError::Away)?
    {
        return Ok(Some(new));
    }
    match successor(door, plan).await? {
        Successor::There(new) => Ok(Some(*new)),
        Successor::Missing | Successor::Foreign(_) => Ok(None),
    }
}

fn interfered(detail: impl Into<String>) -> StepError {
    StepError::Failed(UpdateTrouble::Interfered { detail: detail.into() })
}
