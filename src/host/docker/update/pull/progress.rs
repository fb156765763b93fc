//! From the lines of a pull to how far it is. Pure.
//!
//! The words are those of Docker with its classic store, of Docker with containerd's, and of Podman; they agree in little more than
//! the form. A layer's size is known once its download begins; until then it counts as much as the others do on average. What is shown
//! of the whole never falls, and is 100 only when the Engine has said that all is done.

use serde::Deserialize;
use serde_json::Value;

use crate::{
    host::docker::session::Flavour,
    wire::{Layer, LayerState, Pull},
};

/// Most layers that are followed. Images have up to 127.
const LAYERS: usize = 512;

/// Longest name of a layer, in characters.
const NAME: usize = 64;

/// What a layer counts as long as no size is known, in bytes.
const UNKNOWN: u64 = 1 << 20;

/// How much of the work the download is, in percent; the rest is unpacking.
const DOWNLOAD: u64 = 70;

/// How far a pull is.
#[derive(Debug, Default)]
pub(super) struct Progress {
    layers: Vec<Followed>,
    percent: u8,
    /// whether the Engine has said that the image is there
    complete: bool,
    /// whether the last line said that something was complete: Podman's way to end
    ends_well: bool,
}

/// A layer that is followed.
#[derive(Debug)]
struct Followed {
    layer: Layer,
    /// its size, where that is known
    size: Option<u64>,
}

/// What a line told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Told {
    /// nothing that can be seen
    Nothing,
    /// progress
    Progress,
    /// that the pull has failed, in words of the Engine
    Failure(String),
}

/// A line.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Line {
    status: Option<String>,
    id: Option<String>,
    #[serde(rename = "progressDetail")]
    detail: Option<Detail>,
    error: Option<Value>,
    #[serde(rename = "errorDetail")]
    error_detail: Option<Value>,
}

/// How far it is.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Detail {
    current: Option<i64>,
    total: Option<i64>,
    /// what is counted, where that is not bytes
    units: Option<String>,
}

impl Progress {
    /// Reads a line.
    pub(super) fn line(&mut self, line: &[u8]) -> Told {
        let line = line.trim_ascii();
        if line.is_empty() {
            return Told::Nothing;
        }
        let Ok(line) = serde_json::from_slice::<Line>(line) else {
            return Told::Failure(format!("unreadable: {}", String::from_utf8_lossy(line)));
        };
        if let Some(words) = failure(&line) {
            return Told::Failure(words);
        }
        let Some(status) = line.status.as_deref() else { return Told::Nothing };
        self.ends_well = matches!(status, "Download complete" | "Pull complete" | "Already exists");
        match line.id {
            None => {
                self.complete |= status.starts_with("Status: ");
                Told::Nothing
            }
            Some(id) => self.follow(id, status, line.detail.unwrap_or_default()),
        }
    }

    /// Whether the Engine has said that the image is there. Podman says that by ending the answer after something was complete.
    pub(super) fn is_complete(&self, flavour: Flavour) -> bool {
        self.complete || (flavour == Flavour::Podman && self.ends_well)
    }

    /// Everything is there.
    pub(super) fn finish(&mut self) {
        self.percent = 100;
        for followed in &mut self.layers {
            followed.layer.state = LayerState::Done;
            followed.layer.done = followed.layer.total;
        }
    }

    /// How far it is, for people.
    pub(super) fn pull(&self) -> Pull {
        Pull { percent: self.percent, layers: self.layers.iter().map(|followed| followed.layer.clone()).collect() }
    }

    /// Takes note of what happens to a layer.
    fn follow(&mut self, id: String, status: &str, detail: Detail) -> Told {
        let Some(state) = state(status) else { return Told::Nothing };
        let known = self.layers.iter().position(|followed| followed.layer.id == id);
        // containerd also tells of what is no layer, when that is complete; the last line of Podman names the image
        let new = matches!(state, LayerState::Waiting | LayerState::Downloading) || status == "Already exists";
        let at = match known {
            Some(at) => at,
            None if new && self.layers.len() < LAYERS && id.len() <= NAME => {
                let layer = Layer { id, state, done: 0, total: 0 };
                self.layers.push(Followed { layer, size: None });
                self.layers.len() - 1
            }
            None => return Told::Nothing,
        };
        self.layers[at].note(state, &detail);
        self.count();
        Told::Progress
    }

    /// Works out the whole.
    fn count(&mut self) {
        let sizes: Vec<u64> = self.layers.iter().filter_map(|followed| followed.size).collect();
        let known = u64::try_from(sizes.len()).unwrap_or(u64::MAX).max(1);
        let mean = (sizes.iter().fold(0_u64, |sum, size| sum.saturating_add(*size)) / known).max(UNKNOWN);
        let (mut done, mut whole) = (0_u128, 0_u128);
        for followed in &self.layers {
            let size = u128::from(followed.size.unwrap_or(mean));
            done += size * u128::from(followed.share());
            whole += size * 100;
        }
        let percent = u8::try_from(done * 100 / whole.max(1)).unwrap_or(99);
        self.percent = self.percent.max(percent.min(99));
    }
}

impl Followed {
    /// Takes note of a state. A layer that is there stays there.
    fn note(&mut self, state: LayerState, detail: &Detail) {
        if self.layer.state == LayerState::Done {
            return;
        }
        let bytes = detail.units.as_deref().is_none_or(str::is_empty);
        let count = |count: Option<i64>| count.and_then(|count| u64::try_from(count).ok()).filter(|_| bytes);
        let total = count(detail.total).filter(|total| *total > 0);
        self.size = self.size.max(total);
        self.layer.state = state;
        self.layer.total = total.or(self.size).unwrap_or(0);
        self.layer.done = match state {
            LayerState::Waiting => 0,
            LayerState::Downloading | LayerState::Extracting => count(detail.current).unwrap_or(0),
            LayerState::Downloaded | LayerState::Done => self.layer.total,
        };
        if self.layer.total > 0 {
            self.layer.done = self.layer.done.min(self.layer.total);
        }
    }

    /// How much of it is done, in percent.
    fn share(&self) -> u64 {
        let Layer { done, total, .. } = self.layer;
        let part = if total == 0 { 0 } else { u64::try_from(u128::from(done) * 100 / u128::from(total)).unwrap_or(100) };
        match self.layer.state {
            LayerState::Waiting => 0,
            LayerState::Downloading => part * DOWNLOAD / 100,
            LayerState::Downloaded => DOWNLOAD,
            LayerState::Extracting => DOWNLOAD + part * (100 - DOWNLOAD) / 100,
            LayerState::Done => 100,
        }
    }
}

/// What happens to a layer, by the Engine's words.
fn state(status: &str) -> Option<LayerState> {
    match status {
        "Pulling fs layer" | "Waiting" => Some(LayerState::Waiting),
        "Downloading" => Some(LayerState::Downloading),
        "Verifying Checksum" | "Download complete" => Some(LayerState::Downloaded),
        "Extracting" => Some(LayerState::Extracting),
        "Pull complete" | "Already exists" => Some(LayerState::Done),
        _ if status.starts_with("Retrying in") => Some(LayerState::Waiting),
        _ => None,
    }
}

/// Why it failed, where the line says so in either of two ways.
fn failure(line: &Line) -> Option<String> {
    let told = [&line.error_detail, &line.error].into_iter().flatten().find(|told| !told.is_null())?;
    let words = told.as_str().or_else(|| told["message"].as_str()).or_else(|| line.error.as_ref()?.as_str());
    Some(words.filter(|words| !words.is_empty()).map_or_else(|| told.to_string(), str::to_owned))
}

#[cfg(test)]
mod tests;
