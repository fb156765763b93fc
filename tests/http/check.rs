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

#[tokio::test]
async fn one_image_is_checked_alone() {
    let house = house().start().await.checked().await;
    let (heads, last) = (house.registry.counts().head, house.app.live.state().snapshot.check.last);
    house.registry.push("acme/db", "16", 2);
    house.app.checks.wish_one("ghcr.io/acme/db:16".parse().unwrap()).await.await.unwrap();
    assert_eq!(house.registry.counts().head, heads + 1, "nobody else is asked about");
    let snapshot = house.app.live.state().snapshot.clone();
    let db = snapshot.groups.iter().find(|group| group.id.contains("db")).unwrap();
    assert_eq!((&db.verdict, snapshot.check.last, snapshot.check.running), (&Verdict::Rebuilt, last, None));
    // what nobody runs is not asked about, and nobody waits for it
    house.app.checks.wish_one("ghcr.io/acme/gone:1".parse().unwrap()).await.await.unwrap();
    assert_eq!(house.registry.counts().head, heads + 1);
}

#[tokio::test]
async fn wishes_that_come_during_a_check_are_checked_after_it_together() {
    let house = house().start().await.checked().await;
    let heads = house.registry.counts().head;
    house.registry.set_delay(std::time::Duration::from_millis(300));
    let all = house.app.checks.wish().await;
    house.until("a check", |now| now.check.running.is_some()).await;
    let mut singles = Vec::new();
    for _ in 0..10 {
        singles.push(house.app.checks.wish_one("docker.io/library/nginx:1.29".parse().unwrap()).await);
    }
    all.await.unwrap();
    for single in singles {
        single.await.unwrap();
    }
    assert_eq!(house.registry.counts().head, heads + 3, "two images, and one of them once more");
}
