//! Cup's document and its refresh.

use std::time::{Duration, Instant};

use plimsoll::simulate::registry::{Fault, Scope, digest_of};
use serde_json::json;
use tokio::time::timeout;

use crate::{
    house::{House, house},
    slack::within,
};

async fn last_updated(house: &House) -> String {
    house.get("/api/v3/json").await.json()["last_updated"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_document_has_its_length_and_is_never_compressed() {
    // large enough that anything else would be compressed
    let fleet = plimsoll::simulate::fleet::start(25, false).await.unwrap();
    let house = house().engine(&fleet.engine).config("check.at_start = false").start().await;
    house.until("the list", |now| now.groups.len() > 20).await;
    let accept = [("accept-encoding", "gzip, br, deflate, zstd")];
    for path in ["/api/v3/json", "/api/v2/json"] {
        for headers in [&accept[..], &[]] {
            let answer = house.send("GET", path, headers).await;
            assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"));
            assert_eq!(answer.header("content-length"), answer.body.len().to_string(), "{path}");
            assert!(!answer.headers.contains_key("content-encoding") && !answer.headers.contains_key("transfer-encoding"));
        }
        let head = house.send("HEAD", path, &accept).await;
        assert!(head.header("content-length").parse::<usize>().unwrap() > 1000);
    }
    // the others are compressed for those who ask for it alone
    let answer = house.send("GET", "/api/v1/fleet", &accept).await;
    assert_eq!(answer.header("content-encoding"), "br");
    assert!(!house.get("/api/v1/fleet").await.headers.contains_key("content-encoding"));
}

#[tokio::test]
async fn the_document_tells_each_kind() {
    let house = house().start().await.checked().await;
    let document = house.get("/api/v3/json").await.json();
    assert_eq!(
        document["metrics"],
        json!({
            "monitored_images": 2, "up_to_date": 1, "updates_available": 1, "major_updates": 0, "minor_updates": 0,
            "patch_updates": 0, "other_updates": 1, "unknown": 0, "unknown_updates": 0
        })
    );
    let nginx = &document["images"][0];
    assert_eq!(nginx["parts"], json!({"registry": "registry-1.docker.io", "repository": "library/nginx", "tag": "1.29"}));
    assert_eq!(nginx["in_use"], true);
    assert_eq!(
        nginx["result"],
        json!({"has_update": true, "error": null, "info": {
            "type": "digest", "local_digests": [digest_of("library/nginx", 1).to_string()],
            "remote_digest": digest_of("library/nginx", 2).to_string()
        }})
    );
}

#[tokio::test]
async fn after_refresh_the_document_is_newer_however_quick_one_asks() {
    let house = house().start().await.checked().await;
    let mut before = last_updated(&house).await;
    // twice, because a check may have ended in the same second as the one before
    for _ in 0..2 {
        assert_eq!(house.get("/api/v3/refresh").await.said(), (200, "OK"));
        let after = last_updated(&house).await;
        assert!(after > before, "{after} is not after {before}");
        before = after;
    }
    let path = house.get("/api/v2/refresh").await;
    assert_eq!((path.said(), path.header("content-length")), ((200, "OK"), "2"));
}

#[tokio::test]
async fn refresh_sees_what_was_pushed_before_it() {
    let house = house().start().await.checked().await;
    house.registry.push("acme/db", "16", 7);
    house.get("/api/v3/refresh").await;
    assert_eq!(house.get("/api/v3/json").await.json()["metrics"]["other_updates"], 2);
}

#[tokio::test]
async fn refreshes_join_the_check_that_runs() {
    let house = house().start().await.checked().await;
    let before = house.registry.counts().all();
    house.registry.set_delay(Duration::from_millis(150));
    let refreshes: Vec<_> = (0..5).map(|_| house.ask("GET", "/api/v3/refresh").send()).collect();
    for answer in futures_util::future::join_all(refreshes).await {
        assert_eq!(answer.unwrap().status(), 200);
    }
    // one request an image; those that came a moment too late for the first check share a second one
    let asked = house.registry.counts().all() - before;
    assert!((2..=4).contains(&asked), "{asked}");
}

#[tokio::test]
async fn with_a_registry_that_hangs_refresh_ends_in_time_and_nobody_else_waits() {
    assert!(plimsoll::server::Patience::default().refresh <= Duration::from_secs(8));
    let house = house().patience(|patience| patience.refresh = Duration::from_secs(1)).start().await.checked().await;
    house.registry.fault(Scope::Whole, Fault::Hang);
    let started = Instant::now();
    let refresh = house.ask("GET", "/api/v3/refresh").send();
    let others = async {
        house.until("a running check", |now| now.check.running.is_some()).await;
        for path in ["/", "/api/v3/json", "/api/images", "/api/containers", "/api/v1/fleet"] {
            let answer = timeout(within(Duration::from_millis(500)), house.get(path)).await;
            assert_eq!(answer.expect("no page waits for a registry").status, 200, "{path}");
        }
    };
    let (answer, ()) = tokio::join!(refresh, others);
    let answer = answer.unwrap();
    let took = started.elapsed();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.text().await.unwrap(), "OK");
    assert!(took >= Duration::from_secs(1) && took < within(Duration::from_secs(2)), "{took:?}");
}

#[tokio::test]
async fn a_visitor_who_refreshes_too_often_gets_the_last_result() {
    let house = house().start().await.checked().await;
    for _ in 0..6 {
        // a wish that nobody waits for counts too
        assert_eq!(house.send("POST", "/check", &[("accept", "application/json")]).await.status, 202);
    }
    assert_eq!(house.send("POST", "/check", &[("accept", "application/json")]).await.status, 429);
    // a wish of the house's own is fulfilled after all that came before it
    house.app.checks.wish().await.await.unwrap();
    let before = house.registry.counts().all();
    assert_eq!(house.get("/api/v3/refresh").await.said(), (200, "OK"));
    assert_eq!(house.registry.counts().all(), before);
    // the form leads back to its page
    let form = house.send("POST", "/check", &[("referer", "http://nas/?show=behind")]).await;
    assert_eq!((form.status, form.header("location")), (303, "/?show=behind"));
    let form = house.send("POST", "/check", &[("referer", "http://nas//evil.example")]).await;
    assert_eq!(form.header("location"), "/");
}

#[tokio::test]
async fn visitors_of_numbers_get_numbers_alone() {
    let house = house().password("counts").start().await.checked().await;
    let document = house.get("/api/v3/json").await.json();
    assert_eq!((&document["metrics"]["other_updates"], &document["images"]), (&json!(1), &json!([])));
    let containers = house.get("/api/containers").await.json();
    assert_eq!(containers.as_array().unwrap().len(), 2);
    assert!(containers.as_array().unwrap().iter().all(|one| one.as_object().unwrap().keys().eq(["updateAvailable"])));
}
