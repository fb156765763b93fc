//! Image Watch's document about an update that is under way: `GET /api/images/{id}/progress`.

use serde::Serialize;

use crate::{
    server::api::told,
    wire::{Layer, LayerState, Operation, Outcome, Phase, Pull},
};

/// How far an update is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PullProgress {
    /// the layer that is worked on, by the Engine's short name; empty where none is
    pub layer: String,
    /// bytes that are done, of all layers that are known so far
    pub current: u64,
    /// bytes of all layers that are known so far
    pub total: u64,
    /// 0 to 100; never falls
    pub percent: u8,
    /// `connecting`, what the Engine says of the layer, `recreating`, or `error: …`
    pub status: String,
}

/// The document; none where there is nothing to follow, because the update has succeeded. An error is told until the next operation of the
/// container takes this one's place.
pub fn progress(operation: &Operation) -> Option<PullProgress> {
    match &operation.outcome {
        None => Some(under_way(operation)),
        // the new container runs in the last case too
        Some(Outcome::Updated | Outcome::Unchanged | Outcome::LeftOver { .. }) => None,
        // of a group, or behind others, a container may be refused after the client was told that it is updated
        Some(Outcome::Refused { refusal }) => Some(words(format!("error: {}", told::refusal(refusal)))),
        Some(Outcome::Failed { trouble } | Outcome::RolledBack { trouble } | Outcome::Stuck { trouble, .. }) => {
            Some(words(format!("error: {}", told::trouble(trouble))))
        }
    }
}

fn under_way(operation: &Operation) -> PullProgress {
    let none = Pull::default();
    let pull = operation.pull.as_ref().unwrap_or(&none);
    let (current, total) = pull
        .layers
        .iter()
        .map(bytes)
        .fold((0_u64, 0_u64), |(current, total), (done, all)| (current.saturating_add(done), total.saturating_add(all)));
    if operation.phase > Phase::Pulling {
        // a client that draws a bar sees it full, not empty, while the container is replaced
        return PullProgress { current: total, total, percent: 100, ..words("recreating".to_owned()) };
    }
    // what is furthest on while others still come: the last that is downloaded, else the last that is unpacked, else the last of all
    let in_state = |state| pull.layers.iter().rev().find(|layer| layer.state == state);
    let shown = in_state(LayerState::Downloading).or_else(|| in_state(LayerState::Extracting)).or_else(|| pull.layers.last());
    let Some(layer) = shown else { return words("connecting".to_owned()) };
    PullProgress { layer: layer.id.clone(), current, total, percent: pull.percent, status: word(layer.state).to_owned() }
}

/// A status alone.
fn words(status: String) -> PullProgress {
    PullProgress { layer: String::new(), current: 0, total: 0, percent: 0, status }
}

/// What of a layer is done, and all of it. In the later states the Engine counts other things than what was downloaded.
fn bytes(layer: &Layer) -> (u64, u64) {
    let done = if layer.state == LayerState::Downloading { layer.done.min(layer.total) } else { layer.total };
    if layer.state == LayerState::Waiting { (0, layer.total) } else { (done, layer.total) }
}

/// What the Engine says.
fn word(state: LayerState) -> &'static str {
    match state {
        LayerState::Waiting => "Waiting",
        LayerState::Downloading => "Downloading",
        LayerState::Downloaded => "Download complete",
        LayerState::Extracting => "Extracting",
        LayerState::Done => "Pull complete",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        server::api::sample,
        wire::{Refusal, UpdateTrouble},
    };

    fn layer(id: &str, state: LayerState, done: u64, total: u64) -> Layer {
        Layer { id: id.into(), state, done, total }
    }

    fn pulling(percent: u8, layers: Vec<Layer>) -> Operation {
        Operation { pull: Some(Pull { percent, layers }), ..sample::operation(1, "web") }
    }

    fn told(operation: &Operation) -> (String, u64, u64, u8, String) {
        let PullProgress { layer, current, total, percent, status } = progress(operation).unwrap();
        (layer, current, total, percent, status)
    }

    #[test]
    fn the_document_has_the_fields_of_the_contract_in_their_order() {
        let operation = pulling(12, vec![layer("a3ed95caeb02", LayerState::Downloading, 1_048_576, 8_388_608)]);
        let expected = r#"{"layer":"a3ed95caeb02","current":1048576,"total":8388608,"percent":12,"status":"Downloading"}"#;
        assert_eq!(serde_json::to_string(&progress(&operation)).unwrap(), expected);
    }

    #[test]
    fn an_update_is_told_from_its_wish_to_its_end() {
        use LayerState::{Done, Downloaded, Downloading, Extracting, Waiting};
        let waiting = Operation { phase: Phase::Waiting, ..sample::operation(1, "web") };
        assert_eq!(told(&waiting).4, "connecting");
        assert_eq!(told(&sample::operation(1, "web")).4, "connecting");
        assert_eq!(told(&pulling(0, Vec::new())).4, "connecting");
        let two = |a, b| vec![layer("a", a, 30, 100), layer("b", b, 10, 300)];
        for (layers, expected) in [
            (two(Waiting, Waiting), ("b", 0, 400, "Waiting")),
            (two(Downloading, Waiting), ("a", 30, 400, "Downloading")),
            (two(Downloading, Downloading), ("b", 40, 400, "Downloading")),
            (two(Extracting, Downloading), ("b", 110, 400, "Downloading")),
            (two(Extracting, Downloaded), ("a", 400, 400, "Extracting")),
            (two(Done, Downloaded), ("b", 400, 400, "Download complete")),
            (two(Done, Done), ("b", 400, 400, "Pull complete")),
        ] {
            let (name, current, total, percent, status) = told(&pulling(7, layers.clone()));
            assert_eq!(
                (name.as_str(), current, total, status.as_str(), percent),
                (expected.0, expected.1, expected.2, expected.3, 7),
                "{layers:?}"
            );
        }
        let recreating = Operation { phase: Phase::Creating, ..pulling(90, two(Done, Done)) };
        assert_eq!(told(&recreating), (String::new(), 400, 400, 100, "recreating".into()));
    }

    #[test]
    fn an_error_stays_and_success_leaves_nothing() {
        let trouble = UpdateTrouble::Pull { detail: "no space left".into() };
        let stuck = Outcome::Stuck { trouble: trouble.clone(), container: "web-old".into() };
        for outcome in [Outcome::Failed { trouble: trouble.clone() }, Outcome::RolledBack { trouble: trouble.clone() }, stuck] {
            let status = told(&sample::ended(1, "web", outcome)).4;
            assert_eq!(status, "error: the image could not be pulled: no space left");
        }
        assert_eq!(
            told(&sample::ended(1, "web", Outcome::Refused { refusal: Refusal::Pinned })).4,
            "error: its reference names a digest: it stays where it is"
        );
        let left = Outcome::LeftOver { trouble, container: "web-old".into() };
        for outcome in [Outcome::Updated, Outcome::Unchanged, left] {
            assert_eq!(progress(&sample::ended(1, "web", outcome)), None);
        }
    }
}
