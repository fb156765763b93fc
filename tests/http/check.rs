//! Checks that fail.

use plimsoll::{
    simulate::registry::{Fault, Scope},
    wire::{Reason, Verdict},
};

use crate::house::house;

#[tokio::test]
async fn a_check_that_fails_leaves_the_last_good_verdict_beside() {
    let house = house().start().await.checked().await;
    house.registry.fault(Scope::Whole, Fault::Status(500));
    house.get("/api/v3/refresh").await;
    let snapshot = house.app.live.state().snapshot.clone();
    let nginx = snapshot.groups.iter().find(|group| group.id.contains("nginx")).unwrap();
    assert!(matches!(nginx.verdict, Verdict::Unknown { reason: Reason::ServerError { status: 500, .. } }));
    assert_eq!(nginx.last_good.as_ref().map(|good| &good.verdict), Some(&Verdict::Rebuilt));
    let images = house.get("/api/images").await.json();
    assert!(images.as_array().unwrap().iter().all(|group| group["status"] == "unknown"));
    let cup = house.get("/api/v3/json").await.json();
    assert_eq!(cup["metrics"]["unknown"], 2);
    assert!(cup["images"].as_array().unwrap().iter().all(|image| image["result"]["error"].is_string()));
    let page = house.get("/").await;
    assert!(page.text().contains("unknown"), "{}", page.text());
    house.registry.heal();
    house.get("/api/v3/refresh").await;
    let snapshot = house.app.live.state().snapshot.clone();
    let nginx = snapshot.groups.iter().find(|group| group.id.contains("nginx")).unwrap();
    assert_eq!((&nginx.verdict, &nginx.last_good), (&Verdict::Rebuilt, &None));
}

#[tokio::test]
async fn one_registry_that_fails_leaves_the_others_alone() {
    let house = house().start().await.checked().await;
    house.registry.fault(Scope::repository("acme/db"), Fault::Reset);
    house.get("/api/v3/refresh").await;
    let metrics = house.get("/api/v3/json").await.json()["metrics"].clone();
    assert_eq!((&metrics["unknown"], &metrics["other_updates"]), (&1.into(), &1.into()));
}
