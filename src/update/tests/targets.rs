//! Updates to another tag, and back to what ran before.

use std::time::Duration;

use super::{
    end::{Before, Which},
    harbour::{HOST, Harbour, Plimsoll, container, image, reference},
};
use crate::{
    simulate::engine::{Behaviour, Image, Offer},
    update::{Choice, Wish},
    wire::{Asker, Outcome, Phase, Refusal, Target, UpdateTrouble},
};

fn tag(tag: &str) -> Target {
    Target::Tag { tag: tag.to_owned() }
}

/// A harbour whose registry has another version of `web`, under the tag `2`.
async fn newer(new: Image) -> Harbour {
    let harbour = Harbour::empty().await;
    harbour.plant(container("web"));
    harbour.registry.push("app/web", "2", 2);
    harbour.engine.offer("quay.test/app/web:2", new).unwrap();
    harbour
}

async fn ended(plimsoll: &Plimsoll, target: Target) -> Outcome {
    plimsoll.connected().await;
    let operation = plimsoll.wish_for("web", target).await.unwrap();
    plimsoll.ended(operation.id).await.outcome.unwrap()
}

/// What the container is started from, and whether it runs.
fn runs(harbour: &Harbour) -> (String, bool) {
    let told = harbour.engine.inspect("web").unwrap();
    (told["Config"]["Image"].as_str().unwrap().to_owned(), told["State"]["Running"] == true)
}

/// Waits until these and no other names stand for images.
async fn names(harbour: &Harbour, expected: &[&str]) {
    let began = std::time::Instant::now();
    loop {
        let mut names: Vec<String> = harbour
            .engine
            .tags()
            .into_iter()
            .map(|name| match name.split_once("plimsoll-kept:") {
                Some(_) => "kept".to_owned(),
                None => name,
            })
            .collect();
        names.sort();
        if names == expected {
            return;
        }
        assert!(began.elapsed() < Duration::from_mins(1), "{names:?} instead of {expected:?}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn another_tag_is_taken_when_it_is_asked_for_and_can_be_gone_back_from() {
    let harbour = newer(image("web", 2)).await;
    let plimsoll = harbour.plimsoll().await;
    assert_eq!(ended(&plimsoll, tag("2")).await, Outcome::Updated);
    assert_eq!(runs(&harbour), ("quay.test/app/web:2".to_owned(), true));
    names(&harbour, &["kept", "quay.test/app/web:1", "quay.test/app/web:2"]).await;

    assert_eq!(ended(&plimsoll, Target::Previous).await, Outcome::Updated);
    assert_eq!(runs(&harbour), (reference("web"), true));
    names(&harbour, &["kept", "quay.test/app/web:1", "quay.test/app/web:2"]).await;
    assert_eq!(plimsoll.store.rolled_back(HOST, "web").await.unwrap().len(), 1, "what was gone back from is not taken up by itself again");

    assert_eq!(ended(&plimsoll, Target::Previous).await, Outcome::Updated, "and forward again");
    assert_eq!(runs(&harbour).0, "quay.test/app/web:2");
    assert_eq!(harbour.engine.containers().len(), 1);
}

#[tokio::test]
async fn after_a_rebuild_one_can_go_back_under_the_same_tag() {
    let harbour = Harbour::with(&["web"]).await;
    let plimsoll = harbour.plimsoll().await;
    let id = |harbour: &Harbour| harbour.engine.inspect("web").unwrap()["Image"].clone();
    let first = id(&harbour);
    assert_eq!(ended(&plimsoll, Target::Same).await, Outcome::Updated);
    let second = id(&harbour);
    assert_ne!(first, second);
    assert_eq!(ended(&plimsoll, Target::Previous).await, Outcome::Updated);
    assert_eq!((id(&harbour), runs(&harbour).0), (first, reference("web")));
    names(&harbour, &["kept", "quay.test/app/web:1"]).await;
    assert_eq!(harbour.engine.images().len(), 2);
}

#[tokio::test]
async fn what_is_no_tag_and_what_is_not_kept_is_refused_at_once() {
    let harbour = Harbour::with(&["web"]).await;
    let plimsoll = harbour.plimsoll().await;
    plimsoll.connected().await;
    for wrong in ["", "a b", "1@sha256:00", "x:y", "../1"] {
        assert_eq!(plimsoll.wish_for("web", tag(wrong)).await, Err(Refusal::NoTag { tag: wrong.to_owned() }), "{wrong}");
    }
    assert_eq!(plimsoll.wish_for("web", Target::Previous).await, Err(Refusal::NoPrevious));
    let operation = plimsoll.wish_for("web", tag("unheard-of")).await.unwrap();
    let outcome = plimsoll.ended(operation.id).await.outcome;
    assert!(matches!(outcome, Some(Outcome::Failed { trouble: UpdateTrouble::Pull { .. } })), "{outcome:?}");
}

#[tokio::test]
async fn an_update_that_failed_leaves_no_image_and_no_name_behind() {
    for (what, target) in [("the same tag", Target::Same), ("another tag", tag("2"))] {
        let new = || image("web", 2).behaving(Behaviour::Ends { code: 1, after: Duration::ZERO });
        let harbour = newer(new()).await;
        harbour.rebuild("web", new());
        let images = harbour.engine.images();
        let plimsoll = harbour.plimsoll().await;
        let before = Before::of(&harbour, "web");
        let outcome = ended(&plimsoll, target).await;
        assert!(matches!(outcome, Outcome::RolledBack { .. }), "{what}: {outcome:?}");
        assert_eq!(before.hold(&harbour, what), Which::Old, "{what}");
        names(&harbour, &["quay.test/app/web:1"]).await;
        assert_eq!(harbour.engine.images(), images, "{what}");
    }
}

#[tokio::test]
async fn an_update_can_be_cancelled_while_it_waits_and_while_it_pulls() {
    let harbour = Harbour::with(&["web", "db"]).await;
    harbour.rebuild("web", Offer::of(image("web", 2)).taking(Duration::from_mins(10)));
    let plimsoll = harbour.plimsoll().await;
    plimsoll.connected().await;
    let before = Before::of(&harbour, "web");
    let wished = plimsoll.updates.wish_all(vec![Wish::same(HOST, "web"), Wish::same(HOST, "db")], Asker::Anyone).await;
    let ids: Vec<i64> = wished.into_iter().map(|wished| wished.result.unwrap().id).collect();
    plimsoll.until("it pulls", |state| state.snapshot.operations.iter().any(|one| one.id == ids[0] && one.phase == Phase::Pulling)).await;
    for id in ids.iter().rev() {
        assert!(plimsoll.updates.choose(*id, Choice::Cancel));
    }
    for id in ids {
        assert_eq!(plimsoll.ended(id).await.outcome, Some(Outcome::Failed { trouble: UpdateTrouble::Cancelled }));
    }
    assert_eq!(before.hold(&harbour, "cancelled"), Which::Old);
    names(&harbour, &["quay.test/app/db:1", "quay.test/app/web:1"]).await;
    harbour.rebuild("web", image("web", 2));
    assert_eq!(plimsoll.update("web").await.outcome, Some(Outcome::Updated), "and the workload is free");
}

#[tokio::test]
async fn the_file_that_pins_the_tag_says_so_too() {
    let harbour = Harbour::empty().await;
    let file = harbour.folder.path().join("compose.yaml");
    std::fs::write(&file, "services:\n  web:\n    image: quay.test/app/web:1 # kept\n").unwrap();
    let folder = harbour.folder.path().display().to_string();
    let spec = container("web")
        .compose("shop", "web")
        .label("com.docker.compose.project.working_dir", folder)
        .label("com.docker.compose.project.config_files", file.display().to_string());
    harbour.plant(spec);
    harbour.registry.push("app/web", "2", 2);
    harbour.engine.offer("quay.test/app/web:2", image("web", 2)).unwrap();
    let plimsoll = harbour.plimsoll().await;
    plimsoll.connected().await;
    let operation = plimsoll.wish_for("web", tag("2")).await.unwrap();
    let operation = plimsoll.ended(operation.id).await;
    assert_eq!(operation.outcome, Some(Outcome::Updated));
    let line = operation.compose.expect("the line is known");
    assert_eq!((line.line, line.edited, line.becomes.trim()), (3, true, "image: quay.test/app/web:2 # kept"));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "services:\n  web:\n    image: quay.test/app/web:2 # kept\n");
    let stored = plimsoll.store.operations(None, 1).await.unwrap();
    assert_eq!(stored[0].compose.as_ref().map(|line| line.line), Some(3), "and it is in the history");
}
