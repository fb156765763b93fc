//! What containers do by themselves, and what the Engine does when it comes back.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};

use super::{Client, ContainerSpec, Engine, Store, engine, image, until};
use crate::simulate::engine::{Behaviour, State};

/// An Engine with an image whose containers do this, and have a health check.
async fn with(behaviour: Behaviour) -> (Engine, Client) {
    let (engine, client) = engine(41, Store::Classic).await;
    let checked = json!({ "Healthcheck": { "Test": ["CMD", "check"] } });
    engine.pull("app:1", image(1).with(&checked).behaving(behaviour)).expect("a reference");
    (engine, client)
}

fn state(engine: &Engine, name: &str, pointer: &str) -> Value {
    engine.inspect(name).expect("it is there").pointer(pointer).cloned().unwrap_or_default()
}

#[tokio::test]
async fn health_checks_say_what_the_image_lets_them() {
    let short = Duration::from_millis(20);
    for (behaviour, expected) in
        [(Behaviour::Runs, "healthy"), (Behaviour::HealthyAfter(short), "healthy"), (Behaviour::UnhealthyAfter(short), "unhealthy")]
    {
        let (engine, _client) = with(behaviour).await;
        engine.run(ContainerSpec::new("app", "app:1")).expect("the image is there");
        until(|| state(&engine, "app", "/State/Health/Status") == expected).await;
        // each start begins anew
        engine.restart("app").expect("it is there");
        assert_eq!(state(&engine, "app", "/State/Health/Status"), "starting");
        until(|| state(&engine, "app", "/State/Health/Status") == expected).await;
    }
    let (engine, _client) = with(Behaviour::NeverHealthy).await;
    engine.run(ContainerSpec::new("app", "app:1")).expect("the image is there");
    engine.run(ContainerSpec::new("mute", "app:1").with(&json!({ "Healthcheck": { "Test": ["NONE"] } }))).expect("the image is there");
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(state(&engine, "app", "/State/Health/Status"), "starting");
    assert_eq!(state(&engine, "mute", "/State/Health"), Value::Null);
}

#[tokio::test]
async fn what_ends_is_started_again_as_its_policy_says() {
    let dies = Behaviour::Ends { code: 3, after: Duration::from_millis(5) };
    let (engine, _client) = with(dies).await;
    engine.run(ContainerSpec::new("once", "app:1")).expect("the image is there");
    engine.run(ContainerSpec::new("loops", "app:1").restart("always")).expect("the image is there");
    let thrice = json!({ "HostConfig": { "RestartPolicy": { "Name": "on-failure", "MaximumRetryCount": 2 } } });
    engine.run(ContainerSpec::new("tries", "app:1").with(&thrice)).expect("the image is there");
    until(|| state(&engine, "once", "/State/Status") == "exited").await;
    assert_eq!(state(&engine, "once", "/State/ExitCode"), 3);
    until(|| state(&engine, "tries", "/State/Status") == "exited").await;
    assert_eq!(state(&engine, "tries", "/RestartCount"), 2);
    until(|| state(&engine, "loops", "/RestartCount").as_u64() >= Some(3)).await;
    engine.stop("loops").expect("it is there");
    assert_eq!(state(&engine, "loops", "/State/Status"), "exited");
    let count = state(&engine, "loops", "/RestartCount");
    tokio::time::sleep(Duration::from_millis(900)).await;
    assert_eq!((state(&engine, "loops", "/State/Running"), state(&engine, "loops", "/RestartCount")), (json!(false), count));
}

#[tokio::test]
async fn a_program_that_is_not_there_cannot_be_started() {
    let (engine, client) = with(Behaviour::CannotStart).await;
    engine.run(ContainerSpec::new("app", "app:1").state(State::Created)).expect("the image is there");
    let (status, message) = client.tell(Method::POST, "/containers/app/start", Value::Null).await;
    assert_eq!(status, 400);
    assert!(
        message.as_str().is_some_and(|message| message.ends_with("exec: \"/init\": stat /init: no such file or directory: unknown")),
        "{message}"
    );
    assert_eq!((state(&engine, "app", "/State/Status"), state(&engine, "app", "/State/ExitCode")), (json!("created"), json!(127)));
}

#[tokio::test]
async fn stopping_takes_as_long_as_it_is_let() {
    let (engine, client) = with(Behaviour::StopsAfter(Duration::from_mins(10))).await;
    engine.run(ContainerSpec::new("app", "app:1")).expect("the image is there");
    assert_eq!(client.post("/containers/app/stop?t=0").await, 204);
    assert_eq!(state(&engine, "app", "/State/ExitCode"), 137, "it was killed");
}

#[tokio::test]
async fn an_engine_that_comes_back_starts_what_its_policies_say() {
    let (engine, client) = with(Behaviour::Runs).await;
    let spec = |name: &str, policy: &str| ContainerSpec::new(name, "app:1").restart(policy);
    for policy in ["no", "always", "unless-stopped", "on-failure"] {
        engine.run(spec(policy, policy)).expect("the image is there");
        engine.run(spec(&format!("{policy}-stopped"), policy)).expect("the image is there");
        engine.stop(&format!("{policy}-stopped")).expect("it is there");
        engine.run(spec(&format!("{policy}-made"), policy).state(State::Created)).expect("the image is there");
    }
    engine.run(ContainerSpec::new("job", "app:1").with(&json!({ "HostConfig": { "AutoRemove": true } }))).expect("the image is there");
    engine.crash().await;
    assert!(client.send(Method::GET, "/_ping").await.is_err());
    assert!(engine.running().is_empty());
    engine.boot().await;
    // `always` means it: also what was stopped by hand
    assert_eq!(engine.running(), ["always", "always-stopped", "unless-stopped", "on-failure"]);
    assert!(!engine.containers().iter().any(|(name, _)| name == "job"));
    assert_eq!(client.get("/containers/no/json").await["State"]["ExitCode"], 255);
    let mut events = client.events("since=0").await;
    assert_eq!(events.actions(2).await, ["network connect", "container start"], "nothing is remembered of before");
}

#[tokio::test]
async fn of_two_that_want_one_port_one_is_started() {
    let (engine, _client) = with(Behaviour::Runs).await;
    let port = json!({ "HostConfig": { "PortBindings": { "80/tcp": [{ "HostPort": "8080" }] } } });
    engine.run(ContainerSpec::new("old", "app:1").restart("always").with(&port)).expect("the image is there");
    engine.stop("old").expect("it is there");
    engine.run(ContainerSpec::new("new", "app:1").restart("always").with(&port)).expect("the port is free");
    engine.crash().await;
    engine.boot().await;
    assert_eq!(engine.running(), ["old"]);
    assert!(state(&engine, "new", "/State/Error").as_str().is_some_and(|error| error.contains("port is already allocated")));
}
