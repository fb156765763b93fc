//! Taking a step. Whoever takes one twice does it once: before, and after a refusal, is looked how it stands.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::{
    container::{Container, text},
    door::{Change, Door},
    observe::{Successor, is_connected, observe, successor},
    plan::{Connect, Member, Naming},
    tagging,
};
use crate::{
    host::{
        Observed, StepError,
        docker::{api, images::full_id},
    },
    wire::{Phase, UpdateTrouble},
};

/// How long an Engine may take to remove a container that it removes when it stops, and how often that is looked at.
const GOES: Duration = Duration::from_mins(1);
const LOOK: Duration = Duration::from_millis(100);

/// Takes a step, as far as it is about this container.
pub(super) async fn apply(door: &Door<'_>, plan: &mut Member, step: Phase) -> Result<(), StepError> {
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
async fn take_and_look(door: &Door<'_>, plan: &mut Member, step: Phase) -> Result<(), StepError> {
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

async fn take(door: &Door<'_>, plan: &mut Member, step: Phase) -> Result<(), StepError> {
    match step {
        Phase::SettingAside => door.rename(step, false, &plan.old, &plan.aside).await,
        Phase::Creating => create(door, plan).await,
        Phase::Connecting => connect(door, plan).await,
        Phase::Holding => door.set_policy(step, false, &plan.old, &json!({ "Name": "no" })).await,
        Phase::Stopping => stop(door, plan).await,
        Phase::Starting => {
            let new = made(door, plan).await?;
            door.start(step, false, new.id()).await
        }
        Phase::Releasing => release(door, plan).await,
        Phase::Pausing => {
            let new = made(door, plan).await?;
            door.pause(step, false, new.id()).await
        }
        Phase::Removing => {
            // the old one is the last thing that there is to go back to
            made(door, plan).await?;
            door.remove(step, false, &plan.old, false).await
        }
        Phase::Waiting | Phase::Pulling | Phase::Planning | Phase::Proving | Phase::Undoing => Ok(()),
    }
}

/// Makes the new container, and notes its id. It is made from a name, which is given to the image first where it stands for another one.
async fn create(door: &Door<'_>, plan: &mut Member) -> Result<(), StepError> {
    let mut lender = None;
    if !matches!(plan.naming, Naming::Pulled { .. }) && !stands(door, plan).await? {
        let other = door.image(&plan.reference).await.map_err(StepError::Away)?;
        lender = other.map(|other| full_id(text(&other["Id"]))).filter(|_| plan.naming == Naming::Lent);
        tagging::name(door, &plan.image, &plan.reference).await?;
    }
    let made = make(door, Phase::Creating, false, &plan.name, &plan.body).await;
    if let Some(other) = lender {
        tagging::name(door, &other, &plan.reference).await?;
    }
    plan.made = Some(made?);
    Ok(())
}

/// Makes a container, and answers its id.
pub(super) async fn make(door: &Door<'_>, step: Phase, undoing: bool, name: &str, body: &Value) -> Result<String, StepError> {
    #[derive(Deserialize)]
    struct Made {
        #[serde(rename = "Id")]
        id: String,
    }
    let path = format!("/containers/create?name={}", api::path(name));
    let answer = door.change(Change { undoing, ..Change::post(step, path).with(body) }).await?;
    let made: Made =
        serde_json::from_slice(&answer.body).map_err(|_| StepError::Away(door.bad("POST /containers/create", "no id of a container")))?;
    Ok(made.id)
}

/// Stops the old container. One that its Engine removes then is waited for: it has the name and what else may be needed for a way back.
async fn stop(door: &Door<'_>, plan: &Member) -> Result<(), StepError> {
    let Some(old) = door.container(&plan.old).await.map_err(StepError::Away)? else { return Err(interfered("the old container is gone")) };
    door.stop(Phase::Stopping, false, &old).await?;
    let until = Instant::now() + GOES;
    while plan.removes && Instant::now() < until && !door.is_gone(&plan.old).await.map_err(StepError::Away)? {
        sleep(LOOK).await;
    }
    Ok(())
}

async fn stands(door: &Door<'_>, plan: &Member) -> Result<bool, StepError> {
    door.stands_for(&plan.reference, &plan.image).await.map_err(StepError::Away)
}

/// A tag can move between the plan and the creation: then the new container is of an image that nobody has looked at.
async fn of_the_image(door: &Door<'_>, plan: &mut Member) -> Result<(), StepError> {
    let new = made(door, plan).await?;
    if new.image_id() == plan.image || stands(door, plan).await? {
        return Ok(());
    }
    Err(interfered(format!("{} stands for another image by now", plan.reference)))
}

/// Connects the new container to the networks in which it is not yet.
async fn connect(door: &Door<'_>, plan: &mut Member) -> Result<(), StepError> {
    let new = made(door, plan).await?;
    connect_all(door, &new, &plan.connects, false).await
}

/// Connects a container to networks in which it is not yet. Where an endpoint of its name was left behind in one, which Engines sometimes do with
/// containers that are gone, that is taken away first.
pub(super) async fn connect_all(door: &Door<'_>, new: &Container, connects: &[Connect], undoing: bool) -> Result<(), StepError> {
    for connect in connects.iter().filter(|connect| !is_connected(new, &connect.network)) {
        let network = api::path(&connect.network);
        let ask = |verb: &str, document: &Value| {
            let path = format!("/networks/{network}/{verb}");
            let document = document.clone();
            async move { door.change(Change { undoing, ..Change::post(Phase::Connecting, path).with(&document) }).await.map(drop) }
        };
        let document = json!({ "Container": new.id(), "EndpointConfig": connect.endpoint });
        match ask("connect", &document).await {
            Err(StepError::Failed(UpdateTrouble::Step { detail, .. })) if is_left_behind(&detail) => {
                ask("disconnect", &json!({ "Container": new.name(), "Force": true })).await?;
                ask("connect", &document).await?;
            }
            other => other?,
        }
    }
    Ok(())
}

/// `endpoint with name web already exists in network front`.
fn is_left_behind(detail: &str) -> bool {
    detail.contains("endpoint with name") && detail.contains("already exists")
}

/// Gives the new container its restart policy. Where it has ended already that is what the proof has to tell, so nothing else may fail.
async fn release(door: &Door<'_>, plan: &mut Member) -> Result<(), StepError> {
    let new = made(door, plan).await?;
    let refusal = match door.set_policy(Phase::Releasing, false, new.id(), &plan.policy).await {
        Err(refusal @ StepError::Failed(_)) if plan.running => refusal,
        other => return other,
    };
    match successor(door, plan).await? {
        Successor::There(new) if new.is_running() => Err(refusal),
        _ => Ok(()),
    }
}

/// The new container.
async fn made(door: &Door<'_>, plan: &mut Member) -> Result<Container, StepError> {
    match successor(door, plan).await? {
        Successor::There(new) => Ok(*new),
        Successor::Missing => Err(interfered("the new container is gone")),
        Successor::Foreign(detail) => Err(interfered(detail)),
    }
}

fn interfered(detail: impl Into<String>) -> StepError {
    StepError::Failed(UpdateTrouble::Interfered { detail: detail.into() })
}
