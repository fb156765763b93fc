//! The documents about operations.

use serde_json::{Value, json};

use crate::{
    server::api::{golden, sample, v1},
    store::JournaledStep,
    update::Wished,
    wire::{Asker, Layer, LayerState, Operation, Outcome, Phase, Pull, Refusal, UpdateTrouble},
};

fn pull() -> UpdateTrouble {
    UpdateTrouble::Pull { detail: "no space left".into() }
}

/// An operation of every kind there is, newest first.
fn every() -> Vec<Operation> {
    let old = || "web-plimsoll-old".to_owned();
    let layer = |id: &str, state, done| Layer { id: id.into(), state, done, total: 8_388_608 };
    let layers = vec![layer("a3ed95caeb02", LayerState::Done, 0), layer("b1c2d3e4f506", LayerState::Downloading, 1_048_576)];
    let mut failed = sample::ended(5, "web", Outcome::Failed { trouble: pull() });
    (failed.phase, failed.to) = (Phase::Pulling, None);
    vec![
        Operation { phase: Phase::Waiting, asker: Asker::Anyone, ..sample::operation(9, "api") },
        Operation { pull: Some(Pull { percent: 56, layers }), asker: Asker::CommandLine, ..sample::operation(8, "web") },
        Operation { asker: Asker::Automatic, ..sample::ended(7, "web", Outcome::Updated) },
        sample::ended(6, "web", Outcome::Unchanged),
        failed,
        sample::ended(4, "web", Outcome::RolledBack { trouble: UpdateTrouble::Unhealthy }),
        sample::ended(3, "web", Outcome::LeftOver { trouble: UpdateTrouble::Interrupted, container: old() }),
        sample::ended(2, "web", Outcome::Stuck { trouble: UpdateTrouble::Ended { code: 1 }, container: old() }),
        sample::ended(1, "web", Outcome::Refused { refusal: Refusal::Pinned }),
    ]
}

#[test]
fn the_documents_are_the_golden_ones() {
    let every = every();
    golden::compare("updates", &v1::updates(&every));
    let begun = sample::CHECKED * 1000 + 250;
    let step =
        |phase, undo, at: i64, trouble| JournaledStep { phase, member: 0, undo, begun: begun + at, ended: Some(begun + at + 40), trouble };
    let refused = UpdateTrouble::Step { phase: Phase::Creating, detail: "port is already allocated".into() };
    let mut steps = vec![
        step(Phase::SettingAside, false, 0, None),
        step(Phase::Creating, false, 50, Some(refused.clone())),
        step(Phase::SettingAside, true, 100, None),
    ];
    steps[2].ended = None;
    golden::compare("update", &v1::whole(&sample::ended(4, "web", Outcome::RolledBack { trouble: refused }), &steps));
    golden::compare("update_running", &v1::whole(&every[1], &[]));
    let wished = [
        Wished { host: "local".into(), name: "web".into(), result: Ok(sample::operation(8, "web")) },
        Wished { host: "nas".into(), name: "web".into(), result: Err(Refusal::SharedBy { name: "sidecar".into() }) },
    ];
    golden::compare("updates_accepted", &v1::accepted(&wished));
}

#[test]
fn what_the_command_line_reads_is_what_the_server_writes() {
    for operation in every() {
        let document = v1::operation(&operation);
        let text = serde_json::to_string(&document).unwrap();
        assert_eq!(serde_json::from_str::<v1::Operation>(&text).unwrap(), document);
    }
}

/// `docs/api.md` promises these names to its readers.
#[test]
fn refusals_and_troubles_keep_their_names_and_have_words() {
    let some = || "x".to_owned();
    let refusals = [
        (Refusal::NotFound, json!({ "kind": "not_found" }), "there is no such container"),
        (Refusal::Updating, json!({ "kind": "updating" }), "an update of it is under way"),
        (Refusal::Own, json!({ "kind": "own" }), "it is Plimsoll's own container, which cannot replace itself"),
        (
            Refusal::SharesNamespace { with: some() },
            json!({ "kind": "shares_namespace", "with": "x" }),
            "it uses a namespace of x, which is gone",
        ),
        (
            Refusal::SharedBy { name: some() },
            json!({ "kind": "shared_by", "name": "x" }),
            "x uses what is its, and may not be recreated with it",
        ),
        (Refusal::SwarmTask, json!({ "kind": "swarm_task" }), "it belongs to a Swarm service, which would replace it again"),
        (Refusal::NoTag { tag: some() }, json!({ "kind": "no_tag", "tag": "x" }), "`x` is no tag"),
        (Refusal::NoPrevious, json!({ "kind": "no_previous" }), "no image that it ran before is kept"),
        (Refusal::Unsettled { state: some() }, json!({ "kind": "unsettled", "state": "x" }), "its Engine is busy with it: x"),
        (Refusal::Quadlet { unit: some() }, json!({ "kind": "quadlet", "unit": "x" }), "systemd owns it as x, and would replace it again"),
        (Refusal::NoReference, json!({ "kind": "no_reference" }), "it was started from a bare image id: no registry can be asked"),
        (Refusal::Pinned, json!({ "kind": "pinned" }), "its reference names a digest: it stays where it is"),
        (Refusal::LocalBuild, json!({ "kind": "local_build" }), "its image was built here: no registry has it"),
        (Refusal::SetAside, json!({ "kind": "set_aside" }), "it is what an unfinished update left behind"),
        (Refusal::HostAway { detail: some() }, json!({ "kind": "host_away", "detail": "x" }), "its host does not answer: x"),
        (Refusal::Stopping, json!({ "kind": "stopping" }), "Plimsoll is ending"),
        (Refusal::Journal { detail: some() }, json!({ "kind": "journal", "detail": "x" }), "the journal cannot be written: x"),
    ];
    for (refusal, expected, text) in refusals {
        let document: Value = json!(v1::operation(&sample::ended(1, "web", Outcome::Refused { refusal })));
        assert_eq!((&document["refusal"], &document["text"]), (&expected, &json!(format!("refused: {text}"))));
    }
    let step = |phase| UpdateTrouble::Step { phase, detail: some() };
    let troubles = [
        (UpdateTrouble::Pull { detail: some() }, json!({ "kind": "pull", "detail": "x" }), "the image could not be pulled: x"),
        (
            UpdateTrouble::Platform { image: "linux/arm64".into(), wanted: "linux/amd64".into() },
            json!({ "kind": "platform", "image": "linux/arm64", "wanted": "linux/amd64" }),
            "the new image is for linux/arm64, the container runs on linux/amd64",
        ),
        (
            step(Phase::Creating),
            json!({ "kind": "step", "phase": "creating", "detail": "x" }),
            "the Engine refused to create the new container: x",
        ),
        (UpdateTrouble::Ended { code: 1 }, json!({ "kind": "ended", "code": 1 }), "the new container ended by itself with code 1"),
        (UpdateTrouble::Unhealthy, json!({ "kind": "unhealthy" }), "the new container's health check failed"),
        (UpdateTrouble::Vanished, json!({ "kind": "vanished" }), "the new container ended by itself, and was removed"),
        (UpdateTrouble::Dependency { name: some() }, json!({ "kind": "dependency", "name": "x" }), "x, which it needs, was not updated"),
        (UpdateTrouble::Cancelled, json!({ "kind": "cancelled" }), "somebody cancelled it"),
        (
            UpdateTrouble::Interfered { detail: some() },
            json!({ "kind": "interfered", "detail": "x" }),
            "somebody else changed the container meanwhile: x",
        ),
        (UpdateTrouble::HostAway { detail: some() }, json!({ "kind": "host_away", "detail": "x" }), "its host does not answer: x"),
        (UpdateTrouble::Interrupted, json!({ "kind": "interrupted" }), "Plimsoll ended meanwhile"),
        (UpdateTrouble::Journal { detail: some() }, json!({ "kind": "journal", "detail": "x" }), "the journal could not be written: x"),
    ];
    for (trouble, expected, text) in troubles {
        let document: Value = json!(v1::operation(&sample::ended(1, "web", Outcome::RolledBack { trouble })));
        let told = format!("failed, the old container is back: {text}");
        assert_eq!((&document["trouble"], &document["text"]), (&expected, &json!(told)));
    }
}
