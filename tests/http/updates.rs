//! Plimsoll's own API for updates.

use plimsoll::simulate::engine::ContainerSpec;
use serde_json::{Value, json};

use crate::{
    answer::Answer,
    house::{House, house},
    writing::{open, outdated},
};

/// Sends a document.
async fn send(house: &House, method: &str, path: &str, body: &Value) -> Answer {
    Answer::read(house.ask(method, path).body(body.to_string()).send().await.unwrap()).await
}

async fn wish(house: &House, body: &Value) -> Answer {
    send(house, "POST", "/api/v1/updates", body).await
}

/// Waits until nothing is under way.
async fn rest(house: &House) {
    house.until("rest", |now| now.operations.iter().all(|operation| !operation.is_running())).await;
}

#[tokio::test]
async fn an_update_is_wished_for_followed_and_remembered() {
    let house = outdated(open()).await;
    let accepted = wish(&house, &json!({ "name": "www" })).await;
    assert_eq!((accepted.status, accepted.header("content-type")), (202, "application/json"));
    let document = accepted.json();
    assert_eq!((&document["operations"][0]["name"], &document["refused"]), (&json!("www"), &json!([])));
    let path = format!("/api/v1/updates/{}", document["operations"][0]["id"]);
    let again = wish(&house, &json!({ "host": "nas", "name": "www" })).await;
    assert_eq!((again.status, &again.json()["refused"][0]["refusal"]), (409, &json!({ "kind": "updating" })));
    assert_eq!(house.get(&path).await.json()["running"], true);
    rest(&house).await;
    let ended = house.get(&path).await.json();
    assert_eq!((&ended["outcome"], &ended["text"], &ended["asker"]), (&json!("updated"), &json!("updated"), &json!("anyone")));
    let steps = ended["steps"].as_array().unwrap();
    assert!(steps.len() > 3 && steps.iter().all(|step| step["ended"].is_string() && step["undo"] == false), "{ended}");
    let list = |query: &'static str| {
        let house = &house;
        async move {
            let document = house.get(&format!("/api/v1/updates{query}")).await.json();
            document["operations"].as_array().unwrap().iter().map(|operation| operation["name"].clone()).collect::<Vec<_>>()
        }
    };
    assert_eq!(wish(&house, &json!({ "image": "ghcr.io/acme/db:16" })).await.status, 202);
    rest(&house).await;
    assert_eq!(list("").await, ["db", "www"], "newest first");
    assert_eq!(list("?limit=1").await, ["db"]);
    for image in ["?image=nginx:1.29", "?image=docker.io/library/nginx:1.29", "?image=docker.io%2Flibrary%2Fnginx%3A1.29&limit=500"] {
        assert_eq!(list(image).await, ["www"], "{image}");
    }
    assert_eq!(list("?image=nothing").await, Vec::<Value>::new());
}

#[tokio::test]
async fn what_cannot_be_is_said_in_a_line() {
    let house = house().config("auth = \"none\"").start().await.checked().await;
    house.engine.run(ContainerSpec::new("owned", "nginx:1.29").label("PODMAN_SYSTEMD_UNIT", "owned.service")).unwrap();
    house.until("both", |now| now.groups.iter().any(|group| group.workloads.len() == 2)).await;
    for (body, status, text) in [
        (json!({ "name": "nothing" }), 404, "there is no container `nothing`"),
        (json!({ "host": "moon", "name": "www" }), 404, "there is no container `www`"),
        (json!({ "image": "nothing:1" }), 404, "no running container has the image `nothing:1`"),
        (json!({}), 422, "the body has `name`"),
        (json!({ "name": "www", "image": "nginx:1.29" }), 422, "the body has `name`"),
        (json!({ "host": "nas", "image": "nginx:1.29" }), 422, "the body has `name`"),
        (json!({ "nmae": "www" }), 422, "unknown field `nmae`"),
        (json!(["www"]), 422, "the body cannot be read"),
    ] {
        let refused = wish(&house, &body).await;
        assert_eq!((refused.status, refused.header("content-type")), (status, "application/json"), "{body}: {}", refused.text());
        let said = refused.json()["error"].as_str().unwrap().to_owned();
        assert!(said.starts_with(text) || said.contains(text), "{body}: {said}");
    }
    let refused = wish(&house, &json!({ "name": "owned" })).await;
    assert_eq!(refused.status, 409);
    assert_eq!(
        refused.json(),
        json!({ "operations": [], "refused": [{ "host": "nas", "name": "owned", "refusal": { "kind": "quadlet", "unit": "owned.service" }, "text": "systemd owns it as owned.service, and would replace it again" }] })
    );
    assert_eq!(house.post("/api/v1/updates", "not JSON").await.status, 422);
    assert_eq!(house.post("/api/v1/updates", &"x".repeat(70_000)).await.status, 413);
    for query in ["?limit=0", "?limit=501", "?limit=-1", "?limit=many", "?limit="] {
        let refused = house.get(&format!("/api/v1/updates{query}")).await;
        assert_eq!((refused.status, refused.json()), (422, json!({ "error": "`limit` is a number from 1 to 500" })), "{query}");
    }
    for id in ["7", "x", "-1", "99999999999999999999"] {
        let missing = house.get(&format!("/api/v1/updates/{id}")).await;
        assert_eq!((missing.status, missing.json()), (404, json!({ "error": format!("there is no update `{id}`") })));
    }
}

#[tokio::test]
async fn a_switch_is_set() {
    let house = house().config("auth = \"none\"").start().await.checked().await;
    let path = "/api/v1/auto-update";
    for on in [true, true, false] {
        let set = send(&house, "PUT", path, &json!({ "name": "www", "on": on })).await;
        assert_eq!((set.status, set.json()), (200, json!({ "host": "nas", "name": "www", "on": on })));
        let fleet = house.get("/api/v1/fleet").await.json();
        let groups = fleet["groups"].as_array().unwrap();
        let switched: Vec<_> =
            groups.iter().flat_map(|group| group["workloads"].as_array().unwrap()).filter(|row| row["auto_update"] == true).collect();
        assert_eq!(switched.len(), usize::from(on));
    }
    for (body, status) in [
        (json!({ "host": "nas", "name": "nothing", "on": true }), 404),
        (json!({ "host": "moon", "name": "www", "on": true }), 404),
        (json!({ "host": "nas", "name": "www" }), 422),
        (json!({ "host": "nas", "name": "www", "on": "yes" }), 422),
    ] {
        let refused = send(&house, "PUT", path, &body).await;
        assert_eq!(refused.status, status, "{body}");
        assert!(refused.json()["error"].is_string());
    }
}
