//! Requests that change nothing.

use super::{Answer, between};
use crate::simulate::engine::{EngineError, Shared, answers, asked::Asked, stream};

pub(super) fn read(shared: &Shared, asked: &Asked, api: u16, path: &str) -> Result<Answer, EngineError> {
    let world = shared.world();
    if let Some(name) = between(path, "/containers/", "/json") {
        return answers::container(&world, api, name).map(Answer::Json);
    }
    if let Some(name) = between(path, "/containers/", "/logs") {
        return Ok(Answer::Log(answers::log(&world.containers[world.find(name)?])));
    }
    if let Some(name) = between(path, "/images/", "/json") {
        // old Engines say it twice
        let twice = |error: EngineError| match error {
            EngineError::NoImage(_) if shared.options.api < 42 => EngineError::Missing(format!("no such image: {name}: {error}")),
            other => other,
        };
        return answers::image(&world, api, name).map(Answer::Json).map_err(twice);
    }
    if let Some(name) = between(path, "/networks/", "") {
        return answers::network(&world, name).map(Answer::Json);
    }
    match path {
        "/_ping" => Ok(Answer::Text("OK")),
        "/version" => Ok(Answer::Json(answers::version(&shared.options))),
        "/info" => Ok(Answer::Json(answers::info(&world, &shared.options))),
        "/containers/json" => Ok(Answer::Json(answers::containers(&world, api, asked.is_true("all")))),
        "/images/json" => Ok(Answer::Json(answers::images(&world, api))),
        "/networks" => Ok(Answer::Json(answers::networks(&world))),
        "/volumes" => Ok(Answer::Json(answers::volumes(&world))),
        "/events" => stream::Wish::read(&asked.query).map(Answer::Events),
        _ => Err(EngineError::NoPage),
    }
}
