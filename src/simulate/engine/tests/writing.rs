//! What an updater does, call by call.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::{ContainerSpec, Store, image, until, with_web};
use crate::simulate::engine::{Fault, On, State, When};

#[tokio::test]
async fn a_container_is_replaced_call_by_call() {
    for (api, store) in [(41, Store::Classic), (51, Store::Classic), (51, Store::Containerd)] {
        let (engine, client) = with_web(api, store).await;
        engine.offer("nginx:1.27", image(2)).expect("a reference");
        let old = client.get("/containers/web/json").await;
        assert!(client.pull("fromImage=nginx&tag=1.27").await.1);
        let id = client.get("/images/nginx:1.27/json").await["Id"].clone();
        assert_ne!(old["Image"], id);

        let name = old["Id"].as_str().expect("an id");
        assert_eq!(client.post(&format!("/containers/{name}/rename?name=web-old")).await, 204);
        let body = json!({ "Image": "nginx:1.27", "Labels": { "mine": "1" } });
        let (status, created) = client.tell(Method::POST, "/containers/create?name=web", body).await;
        assert_eq!((status, &created["Warnings"]), (201, &json!([])));
        let policy = json!({ "RestartPolicy": { "Name": "always" } });
        assert_eq!(client.tell(Method::POST, "/containers/web/update", policy).await, (200, json!({ "Warnings": null })));
        assert_eq!(client.post("/containers/web-old/stop?t=1").await, 204);
        assert_eq!(client.post("/containers/web-old/stop?t=1").await, 304);
        assert_eq!(client.post("/containers/web/start").await, 204);
        assert_eq!(client.post("/containers/web/start").await, 304);
        assert_eq!(client.tell(Method::DELETE, "/containers/web-old?v=0", Value::Null).await, (204, Value::Null));

        let new = client.get("/containers/web/json").await;
        assert_eq!((&new["Id"], &new["Image"]), (&created["Id"], &id));
        assert_eq!((&new["State"]["Status"], &new["HostConfig"]["RestartPolicy"]["Name"]), (&json!("running"), &json!("always")));
        assert_eq!(engine.running(), ["web"]);
        let told = engine.changes();
        assert_eq!(told[1].query["name"], "web-old");
        assert_eq!(told[2].body["Labels"]["mine"], "1");
    }
}

#[tokio::test]
async fn kill_and_wait_tell_how_it_ended() {
    let (engine, client) = with_web(41, Store::Classic).await;
    let waiting = tokio::spawn({
        let client = client.clone();
        async move { client.tell(Method::POST, "/containers/web/wait?condition=not-running", Value::Null).await }
    });
    assert_eq!(client.post("/containers/web/kill?signal=SIGHUP").await, 204);
    assert_eq!(engine.running(), ["web"], "not every signal ends it");
    assert_eq!(client.post("/containers/web/kill").await, 204);
    assert_eq!(waiting.await.expect("no panic"), (200, json!({ "Error": null, "StatusCode": 137 })));
    assert_eq!(client.post("/containers/web/kill").await, 409);
    let removed = client.tell(Method::POST, "/containers/web/wait?condition=removed", Value::Null);
    let (told, ()) = tokio::join!(removed, async {
        until(|| engine.calls().iter().filter(|call| call.ends_with("wait")).count() == 2).await;
        engine.remove("web").expect("it is there");
    });
    assert_eq!(told.0, 200);
}

#[tokio::test]
async fn one_that_removes_itself_is_gone_once_it_ends() {
    let (engine, client) = with_web(41, Store::Classic).await;
    let body = json!({ "HostConfig": { "AutoRemove": true }, "Volumes": { "/data": {} } });
    engine.run(ContainerSpec::new("job", "nginx:1.27").with(&body)).expect("the image is there");
    assert_eq!(engine.volumes().len(), 1);
    let policy = json!({ "RestartPolicy": { "Name": "always" } });
    assert_eq!(client.tell(Method::POST, "/containers/job/update", policy).await.0, 409);
    assert_eq!(client.post("/containers/job/stop").await, 204);
    assert_eq!(client.post("/containers/job/stop").await, 404);
    assert!(engine.volumes().is_empty());
}

#[tokio::test]
async fn images_go_when_nothing_needs_them() {
    let (engine, client) = with_web(41, Store::Classic).await;
    let remove = async |name: &str| client.tell(Method::DELETE, &format!("/images/{name}"), Value::Null).await;
    let id = client.get("/images/nginx:1.27/json").await["Id"].as_str().expect("an id").to_owned();
    assert_eq!(remove("nginx:1.27").await.0, 409, "a container uses it");
    assert_eq!(remove(&id).await.0, 409);
    engine.tag("nginx:1.27", "mine:1").expect("it is there");
    assert_eq!(remove("nginx:1.27").await, (200, json!([{ "Untagged": "nginx:1.27" }])));
    engine.remove("web").expect("it is there");
    let (status, told) = remove("mine:1").await;
    assert_eq!((status, told.as_array().and_then(|told| told.last())), (200, Some(&json!({ "Deleted": id }))));
    assert_eq!(remove("mine:1").await, (404, json!("No such image: mine:1")));
}

#[tokio::test]
async fn a_fault_strikes_before_or_after_the_effect() {
    for (on, fault, state) in [
        (On::call(Method::POST, "/containers/*/stop"), Fault::Status(500), State::Running),
        (On::call(Method::POST, "/containers/*/stop").after(), Fault::Status(500), State::Exited(0)),
        (On::call(Method::POST, "/containers/*/stop"), Fault::Cut, State::Running),
        (On::call(Method::POST, "/containers/*/stop").after(), Fault::Cut, State::Exited(0)),
    ] {
        let (engine, client) = with_web(41, Store::Classic).await;
        engine.fault_on(on.clone().once(), fault);
        let answer = client.request(Method::POST, "/containers/web/stop", None, &[]).await;
        match fault {
            Fault::Cut => assert!(answer.is_err(), "{on:?}"),
            _ => assert_eq!(answer.expect("an answer").status().as_u16(), 500),
        }
        assert_eq!(engine.running().is_empty(), state != State::Running, "{on:?} {fault:?}");
        let then = client.post("/containers/web/stop").await;
        assert_eq!(then, if state == State::Running { 204 } else { 304 }, "only once: {on:?}");
    }
}

#[tokio::test]
async fn a_call_can_be_held_before_and_after_it_works() {
    for (when, works) in [(When::Before, false), (When::After, true)] {
        let (engine, client) = with_web(41, Store::Classic).await;
        let mut held = engine.hold(2, when);
        assert_eq!(client.post("/containers/web/rename?name=www").await, 204, "the first is let through");
        let call = tokio::spawn({
            let client = client.clone();
            async move { client.post("/containers/www/stop").await }
        });
        assert!(held.reached().await);
        assert_eq!(engine.running().is_empty(), works, "{when:?}");
        call.abort();
        assert!(call.await.is_err());
        drop(held);
        // a client that went away took the call with it
        assert_eq!(client.post("/containers/www/rename?name=web").await, 204);
        assert!(timeout(Duration::from_millis(50), until(|| engine.running().is_empty() != works)).await.is_err());
    }
}

#[tokio::test]
async fn a_held_call_goes_on_when_it_is_let_go() {
    let (engine, client) = with_web(41, Store::Classic).await;
    let mut held = engine.hold(1, When::Before);
    let (status, ()) = tokio::join!(client.post("/containers/web/stop"), async {
        assert!(held.reached().await);
        drop(held);
    });
    assert_eq!((status, engine.running().len()), (204, 0));
}
