//! Requests that change something.

use std::{sync::Arc, time::Duration};

use http::StatusCode;
use serde_json::{Value, json};
use tokio::time::sleep;

use super::{Answer, between};
use crate::{
    image::Reference,
    simulate::engine::{
        EngineError, Shared,
        asked::Asked,
        event, pull,
        world::{World, check_name},
    },
};

/// How long a container may take to stop where nobody says.
const PATIENCE: u64 = 10;

pub(super) async fn post(shared: &Arc<Shared>, asked: &Asked, api: u16, path: &str) -> Result<Answer, EngineError> {
    match path {
        "/containers/create" => return create(shared, asked, api),
        "/images/create" => return pull::begin(shared, asked).map(Answer::Pull),
        _ => {}
    }
    if let Some(name) = between(path, "/networks/", "/connect") {
        return connect(shared, asked, name);
    }
    if let Some(name) = between(path, "/networks/", "/disconnect") {
        return disconnect(shared, asked, name);
    }
    if let Some(name) = between(path, "/images/", "/tag") {
        return tag(shared, asked, name);
    }
    let Some((name, action)) = path.strip_prefix("/containers/").and_then(|rest| rest.rsplit_once('/')) else {
        return Err(EngineError::NoPage);
    };
    match action {
        "start" => start(shared, name),
        "stop" => stop(shared, asked, name).await,
        "wait" => wait(shared, asked, name).await,
        "rename" => change(shared, name, |world, at| rename(world, at, asked.text("name"))),
        "kill" => change(shared, name, |world, at| world.kill(at, asked.text("signal"))),
        "pause" => change(shared, name, World::freeze),
        "unpause" => change(shared, name, World::thaw),
        "update" => {
            let body = asked.document(shared.options.api)?;
            change(shared, name, |world, at| world.update(at, &body))?;
            Ok(Answer::Json(json!({ "Warnings": null })))
        }
        _ => Err(EngineError::NoPage),
    }
}

pub(super) fn delete(shared: &Shared, asked: &Asked, path: &str) -> Result<Answer, EngineError> {
    let force = asked.is_true("force");
    if let Some(name) = between(path, "/containers/", "") {
        return change(shared, name, |world, at| world.remove(at, force, asked.is_true("v")));
    }
    if let Some(name) = between(path, "/images/", "") {
        return shared.world().remove_image(name, force).map(|told| Answer::Json(Value::Array(told)));
    }
    Err(EngineError::NoPage)
}

/// Does something to a container that answers nothing.
fn change(shared: &Shared, name: &str, act: impl FnOnce(&mut World, usize) -> Result<(), EngineError>) -> Result<Answer, EngineError> {
    let mut world = shared.world();
    let at = world.find(name)?;
    act(&mut world, at)?;
    Ok(Answer::Nothing(StatusCode::NO_CONTENT))
}

/// Gives a container another name. One that is taken, or none at all, is told a little differently than at a creation.
fn rename(world: &mut World, at: usize, new: &str) -> Result<(), EngineError> {
    let same = world.containers[at].name == new;
    if !new.is_empty() && !same {
        check_name(new)?;
    }
    world.rename(at, new).map_err(|error| match error {
        EngineError::NameTaken { .. } => EngineError::Conflict(format!("Error when allocating new name: {error}")),
        other => other,
    })
}

fn create(shared: &Shared, asked: &Asked, api: u16) -> Result<Answer, EngineError> {
    let body = Value::Object(asked.document(shared.options.api)?);
    let name = Some(asked.text("name")).filter(|name| !name.is_empty());
    name.map_or(Ok(()), check_name)?;
    let created = shared.world().create(name, &body, api, event::now())?;
    Ok(Answer::Made(json!({ "Id": created.id, "Warnings": created.warnings })))
}

/// Gives an image another name.
fn tag(shared: &Shared, asked: &Asked, name: &str) -> Result<Answer, EngineError> {
    let tag = Some(asked.text("tag")).filter(|tag| !tag.is_empty()).unwrap_or("latest");
    let written = format!("{}:{tag}", asked.text("repo"));
    let reference: Reference = written.parse().map_err(|_| EngineError::Invalid(format!("invalid reference format: {written}")))?;
    let mut world = shared.world();
    let id = world.resolve(name)?;
    world.point(&id, &reference, event::now());
    world.tell_image("tag", &id, &id, &reference.familiar());
    Ok(Answer::Nothing(StatusCode::CREATED))
}

fn start(shared: &Shared, name: &str) -> Result<Answer, EngineError> {
    let mut world = shared.world();
    let at = world.find(name)?;
    let started = world.start(at, event::now())?;
    Ok(Answer::Nothing(if started { StatusCode::NO_CONTENT } else { StatusCode::NOT_MODIFIED }))
}

/// Stops a container. It goes on with that also when nobody waits for the answer any more.
async fn stop(shared: &Arc<Shared>, asked: &Asked, name: &str) -> Result<Answer, EngineError> {
    let (id, needs) = {
        let world = shared.world();
        let at = world.find(name)?;
        if !world.containers[at].state.is_up() {
            return Ok(Answer::Nothing(StatusCode::NOT_MODIFIED));
        }
        (world.containers[at].id.clone(), world.behaviour(at).stopping())
    };
    let patience = Duration::from_secs(asked.text("t").parse().unwrap_or(PATIENCE));
    let shared = shared.clone();
    let stopped = tokio::spawn(async move {
        sleep(needs.min(patience)).await;
        let mut world = shared.world();
        if let Ok(at) = world.find(&id) {
            world.stop(at, if needs > patience { 137 } else { 0 });
        }
    });
    // an error means that the Engine ends
    let _ = stopped.await;
    Ok(Answer::Nothing(StatusCode::NO_CONTENT))
}

/// Waits until a container has ended, or is gone.
async fn wait(shared: &Shared, asked: &Asked, name: &str) -> Result<Answer, EngineError> {
    let removed = asked.text("condition") == "removed";
    let next = asked.text("condition") == "next-exit";
    let (id, mut news, began) = {
        let world = shared.world();
        let container = &world.containers[world.find(name)?];
        (container.id.clone(), world.log.listen().1, container.finished)
    };
    let mut code = 0;
    loop {
        {
            let world = shared.world();
            let found = world.containers.iter().find(|container| container.id == id);
            code = found.map_or(code, |container| container.state.exit_code());
            let over = found.is_none_or(|container| !removed && !container.state.is_up() && (!next || container.finished != began));
            if over {
                return Ok(Answer::Json(json!({ "Error": null, "StatusCode": code })));
            }
        }
        // one that fell behind looks again too
        let _ = news.recv().await;
    }
}

fn connect(shared: &Shared, asked: &Asked, name: &str) -> Result<Answer, EngineError> {
    let body = asked.document(shared.options.api)?;
    let mut world = shared.world();
    let at = world.find(body.get("Container").and_then(Value::as_str).unwrap_or_default())?;
    world.connect(at, name, body.get("EndpointConfig"))?;
    Ok(Answer::Nothing(StatusCode::OK))
}

fn disconnect(shared: &Shared, asked: &Asked, name: &str) -> Result<Answer, EngineError> {
    let body = asked.document(shared.options.api)?;
    let container = body.get("Container").and_then(Value::as_str).unwrap_or_default();
    let mut world = shared.world();
    let network = world.find_network(name)?;
    match world.find(container) {
        Ok(at) => world.disconnect(at, &network)?,
        // what a container left behind that is gone, which never happens here
        Err(EngineError::NoContainer(_)) if body.get("Force") == Some(&Value::Bool(true)) => {
            return Err(EngineError::Missing(format!("endpoint {container} not found")));
        }
        Err(error) => return Err(error),
    }
    Ok(Answer::Nothing(StatusCode::OK))
}
