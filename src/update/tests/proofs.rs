//! New containers that do not prove themselves, or take their time.

use std::time::Duration;

use super::{
    end::{Before, Which},
    harbour::{Harbour, container, image},
};
use crate::{
    simulate::engine::{Behaviour, ContainerSpec, Health},
    store::Store,
    update::Choice,
    wire::{Operation, Outcome, UpdateTrouble},
};

/// Long enough to look in between.
const MOMENT: Duration = Duration::from_millis(50);
/// Longer than anything here takes.
const LONG: Duration = Duration::from_mins(1);

/// A container with a health check that wants this many seconds.
fn checked() -> ContainerSpec {
    let check = serde_json::json!({ "Test": ["CMD", "/check"], "Interval": 1_000_000, "Timeout": 1_000_000, "Retries": 1 });
    container("web").with(&serde_json::json!({ "Healthcheck": check }))
}

async fn harbour(behaviour: Behaviour, spec: ContainerSpec) -> Harbour {
    let harbour = Harbour::empty().await;
    harbour.plant(spec);
    harbour.rebuild("web", image("web", 2).behaving(behaviour));
    harbour
}

/// What comes of an update to an image whose containers do this, and whether all is as the operation says.
async fn outcome(behaviour: Behaviour, spec: ContainerSpec, grace: Duration, what: &str) -> (Operation, Which) {
    let harbour = harbour(behaviour, spec).await;
    let plimsoll = harbour.start(Store::in_memory().await.unwrap(), grace).await;
    let before = Before::of(&harbour, "web");
    let operation = plimsoll.update("web").await;
    let which = before.hold_again(&harbour, &operation, what);
    (operation, which)
}

#[tokio::test]
async fn what_fails_is_told_by_its_kind_and_undone() {
    let ends = |after| Behaviour::Ends { code: 3, after };
    let ended = UpdateTrouble::Ended { code: 3 };
    let rm = || container("web").restart("no").with(&serde_json::json!({ "HostConfig": { "AutoRemove": true } }));
    for (what, behaviour, spec, expected) in [
        ("it ends at once", ends(Duration::ZERO), container("web").restart("no"), ended.clone()),
        ("it ends a little later", ends(MOMENT), container("web").restart("no"), ended.clone()),
        ("it is restarted at once, over and over", ends(Duration::ZERO), container("web"), ended.clone()),
        ("it is restarted over and over", ends(MOMENT), container("web"), ended),
        ("its health check fails", Behaviour::UnhealthyAfter(MOMENT), checked(), UpdateTrouble::Unhealthy),
        ("it goes with its end", ends(MOMENT), rm(), UpdateTrouble::Vanished),
    ] {
        let (operation, _) = outcome(behaviour, spec, LONG, what).await;
        assert_eq!(operation.outcome, Some(Outcome::RolledBack { trouble: expected }), "{what}");
    }
}

#[tokio::test]
async fn what_it_wrote_before_it_failed_is_kept() {
    let harbour = harbour(Behaviour::Ends { code: 3, after: MOMENT }, container("web").restart("no")).await;
    let plimsoll = harbour.plimsoll_with(LONG).await;
    let operation = plimsoll.update("web").await;
    assert!(operation.log, "{operation:?}");
    assert_eq!(plimsoll.store.log(operation.id).await.unwrap().as_deref(), Some("web started\nfatal: ended with code 3\n"));
}

#[tokio::test]
async fn what_cannot_be_started_is_told_in_the_engines_words() {
    let (operation, which) = outcome(Behaviour::CannotStart, container("web"), LONG, "no program").await;
    let Some(Outcome::RolledBack { trouble: UpdateTrouble::Step { detail, .. } }) = &operation.outcome else { panic!("{operation:?}") };
    assert!(detail.contains("OCI runtime create failed"), "{detail}");
    assert_eq!(which, Which::Old);
}

#[tokio::test]
async fn what_becomes_healthy_is_kept() {
    let (_, which) = outcome(Behaviour::HealthyAfter(MOMENT), checked(), Duration::ZERO, "healthy").await;
    assert_eq!(which, Which::New);
}

#[tokio::test]
async fn it_must_stay_up_for_the_grace() {
    let grace = Duration::from_millis(400);
    let began = tokio::time::Instant::now();
    let (_, which) = outcome(Behaviour::Runs, container("web"), grace, "grace").await;
    assert_eq!(which, Which::New);
    assert!(began.elapsed() >= grace);
}

/// Pretends that the time of a health check has passed; the simulated one wants some ten seconds.
async fn overdue(harbour: &Harbour) -> (super::harbour::Plimsoll, Operation) {
    let plimsoll = harbour.plimsoll().await;
    plimsoll.connected().await;
    let operation = plimsoll.wish("web").await.unwrap();
    plimsoll.until("overdue", |state| state.snapshot.operations.iter().any(|one| one.overdue)).await;
    (plimsoll, operation)
}

#[tokio::test]
async fn what_is_still_starting_is_neither_undone_nor_taken_for_good_before_somebody_says_so() {
    let cases = [
        ("kept", Some(Choice::Keep), Outcome::Updated),
        ("cancelled", Some(Choice::Cancel), Outcome::RolledBack { trouble: UpdateTrouble::Cancelled }),
        ("it becomes healthy at last", None, Outcome::Updated),
    ];
    // each waits as long as the health check may take
    let all = cases.map(|(what, choice, expected)| async move {
        let harbour = harbour(Behaviour::NeverHealthy, checked()).await;
        let before = Before::of(&harbour, "web");
        let (plimsoll, operation) = overdue(&harbour).await;
        match choice {
            Some(choice) => assert!(plimsoll.updates.choose(operation.id, choice), "{what}"),
            None => harbour.engine.health("web", Health::Healthy).unwrap(),
        }
        let ended = plimsoll.ended(operation.id).await;
        assert_eq!(ended.outcome, Some(expected), "{what}");
        before.hold_and_told(&harbour, &ended, what);
        assert!(!plimsoll.updates.choose(operation.id, Choice::Cancel), "{what}: it has ended");
    });
    futures_util::future::join_all(all).await;
}
