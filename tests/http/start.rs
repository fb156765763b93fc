//! The start: pages come before anything else is known.

use std::time::Duration;

use plimsoll::{
    simulate::{
        engine::{Engine, Options},
        registry::{Fault, Registry, Scope},
    },
    wire::HostState,
};
use tokio::time::timeout;

use crate::{
    house::{furnish, house},
    slack::within,
};

#[tokio::test]
async fn with_a_registry_that_never_answers_the_page_is_there_at_once_and_says_what_is_asked() {
    let engine = Engine::start(Options::default()).await.unwrap();
    let registry = Registry::start().await.unwrap();
    furnish(&engine, &registry);
    registry.fault(Scope::Whole, Fault::Hang);
    let house = house().engine(&engine).registry(&registry).start().await;
    let page = house.get("/").await;
    assert_eq!(page.status, 200);
    assert!(house.started.elapsed() < within(Duration::from_millis(500)), "{:?}", house.started.elapsed());
    house.until("a check", |now| now.groups.iter().any(|group| group.checking)).await;
    let page = house.get("/").await;
    assert!(page.text().contains("checking…"), "{}", page.text());
    let start = page.start();
    let rows = start["snapshot"]["groups"].as_array().unwrap();
    for row in rows {
        assert_eq!(row["checking"], row["reference"]["registry"] != "docker.io" || row["id"] != "docker.io/library/tool:dev", "{row}");
    }
    assert_eq!(start["snapshot"]["check"]["running"]["done"], 0);
    // readers that take 1970 for "never" get that
    assert_eq!(house.get("/api/v3/json").await.json()["last_updated"], "1970-01-01T00:00:00Z");
}

#[tokio::test]
async fn the_first_page_knows_its_hosts() {
    let engine = Engine::start(Options::default()).await.unwrap();
    engine.hang();
    let house = house().engine(&engine).start().await;
    let hosts = &house.app.live.state().snapshot.hosts;
    assert_eq!(hosts.iter().map(|host| (host.name.as_str(), &host.state)).collect::<Vec<_>>(), [("nas", &HostState::Connecting)]);
    assert_eq!(house.get("/readyz").await.status, 503);
    assert_eq!(house.get("/livez").await.said(), (200, "ok\n"));
}

#[tokio::test]
async fn what_an_earlier_process_learnt_is_shown_at_once() {
    let data = tempfile::tempdir().unwrap();
    let engine = Engine::start(Options::default()).await.unwrap();
    let registry = Registry::start().await.unwrap();
    furnish(&engine, &registry);
    let first = house().engine(&engine).registry(&registry).data(data.path()).start().await.checked().await;
    let known = first.get("/api/v3/json").await.json();
    first.stop().await;
    registry.fault(Scope::Whole, Fault::Hang);
    let second = house().engine(&engine).registry(&registry).data(data.path()).start().await;
    second.until("the list", |now| !now.groups.is_empty()).await;
    let remembered = second.get("/api/v3/json").await.json();
    assert_eq!(remembered["images"], known["images"]);
    assert_ne!(remembered["last_updated"], "1970-01-01T00:00:00Z");
}

#[tokio::test]
async fn a_wish_that_comes_before_the_first_list_is_fulfilled_after_it() {
    let engine = Engine::start(Options::default()).await.unwrap();
    let registry = Registry::start().await.unwrap();
    furnish(&engine, &registry);
    for at_start in [true, false] {
        engine.hang();
        let house = house().engine(&engine).registry(&registry).config(&format!("check.at_start = {at_start}")).start().await;
        let refresh = tokio::spawn(house.ask("GET", "/api/v3/refresh").send());
        // it has come in when another one is answered
        assert_eq!(house.send("POST", "/check", &[("accept", "application/json")]).await.status, 202);
        engine.recover();
        let answer = timeout(Duration::from_secs(4), refresh).await.expect("in time").unwrap().unwrap();
        assert_eq!(answer.status(), 200);
        let metrics = house.get("/api/v3/json").await.json()["metrics"].clone();
        assert_eq!((&metrics["other_updates"], &metrics["up_to_date"]), (&1.into(), &1.into()), "at start: {at_start}");
    }
}
