//! Every phase, outcome and asker, in full.

use super::*;
use crate::{
    ui::sample,
    wire::{Refusal, UpdateTrouble},
};

/// A layer.
fn of_layer(state: LayerState, done: u64, total: u64) -> Layer {
    Layer { id: "a1b2c3".into(), state, done, total }
}

#[test]
fn every_phase_has_its_own_words_that_can_stand_before_a_reason() {
    let mut seen = std::collections::BTreeSet::new();
    for each in Phase::ALL {
        let words = phase(each);
        assert!(seen.insert(words), "{each:?}");
        assert!(words.split(' ').next().is_some_and(|first| first.ends_with("ing")), "{words}");
    }
}

#[test]
fn a_pull_counts_layers_and_bytes() {
    use LayerState::{Done, Downloaded, Downloading, Extracting, Waiting};
    let mut operation = sample::operation("nginx:1.27", "web", Phase::Pulling);
    assert_eq!(running(&operation), "Pulling the image…");
    let layers = vec![
        of_layer(Done, 0, 0),
        of_layer(Waiting, 0, 0),
        of_layer(Downloading, 12_000_000, 40_000_000),
        of_layer(Downloaded, 0, 6_000_000),
        of_layer(Extracting, 1_000, 60_000_000),
        of_layer(Done, 0, 20_000_000),
    ];
    let lines: Vec<_> = layers.iter().map(layer).collect();
    assert_eq!(
        lines,
        ["done", "waiting", "downloading · 12 of 40 MB", "downloaded · 6.0 MB", "extracting · 1 kB of 60 MB", "done · 20 MB"]
    );
    operation.pull = Some(Pull { percent: 77, layers });
    assert_eq!(running(&operation), "Pulling 2 of 6 layers · 98 of 126 MB");
    operation.pull = Some(Pull { percent: 0, layers: vec![of_layer(Waiting, 0, 0)] });
    assert_eq!(running(&operation), "Pulling 0 of 1 layers");
    operation.phase = Phase::Stopping;
    assert_eq!(running(&operation), "Stopping the old container…");
}

#[test]
fn every_outcome_says_what_became_of_the_container() {
    let trouble = || UpdateTrouble::Unhealthy;
    let help = "Read what changed in the image. Updating again is safe: the old container comes back if it fails.";
    let cases = [
        (Outcome::Updated, "updated", "The new container runs, the old one is gone.|".to_owned()),
        (Outcome::Unchanged, "unchanged", "It runs the newest image already. Nothing was changed.|".to_owned()),
        (
            Outcome::Refused { refusal: Refusal::Pinned },
            "refused",
            "Its reference names a digest: it stays where it is. Nothing was changed.|Change the reference to move it.".to_owned(),
        ),
        (
            Outcome::Failed { trouble: trouble() },
            "failed",
            format!("The health check of the new container failed. Nothing was changed.|{help}"),
        ),
        (
            Outcome::RolledBack { trouble: trouble() },
            "rolled back",
            format!("The health check of the new container failed. The old container is back as it was.|{help}"),
        ),
        (
            Outcome::LeftOver { trouble: UpdateTrouble::HostAway { detail: "timed out".into() }, container: "web-old".into() },
            "updated, old one left over",
            "The new container runs, but the old one is still there as web-old. Its host does not answer: timed out.|\
             It is removed when Plimsoll starts the next time."
                .to_owned(),
        ),
        (
            Outcome::Stuck { trouble: trouble(), container: "web-old".into() },
            "stuck",
            "The health check of the new container failed. The old container could not be put back: it is there as web-old.|\
             Plimsoll tries again when it starts the next time. By hand: remove the new container, rename the old one back, and start it."
                .to_owned(),
        ),
    ];
    for (how, word, expected) in cases {
        let Why { what, help } = outcome(&how);
        assert_eq!(outcome_word(&how), word);
        assert_eq!(format!("{what}|{}", help.unwrap_or_default()), expected, "{how:?}");
        assert!(ended("web", &how).starts_with(&format!("web: {word}. ")), "{how:?}");
    }
}

#[test]
fn every_asker_is_told() {
    let told = [Asker::User { name: "maren".into() }, Asker::Anyone, Asker::CommandLine, Asker::Automatic];
    assert_eq!(
        told.map(|each| asker(&each)),
        ["asked for by maren", "asked for without a login", "asked for on the command line", "automatic, after a scheduled check"]
    );
}
