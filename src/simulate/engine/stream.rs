//! `GET /events`: a line an event, for as long as the client stays.

use std::{collections::BTreeMap, io, sync::Arc, time::Duration};

use bytes::Bytes;
use futures_util::{Stream, stream};
use hyper::body::Frame;
use serde_json::Value;
use tokio::{
    sync::{broadcast, watch},
    time::{Instant, sleep_until},
};

use super::{
    EngineError, Shared,
    event::{self, Event},
    faults::Mode,
};

/// What a client wants to hear.
#[derive(Debug, Default)]
pub(super) struct Wish {
    /// nanoseconds since 1970
    since: Option<i64>,
    until: Option<i64>,
    filters: BTreeMap<String, Vec<String>>,
}

/// An open stream.
struct Open {
    wish: Wish,
    /// what is to be told before anything new
    kept: std::vec::IntoIter<Arc<Event>>,
    new: broadcast::Receiver<Arc<Event>>,
    mode: watch::Receiver<Mode>,
    cuts: watch::Receiver<u64>,
    ends: Option<Instant>,
}

impl Wish {
    pub(super) fn read(query: &BTreeMap<String, String>) -> Result<Self, EngineError> {
        let filters = query.get("filters").filter(|text| !text.is_empty()).map(|text| filters(text)).transpose()?;
        let time = |name| query.get(name).filter(|text| !text.is_empty()).map(|text| moment(text)).transpose();
        Ok(Self { since: time("since")?, until: time("until")?, filters: filters.unwrap_or_default() })
    }

    /// Filters of several keys must all hold, values of one key are alternatives.
    fn wants(&self, event: &Event) -> bool {
        self.filters.iter().all(|(key, values)| {
            values.iter().any(|value| match key.as_str() {
                "type" => event.kind == value,
                // `health_status` stands for `health_status: healthy` too
                "event" => event.action == *value || event.action.split(':').next() == Some(value),
                "container" | "image" | "network" => {
                    event.kind == key && (event.id.starts_with(value.as_str()) || event.attributes.get("name") == Some(value))
                }
                "label" => match value.split_once('=') {
                    Some((name, wanted)) => event.attributes.get(name).is_some_and(|text| text == wanted),
                    None => event.attributes.contains_key(value),
                },
                "scope" => value == "local",
                _ => true,
            })
        })
    }
}

/// Opens a stream: what is remembered since the wished moment, then what comes, without a gap.
pub(super) fn open(shared: &Shared, wish: Wish) -> impl Stream<Item = io::Result<Frame<Bytes>>> + Send + use<> {
    let (kept, new) = shared.world().log.listen();
    let kept = match wish.since {
        Some(since) => kept.into_iter().filter(|event| event.at >= since).collect(),
        None => Vec::new(),
    };
    let ends = wish.until.map(|until| {
        let left = u64::try_from(until.saturating_sub(event::now())).unwrap_or(0);
        Instant::now() + Duration::from_nanos(left)
    });
    let cuts = shared.cuts.subscribe();
    let open = Open { wish, kept: kept.into_iter(), new, mode: shared.mode.subscribe(), cuts, ends };
    stream::unfold(open, |mut open| async move {
        let event = open.next().await?;
        Some((Ok(Frame::data(event.line())), open))
    })
}

impl Open {
    /// The next event that is wanted; nothing where the stream is to end.
    async fn next(&mut self) -> Option<Arc<Event>> {
        loop {
            let event = self.any().await?;
            if self.wish.until.is_some_and(|until| event.at > until) {
                return None;
            }
            if self.wish.wants(&event) {
                self.mode.wait_for(|mode| *mode != Mode::Hanging).await.ok()?;
                return Some(event);
            }
        }
    }

    async fn any(&mut self) -> Option<Arc<Event>> {
        if let Some(event) = self.kept.next() {
            return Some(event);
        }
        let end = self.ends;
        tokio::select! {
            biased;
            _ = self.cuts.changed() => None,
            event = self.new.recv() => event.ok(),
            () = async { match end {
                Some(end) => sleep_until(end).await,
                None => std::future::pending().await,
            } } => None,
        }
    }
}

/// Reads `{"type":["container"]}`, and the older `{"type":{"container":true}}`.
fn filters(text: &str) -> Result<BTreeMap<String, Vec<String>>, EngineError> {
    let bad = || EngineError::Invalid("invalid filter".to_owned());
    let read: BTreeMap<String, Value> = serde_json::from_str(text).map_err(|_| bad())?;
    read.into_iter()
        .map(|(key, values)| {
            let values = match values {
                Value::Array(values) => values.into_iter().map(|value| value.as_str().map(str::to_owned)).collect(),
                Value::Object(values) => Some(values.into_iter().map(|(value, _)| value).collect()),
                _ => None,
            };
            Ok((key, values.ok_or_else(bad)?))
        })
        .collect()
}

/// Reads `1790000000` and `1790000000.123456789`, in nanoseconds.
fn moment(text: &str) -> Result<i64, EngineError> {
    let (seconds, fraction) = text.split_once('.').unwrap_or((text, ""));
    let read = || {
        let seconds: i64 = seconds.parse().ok()?;
        let nanoseconds: i64 = match fraction.len() {
            0 => 0,
            1..=9 => format!("{fraction:0<9}").parse().ok()?,
            _ => return None,
        };
        seconds.checked_mul(1_000_000_000)?.checked_add(nanoseconds)
    };
    read().ok_or_else(|| EngineError::Invalid(format!("invalid timestamp: {text}")))
}
