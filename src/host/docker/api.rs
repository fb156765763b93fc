//! Calls to the Engine: one request, one whole answer, both bounded.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::time::timeout;

use super::transport::{Transport, explain};
use crate::host::HostError;

/// How long an answer may take and how big it may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limit {
    pub(super) wait: Duration,
    pub(super) bytes: usize,
}

/// For greetings.
pub(super) const BRIEF: Limit = Limit { wait: Duration::from_secs(10), bytes: 1 << 20 };

/// For one container or image.
pub(super) const ONE: Limit = Limit { wait: Duration::from_secs(20), bytes: 4 << 20 };

/// For the list of all containers: some 4 kB each, and a busy Engine with old discs takes its time.
pub(super) const ALL: Limit = Limit { wait: Duration::from_mins(1), bytes: 32 << 20 };

/// For changes of one container. Discs, volumes of other machines and hooks of the runtime take their time.
pub(super) const CHANGE: Limit = Limit { wait: Duration::from_mins(3), bytes: 1 << 20 };

/// Most of an error's text that is passed on.
const DETAIL: usize = 400;

/// What must be encoded in a path that holds a reference.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'/').remove(b':').remove(b'@');

/// A whole answer.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

/// Text made fit to stand in a path.
pub(super) fn path(text: &str) -> String {
    utf8_percent_encode(text, PATH).to_string()
}

/// Makes a request without body and reads the whole answer, whatever its status.
pub(super) async fn exchange(transport: &Transport, method: Method, path: &str, limit: Limit) -> Result<Answer, HostError> {
    send(transport, method, path, None, limit).await
}

/// Makes a request, with a document where there is one, and reads the whole answer, whatever its status. A request that changes something
/// and whose answer is lost is not sent again: whether it was heard is not known.
pub(super) async fn send(
    transport: &Transport,
    method: Method,
    path: &str,
    document: Option<&Value>,
    limit: Limit,
) -> Result<Answer, HostError> {
    let shown = shown(&method, path);
    let mut request = Request::builder().method(method).uri(path);
    if document.is_some() {
        request = request.header(header::CONTENT_TYPE, "application/json");
    }
    let body = document.map(|document| Bytes::from(document.to_string())).unwrap_or_default();
    let request = request.body(Full::new(body)).map_err(|error| transport.broken(error))?;
    let exchanged = timeout(limit.wait, async {
        let (response, connection) = transport.send(request).await?;
        let (parts, body) = response.into_parts();
        let body = Limited::new(body, limit.bytes).collect().await.map_err(|error| match error.downcast_ref::<LengthLimitError>() {
            Some(_) => bad(transport, &shown, format!("more than {} bytes", limit.bytes)),
            None => transport.broken(explain(error.as_ref())),
        })?;
        transport.keep(connection);
        Ok(Answer { status: parts.status, headers: parts.headers, body: body.to_bytes() })
    });
    exchanged.await.unwrap_or_else(|_| {
        Err(HostError::TimedOut { address: transport.address(), request: shown.clone(), seconds: limit.wait.as_secs() })
    })
}

/// Gets a document; `None` where the Engine says that there is no such thing.
pub(super) async fn find<T: DeserializeOwned>(transport: &Transport, path: &str, limit: Limit) -> Result<Option<T>, HostError> {
    let answer = exchange(transport, Method::GET, path, limit).await?;
    if answer.status == StatusCode::NOT_FOUND {
        return Ok(None);
    }
    let shown = shown(&Method::GET, path);
    accept(transport, &shown, &answer)?;
    match serde_json::from_slice(&answer.body) {
        Ok(document) => Ok(Some(document)),
        Err(error) => Err(bad(transport, &shown, format!("{error}{}", if answer.is_html() { ", but a page of HTML" } else { "" }))),
    }
}

/// Gets a document that must be there.
pub(super) async fn get<T: DeserializeOwned>(transport: &Transport, path: &str, limit: Limit) -> Result<T, HostError> {
    let missing = || bad(transport, &shown(&Method::GET, path), "status 404".to_owned());
    find(transport, path, limit).await?.ok_or_else(missing)
}

/// Passes an answer of success; turns any other into an error.
pub(super) fn accept(transport: &Transport, request: &str, answer: &Answer) -> Result<(), HostError> {
    match answer.status {
        status if status.is_success() => Ok(()),
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            Err(HostError::Refused { address: transport.address(), request: request.to_owned(), status: answer.status.as_u16() })
        }
        status => Err(bad(transport, request, format!("status {}{}", status.as_u16(), message(answer)))),
    }
}

/// An unusable answer.
pub(super) fn bad(transport: &Transport, request: &str, detail: String) -> HostError {
    HostError::BadAnswer { address: transport.address(), request: request.to_owned(), detail }
}

/// A request as errors name it: without the query, which is long and helps nobody.
pub(super) fn shown(method: &Method, path: &str) -> String {
    let path = path.split_once('?').map_or(path, |(path, _)| path);
    format!("{method} {path}")
}

/// What the answer says, to stand behind its status.
fn message(answer: &Answer) -> String {
    let other = || if answer.is_html() { "a page of HTML".to_owned() } else { told(&String::from_utf8_lossy(&answer.body)) };
    let text = words(answer).unwrap_or_else(other);
    if text.is_empty() { text } else { format!(": {text}") }
}

/// The Engine's own words, where they are words: `{"message": …}`.
pub(super) fn words(answer: &Answer) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Failure {
        message: String,
    }
    let failure = serde_json::from_slice::<Failure>(&answer.body).ok()?;
    Some(told(&failure.message)).filter(|text| !text.is_empty())
}

/// As much of a text from outside as is passed on, on one line.
pub(super) fn told(text: &str) -> String {
    text.trim().chars().take(DETAIL).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

impl Answer {
    /// Whether it is a page for people, which no Engine gives.
    pub(super) fn is_html(&self) -> bool {
        let kind = self.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        kind.is_some_and(|kind| kind.starts_with("text/html"))
    }
}
