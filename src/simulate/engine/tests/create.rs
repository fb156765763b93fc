//! What an inspection shows of what a creation was given.

use http::Method;
use serde_json::{Value, json};

use super::{Store, engine, image};
use crate::simulate::engine::Image;

fn rich(number: u8) -> Image {
    image(number).label("from", "image").with(&json!({
        "Env": ["PATH=/bin", "VERSION=1"], "Cmd": ["serve"], "Entrypoint": ["/entry"], "WorkingDir": "/app", "User": "app",
        "ExposedPorts": { "80/tcp": {} }, "StopSignal": "SIGQUIT", "Healthcheck": { "Test": ["CMD", "check"], "Retries": 2 },
    }))
}

#[tokio::test]
async fn everything_that_was_given_is_shown_and_the_rest_is_inherited() {
    let (engine, client) = engine(51, Store::Classic).await;
    engine.pull("app:1", rich(1)).expect("a reference");
    engine.network("back", None);
    engine.network("front", Some(([10, 9, 0, 0].into(), 24)));
    let host = json!({
        "NetworkMode": "front", "RestartPolicy": { "Name": "on-failure", "MaximumRetryCount": 3 }, "CapAdd": ["NET_ADMIN"],
        "PortBindings": { "80/tcp": [{ "HostIp": "127.0.0.1", "HostPort": "8080" }] }, "Ulimits": [{ "Name": "nofile", "Soft": 1, "Hard": 2 }],
        "DeviceRequests": [{ "Count": -1, "Capabilities": [["gpu"]] }], "Annotations": { "a": "b" }, "NotYetKnown": { "deep": [1] },
    });
    let body = json!({
        "Image": "app:1", "Env": ["VERSION=2", "MINE=1"], "Labels": { "mine": "1" }, "Tty": true, "StopTimeout": 30, "HostConfig": host,
        "NetworkingConfig": { "EndpointsConfig": {
            "front": { "IPAMConfig": { "IPv4Address": "10.9.0.40" }, "Aliases": ["www"], "DriverOpts": { "x": "y" }, "GwPriority": 5 },
            "back": { "MacAddress": "02:00:00:00:00:07" },
        } },
    });
    let (status, created) = client.tell(Method::POST, "/containers/create?name=app", body).await;
    assert_eq!(status, 201, "{created}");
    assert_eq!(client.post("/containers/app/start").await, 204);
    let told = client.get("/containers/app/json").await;
    let short = &created["Id"].as_str().expect("an id")[..12];
    for (pointer, expected) in [
        ("/Name", json!("/app")),
        ("/RestartCount", json!(0)),
        ("/Path", json!("/entry")),
        ("/Args", json!(["serve"])),
        ("/Config/Image", json!("app:1")),
        ("/Config/Hostname", json!(short)),
        ("/Config/Env", json!(["VERSION=2", "MINE=1", "PATH=/bin"])),
        ("/Config/Labels", json!({ "from": "image", "mine": "1" })),
        ("/Config/Tty", json!(true)),
        ("/Config/StopTimeout", json!(30)),
        ("/Config/User", json!("app")),
        ("/Config/StopSignal", json!("SIGQUIT")),
        ("/Config/Healthcheck", json!({ "Test": ["CMD", "check"], "Retries": 2 })),
        ("/Config/OnBuild", Value::Null),
        ("/State/Status", json!("running")),
        ("/State/Health/Status", json!("starting")),
        ("/NetworkSettings/Ports", json!({ "80/tcp": [{ "HostIp": "127.0.0.1", "HostPort": "8080" }] })),
        ("/NetworkSettings/Networks/front/IPAMConfig", json!({ "IPv4Address": "10.9.0.40" })),
        ("/NetworkSettings/Networks/front/IPAddress", json!("10.9.0.40")),
        ("/NetworkSettings/Networks/front/Gateway", json!("10.9.0.1")),
        ("/NetworkSettings/Networks/front/IPPrefixLen", json!(24)),
        ("/NetworkSettings/Networks/front/MacAddress", json!("02:42:0a:09:00:28")),
        ("/NetworkSettings/Networks/front/Aliases", json!(["www"])),
        ("/NetworkSettings/Networks/front/DNSNames", json!(["app", "www", short])),
        ("/NetworkSettings/Networks/front/DriverOpts", json!({ "x": "y" })),
        ("/NetworkSettings/Networks/front/GwPriority", json!(5)),
        ("/NetworkSettings/Networks/back/MacAddress", json!("02:00:00:00:00:07")),
        ("/NetworkSettings/Networks/back/Aliases", Value::Null),
    ] {
        assert_eq!(told.pointer(pointer), Some(&expected), "{pointer}");
    }
    for (name, value) in host.as_object().expect("an object") {
        assert_eq!(&told["HostConfig"][name], value, "{name}");
    }
    assert_eq!(told["HostConfig"]["ShmSize"], 67_108_864, "what nobody said is filled in");
    // a client that speaks an older version sees the short id among the aliases
    let old = client.get("/v1.44/containers/app/json").await;
    assert_eq!(old["NetworkSettings"]["Networks"]["front"]["Aliases"], json!(["www", short]));
    let network = client.get("/networks/front").await;
    assert_eq!(network["Containers"][created["Id"].as_str().expect("an id")]["IPv4Address"], "10.9.0.40/24");
    assert_eq!(network["IPAM"]["Config"], json!([{ "Subnet": "10.9.0.0/24", "Gateway": "10.9.0.1" }]));
    let listed = client.get("/networks").await;
    let names: Vec<&str> = listed.as_array().expect("a list").iter().filter_map(|network| network["Name"].as_str()).collect();
    assert_eq!(names, ["back", "bridge", "front", "host", "none"]);
}

#[tokio::test]
async fn an_image_shows_its_configuration_and_its_platform() {
    let (engine, client) = engine(41, Store::Classic).await;
    engine.pull("app:1", rich(1).platform("linux", "arm64")).expect("a reference");
    let told = client.get("/images/app:1/json").await;
    assert_eq!((&told["Os"], &told["Architecture"]), (&json!("linux"), &json!("arm64")));
    assert_eq!((&told["Config"]["Entrypoint"], &told["Config"]["Labels"]), (&json!(["/entry"]), &json!({ "from": "image" })));
    let (_, created) = client.tell(Method::POST, "/containers/create?name=app", json!({ "Image": "app:1" })).await;
    assert!(created["Warnings"][0].as_str().is_some_and(|warning| warning.contains("linux/arm64")), "{created}");
}

#[tokio::test]
async fn the_hardware_address_stands_where_the_age_of_the_engine_has_it() {
    let mac = "02:00:00:00:00:09";
    for (api, body, config, endpoint) in [
        // old Engines know only that of the container
        (41, json!({ "MacAddress": mac }), json!(mac), mac),
        (41, json!({ "NetworkingConfig": { "EndpointsConfig": { "bridge": { "MacAddress": mac } } } }), Value::Null, "02:42:ac:11:00:02"),
        (51, json!({ "NetworkingConfig": { "EndpointsConfig": { "bridge": { "MacAddress": mac } } } }), json!(mac), mac),
        (51, json!({ "MacAddress": mac }), json!(mac), mac),
    ] {
        let (engine, client) = engine(api, Store::Classic).await;
        engine.pull("app:1", image(1)).expect("a reference");
        let mut whole = json!({ "Image": "app:1" });
        whole.as_object_mut().expect("an object").extend(body.as_object().expect("an object").clone());
        assert_eq!(client.tell(Method::POST, "/containers/create?name=app", whole).await.0, 201);
        assert_eq!(client.post("/containers/app/start").await, 204);
        let told = client.get("/containers/app/json").await;
        assert_eq!(told["Config"]["MacAddress"], config, "{api} {body}");
        assert_eq!(told["NetworkSettings"]["Networks"]["bridge"]["MacAddress"], endpoint, "{api} {body}");
    }
}
