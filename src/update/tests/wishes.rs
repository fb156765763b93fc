//! What is accepted, what is refused, and what nobody asked for.

use std::{sync::Arc, time::Duration};

use futures_util::future::join_all;
use tokio::time::{Instant, timeout};

use super::{
    end::{Before, Which},
    harbour::{HOST, Harbour, container, image},
};
use crate::{
    simulate::engine::{Behaviour, Offer, When},
    update::{Wish, busy::Held, pace::Ending, record::Record, run::json},
    wire::{Asker, Operation, Outcome, Phase, Refusal, UpdateTrouble},
};

#[tokio::test]
async fn of_many_wishes_at_once_exactly_one_is_taken() {
    let harbour = Harbour::with(&["web"]).await;
    let plimsoll = Arc::new(harbour.plimsoll().await);
    plimsoll.connected().await;
    let before = Before::of(&harbour, "web");
    let all = (0..50).map(|_| {
        let plimsoll = Arc::clone(&plimsoll);
        tokio::spawn(async move { plimsoll.wish("web").await })
    });
    let (taken, refused): (Vec<_>, Vec<_>) = join_all(all).await.into_iter().map(Result::unwrap).partition(Result::is_ok);
    assert_eq!(taken.len(), 1);
    assert!(refused.iter().all(|refused| *refused == Err(Refusal::Updating)));
    let operation = plimsoll.ended(taken[0].as_ref().unwrap().id).await;
    assert_eq!(before.hold_and_told(&harbour, &operation, "one of many"), Which::New);
    // it is free again as soon as the end can be seen
    let again = plimsoll.wish("web").await.unwrap();
    assert_eq!(plimsoll.ended(again.id).await.outcome, Some(Outcome::Unchanged));
}

#[tokio::test]
async fn what_cannot_be_done_is_refused_at_once() {
    let harbour = Harbour::with(&["web"]).await;
    let plimsoll = harbour.plimsoll().await;
    plimsoll.connected().await;
    assert_eq!(plimsoll.wish("nobody").await, Err(Refusal::NotFound));
    assert_eq!(plimsoll.updates.wish(Wish::same("nowhere", "web"), Asker::Anyone).await, Err(Refusal::NotFound));
    let twice = vec![Wish::same(HOST, "web"); 2];
    let wished = plimsoll.updates.wish_all(twice, Asker::Anyone).await;
    assert!(wished[0].result.is_ok());
    assert_eq!(wished[1].result, Err(Refusal::Updating));
    plimsoll.at_rest().await;
    harbour.engine.refuse().await;
    plimsoll.until("lost", |state| state.snapshot.hosts.iter().any(|host| host.state != crate::wire::HostState::Connected)).await;
    assert!(matches!(plimsoll.wish("web").await, Err(Refusal::HostAway { .. })));
    plimsoll.stop.cancel();
    assert_eq!(plimsoll.wish("web").await, Err(Refusal::Stopping));
    assert_eq!(plimsoll.store.operations(None, 10).await.unwrap().len(), 1, "what is refused at once leaves no trace");
}

#[tokio::test]
async fn what_the_host_refuses_ends_with_the_reason() {
    let harbour = Harbour::empty().await;
    harbour.plant(container("web").label("PODMAN_SYSTEMD_UNIT", "web.service"));
    harbour.rebuild("web", image("web", 2));
    let plimsoll = harbour.plimsoll().await;
    let before = Before::of(&harbour, "web");
    let operation = plimsoll.update("web").await;
    assert_eq!(operation.outcome, Some(Outcome::Refused { refusal: Refusal::Quadlet { unit: "web.service".into() } }));
    assert_eq!(before.hold_and_told(&harbour, &operation, "refused"), Which::Old);
    assert!(harbour.engine.changes().is_empty(), "not even pulled");
}

#[tokio::test]
async fn the_switch_updates_what_was_rebuilt_and_nothing_else() {
    let harbour = Harbour::with(&["on", "off"]).await;
    harbour.plant(container("current"));
    let plimsoll = harbour.plimsoll().await;
    plimsoll.connected().await;
    for name in ["on", "current", "long-gone"] {
        plimsoll.updates.switch(HOST, name, true).await.unwrap();
    }
    // before anything was checked nothing is known to be rebuilt
    plimsoll.updates.after_scheduled_check().await;
    assert!(plimsoll.store.operations(None, 10).await.unwrap().is_empty());
    plimsoll.check().await;
    plimsoll.updates.after_scheduled_check().await;
    let operations = plimsoll.store.operations(None, 10).await.unwrap();
    assert_eq!(operations.iter().map(|one| (one.name.as_str(), &one.asker)).collect::<Vec<_>>(), [("on", &Asker::Automatic)]);
    assert_eq!(plimsoll.ended(operations[0].id).await.outcome, Some(Outcome::Updated));
    assert_eq!(plimsoll.store.switches().await.unwrap().len(), 3, "the switch of a container that is gone stays");
    plimsoll.updates.switch(HOST, "on", false).await.unwrap();
    assert_eq!(plimsoll.store.switches().await.unwrap().len(), 2);
}

#[tokio::test]
async fn what_was_rolled_back_is_not_tried_again_by_itself() {
    let harbour = Harbour::with(&["web"]).await;
    harbour.rebuild("web", image("web", 2).behaving(Behaviour::Ends { code: 1, after: Duration::ZERO }));
    let plimsoll = harbour.plimsoll().await;
    plimsoll.connected().await;
    plimsoll.updates.switch(HOST, "web", true).await.unwrap();
    plimsoll.check().await;
    for _ in 0..3 {
        plimsoll.updates.after_scheduled_check().await;
        plimsoll.live.settled().await;
        plimsoll.at_rest().await;
    }
    assert_eq!(plimsoll.store.operations(None, 10).await.unwrap().len(), 1);
    // by hand it is
    let by_hand = plimsoll.update("web").await;
    assert!(matches!(by_hand.outcome, Some(Outcome::RolledBack { .. })));
    // and the next edition is
    harbour.registry.push("app/web", "1", 3);
    harbour.engine.offer(&super::harbour::reference("web"), image("web", 3)).unwrap();
    plimsoll.check().await;
    plimsoll.updates.after_scheduled_check().await;
    let newest = plimsoll.store.operations(None, 1).await.unwrap()[0].id;
    assert_eq!(plimsoll.ended(newest).await.outcome, Some(Outcome::Updated));
}

#[tokio::test]
async fn without_its_journal_nothing_is_begun_and_what_was_begun_is_undone() {
    // calls 1 and 2 are a name for the image that runs and the pull, before any step
    for number in 1..=5 {
        let harbour = Harbour::with(&["web"]).await;
        let plimsoll = harbour.plimsoll_on_disc().await;
        plimsoll.connected().await;
        let before = Before::of(&harbour, "web");
        let mut held = harbour.engine.hold(number, When::Before);
        let operation = plimsoll.wish("web").await.unwrap();
        assert!(held.reached().await);
        plimsoll.store.close().await;
        drop(held);
        let operation = plimsoll.ended(operation.id).await;
        assert_eq!(before.hold_and_told(&harbour, &operation, &format!("call {number}")), Which::Old);
        let trouble = match &operation.outcome {
            Some(Outcome::Failed { trouble }) if number <= 2 => trouble,
            Some(Outcome::RolledBack { trouble }) if number > 2 => trouble,
            other => panic!("call {number}: {other:?}"),
        };
        assert!(matches!(trouble, UpdateTrouble::Journal { .. }), "call {number}: {trouble:?}");
        assert!(matches!(plimsoll.wish("web").await, Err(Refusal::Journal { .. })));
        // the next one finds an operation without an end, looks, and finds that nothing is left to do
        plimsoll.stop.cancel();
        plimsoll.updates.at_rest().await;
        drop(plimsoll);
        let next = harbour.plimsoll_on_disc().await;
        let again = next.ended(operation.id).await;
        assert_eq!(before.hold_and_told(&harbour, &again, &format!("call {number}, next")), Which::Old);
    }
}

/// What no update should do.
#[expect(clippy::unused_async, reason = "it stands for an update, which is")]
async fn come_to_grief(record: Record, held: Held) -> Result<Operation, Ending> {
    drop((record, held));
    panic!("as a test");
}

#[tokio::test]
async fn an_update_that_panics_is_taken_up_again() {
    let harbour = Harbour::with(&["web"]).await;
    let plimsoll = harbour.plimsoll().await;
    plimsoll.connected().await;
    let before = Before::of(&harbour, "web");
    let keeper = &plimsoll.updates.keeper;
    // an operation as it would be in the middle of it: planned, set aside, and then nothing
    let claim = keeper.claims.take(HOST, "web").unwrap();
    let mut record =
        keeper.book.begin(&Wish::same(HOST, "web"), super::harbour::reference("web"), &Asker::Anyone, claim.clone()).await.unwrap();
    let id = record.operation().id;
    let (mut plan, held) = keeper.preparation(&keeper.hosts[HOST]).plan(&mut record).await.unwrap_or_else(|_| panic!("a plan"));
    let first = plan.steps[0];
    let n = record.begin_step(first, false).await.unwrap();
    keeper.hosts[HOST].apply(&mut plan, first).await.unwrap();
    record.end_step(n, None, &json(&plan)).await.unwrap();
    assert!(harbour.engine.inspect("web").is_err());
    keeper.guard(id, Some(claim), come_to_grief(record, held)).await;
    let operation = plimsoll.ended(id).await;
    assert_eq!(operation.outcome, Some(Outcome::RolledBack { trouble: UpdateTrouble::Interrupted }));
    assert_eq!(before.hold_and_told(&harbour, &operation, "panic"), Which::Old);
    assert_eq!(plimsoll.update("web").await.outcome, Some(Outcome::Updated), "and the workload is free");
}

#[tokio::test]
async fn the_end_of_plimsoll_does_not_wait_for_a_pull_or_for_a_proof() {
    for pulls in [true, false] {
        let harbour = Harbour::empty().await;
        harbour.plant(container("web"));
        harbour.plant(container("db").label("plimsoll.depends-on", "web"));
        harbour.rebuild("web", image("web", 2));
        if pulls {
            harbour.rebuild("web", Offer::of(image("web", 2)).taking(Duration::from_mins(10)));
        }
        let store = crate::store::Store::in_memory().await.unwrap();
        let plimsoll = harbour.start(store, Duration::from_mins(10)).await;
        plimsoll.connected().await;
        let before = Before::of(&harbour, "web");
        let wished = plimsoll.updates.wish_all(["web", "db"].map(|name| Wish::same(HOST, name)).to_vec(), Asker::Anyone).await;
        let ids: Vec<_> = wished.iter().map(|wished| wished.result.as_ref().unwrap().id).collect();
        let phase = if pulls { Phase::Pulling } else { Phase::Proving };
        plimsoll.until("the phase", |state| state.snapshot.operations.iter().any(|one| one.phase == phase)).await;
        plimsoll.stop.cancel();
        let began = Instant::now();
        timeout(Duration::from_mins(1), plimsoll.updates.at_rest()).await.expect("it comes to rest");
        // most of that is a bound that is kept; the rest is room for a slow machine
        assert!(began.elapsed() < Duration::from_secs(10));
        plimsoll.live.settled().await;
        let outcome = |id| plimsoll.live.state().snapshot.operations.iter().find(|one| one.id == id).unwrap().outcome.clone();
        let interrupted = Some(Outcome::Failed { trouble: UpdateTrouble::Interrupted });
        assert_eq!(outcome(ids[1]), interrupted, "what waits is not begun");
        if pulls {
            assert_eq!(outcome(ids[0]), interrupted);
            before.hold(&harbour, "stopped while it pulls");
        } else {
            assert_eq!(outcome(ids[0]), None, "it is left to the journal");
            assert_eq!(plimsoll.store.open_operations().await.unwrap().len(), 1);
        }
    }
}
