//! Pulls, line by line.

use std::time::Duration;

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE},
};
use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Store, content, engine, image, until};
use crate::simulate::engine::{Offer, Trouble};

fn said(lines: &[Value]) -> Vec<&str> {
    lines.iter().filter_map(|line| line["status"].as_str()).collect()
}

#[tokio::test]
async fn a_pull_tells_what_it_does_in_the_words_of_its_store() {
    for store in [Store::Classic, Store::Containerd] {
        let (engine, client) = engine(51, store).await;
        let small = image(1).layers(&[("base", 1000), ("a", 2000), ("b", 3000), ("c", 4000)]);
        engine.offer("ghcr.io/acme/app:1", small).expect("a reference");
        let (lines, whole) = client.pull("fromImage=ghcr.io/acme/app&tag=1").await;
        assert!(whole);
        assert_eq!(lines[0], json!({ "status": "Pulling from acme/app", "id": "1" }));
        let count = |word: &str| said(&lines).iter().filter(|said| **said == word).count();
        let classic = usize::from(store == Store::Classic);
        for (word, expected) in [
            ("Pulling fs layer", 4),
            ("Waiting", classic),
            ("Verifying Checksum", 4 * classic),
            ("Download complete", 4),
            ("Pull complete", 4),
            ("Already exists", 0),
        ] {
            assert_eq!(count(word), expected, "{word}");
        }
        let downloaded = lines.iter().rfind(|line| line["status"] == "Downloading").expect("a download");
        assert_eq!(downloaded["progressDetail"], json!({ "current": 4000, "total": 4000 }));
        let unpacked = lines.iter().find(|line| line["status"] == "Extracting").expect("an unpacking");
        assert_eq!(unpacked["progressDetail"]["units"], if store == Store::Classic { Value::Null } else { json!("s") });
        let digest = format!("Digest: {}", content(1));
        assert_eq!(said(&lines[lines.len() - 2..]), [&digest[..], "Status: Downloaded newer image for ghcr.io/acme/app:1"]);
        assert_eq!(engine.images().len(), 1);

        // the same again
        let (lines, _) = client.pull("fromImage=ghcr.io/acme/app:1").await;
        assert_eq!(said(&lines), ["Pulling from acme/app", &digest, "Status: Image is up to date for ghcr.io/acme/app:1"]);
        // the next shares a layer, and takes the tag
        engine.offer("ghcr.io/acme/app:1", image(2).layers(&[("base", 1000), ("d", 10)])).expect("a reference");
        let (lines, _) = client.pull("fromImage=ghcr.io/acme/app&tag=1").await;
        assert_eq!(said(&lines).iter().filter(|said| **said == "Already exists").count(), 1);
        assert_eq!(engine.images().len(), 2, "the old one stays");
        let told = client.get("/images/ghcr.io/acme/app:1/json").await;
        assert_eq!(told["RepoDigests"], json!([format!("ghcr.io/acme/app@{}", content(2))]));
        // by digest
        let (lines, _) = client.pull(&format!("fromImage=ghcr.io/acme/app&tag={}", content(2))).await;
        assert!(said(&lines)[0].starts_with("Pulling from"));
    }
}

#[tokio::test]
async fn a_pull_that_goes_wrong_brings_nothing() {
    for (trouble, whole, last) in [
        (Trouble::Error("no space left on device".to_owned()), true, Some("no space left on device")),
        (Trouble::Ends, true, None),
        (Trouble::Cut, false, None),
    ] {
        let (engine, client) = engine(41, Store::Classic).await;
        engine.offer("app:1", Offer::of(image(1)).failing(trouble.clone())).expect("a reference");
        let (lines, ended) = client.pull("fromImage=app&tag=1").await;
        assert_eq!(ended, whole, "{trouble:?}");
        let error = lines.last().and_then(|line| line["errorDetail"]["message"].as_str());
        assert_eq!(error, last, "{trouble:?}");
        assert!(!said(&lines).iter().any(|said| said.starts_with("Status:")), "{trouble:?}");
        assert!(engine.images().is_empty(), "{trouble:?}");
    }
    let (engine, client) = engine(41, Store::Classic).await;
    engine.offer("app:1", Offer::of(image(1)).failing(Trouble::Hangs)).expect("a reference");
    let pull = client.pull("fromImage=app&tag=1");
    assert!(tokio::time::timeout(Duration::from_millis(200), pull).await.is_err());
    assert!(engine.images().is_empty());
}

#[tokio::test]
async fn a_pull_takes_its_time_and_ends_with_who_wanted_it() {
    let (engine, client) = engine(41, Store::Classic).await;
    let layers = image(1).layers(&[("a", 1000)]);
    engine.offer("app:1", Offer::of(layers).taking(Duration::from_millis(300))).expect("a reference");
    let started = std::time::Instant::now();
    let half = tokio::time::timeout(Duration::from_millis(100), client.pull("fromImage=app&tag=1"));
    assert!(half.await.is_err());
    tokio::time::sleep(Duration::from_millis(400)).await;
    assert!(engine.images().is_empty(), "nobody waited for it");
    assert!(client.pull("fromImage=app&tag=1").await.1);
    assert!(started.elapsed() >= Duration::from_millis(700));
    until(|| engine.images().len() == 1).await;
}

#[tokio::test]
async fn a_login_is_read_in_the_alphabet_of_urls() {
    let (engine, client) = engine(41, Store::Classic).await;
    engine.offer("ghcr.io/acme/app:1", Offer::of(image(1)).login("me", "a?>~")).expect("a reference");
    let login = json!({ "username": "me", "password": "a?>~", "serveraddress": "ghcr.io" });
    let (right, wrong) = (URL_SAFE.encode(login.to_string()), STANDARD.encode(login.to_string()));
    assert_ne!(right, wrong, "the alphabets differ here");
    let path = "/images/create?fromImage=ghcr.io/acme/app&tag=1";
    for (header, status) in [(None, 404), (Some(&wrong), 404), (Some(&right), 200)] {
        let headers: Vec<(&str, &str)> = header.iter().map(|value| ("x-registry-auth", value.as_str())).collect();
        let answer = client.request(Method::POST, path, None, &headers).await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::from_u16(status).expect("a status"), "{header:?}");
    }
    let logins: Vec<Value> = engine.changes().into_iter().map(|call| call.login).collect();
    assert_eq!(logins, [Value::Null, Value::Null, login]);
}
