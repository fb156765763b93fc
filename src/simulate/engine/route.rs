//! From a request to an answer.

mod read;
mod write;

use std::{future, io, sync::Arc};

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Full, StreamBody, combinators::UnsyncBoxBody};
use hyper::body::Incoming;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::{
    EngineError, Shared,
    asked::Asked,
    calls::{Fate, changes},
    faults::{Fault, Mode, When},
    pull::Pulling,
    stream,
};

/// A body that can be a stream, and break.
pub(super) type Body = UnsyncBoxBody<Bytes, io::Error>;

/// What an endpoint answers.
enum Answer {
    Json(Value),
    Made(Value),
    Nothing(StatusCode),
    Text(&'static str),
    Log(Vec<u8>),
    Events(stream::Wish),
    Pull(Pulling),
}

/// Answers a request, as the faults that are switched on allow. An error closes the connection without an answer.
pub(super) async fn answer(shared: Arc<Shared>, request: Request<Incoming>) -> io::Result<Response<Body>> {
    let asked = Asked::read(request).await?;
    let fate = if asked.is_about_nobody() {
        Fate::default()
    } else {
        let mut calls = shared.calls();
        if changes(&asked.method) {
            calls.note(|| asked.call());
        }
        calls.come(&asked.method, asked.unversioned())
    };
    fate.pass(When::Before).await;
    if let Some(response) = strike(&fate, When::Before).await? {
        return Ok(response);
    }
    // an error means that the Engine is being dropped
    let mode = shared.mode.subscribe().wait_for(|mode| *mode != Mode::Hanging).await.map_or(Mode::Failing, |mode| *mode);
    let mut answer = match mode {
        Mode::Failing => Err(EngineError::Failing),
        Mode::Well | Mode::Hanging => decide(&shared, &asked).await,
    };
    if let (Ok(Answer::Pull(pulling)), Some((When::After, _))) = (&mut answer, &fate.fault) {
        pulling.finish();
    }
    fate.pass(When::After).await;
    if let Some(response) = strike(&fate, When::After).await? {
        return Ok(response);
    }
    Ok(respond(&shared, answer))
}

/// What goes wrong now, if anything does.
async fn strike(fate: &Fate, now: When) -> io::Result<Option<Response<Body>>> {
    match fate.fault {
        Some((when, fault)) if when == now => match fault {
            Fault::Hang => future::pending().await,
            Fault::Cut => Err(io::ErrorKind::ConnectionReset.into()),
            Fault::Status(status) => Ok(Some(json_response(failure(status), &json!({ "message": "simulated" })))),
            Fault::Html(status) => {
                let mut response = typed("text/html", whole("<html><body><h1>403 Forbidden</h1></body></html>\n"));
                *response.status_mut() = failure(status);
                Ok(Some(response))
            }
        },
        _ => Ok(None),
    }
}

fn respond(shared: &Shared, answer: Result<Answer, EngineError>) -> Response<Body> {
    let mut response = match answer {
        Ok(Answer::Json(value)) => json_response(StatusCode::OK, &value),
        Ok(Answer::Made(value)) => json_response(StatusCode::CREATED, &value),
        Ok(Answer::Nothing(status)) => {
            let mut response = Response::new(whole(""));
            *response.status_mut() = status;
            response
        }
        Ok(Answer::Text(text)) => typed("text/plain; charset=utf-8", whole(text)),
        Ok(Answer::Log(frames)) => typed("application/vnd.docker.multiplexed-stream", whole(frames)),
        Ok(Answer::Events(wish)) => typed("application/json", StreamBody::new(stream::open(shared, wish)).boxed_unsync()),
        Ok(Answer::Pull(pulling)) => typed("application/json", StreamBody::new(pulling.lines()).boxed_unsync()),
        Err(error) => json_response(error.status(), &json!({ "message": error.to_string() })),
    };
    let headers = response.headers_mut();
    for (name, value) in [
        ("api-version", format!("1.{}", shared.options.api)),
        ("docker-experimental", "false".to_owned()),
        ("ostype", "linux".to_owned()),
        ("server", format!("Docker/{} (linux)", shared.options.version())),
    ] {
        if let Ok(value) = value.parse() {
            headers.insert(name, value);
        }
    }
    response
}

/// The status of a fault.
fn failure(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

async fn decide(shared: &Arc<Shared>, asked: &Asked) -> Result<Answer, EngineError> {
    let decoded = percent_decode_str(asked.path()).decode_utf8_lossy();
    let (api, path) = version(shared, &decoded)?;
    match asked.method {
        Method::GET | Method::HEAD => read::read(shared, asked, api, path),
        Method::POST => write::post(shared, asked, api, path).await,
        Method::DELETE => write::delete(shared, asked, path),
        _ => Err(EngineError::NoPage),
    }
}

/// Splits `/v1.41/info`; without a version the newest is meant.
fn version<'a>(shared: &Shared, path: &'a str) -> Result<(u16, &'a str), EngineError> {
    let newest = shared.options.api;
    let split = path.strip_prefix("/v1.").and_then(|rest| rest.split_once('/'));
    let Some((digits, rest)) = split else { return Ok((newest, path)) };
    let Ok(asked) = digits.parse::<u16>() else { return Err(EngineError::NoPage) };
    let oldest = shared.options.oldest_api();
    match asked {
        _ if asked < oldest => Err(EngineError::TooOld { asked, oldest }),
        _ if asked > newest => Err(EngineError::TooNew { asked, newest }),
        _ => Ok((asked, &path[path.len() - rest.len() - 1..])),
    }
}

/// `/containers/web/json`: the name between two parts of a path.
fn between<'a>(path: &'a str, before: &str, after: &str) -> Option<&'a str> {
    path.strip_prefix(before)?.strip_suffix(after).filter(|name| !name.is_empty())
}

fn json_response(status: StatusCode, value: &Value) -> Response<Body> {
    let mut response = typed("application/json", whole(format!("{value}\n")));
    *response.status_mut() = status;
    response
}

fn whole(text: impl Into<Bytes>) -> Body {
    Full::new(text.into()).map_err(|never| match never {}).boxed_unsync()
}

fn typed(kind: &'static str, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static(kind));
    response
}
