//! What is told, in which order, and to whom.

use serde_json::json;

use super::{Client, ContainerSpec, Engine, Store, content, engine, image, with_web};
use crate::simulate::engine::Health;

/// What a move tells.
async fn told(client: &Client, count: usize, act: impl FnOnce()) -> Vec<String> {
    let mut events = client.events("").await;
    act();
    events.actions(count).await
}

#[tokio::test]
async fn moves_tell_their_events_in_order() {
    let (engine, client) = with_web(51, Store::Classic).await;
    let run = |engine: &Engine| engine.run(ContainerSpec::new("db", "nginx:1.27")).map(drop);
    let start = ["network connect", "container start"];
    let stop = ["container kill", "container die", "network disconnect", "container stop"];
    let check = async |expected: &[&str], act: &dyn Fn(&Engine)| {
        let told = told(&client, expected.len(), || act(&engine)).await;
        assert_eq!(told, expected);
    };
    check(&["container create", start[0], start[1]], &|engine| run(engine).expect("the image is there")).await;
    check(&["container health_status: healthy"], &|engine| engine.health("db", Health::Healthy).expect("it is there")).await;
    check(&["container rename"], &|engine| engine.rename("db", "base").expect("it is there")).await;
    check(&stop, &|engine| engine.stop("base").expect("it is there")).await;
    check(&start, &|engine| engine.start_container("base").expect("it is there")).await;
    check(&["container die", "network disconnect"], &|engine| engine.die("base", 1).expect("it is there")).await;
    check(&["container destroy"], &|engine| engine.remove("base").expect("it is there")).await;
    check(&["container kill", "container die", "network disconnect", "container destroy"], &|engine| {
        engine.remove("web").expect("it is there");
    })
    .await;
    check(&["image pull"], &|engine| engine.pull("redis:7", image(7)).map(drop).expect("a reference")).await;
    check(&["image tag"], &|engine| engine.tag("redis:7", "cache:1").expect("it is there")).await;
    check(&["image untag"], &|engine| engine.untag("redis:7").expect("it is there")).await;
    check(&["image untag", "image delete"], &|engine| engine.untag("cache:1").expect("it is there")).await;
}

#[tokio::test]
async fn an_event_has_the_fields_of_a_real_one() {
    let (engine, client) = with_web(51, Store::Classic).await;
    let mut events = client.events("").await;
    engine.die("web", 3).expect("it is there");
    engine.pull("nginx:1.27", image(2)).expect("a reference");
    let die = events.next().await.expect("an event");
    let id = client.get("/containers/web/json").await["Id"].clone();
    assert_eq!(die["Actor"]["ID"], id);
    assert_eq!(die["Actor"]["Attributes"], json!({ "exitCode": "3", "image": "nginx:1.27", "name": "web", "tier": "front" }));
    assert_eq!((&die["status"], &die["id"], &die["from"], &die["scope"]), (&json!("die"), &id, &json!("nginx:1.27"), &json!("local")));
    let nanoseconds = die["timeNano"].as_i64().expect("a number");
    assert_eq!(die["time"], json!(nanoseconds / 1_000_000_000));
    let disconnect = events.next().await.expect("an event");
    assert_eq!(disconnect["Actor"]["Attributes"]["container"], id);
    assert!(disconnect["timeNano"].as_i64() > Some(nanoseconds));
    let pull = events.next().await.expect("an event");
    assert_eq!(pull["Actor"], json!({ "ID": "nginx:1.27", "Attributes": { "name": "nginx" } }));
}

#[tokio::test]
async fn a_stream_starts_where_it_was_left() {
    let (engine, client) = with_web(51, Store::Classic).await;
    let mut events = client.events("since=0").await;
    let first = events.next().await.expect("an event");
    assert_eq!(first["Action"], "pull");
    let time = first["timeNano"].as_i64().expect("a number") + 1;
    engine.health("web", Health::Healthy).expect("it is there");
    let since = format!("since={}.{:09}", time / 1_000_000_000, time % 1_000_000_000);
    let mut later = client.events(&since).await;
    let expected = ["container create", "network connect", "container start", "container health_status: healthy"];
    assert_eq!(later.actions(4).await, expected);
}

#[tokio::test]
async fn no_more_than_256_events_are_remembered() {
    let (engine, client) = with_web(51, Store::Classic).await;
    for _ in 0..300 {
        engine.health("web", Health::Healthy).expect("it is there");
    }
    let mut events = client.events("since=0&until=1").await;
    assert_eq!(events.next().await, None, "what is remembered is later than that");
    let mut events = client.events("since=0").await;
    engine.rename("web", "www").expect("it is there");
    let mut count = 0;
    while events.next().await.expect("an event")["Action"] != "rename" {
        count += 1;
    }
    assert_eq!(count, 256);
}

#[tokio::test]
async fn filters_choose() {
    let (engine, client) = with_web(51, Store::Classic).await;
    let encoded = |filters: serde_json::Value| -> String {
        let text = filters.to_string();
        format!("since=0&filters={}", url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>())
    };
    engine.health("web", Health::Unhealthy).expect("it is there");
    for (filters, expected) in [
        (json!({ "type": ["image"] }), vec!["image pull"]),
        (json!({ "type": { "network": true } }), vec!["network connect"]),
        (json!({ "event": ["health_status", "create"] }), vec!["container create", "container health_status: unhealthy"]),
        (json!({ "type": ["container"], "event": ["start", "pull"] }), vec!["container start"]),
        (json!({ "container": ["web"], "label": ["tier=front"] }), vec!["container create", "container start"]),
    ] {
        let mut events = client.events(&encoded(filters.clone())).await;
        assert_eq!(events.actions(expected.len()).await, expected, "{filters}");
    }
    assert_eq!(client.refusal("/events?filters=%5B1").await, (400, "invalid filter".to_owned()));
    assert_eq!(client.refusal("/events?since=soon").await.0, 400);
}

#[tokio::test]
async fn a_tag_that_moves_is_told_by_the_containerd_store() {
    let (engine, client) = engine(51, Store::Containerd).await;
    engine.pull("nginx:1.27", image(1)).expect("a reference");
    let mut events = client.events("").await;
    engine.pull("nginx:1.27", image(2)).expect("a reference");
    let tag = events.next().await.expect("an event");
    assert_eq!((&tag["Action"], &tag["Actor"]["ID"]), (&json!("tag"), &json!(content(2).as_str())));
    assert_eq!(events.actions(1).await, ["image pull"]);
}
