//! Image Watch's writing contract, to the letter: what its clients send, and what they wait for.

use std::time::{Duration, Instant};

use plimsoll::simulate::{
    engine::{ContainerSpec, Image, Offer, Trouble},
    registry::digest_of,
};
use serde_json::{Value, json};

use crate::{
    answer::Answer,
    house::{Builder, House, LONG, house},
};

const TEXT: &str = "text/plain; charset=utf-8";
const UPDATING: (u16, &str) = (200, r#"{"status":"updating"}"#);
const NO_PROGRESS: (u16, &str) = (404, "no progress\n");

/// Where nobody has to log in, and a new container has little to prove.
pub(crate) fn open() -> Builder {
    house().config("auth = \"none\"\n[update]\ngrace = \"1s\"")
}

/// What the registry has for `www`, of which the Engine has an older one.
pub(crate) fn newer() -> Image {
    Image::pulled(digest_of("library/nginx", 2))
}

/// A house whose Engine can pull what `www` waits for.
pub(crate) async fn outdated(builder: Builder) -> House {
    let house = builder.start().await.checked().await;
    house.engine.offer("nginx:1.29", newer()).unwrap();
    house
}

/// The container of that name in the contract's document.
async fn container(house: &House, name: &str) -> Value {
    let images = house.get("/api/images").await.json();
    let mut containers = images.as_array().unwrap().iter().flat_map(|image| image["containers"].as_array().unwrap());
    containers.find(|container| container["container_name"] == name).unwrap_or_else(|| panic!("no {name}: {images}")).clone()
}

async fn id(house: &House, name: &str) -> String {
    container(house, name).await["container_id"].as_str().unwrap().to_owned()
}

/// Asks until the answer is the wished one, as a client does.
async fn poll(house: &House, path: &str, wanted: impl Fn(&Answer) -> bool) -> Answer {
    let started = Instant::now();
    loop {
        let answer = house.get(path).await;
        if wanted(&answer) {
            return answer;
        }
        assert!(started.elapsed() < LONG, "{path}: {:?}", answer.said());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn status(answer: &Answer) -> String {
    if answer.status == 200 { answer.json()["status"].as_str().unwrap().to_owned() } else { String::new() }
}

#[tokio::test]
async fn an_update_is_asked_for_followed_and_found_under_the_old_id() {
    let house = outdated(open()).await;
    house.engine.offer("nginx:1.29", Offer::of(newer()).taking(Duration::from_secs(1))).unwrap();
    let old = id(&house, "www").await;
    let (update, progress) = (format!("/api/images/{old}/update"), format!("/api/images/{old}/progress"));
    assert_eq!(house.get(&progress).await.said(), NO_PROGRESS);
    let answer = house.post(&update, "").await;
    assert_eq!((answer.said(), answer.header("content-type")), (UPDATING, "application/json"));
    // a client may ask at once, and as often as it likes
    assert_eq!(house.post(&update, "").await.said(), UPDATING, "it is under way already");
    let mut statuses = Vec::new();
    let (started, mut percent) = (Instant::now(), 0);
    loop {
        let answer = house.get(&progress).await;
        if answer.status == 404 {
            assert_eq!(answer.said(), NO_PROGRESS);
            break;
        }
        assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"));
        let document = answer.json();
        let mut fields: Vec<_> = document.as_object().unwrap().keys().map(String::as_str).collect();
        fields.sort_unstable();
        assert_eq!(fields, ["current", "layer", "percent", "status", "total"]);
        let now = document["percent"].as_u64().unwrap();
        assert!(percent <= now && now <= 100 && document["current"].as_u64() <= document["total"].as_u64(), "{document}");
        percent = now;
        statuses.push(document["status"].as_str().unwrap().to_owned());
        assert!(started.elapsed() < LONG, "{statuses:?}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    statuses.dedup();
    let known = ["connecting", "Waiting", "Downloading", "Download complete", "Extracting", "Pull complete", "recreating"];
    assert!(statuses.iter().all(|status| known.contains(&status.as_str())), "{statuses:?}");
    assert!(statuses.iter().any(|status| status == "recreating"), "a new container must stay up a second: {statuses:?}");
    house.until("the new container", |now| now.groups.iter().flat_map(|group| &group.workloads).all(|row| !row.id.starts_with(&old))).await;
    let new = container(&house, "www").await;
    assert_ne!(new["container_id"], old);
    assert_eq!(new["local_digest"], digest_of("library/nginx", 2).to_string()[..17]);
    // under the old id it is still the container of that name
    assert_eq!(house.post(&update, "").await.said(), UPDATING);
    poll(&house, &progress, |answer| answer.status == 404).await;
    assert_eq!(id(&house, "www").await, new["container_id"], "nothing newer: nothing was replaced");
    assert_eq!(house.post("/api/images/0123456789ab/update", "").await.said(), (404, "container not found\n"));
}

#[tokio::test]
async fn an_error_stays_until_the_next_update_of_that_name() {
    let house = outdated(open()).await;
    house.engine.offer("nginx:1.29", Offer::of(newer()).failing(Trouble::Error("no space left on device".into()))).unwrap();
    let id = id(&house, "www").await;
    let (update, progress) = (format!("/api/images/{id}/update"), format!("/api/images/{id}/progress"));
    assert_eq!(house.post(&update, "").await.said(), UPDATING);
    let failed = poll(&house, &progress, |answer| status(answer).starts_with("error: ")).await;
    assert!(status(&failed).contains("no space left on device"), "{}", failed.text());
    assert_eq!(house.get(&progress).await.text(), failed.text(), "it stays");
    house.engine.offer("nginx:1.29", newer()).unwrap();
    assert_eq!(house.post(&update, "").await.said(), UPDATING);
    assert!(!status(&house.get(&progress).await).starts_with("error"), "the next one takes its place");
    poll(&house, &progress, |answer| answer.status == 404).await;
}

#[tokio::test]
async fn what_is_refused_is_a_conflict_with_the_reason_in_a_line() {
    let house = outdated(open()).await;
    house.engine.run(ContainerSpec::new("owned", "nginx:1.29").label("PODMAN_SYSTEMD_UNIT", "owned.service")).unwrap();
    house.until("them", |now| now.groups.iter().any(|group| group.workloads.len() == 2)).await;
    for (name, reason) in [
        ("owned", "systemd owns it as owned.service, and would replace it again"),
        ("tool", "its image was built here: no registry has it"),
    ] {
        let id = id(&house, name).await;
        let refused = house.post(&format!("/api/images/{id}/update"), "").await;
        let line = format!("{name} is not updated: {reason}\n");
        assert_eq!((refused.said(), refused.header("content-type")), ((409, line.as_str()), TEXT));
        assert_eq!(status(&house.get(&format!("/api/images/{id}/progress")).await), format!("error: {reason}"));
    }
    // of a group, the others go on
    assert_eq!(house.post("/api/groups/update", r#"{"image":"nginx:1.29"}"#).await.said(), UPDATING);
    assert_eq!(house.post("/api/groups/update", r#"{"image":"tool:dev"}"#).await.status, 409);
}

#[tokio::test]
async fn a_group_is_named_in_the_body_or_in_the_path() {
    let asks: [(&str, &str); 5] = [
        ("/api/groups/update", r#"{"image":"nginx:1.29"}"#),
        ("/api/groups/nginx:1.29/update", ""),
        ("/api/groups/nginx%3A1.29/update", ""),
        ("/api/groups/docker.io/library/nginx:1.29/update", ""),
        ("/api/groups/docker.io%2Flibrary%2Fnginx%3A1.29/update", ""),
    ];
    for (path, body) in asks {
        let house = outdated(open()).await;
        house.engine.run(ContainerSpec::new("second", "nginx:1.29")).unwrap();
        house.until("both", |now| now.groups.iter().any(|group| group.workloads.len() == 2)).await;
        let (first, second) = (id(&house, "www").await, id(&house, "second").await);
        let answer = house.post(path, body).await;
        assert_eq!((answer.said(), answer.header("content-type")), (UPDATING, "application/json"), "{path}");
        for old in [first, second] {
            poll(&house, &format!("/api/images/{old}/progress"), |answer| answer.status == 404).await;
        }
        let updated = house.app.live.state().snapshot.operations.clone();
        let mut names: Vec<_> = updated.iter().map(|operation| (operation.name.as_str(), operation.is_running())).collect();
        names.sort_unstable();
        assert_eq!(names, [("second", false), ("www", false)]);
        // one after another
        let mut times: Vec<_> = Vec::new();
        for operation in &updated {
            let (_, steps) = house.app.store.operation(operation.id).await.unwrap().unwrap();
            times.push((steps.first().unwrap().begun, steps.last().unwrap().ended.unwrap()));
        }
        times.sort_unstable();
        assert!(times[0].1 <= times[1].0, "{times:?}");
    }
}

#[tokio::test]
async fn requests_for_a_group_are_refused_in_the_words_of_the_contract() {
    let house = house().config("auth = \"none\"").start().await.checked().await;
    for (method, path, body, said) in [
        ("POST", "/api/groups/", "", (404, "not found\n")),
        ("POST", "/api/groups/nginx:1.29", "", (400, "unknown action\n")),
        ("POST", "/api/groups/nginx:1.29/explode", "", (400, "unknown action\n")),
        ("POST", "/api/groups//update", "", (400, "unknown action\n")),
        ("GET", "/api/groups/update", "", (405, "method not allowed\n")),
        ("DELETE", "/api/groups/nginx:1.29/update", "", (405, "method not allowed\n")),
        ("POST", "/api/groups/update", "", (400, "bad request\n")),
        ("POST", "/api/groups/update", "{}", (400, "bad request\n")),
        ("POST", "/api/groups/update", r#"{"image":""}"#, (400, "bad request\n")),
        ("POST", "/api/groups/update", r#"{"image":7}"#, (400, "bad request\n")),
    ] {
        let answer = Answer::read(house.ask(method, path).body(body).send().await.unwrap()).await;
        assert_eq!((answer.said(), answer.header("content-type")), (said, TEXT), "{method} {path} {body}");
    }
    // the contract says the same of an image that nothing runs
    assert_eq!(house.post("/api/groups/nothing:1/update", "").await.said(), UPDATING);
    assert_eq!(house.post("/api/groups/update", r#"{"image":"nothing:1","more":1}"#).await.said(), UPDATING);
    let long = format!(r#"{{"image":"{}"}}"#, "x".repeat(70_000));
    assert_eq!(house.post("/api/groups/update", &long).await.status, 413);
}

#[tokio::test]
async fn the_automatic_switch_is_toggled_and_goes_by_the_name() {
    let house = outdated(open()).await;
    let old = id(&house, "www").await;
    let toggle = format!("/api/images/{old}/auto-update");
    for on in [true, false, true] {
        let answer = house.post(&toggle, "").await;
        assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"));
        assert_eq!(answer.text(), format!("{{\"auto_update\":{on}}}"));
        assert_eq!(container(&house, "www").await["auto_update"], on);
    }
    assert_eq!(house.post(&format!("/api/images/{old}/update"), "").await.said(), UPDATING);
    poll(&house, &format!("/api/images/{old}/progress"), |answer| answer.status == 404).await;
    house.until("the new container", |now| now.groups.iter().flat_map(|group| &group.workloads).all(|row| !row.id.starts_with(&old))).await;
    assert_eq!(container(&house, "www").await["auto_update"], true, "it stayed with the name");
    assert_eq!(house.post(&toggle, "").await.text(), r#"{"auto_update":false}"#, "and is found under the old id");
    assert_eq!(container(&house, "db").await["auto_update"], false);
    // two who press it at once have both pressed it
    let (one, other) = tokio::join!(house.post(&toggle, ""), house.post(&toggle, ""));
    let mut both = [one.text(), other.text()];
    both.sort_unstable();
    assert_eq!(both, [r#"{"auto_update":false}"#, r#"{"auto_update":true}"#]);
}

#[tokio::test]
async fn every_writing_request_works_with_a_login_and_needs_one() {
    let house = outdated(house().password("viewer").config("[update]\ngrace = \"1s\"")).await;
    let id = id(&house, "www").await;
    let asks = [
        (format!("/api/images/{id}/auto-update"), "", r#"{"auto_update":true}"#),
        (format!("/api/images/{id}/update"), "", r#"{"status":"updating"}"#),
        ("/api/groups/update".to_owned(), r#"{"image":"nginx:1.29"}"#, r#"{"status":"updating"}"#),
        ("/api/groups/nginx:1.29/update".to_owned(), "", r#"{"status":"updating"}"#),
    ];
    for (path, body, _) in &asks {
        assert_eq!(house.post(path, body).await.said(), (401, r#"{"error":"unauthorized"}"#), "{path}");
    }
    assert!(house.app.live.state().snapshot.operations.is_empty());
    let session = house.log_in("/api/login").await;
    for (path, body, said) in asks {
        let answer = house.ask("POST", &path).header("cookie", &session).body(body).send().await.unwrap();
        assert_eq!(Answer::read(answer).await.said(), (200, said), "{path}");
    }
    let progress = house.get(&format!("/api/images/{id}/progress")).await;
    assert!([200, 404].contains(&progress.status), "to look needs no login here");
    let asker = json!(house.app.live.state().snapshot.operations[0].asker);
    assert_eq!(asker, json!({ "is": "user", "name": "me" }));
}
