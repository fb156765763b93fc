//! The Engine's events: one request whose answer never ends, a JSON document a line.

use bytes::BytesMut;
use futures_util::{Stream, stream};
use http::{Method, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::{
    Engine,
    answers::Line,
    api,
    session::Flavour,
    transport::{Connection, explain},
};
use crate::host::{Event, HostError, Moment, Subject};

/// Longest line: labels of a container stand in each of its events.
const LINE: usize = 1 << 20;

/// What happens to containers that an inventory can show. What is left out is noise: a health check alone makes three events a time.
const CONTAINER: &[&str] = &[
    "create",
    "start",
    "die",
    "destroy",
    "rename",
    "update",
    "pause",
    "unpause",
    "health_status",
    // Podman's own words
    "died",
    "remove",
];

/// What happens to images that can change what a name stands for.
const IMAGE: &[&str] =
    &["pull", "push", "tag", "untag", "delete", "load", "import", "prune", "build", "create", "loadfromarchive", "remove"];

/// Follows the events from `since` on.
///
/// Podman sends nothing, not even a status, before its first event: so waiting for the answer's beginning is not bounded here.
pub(super) fn follow(engine: Engine, since: Moment) -> impl Stream<Item = Result<Event, HostError>> + Send {
    let follower = Follower { engine, since, reading: None };
    stream::try_unfold(follower, async |mut follower| Ok(follower.next().await?.map(|event| (event, follower))))
}

/// One request for events.
struct Follower {
    engine: Engine,
    since: Moment,
    reading: Option<Reading>,
}

/// The answer as far as it came.
struct Reading {
    /// not read from, but with it the connection would go
    _connection: Connection,
    body: Incoming,
    buffer: BytesMut,
}

impl Follower {
    /// The next event; `None` when the Engine has closed the stream.
    async fn next(&mut self) -> Result<Option<Event>, HostError> {
        let mut reading = match self.reading.take() {
            Some(reading) => reading,
            None => self.open().await?,
        };
        loop {
            while let Some(end) = reading.buffer.iter().position(|byte| *byte == b'\n') {
                let line = reading.buffer.split_to(end + 1);
                if let Some(event) = event(&line) {
                    self.reading = Some(reading);
                    return Ok(Some(event));
                }
            }
            let transport = &self.engine.shared.transport;
            if reading.buffer.len() > LINE {
                return Err(api::bad(transport, "GET /events", format!("a line of more than {LINE} bytes")));
            }
            match reading.body.frame().await {
                None => return Ok(None),
                Some(Ok(frame)) => reading.buffer.extend(frame.into_data().ok()),
                Some(Err(error)) => return Err(transport.broken(explain(&error))),
            }
        }
    }

    async fn open(&self) -> Result<Reading, HostError> {
        let session = self.engine.session().await?;
        let filters = utf8_percent_encode(&filters(session.flavour), NON_ALPHANUMERIC).to_string();
        let path = session.path(&format!("/events?since={}&filters={filters}", self.since));
        let transport = &self.engine.shared.transport;
        let request = Request::get(path).body(Full::default()).map_err(|error| transport.broken(error))?;
        let (response, connection) = transport.send(request).await?;
        let shown = api::shown(&Method::GET, "/events");
        match response.status() {
            StatusCode::OK => Ok(Reading { _connection: connection, body: response.into_body(), buffer: BytesMut::new() }),
            status @ (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED) => {
                Err(HostError::Refused { address: transport.address(), request: shown, status: status.as_u16() })
            }
            status => Err(api::bad(transport, &shown, format!("status {}", status.as_u16()))),
        }
    }
}

/// What is asked for. Podman filters by its own words for what happens, so there only the kinds are named.
fn filters(flavour: Flavour) -> String {
    let kinds = ["container", "image"];
    match flavour {
        Flavour::Podman => serde_json::json!({ "type": kinds }),
        Flavour::Docker => serde_json::json!({ "type": kinds, "event": ([CONTAINER, IMAGE].concat()) }),
    }
    .to_string()
}

/// Reads a line; `None` for what changes nothing that can be seen.
fn event(line: &[u8]) -> Option<Event> {
    // API 1.52 may put a record separator in front
    let line = line.trim_ascii_start().strip_prefix(b"\x1e").unwrap_or(line).trim_ascii();
    if line.is_empty() {
        return None;
    }
    let Ok(line) = serde_json::from_slice::<Line>(line) else {
        return Some(Event { subject: Subject::Unknown, action: String::new(), id: String::new(), name: None, at: Moment::default() });
    };
    let action = line.action.split(':').next().unwrap_or_default().trim();
    let subject = match line.kind.as_str() {
        "container" if CONTAINER.contains(&action) => Subject::Workload,
        "image" if IMAGE.contains(&action) => Subject::Image,
        _ => return None,
    };
    let at = if line.nanoseconds > 0 { Moment(line.nanoseconds) } else { Moment::from_seconds(line.seconds) };
    let action = action.to_owned();
    let mut attributes = line.actor.attributes;
    Some(Event { subject, action, id: line.actor.id, name: attributes.remove("name"), at })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_and_noise_is_passed_over() {
        let read = |line: &str| event(line.as_bytes()).map(|event| (event.subject, event.action, event.name, event.at));
        let start = r#"{"status":"start","id":"c1","from":"nginx","Type":"container","Action":"start","Actor":{"ID":"c1","Attributes":{"name":"web"}},"time":7,"timeNano":7000000005}"#;
        assert_eq!(read(start), Some((Subject::Workload, "start".into(), Some("web".into()), Moment(7_000_000_005))));
        let health = r#"{"Type":"container","Action":"health_status: healthy","Actor":{"ID":"c1","Attributes":null},"time":7}"#;
        assert_eq!(read(health), Some((Subject::Workload, "health_status".into(), None, Moment::from_seconds(7))));
        let pull = "\u{1e}{\"Type\":\"image\",\"Action\":\"pull\",\"Actor\":{\"ID\":\"nginx:1\",\"Attributes\":{\"name\":\"nginx\"}},\"timeNano\":1}\r\n";
        assert_eq!(read(pull), Some((Subject::Image, "pull".into(), Some("nginx".into()), Moment(1))));
        for noise in [
            "",
            "\r\n",
            r#"{"Type":"container","Action":"exec_create: /bin/sh -c true","Actor":{"ID":"c1"}}"#,
            r#"{"Type":"container","Action":"top"}"#,
            r#"{"Type":"network","Action":"connect"}"#,
            r#"{"Type":"image","Action":"save"}"#,
        ] {
            assert_eq!(read(noise), None, "{noise}");
        }
    }

    #[test]
    fn an_unreadable_line_may_mean_anything() {
        assert_eq!(event(b"{\"Type\":").map(|event| event.subject), Some(Subject::Unknown));
    }

    #[test]
    fn podman_is_not_asked_by_dockers_words() {
        assert_eq!(filters(Flavour::Podman), r#"{"type":["container","image"]}"#);
        assert!(filters(Flavour::Docker).contains("health_status"));
    }
}
