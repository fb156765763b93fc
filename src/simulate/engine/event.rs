//! Events: what they say, which are kept, and who hears them.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use bytes::Bytes;
use serde_json::json;
use tokio::sync::broadcast;

/// How many events an Engine remembers.
const KEPT: usize = 256;

/// How far a listener may fall behind before its stream is closed.
const BEHIND: usize = 1024;

/// Something that happened.
#[derive(Debug, Clone)]
pub(super) struct Event {
    /// `container`, `image`, `network`
    pub(super) kind: &'static str,
    /// `start`, `health_status: healthy`
    pub(super) action: String,
    /// to whom
    pub(super) id: String,
    /// what else is told
    pub(super) attributes: BTreeMap<String, String>,
    /// when, in nanoseconds since 1970
    pub(super) at: i64,
}

impl Event {
    /// The event as a line. Containers and images tell some of it twice, for clients of before 2016.
    pub(super) fn line(&self) -> Bytes {
        let mut told = json!({
            "Type": self.kind,
            "Action": self.action,
            "Actor": { "ID": self.id, "Attributes": self.attributes },
            "scope": "local",
            "time": self.at.div_euclid(1_000_000_000),
            "timeNano": self.at,
        });
        if matches!(self.kind, "container" | "image") {
            told["status"] = json!(self.action);
            told["id"] = json!(self.id);
            if let Some(image) = self.attributes.get("image") {
                told["from"] = json!(image);
            }
        }
        format!("{told}\n").into()
    }
}

/// What happened lately, and who listens.
#[derive(Debug)]
pub(super) struct Log {
    kept: VecDeque<Arc<Event>>,
    listeners: broadcast::Sender<Arc<Event>>,
    last: i64,
}

impl Log {
    pub(super) fn new() -> Self {
        Self { kept: VecDeque::with_capacity(KEPT), listeners: broadcast::Sender::new(BEHIND), last: 0 }
    }

    /// Tells an event. Times always grow, so that a client which remembers the last one finds its place again.
    pub(super) fn tell(&mut self, kind: &'static str, action: impl Into<String>, id: &str, attributes: BTreeMap<String, String>) {
        self.last = now().max(self.last + 1);
        let event = Arc::new(Event { kind, action: action.into(), id: id.to_owned(), attributes, at: self.last });
        if self.kept.len() == KEPT {
            self.kept.pop_front();
        }
        self.kept.push_back(event.clone());
        // nobody listening is no failure
        let _ = self.listeners.send(event);
    }

    /// Forgets what happened, as an Engine does that ends.
    pub(super) fn forget(&mut self) {
        self.kept.clear();
    }

    /// What is remembered, and what will come, without a gap between.
    pub(super) fn listen(&self) -> (Vec<Arc<Event>>, broadcast::Receiver<Arc<Event>>) {
        (self.kept.iter().cloned().collect(), self.listeners.subscribe())
    }
}

/// The present, in nanoseconds since 1970.
pub(super) fn now() -> i64 {
    i64::try_from(jiff::Timestamp::now().as_nanosecond()).unwrap_or(i64::MAX)
}
