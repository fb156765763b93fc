//! Taking a step. Whoever takes one twice does it once: before, and after a refusal, is looked how it stands.

use std::time::Duration;

use serde::Deserialize;
use serde_json::json;

use super::{
    Plan,
    container::Container,
    door::{Change, Door},
    observe::{Successor, is_connected, observe, successor},
    prove::prove,
};
use crate::{
    host::{Observed, StepError, docker::api},
    wire::{Phase, UpdateTrouble},
};

/// Takes a step of the plan.
pub(super) async fn apply(door: &Door<'_>, plan: &mut Plan, step: Phase) -> Result<(), StepError> {
    if step == Phase::Proving {
        let new = made(door, plan).await?;
        return prove(door, &new, Duration::from_millis(plan.grace_ms)).await;
    }
    match observe(door, plan, step).await? {
        Observed::Done => {}
        Observed::Interfered(trouble) => return Err(StepError::Failed(trouble)),
        Observed::NotDone => take_and_look(door, plan, step).await?,
    }
    match step {
        Phase::Creating => of_the_image(door, plan).await,
        _ => Ok(()),
    }
}

/// Takes it. A refusal may be an echo of what was done, so then is looked.
async fn take_and_look(door: &Door<'_>, plan: &mut Plan, step: Phase) -> Result<(), StepError> {
    let refusal = match take(door, plan, step).await {
        Err(StepError::Failed(refusal)) => refusal,
        other => return other,
    };
    match observe(door, plan, step).await? {
        Observed::Done => Ok(()),
        Observed::Interfered(found) => Err(StepError::Failed(found)),
        Observed::NotDone => Err(StepError::Failed(refusal)),
    }
}

async fn take(door: &Door<'_>, plan: &mut Plan, step: Phase) -> Result<(), StepError> {
    match step {
        Phase::SettingAside => door.rename(step, false, &plan.old, &plan.aside).await,
        Phase::Creating => create(door, plan).await,
        Phase::Connecting => connect(door, plan).await,
        Phase::Holding => door.set_policy(step, false, &plan.old, &json!({ "Name": "no" })).await,
        Phase::Stopping => match door.container(&plan.old).await.map_err(StepError::Away)? {
            Some(old) => door.stop(step, false, &old).await,
            None => Err(interfered("the container is gone")),
        },
        Phase::Starting => {
            let new = made(door, plan).await?;
            door.start(step, false, new.id()).await
        }
        Phase::Releasing => release(door, plan).await,
        Phase::Removing => {
            // the old one is the last thing that there is to go back to
            made(door, plan).await?;
            door.remove(step, false, &plan.old, false).await
        }
        Phase::Waiting | Phase::Pulling | Phase::Planning | Phase::Proving | Phase::Undoing => Ok(()),
    }
}

/// Makes the new container, and notes its id.
async fn create(door: &Door<'_>, plan: &mut Plan) -> Result<(), StepError> {
    #[derive(Deserialize)]
    struct Made {
        #[serde(rename = "Id")]
        id: String,
    }
    let path = format!("/containers/create?name={}", api::path(&plan.name));
    let answer = door.change(Change::post(Phase::Creating, path).with(&plan.body)).await?;
    let made: Made =
        serde_json::from_slice(&answer.body).map_err(|_| StepError::Away(door.bad("POST /containers/create", "no id of a container")))?;
    plan.made = Some(made.id);
    Ok(())
}

/// A tag can move between the plan and the creation: then the new container is of an image that nobody has looked at.
async fn of_the_image(door: &Door<'_>, plan: &mut Plan) -> Result<(), StepError> {
    let new = made(door, plan).await?;
    if new.image_id() == plan.image || door.stands_for(&plan.reference, &plan.image).await.map_err(StepError::Away)? {
        return Ok(());
    }
    Err(interfered(format!("{} stands for another image by now", plan.reference)))
}

/// Connects the new container to the networks in which it is not yet.
async fn connect(door: &Door<'_>, plan: &mut Plan) -> Result<(), StepError> {
    let new = made(door, plan).await?;
    for connect in plan.connects.iter().filter(|connect| !is_connected(&new, &connect.network)) {
        let document = json!({ "Container": new.id(), "EndpointConfig": connect.endpoint });
        let path = format!("/networks/{}/connect", api::path(&connect.network));
        door.change(Change::post(Phase::Connecting, path).with(&document)).await?;
    }
    Ok(())
}

/// Gives the new container its restart policy. Where it has ended already that is what the proof has to tell, so nothing else may fail.
async fn release(door: &Door<'_>, plan: &mut Plan) -> Result<(), StepError> {
    let new = made(door, plan).await?;
    let refusal = match door.set_policy(Phase::Releasing, false, new.id(), &plan.policy).await {
        Err(refusal @ StepError::Failed(_)) if plan.running => refusal,
        other => return other,
    };
    if made(door, plan).await?.is_running() { Err(refusal) } else { Ok(()) }
}

/// The new container.
async fn made(door: &Door<'_>, plan: &mut Plan) -> Result<Container, StepError> {
    match successor(door, plan).await? {
        Successor::There(new) => Ok(*new),
        Successor::Missing => Err(interfered("the new container is gone")),
        Successor::Foreign(detail) => Err(interfered(detail)),
    }
}

fn interfered(detail: impl Into<String>) -> StepError {
    StepError::Failed(UpdateTrouble::Interfered { detail: detail.into() })
}
