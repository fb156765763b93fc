//! Bounded: in time, in requests under way, and whatever was dropped is gone.

use std::time::Instant;

use futures_util::future::join_all;

use super::*;

#[tokio::test]
async fn a_whole_look_up_is_bounded_however_its_requests_drag_on() {
    let simulated = simulated().await;
    simulated.set_access(tokens());
    simulated.fault(Scope::Token, Fault::Hang);
    // with a login that was never accepted they ask for tokens one behind the other
    let registries = registries(&simulated, SHORT, Some(("me", "secret")));
    let references: Vec<Reference> = (0..30).map(|n| format!("{HOST}/acme/app{n}:1").parse().unwrap()).collect();
    let started = Instant::now();
    for lookup in join_all(references.iter().map(|reference| registries.look_up(reference))).await {
        assert!(matches!(lookup.answer, Err(Reason::TimedOut { .. })), "{:?}", lookup.answer);
        assert_eq!(lookup.steps[0].status, Some(401), "what was learnt until then is told");
    }
    // one behind the other to the end this would take 30 times as long as one request may
    assert!(started.elapsed() < crate::slack::within(SHORT * 12), "{:?}", started.elapsed());
}

#[tokio::test]
async fn no_more_requests_are_under_way_than_a_registry_is_trusted_with() {
    let simulated = simulated().await;
    simulated.set_delay(Duration::from_millis(200));
    let registries = registries(&simulated, LONG, None);
    let reference = reference();
    for lookup in join_all((0..400).map(|_| registries.look_up(&reference))).await {
        assert_eq!(lookup.answer.unwrap(), digest());
    }
    let counts = simulated.counts();
    assert_eq!(counts.head, 400);
    assert!(counts.peak <= 256, "{}", counts.peak);
}

#[tokio::test]
async fn a_look_up_that_is_dropped_gives_its_turn_back() {
    let simulated = simulated().await;
    simulated.fault(Scope::Whole, Fault::Hang);
    let registries = registries(&simulated, LONG, None);
    let reference = reference();
    let all_wait = async {
        while simulated.counts().head < 256 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::select! {
        _ = join_all((0..300).map(|_| registries.look_up(&reference))) => panic!("a hanging registry answered"),
        () = all_wait => {}
    }
    simulated.heal();
    assert_eq!(registries.look_up(&reference).await.answer.unwrap(), digest());
}

#[tokio::test]
async fn a_registry_that_hangs_holds_up_no_other() {
    let (hanging, good) = (simulated().await, simulated().await);
    hanging.fault(Scope::Whole, Fault::Hang);
    let known = |simulated: &Simulated| RegistrySettings { address: Some(simulated.address().to_string()), ..RegistrySettings::default() };
    let registries = with(BTreeMap::from([("quay.io".to_owned(), known(&hanging)), (HOST.to_owned(), known(&good))]), LONG);
    let hung: Reference = format!("quay.io/{REPOSITORY}:1").parse().unwrap();
    let reference = reference();
    tokio::select! {
        _ = join_all((0..300).map(|_| registries.look_up(&hung))) => panic!("a hanging registry answered"),
        lookup = registries.look_up(&reference) => assert_eq!(lookup.answer.unwrap(), digest()),
    }
}

#[tokio::test]
async fn those_who_wait_for_a_silent_registry_are_not_sent_after_those_who_got_no_answer() {
    let simulated = simulated().await;
    simulated.fault(Scope::Whole, Fault::Hang);
    let registries = registries(&simulated, SHORT, None);
    let reference = reference();
    let started = Instant::now();
    let lookups = join_all((0..2000).map(|_| registries.look_up(&reference))).await;
    assert!(lookups.iter().all(|lookup| lookup.answer == timed_out()));
    assert!(simulated.counts().head <= 512, "{}", simulated.counts().head);
    assert!(started.elapsed() < crate::slack::within(SHORT * 6), "{:?}", started.elapsed());
    // who asks anew asks indeed
    simulated.heal();
    assert_eq!(registries.look_up(&reference).await.answer.unwrap(), digest());
}
