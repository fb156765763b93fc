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
    let mut told = 0;
    for lookup in join_all(references.iter().map(|reference| registries.look_up(reference))).await {
        assert!(matches!(lookup.answer, Err(Reason::TimedOut { .. })), "{:?}", lookup.answer);
        told += lookup.steps.iter().filter(|step| step.status == Some(401)).count();
        assert!(!lookup.steps.is_empty(), "why nothing was sent is told");
    }
    assert_eq!(told, 1, "what was learnt until then is told");
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
    simulated.fault(Scope::repository(REPOSITORY), Fault::Hang);
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_registry_that_takes_a_hundred_at_once_loses_none_of_five_hundred() {
    for (access, most) in [(Access::Open, 100), (tokens(), 100), (Access::Open, 90)] {
        let simulated = simulated().await;
        simulated.set_access(access);
        simulated.set_delay(Duration::from_millis(20));
        simulated.fault(Scope::Whole, Fault::TooManyAbove(most));
        let references: Vec<Reference> = (0..500).map(|n| format!("{HOST}/acme/app{n}:1").parse().unwrap()).collect();
        for reference in &references {
            simulated.push(reference.repository(), "1", 1);
        }
        let registries = registries(&simulated, LONG, None);
        registries.announce(&references);
        let lookups = join_all(references.iter().map(|reference| registries.look_up(reference))).await;
        let lost: Vec<_> = lookups.iter().filter(|lookup| lookup.answer.is_err()).collect();
        assert!(lost.is_empty(), "{} of 500: {:?}", lost.len(), lost[0]);
    }
}

#[tokio::test]
async fn a_pause_that_a_registry_asks_for_is_kept_by_all_that_come_later() {
    let simulated = simulated().await;
    simulated.fault_times(Scope::repository(REPOSITORY), Fault::TooMany(RetryAfter::Seconds(300)), 1);
    // a look-up may take three times as long, which is less than the pause
    let registries = registries(&simulated, LONG / 2, None);
    let reference = reference();
    assert_eq!(registries.look_up(&reference).await.answer, limited(Some(300)));
    let lookup = registries.look_up(&reference).await;
    assert!(matches!(lookup.answer, Err(Reason::RateLimited { retry_after: Some(seconds), .. }) if (240..=300).contains(&seconds)));
    assert_eq!((lookup.steps.len(), lookup.steps[0].status), (1, None));
    assert_eq!(simulated.counts().head, 1, "nothing was sent");
}

#[tokio::test]
async fn as_many_are_under_way_as_the_owner_allows() {
    let simulated = simulated().await;
    simulated.set_delay(Duration::from_millis(5));
    let known = RegistrySettings { address: Some(simulated.address().to_string()), at_once: Some(3), ..RegistrySettings::default() };
    let registries = with(BTreeMap::from([(HOST.to_owned(), known)]), LONG);
    let reference = reference();
    for lookup in join_all((0..60).map(|_| registries.look_up(&reference))).await {
        assert_eq!(lookup.answer.unwrap(), digest());
    }
    assert_eq!(simulated.counts().peak, 3);
}

#[tokio::test]
async fn a_registry_that_is_to_be_ignored_is_not_asked() {
    let simulated = simulated().await;
    let known = RegistrySettings { address: Some(simulated.address().to_string()), ignore: true, ..RegistrySettings::default() };
    let registries = with(BTreeMap::from([(HOST.to_owned(), known)]), LONG);
    registries.announce(&[reference()]);
    let lookup = registries.look_up(&reference()).await;
    assert_eq!(lookup.answer, Err(Reason::RegistryIgnored { registry: registry() }));
    assert!(lookup.steps.is_empty());
    assert_eq!(simulated.counts().all(), 0);
}

#[tokio::test]
async fn the_last_pulls_are_left_to_the_user() {
    let simulated = simulated().await;
    simulated.set_quota(100, 10);
    let registries = registries(&simulated, LONG, None);
    assert!(registries.quotas().is_empty(), "nobody was asked yet");
    assert_eq!(registries.look_up(&reference()).await.answer, Ok(digest()));
    let quotas = registries.quotas();
    let [quota] = &quotas[..] else { panic!("{quotas:?}") };
    assert_eq!((&*quota.registry, quota.limit, quota.remaining, quota.window_s), (HOST, 100, 10, 21_600));
    // a HEAD without a digest is followed by a GET, which is a pull: one is spent, and none after that
    simulated.fault(Scope::Whole, Fault::NoDigestOfHead);
    assert_eq!(registries.look_up(&reference()).await.answer, Ok(digest()));
    let low = Err(Reason::QuotaLow { registry: registry(), remaining: 9, limit: 100 });
    assert_eq!(registries.look_up(&reference()).await.answer, low);
    assert_eq!(simulated.counts().get, 1);
    simulated.heal();
    assert_eq!(registries.look_up(&reference()).await.answer, Ok(digest()), "what costs nothing is asked all the same");
}
