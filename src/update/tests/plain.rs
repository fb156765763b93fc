//! Updates as they should go.

use std::{collections::BTreeSet, time::Duration};

use serde_json::json;

use super::{
    end::{Before, Which},
    harbour::{HOST, Harbour, container, image, reference},
};
use crate::{
    simulate::{
        engine::{Behaviour, ContainerSpec, Health, Offer, State, Trouble},
        registry::digest_of,
    },
    update::Wish,
    wire::{Asker, Outcome, Phase, UpdateTrouble, Verdict},
};

#[tokio::test]
async fn a_container_is_replaced_and_the_journal_tells_how() {
    let harbour = Harbour::with(&["web"]).await;
    let plimsoll = harbour.plimsoll().await;
    let before = Before::of(&harbour, "web");
    let operation = plimsoll.update("web").await;
    assert_eq!(before.hold_and_told(&harbour, &operation, "plain"), Which::New);
    let digests = [1, 2].map(|edition| Some(digest_of("app/web", edition).to_string()));
    assert_eq!([operation.from.clone(), operation.to.clone()], digests);
    assert_eq!((operation.host.as_str(), operation.name.as_str(), operation.image), (HOST, "web", reference("web")));

    let (stored, steps) = plimsoll.store.operation(operation.id).await.unwrap().unwrap();
    assert_eq!((stored.outcome, stored.to), (Some(Outcome::Updated), operation.to));
    assert!(steps.iter().all(|step| !step.undo && step.ended.is_some() && step.trouble.is_none()), "{steps:?}");
    let phases: Vec<_> = steps.iter().map(|step| step.phase).collect();
    assert!(phases.is_sorted() && phases.contains(&Phase::Holding) && phases.contains(&Phase::Releasing), "{phases:?}");
    assert!(plimsoll.store.open_operations().await.unwrap().is_empty());
}

#[tokio::test]
async fn the_row_is_right_by_the_events_alone_and_never_goes() {
    let harbour = Harbour::with(&["web", "db"]).await;
    let plimsoll = harbour.plimsoll().await;
    plimsoll.connected().await;
    plimsoll.check().await;
    assert_eq!(plimsoll.row("web").unwrap().verdict, Verdict::Rebuilt);
    let mut changes = plimsoll.live.changes();
    let watching = tokio::spawn(async move {
        let mut seen = BTreeSet::new();
        loop {
            let state = changes.borrow_and_update().clone();
            let rows: Vec<_> = state.snapshot.groups.iter().flat_map(|group| &group.workloads).collect();
            let web: Vec<_> =
                rows.iter().filter(|row| row.name.starts_with("web")).map(|row| (row.name.clone(), row.state.is_running())).collect();
            assert_eq!(web, [("web".to_owned(), true)], "{:?}", state.snapshot.operations);
            seen.extend(state.snapshot.operations.iter().map(|operation| operation.phase));
            let row = rows.iter().find(|row| row.name == "web").unwrap();
            if row.verdict == Verdict::UpToDate && state.snapshot.operations.iter().all(|operation| !operation.is_running()) {
                return seen;
            }
            changes.changed().await.unwrap();
        }
    });
    plimsoll.update("web").await;
    let phases = tokio::time::timeout(Duration::from_mins(1), watching).await.expect("the row is right in time").unwrap();
    assert!(phases.contains(&Phase::Removing), "{phases:?}");
}

#[tokio::test]
async fn a_pull_is_watched_layer_by_layer() {
    let harbour = Harbour::with(&["web"]).await;
    let second = image("web", 2).layers(&[("base", 4_000_000), ("app", 2_000_000)]);
    harbour.rebuild("web", Offer::of(second).taking(Duration::from_secs(1)));
    let plimsoll = harbour.plimsoll().await;
    plimsoll.connected().await;
    let mut changes = plimsoll.live.changes();
    let operation = plimsoll.wish("web").await.unwrap();
    plimsoll.live.settled().await;
    let mut percents = Vec::new();
    loop {
        let state = changes.borrow_and_update().clone();
        let now = state.snapshot.operations.iter().find(|now| now.id == operation.id).cloned().unwrap();
        if let Some(pull) = now.pull {
            assert!(pull.percent <= 100 && pull.layers.len() <= 2, "{pull:?}");
            percents.push(pull.percent);
        }
        if now.outcome.is_some() {
            break;
        }
        changes.changed().await.unwrap();
    }
    assert!(percents.is_sorted() && percents.iter().any(|percent| (1..100).contains(percent)), "{percents:?}");
    assert_eq!(percents.last(), Some(&100));
}

#[tokio::test]
async fn what_is_current_is_left_alone() {
    let harbour = Harbour::empty().await;
    harbour.plant(container("web"));
    let plimsoll = harbour.plimsoll().await;
    let before = Before::of(&harbour, "web");
    let operation = plimsoll.update("web").await;
    assert_eq!(operation.outcome, Some(Outcome::Unchanged));
    assert_eq!(before.hold_and_told(&harbour, &operation, "unchanged"), Which::Old);
    let touched = harbour.engine.changes().into_iter().any(|call| !call.path.starts_with("/images/"));
    assert!(!touched, "nothing but the pull, and a name for the image that runs");
}

#[tokio::test]
async fn containers_in_every_state_and_shape_keep_it() {
    let anonymous = json!({ "Volumes": { "/cache": {} } });
    let shapes = [
        ("stopped", container("web").state(State::Exited(3))),
        ("made", container("web").state(State::Created)),
        ("no policy", container("web").restart("no")),
        ("unless stopped", container("web").restart("unless-stopped")),
        ("health", container("web").health(Health::Healthy)),
        ("anonymous volume", container("web").with(&anonymous)),
        ("compose", container("web").compose("shop", "web")),
        ("port", container("web").with(&json!({ "HostConfig": { "PortBindings": { "80/tcp": [{ "HostPort": "8080" }] } } }))),
    ];
    for (what, spec) in shapes {
        let harbour = Harbour::empty().await;
        harbour.plant(spec);
        harbour.rebuild("web", image("web", 2));
        let plimsoll = harbour.plimsoll().await;
        let before = Before::of(&harbour, "web");
        let operation = plimsoll.update("web").await;
        assert_eq!(before.hold_and_told(&harbour, &operation, what), Which::New, "{what}: {operation:?}");
    }
}

#[tokio::test]
async fn a_new_image_that_is_no_good_is_rolled_back() {
    let ended = UpdateTrouble::Ended { code: 7 };
    let cases = [
        ("ends", Behaviour::Ends { code: 7, after: Duration::ZERO }, None, Some(ended)),
        ("cannot start", Behaviour::CannotStart, None, None),
        ("unhealthy", Behaviour::UnhealthyAfter(Duration::ZERO), Some(Health::Healthy), Some(UpdateTrouble::Unhealthy)),
    ];
    for (what, behaviour, health, expected) in cases {
        let harbour = Harbour::empty().await;
        let spec = container("web");
        harbour.plant(match health {
            Some(health) => spec.health(health),
            None => spec,
        });
        harbour.rebuild("web", image("web", 2).behaving(behaviour));
        let plimsoll = harbour.plimsoll().await;
        let before = Before::of(&harbour, "web");
        let operation = plimsoll.update("web").await;
        assert_eq!(before.hold_and_told(&harbour, &operation, what), Which::Old);
        let Some(Outcome::RolledBack { trouble }) = operation.outcome else { panic!("{what}: {operation:?}") };
        assert!(expected.is_none_or(|expected| expected == trouble), "{what}: {trouble:?}");
        assert_eq!(plimsoll.store.rolled_back(HOST, "web").await.unwrap(), [digest_of("app/web", 2).to_string()]);
    }
}

#[tokio::test]
async fn a_pull_that_fails_changes_nothing() {
    let cases = [
        ("an error at the end", Trouble::Error("manifest unknown".to_owned()), false),
        ("a broken connection", Trouble::Cut, true),
        ("a stream that ends half-way", Trouble::Ends, false),
    ];
    for (what, trouble, is_away) in cases {
        let harbour = Harbour::with(&["web"]).await;
        harbour.rebuild("web", Offer::of(image("web", 2)).failing(trouble));
        let plimsoll = harbour.plimsoll().await;
        let before = Before::of(&harbour, "web");
        let operation = plimsoll.update("web").await;
        assert_eq!(before.hold_and_told(&harbour, &operation, what), Which::Old);
        let Some(Outcome::Failed { trouble }) = &operation.outcome else { panic!("{what}: {operation:?}") };
        let expected = match trouble {
            UpdateTrouble::HostAway { .. } => is_away,
            UpdateTrouble::Pull { .. } => !is_away,
            _ => false,
        };
        assert!(expected, "{what}: {trouble:?}");
        assert!(plimsoll.store.operation(operation.id).await.unwrap().unwrap().1.is_empty());
    }
}

#[tokio::test]
async fn a_group_is_updated_one_after_another() {
    let names = ["one", "two", "three"];
    let harbour = Harbour::with(&["web"]).await;
    harbour.engine.pull(&reference("web"), image("web", 1)).unwrap();
    for name in names {
        harbour.engine.run(ContainerSpec::new(name, &reference("web"))).unwrap();
    }
    harbour.rebuild("web", image("web", 2));
    let plimsoll = harbour.plimsoll().await;
    plimsoll.connected().await;
    let workloads = names.map(|name| Wish::same(HOST, name)).to_vec();
    let wished = plimsoll.updates.wish_all(workloads, Asker::CommandLine).await;
    let operations: Vec<_> = wished.into_iter().map(|wished| wished.result.unwrap()).collect();
    assert!(operations.iter().all(|operation| operation.phase == Phase::Waiting && operation.asker == Asker::CommandLine));
    let mut spans = Vec::new();
    for operation in operations {
        assert_eq!(plimsoll.ended(operation.id).await.outcome, Some(Outcome::Updated));
        let (_, steps) = plimsoll.store.operation(operation.id).await.unwrap().unwrap();
        spans.push((steps.first().unwrap().begun, steps.last().unwrap().ended.unwrap()));
    }
    assert!(spans.is_sorted_by(|one, next| one.1 <= next.0), "{spans:?}");
}

#[tokio::test]
async fn no_more_than_two_are_under_way() {
    let names = ["one", "two", "three", "four", "five"];
    let harbour = Harbour::with(&names).await;
    let plimsoll = harbour.plimsoll().await;
    plimsoll.connected().await;
    let mut changes = plimsoll.live.changes();
    for name in names {
        plimsoll.wish(name).await.unwrap();
    }
    loop {
        let state = changes.borrow_and_update().clone();
        let running = state.snapshot.operations.iter().filter(|operation| operation.is_running());
        let (waiting, busy): (Vec<_>, Vec<_>) = running.partition(|operation| operation.phase == Phase::Waiting);
        assert!(busy.len() <= 2, "{busy:?}");
        if waiting.is_empty() && busy.is_empty() && state.snapshot.operations.len() == names.len() {
            break;
        }
        changes.changed().await.unwrap();
    }
    assert!(plimsoll.live.state().snapshot.operations.iter().all(|operation| operation.outcome == Some(Outcome::Updated)));
}

#[tokio::test]
async fn what_ended_is_told_and_kept_over_a_restart() {
    let harbour = Harbour::with(&["web"]).await;
    let first = harbour.plimsoll_on_disc().await;
    first.connected().await;
    let mut ended = first.updates.ended();
    first.updates.switch(HOST, "web", true).await.unwrap();
    let operation = first.update("web").await;
    assert_eq!(ended.recv().await.unwrap(), operation);
    first.stop.cancel();
    first.updates.at_rest().await;
    drop((first, ended));

    let second = harbour.plimsoll_on_disc().await;
    assert_eq!(second.live.state().snapshot.operations, [operation]);
    second.connected().await;
    assert!(second.row("web").unwrap().auto_update, "the switch goes by the name");
}
