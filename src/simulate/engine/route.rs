//! From a request to an answer.

use std::{collections::BTreeMap, convert::Infallible, future, io, sync::Arc};

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Full, StreamBody, combinators::UnsyncBoxBody};
use hyper::body::Incoming;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::{
    EngineError, Shared, answers,
    faults::{Fault, Mode},
    stream,
};

/// A body that can be a stream.
pub(super) type Body = UnsyncBoxBody<Bytes, Infallible>;

/// What an endpoint answers.
enum Answer {
    Json(Value),
    Text(&'static str),
    Events(stream::Wish),
}

/// Answers a request, as the faults that are switched on allow. An error closes the connection without an answer.
pub(super) async fn answer(shared: Arc<Shared>, request: Request<Incoming>) -> io::Result<Response<Body>> {
    let fault = shared.calls().come(request.method(), unversioned(request.uri().path()));
    match fault {
        None => {}
        Some(Fault::Hang) => future::pending().await,
        Some(Fault::Cut) => return Err(io::ErrorKind::ConnectionReset.into()),
        Some(Fault::Status(status)) => return Ok(json_response(failure(status), &json!({ "message": "simulated" }))),
        Some(Fault::Html(status)) => {
            let mut response = typed("text/html", Full::from("<html><body><h1>403 Forbidden</h1></body></html>\n").boxed_unsync());
            *response.status_mut() = failure(status);
            return Ok(response);
        }
    }
    // an error means that the Engine is being dropped
    let mode = shared.mode.subscribe().wait_for(|mode| *mode != Mode::Hanging).await.map_or(Mode::Failing, |mode| *mode);
    let answer = match mode {
        Mode::Failing => Err(EngineError::Failing),
        Mode::Well | Mode::Hanging => decide(&shared, request.method(), request.uri().path(), request.uri().query().unwrap_or_default()),
    };
    let mut response = match answer {
        Ok(Answer::Json(value)) => json_response(StatusCode::OK, &value),
        Ok(Answer::Text(text)) => typed("text/plain; charset=utf-8", Full::from(text).boxed_unsync()),
        Ok(Answer::Events(wish)) => typed("application/json", StreamBody::new(stream::open(&shared, wish)).boxed_unsync()),
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
    Ok(response)
}

/// The status of a fault.
fn failure(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// The path without its version.
fn unversioned(path: &str) -> &str {
    let rest = path.strip_prefix("/v1.").and_then(|rest| rest.find('/').map(|end| &rest[end..]));
    rest.unwrap_or(path)
}

fn decide(shared: &Shared, method: &Method, path: &str, query: &str) -> Result<Answer, EngineError> {
    let decoded = percent_decode_str(path).decode_utf8_lossy();
    let (api, path) = version(shared, &decoded)?;
    let query: BTreeMap<String, String> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    if !matches!(*method, Method::GET | Method::HEAD) {
        return Err(EngineError::NoPage);
    }
    let world = shared.world();
    let named = |kind: &str| path.strip_prefix(kind).and_then(|rest| rest.strip_suffix("/json")).filter(|name| !name.is_empty());
    if let Some(name) = named("/containers/") {
        return answers::container(&world, api, name).map(Answer::Json);
    }
    if let Some(name) = named("/images/") {
        return answers::image(&world, api, name).map(Answer::Json);
    }
    match path {
        "/_ping" => Ok(Answer::Text("OK")),
        "/version" => Ok(Answer::Json(answers::version(&shared.options))),
        "/info" => Ok(Answer::Json(answers::info(&world, &shared.options))),
        "/containers/json" => Ok(Answer::Json(answers::containers(&world, api, is_true(&query, "all")))),
        "/images/json" => Ok(Answer::Json(answers::images(&world, api))),
        "/events" => stream::Wish::read(&query).map(Answer::Events),
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

/// A switch in a query, as the Engine reads one.
fn is_true(query: &BTreeMap<String, String>, name: &str) -> bool {
    query.get(name).is_some_and(|value| !matches!(value.to_ascii_lowercase().as_str(), "" | "0" | "no" | "false" | "none"))
}

fn json_response(status: StatusCode, value: &Value) -> Response<Body> {
    let mut response = typed("application/json", Full::from(format!("{value}\n")).boxed_unsync());
    *response.status_mut() = status;
    response
}

fn typed(kind: &'static str, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static(kind));
    response
}
