//! Faults, switched on and off.

use std::time::Duration;

use http::{Method, StatusCode};
use tokio::time::timeout;

use super::{Client, Engine, Options, Store, with_web};
use crate::simulate::engine::{Health, Listen};

#[tokio::test]
async fn a_stopped_engine_refuses_and_comes_back_at_the_same_address() {
    let directory = tempfile::tempdir().expect("a directory");
    let socket = directory.path().join("docker.sock");
    for listen in [Listen::Loopback, Listen::Unix(socket.clone())] {
        let engine = Engine::start(Options { listen, ..Options::default() }).await.expect("it starts");
        let client = Client::of(&engine);
        let mut events = client.events("").await;
        engine.refuse().await;
        assert!(client.send(Method::GET, "/_ping").await.is_err());
        assert_eq!(events.next().await, None, "open streams break");
        engine.accept().await;
        assert_eq!(client.ask(Method::GET, "/_ping").await.status, StatusCode::OK);
        engine.stop_serving().await;
        assert!(client.send(Method::GET, "/_ping").await.is_err());
    }
    assert!(!socket.exists());
}

#[tokio::test]
async fn it_ends_with_its_last_handle() {
    let (engine, client) = with_web(51, Store::Classic).await;
    let other = engine.clone();
    drop(engine);
    let mut events = client.events("").await;
    drop(other);
    assert_eq!(events.next().await, None);
}

#[tokio::test]
async fn a_hanging_engine_answers_when_it_recovers() {
    let (engine, client) = with_web(51, Store::Classic).await;
    let mut events = client.events("").await;
    engine.hang();
    engine.health("web", Health::Healthy).expect("it is there");
    let mut waiting = Box::pin(client.ask(Method::GET, "/_ping"));
    assert!(timeout(Duration::from_millis(100), &mut waiting).await.is_err());
    assert!(timeout(Duration::from_millis(50), events.next()).await.is_err());
    engine.recover();
    assert_eq!(waiting.await.status, StatusCode::OK);
    assert_eq!(events.actions(1).await, ["container health_status: healthy"]);
}

#[tokio::test]
async fn a_failing_engine_says_so() {
    let (engine, client) = with_web(51, Store::Classic).await;
    engine.fail();
    assert_eq!(client.refusal("/containers/json").await.0, 500);
    engine.recover();
    assert_eq!(client.get("/containers/json").await[0]["Names"][0], "/web");
}

#[tokio::test]
async fn streams_can_be_cut_alone() {
    let (engine, client) = with_web(51, Store::Classic).await;
    let mut events = client.events("").await;
    engine.cut_events();
    assert_eq!(events.next().await, None);
    let mut events = client.events("").await;
    engine.health("web", Health::Healthy).expect("it is there");
    assert_eq!(events.actions(1).await, ["container health_status: healthy"]);
}
