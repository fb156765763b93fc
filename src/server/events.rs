//! `/events`: what changes, as server-sent events.
//!
//! `id:` is the revision; `since` or `Last-Event-ID` resumes from one. An event `change` carries [`Change`](crate::wire::Change), an
//! event `snapshot` the whole [`Snapshot`](crate::wire::Snapshot) where the log cannot bridge the gap, and an event `beat` nothing at all.

use std::convert::Infallible;

use axum::{
    Extension,
    body::Body,
    extract::{Query, State},
    response::Response,
};
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::{HeaderMap, HeaderValue, header};
use serde::Deserialize;

use super::Patience;
use crate::{app::App, wire::Revision};

/// Says nothing. Some proxies pass the head of an answer on with its first bytes only.
const COMMENT: &[u8] = b":\n\n";

/// Shows that a silent stream lives: the comment to proxies, and the event to a page, which hears no comments and could not tell a stream that
/// was cut off in the middle from one where nothing happens.
const BEAT: &[u8] = b":\n\nevent: beat\ndata: \n\n";

/// Where to resume.
#[derive(Debug, Deserialize)]
pub(super) struct Since {
    since: Option<String>,
}

/// Follows the log until the client goes or the server stops.
pub(super) async fn events(
    State(app): State<App>,
    Extension(Patience { heartbeat, .. }): Extension<Patience>,
    Query(query): Query<Since>,
    headers: HeaderMap,
) -> Response {
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok()).or(query.since.as_deref());
    // what is no revision is a page of another program: it gets the whole snapshot, as after a restart
    let since: Option<Revision> = last.and_then(|text| text.parse().ok());
    let follow = app.live.log().follow(since.as_ref());
    let stop = app.stop.clone();
    let stream = stream::unfold((follow, stop), move |(mut follow, stop)| async move {
        let events = tokio::select! {
            () = stop.cancelled() => return None,
            events = follow.next() => events?,
            () = tokio::time::sleep(heartbeat) => vec![Bytes::from_static(BEAT)],
        };
        Some((stream::iter(events.into_iter().map(Ok::<_, Infallible>)), (follow, stop)))
    });
    let hello = stream::iter([Ok(Bytes::from_static(COMMENT))]);
    let mut response = Response::new(Body::from_stream(hello.chain(stream.flatten())));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache, no-transform"));
    // nginx would gather the stream in a buffer
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}
