//! The server: connections, and what each request meets on its way.

use std::{future, io, sync::Arc, time::Duration};

use http::{HeaderName, Method, Request, StatusCode, header};
use http_body_util::{BodyExt, Limited};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use jiff::{SignedDuration, Timestamp, fmt::rfc2822::DateTimePrinter};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::sleep,
};

use super::{
    Shared, challenge,
    fault::{Fault, RetryAfter},
    hub, manifests, quota,
    reply::{self, Answer},
    route::Route,
    tags, token,
};

/// The pause after a connection could not be taken: file descriptors ran out, most likely.
const RECOVER: Duration = Duration::from_millis(10);

/// Longest form that is read, in bytes.
const FORM: usize = 64 * 1024;

/// Serves until it is dropped, and its connections with it.
pub(super) async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    let mut open = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => drop(open.spawn(connection(stream, Arc::clone(&shared)))),
                Err(_) => sleep(RECOVER).await,
            },
            Some(_) = open.join_next() => {}
        }
    }
}

/// Serves one connection.
async fn connection(stream: TcpStream, shared: Arc<Shared>) {
    // without it an answer could wait for an acknowledgement; where it fails, it is slow and no more
    let _ = stream.set_nodelay(true);
    let service = service_fn(|request| {
        let shared = Arc::clone(&shared);
        async move { answer(&shared, request).await }
    });
    // clients hang up as they like
    let _ = http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service).await;
}

/// Answers one request. An error closes the connection without an answer.
async fn answer(shared: &Shared, request: Request<Incoming>) -> io::Result<Answer> {
    let path = request.uri().path().to_owned();
    let route = Route::of(&path);
    let head = request.method() == Method::HEAD;
    let authorization = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let under_way = shared.counter.count(&route, head, authorization.as_deref());
    let (delay, faults) = {
        let mut state = shared.state();
        (state.delay, state.faults.strike(&route))
    };
    let too_many = faults.iter().any(|fault| matches!(fault, Fault::TooManyAbove(most) if under_way.at_its_start > *most as u64));
    if too_many {
        return Ok(too_many_requests(RetryAfter::Missing));
    }
    if !delay.is_zero() {
        sleep(delay).await;
    }
    let mut answer = match instead(&faults).await? {
        Some(answer) => answer,
        None if route == Route::Token && request.method() == Method::POST => {
            token::exchange(shared, &read(request.into_body()).await, &faults)
        }
        None => route_to(shared, &request, route, head, authorization.as_deref(), &faults),
    };
    reply::set(&mut answer, HeaderName::from_static("docker-distribution-api-version"), "registry/2.0");
    Ok(answer)
}

/// What an honest registry does, but for the faults that change a part of an answer.
fn route_to(
    shared: &Shared,
    request: &Request<Incoming>,
    route: Route<'_>,
    head: bool,
    authorization: Option<&str>,
    faults: &[Fault],
) -> Answer {
    let query = request.uri().query().unwrap_or_default();
    if request.method() != Method::GET && !head {
        return reply::error(StatusCode::METHOD_NOT_ALLOWED, "UNSUPPORTED", "the operation is unsupported", None);
    }
    if route == Route::Token {
        return token::give(shared, query, authorization, faults);
    }
    if let Route::Hub { name, tag } = route {
        return hub::tag(shared, name, tag, faults);
    }
    if let Some(refusal) = challenge::guard(shared, route.name(), authorization, faults) {
        return refusal;
    }
    match route {
        Route::Ping => {
            let mut answer = reply::full(StatusCode::OK, "{}");
            reply::set(&mut answer, header::CONTENT_TYPE, "application/json");
            answer
        }
        Route::Manifest { name, reference } => {
            let answer = manifests::manifest(shared, name, reference, head, request.headers(), faults);
            quota::count(shared, answer, head)
        }
        Route::Tags { name } => tags::list(shared, name, query, request.headers(), faults),
        Route::Blob { name, digest } => manifests::blob(shared, name, digest, faults),
        Route::Hub { .. } | Route::Token | Route::Other => reply::full(StatusCode::NOT_FOUND, "404 page not found\n"),
    }
}

/// The text of a form. What is longer than a form is none.
async fn read(body: Incoming) -> String {
    let body = Limited::new(body, FORM).collect().await;
    body.map(|body| String::from_utf8_lossy(&body.to_bytes()).into_owned()).unwrap_or_default()
}

/// What comes instead of an answer, where a fault says so.
async fn instead(faults: &[Fault]) -> io::Result<Option<Answer>> {
    for fault in faults {
        let answer = match fault {
            Fault::Hang => future::pending().await,
            Fault::Reset => return Err(io::ErrorKind::ConnectionReset.into()),
            Fault::Status(status) => {
                let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                reply::error(status, "UNKNOWN", "unknown error", None)
            }
            Fault::TooMany(retry_after) => too_many_requests(*retry_after),
            Fault::Html => reply::html(),
            Fault::Redirect(target) => {
                let mut answer = reply::full(StatusCode::TEMPORARY_REDIRECT, "");
                reply::set(&mut answer, header::LOCATION, target);
                answer
            }
            _ => continue,
        };
        return Ok(Some(answer));
    }
    Ok(None)
}

/// 429, in the way that it is said here.
fn too_many_requests(retry_after: RetryAfter) -> Answer {
    let text = match retry_after {
        RetryAfter::Body => "retry-after: 1.16676ms, allowed: 44000/minute",
        _ => "too many requests",
    };
    let mut answer = reply::error(StatusCode::TOO_MANY_REQUESTS, "TOOMANYREQUESTS", text, None);
    let said = match retry_after {
        RetryAfter::Seconds(seconds) => Some(seconds.to_string()),
        RetryAfter::Date(seconds) => {
            let date = Timestamp::now() + SignedDuration::from_secs(seconds.into());
            DateTimePrinter::new().timestamp_to_rfc9110_string(&date).ok()
        }
        RetryAfter::Body | RetryAfter::Missing => None,
    };
    if let Some(said) = said {
        reply::set(&mut answer, header::RETRY_AFTER, &said);
    }
    answer
}
