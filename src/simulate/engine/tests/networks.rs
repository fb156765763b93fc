//! Networks, addresses and ports.

use http::Method;
use serde_json::{Value, json};

use super::{ContainerSpec, Store, with_web};
use crate::simulate::engine::State;

#[tokio::test]
async fn a_port_has_one_container_at_a_time() {
    for (first, second, conflict) in [
        (json!({ "HostPort": "8080" }), json!({ "HostPort": "8080" }), true),
        (json!({ "HostIp": "127.0.0.1", "HostPort": "8080" }), json!({ "HostPort": "8080" }), true),
        (json!({ "HostIp": "127.0.0.1", "HostPort": "8080" }), json!({ "HostIp": "10.0.0.1", "HostPort": "8080" }), false),
        (json!({ "HostPort": "" }), json!({ "HostPort": "" }), false),
    ] {
        let (engine, client) = with_web(41, Store::Classic).await;
        let bound = |port: &Value| json!({ "HostConfig": { "PortBindings": { "80/tcp": [port] } } });
        engine.run(ContainerSpec::new("one", "nginx:1.27").with(&bound(&first))).expect("the port is free");
        engine.run(ContainerSpec::new("two", "nginx:1.27").with(&bound(&second)).state(State::Created)).expect("nothing is bound yet");
        let (status, message) = client.tell(Method::POST, "/containers/two/start", Value::Null).await;
        if !conflict {
            assert_eq!(status, 204, "{first} {second}");
            continue;
        }
        assert_eq!(status, 500, "{first} {second}");
        let message = message.as_str().expect("a message");
        assert!(message.starts_with("driver failed programming external connectivity on endpoint two ("), "{message}");
        assert!(message.ends_with("Bind for 0.0.0.0:8080 failed: port is already allocated"), "{message}");
        let told = client.get("/containers/two/json").await;
        assert_eq!((&told["State"]["Status"], &told["State"]["ExitCode"]), (&json!("created"), &json!(128)));
        assert_eq!(told["State"]["Error"], message);
        assert_eq!(told["NetworkSettings"]["Networks"]["bridge"]["IPAddress"], "", "it left what it had joined");
        engine.stop("one").expect("it is there");
        assert_eq!(client.post("/containers/two/start").await, 204);
    }
}

#[tokio::test]
async fn an_address_has_one_container_at_a_time() {
    let (engine, client) = with_web(41, Store::Classic).await;
    engine.network("lan", Some(([10, 9, 0, 0].into(), 24)));
    let fixed = json!({
        "HostConfig": { "NetworkMode": "lan" },
        "NetworkingConfig": { "EndpointsConfig": { "lan": { "IPAMConfig": { "IPv4Address": "10.9.0.2" } } } },
    });
    engine.run(ContainerSpec::new("one", "nginx:1.27").with(&fixed)).expect("the address is free");
    engine.run(ContainerSpec::new("two", "nginx:1.27").with(&fixed).state(State::Created)).expect("it is not needed yet");
    assert_eq!(client.tell(Method::POST, "/containers/two/start", Value::Null).await, (403, json!("Address already in use")));
    engine.run(ContainerSpec::new("any", "nginx:1.27").with(&json!({ "HostConfig": { "NetworkMode": "lan" } }))).expect("there are more");
    assert_eq!(client.get("/containers/any/json").await["NetworkSettings"]["Networks"]["lan"]["IPAddress"], "10.9.0.3");
    engine.stop("one").expect("it is there");
    assert_eq!(client.post("/containers/two/start").await, 204);
}

#[tokio::test]
async fn wishes_that_a_network_cannot_fulfil_are_refused() {
    let (engine, client) = with_web(41, Store::Classic).await;
    engine.network("own", None);
    let address = json!({ "IPAMConfig": { "IPv4Address": "172.17.0.9" } });
    for (network, wish, message) in [
        ("bridge", json!({ "Aliases": ["a"] }), "network-scoped alias is supported only for containers in user defined networks"),
        ("bridge", address.clone(), "user specified IP address is supported on user defined networks only"),
        ("own", address, "user specified IP address is supported only when connecting to networks with user configured subnets"),
        ("host", json!({}), "container cannot be disconnected from host network or connected to host network"),
    ] {
        engine.run(ContainerSpec::new("new", "nginx:1.27").state(State::Created)).expect("the image is there");
        let body = json!({ "Container": "new", "EndpointConfig": wish });
        let told = client.tell(Method::POST, &format!("/networks/{network}/connect"), body).await;
        assert_eq!(told, (400, json!(message)), "{network} {wish}");
        engine.remove("new").expect("it is there");
    }
}

#[tokio::test]
async fn networks_are_joined_and_left() {
    let (engine, client) = with_web(41, Store::Classic).await;
    engine.network("own", None);
    engine.run(ContainerSpec::new("made", "nginx:1.27").state(State::Created)).expect("the image is there");
    for name in ["web", "made"] {
        let body = json!({ "Container": name, "EndpointConfig": { "Aliases": ["www"] } });
        assert_eq!(client.tell(Method::POST, "/networks/own/connect", body).await, (200, Value::Null));
        let told = client.get(&format!("/containers/{name}/json")).await;
        let place = &told["NetworkSettings"]["Networks"]["own"];
        let short = &told["Id"].as_str().expect("an id")[..12];
        assert_eq!(place["Aliases"], json!(["www", short]), "{name}");
        assert_eq!(place["IPAddress"], if name == "web" { "172.18.0.2" } else { "" }, "{name}");
        let body = json!({ "Container": name });
        assert_eq!(client.tell(Method::POST, "/networks/own/disconnect", body).await, (200, Value::Null));
        assert_eq!(client.get(&format!("/containers/{name}/json")).await["NetworkSettings"]["Networks"].get("own"), None);
    }
}

#[tokio::test]
async fn a_network_that_is_not_there_is_found_out_at_the_start() {
    let (_engine, client) = with_web(41, Store::Classic).await;
    let body = json!({ "Image": "nginx:1.27", "HostConfig": { "NetworkMode": "ghost" } });
    assert_eq!(client.tell(Method::POST, "/containers/create?name=lost", body).await.0, 201);
    let told = client.tell(Method::POST, "/containers/lost/start", Value::Null).await;
    assert_eq!(told, (404, json!("network ghost not found")));
}

#[tokio::test]
async fn another_containers_network_needs_that_container_to_run() {
    let (engine, client) = with_web(41, Store::Classic).await;
    let shared = json!({ "HostConfig": { "NetworkMode": "container:web" } });
    engine.run(ContainerSpec::new("guest", "nginx:1.27").with(&shared)).expect("it runs");
    let (web, guest) = (client.get("/containers/web/json").await, client.get("/containers/guest/json").await);
    assert_eq!(guest["Config"]["Hostname"], web["Config"]["Hostname"]);
    assert_eq!(guest["NetworkSettings"]["Networks"], json!({}));
    engine.stop("guest").expect("it is there");
    engine.stop("web").expect("it is there");
    let (status, message) = client.tell(Method::POST, "/containers/guest/start", Value::Null).await;
    assert_eq!(status, 409);
    assert!(message.as_str().is_some_and(|message| message.starts_with("cannot join network of a non running container: ")));
}
