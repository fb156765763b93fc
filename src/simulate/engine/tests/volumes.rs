//! Volumes: who makes them, and with whom they go.

use http::Method;
use serde_json::{Value, json};

use super::{ContainerSpec, Store, engine, image};

#[tokio::test]
async fn volumes_that_nobody_named_go_only_when_that_is_wished_and_nobody_else_has_them() {
    let (engine, client) = engine(41, Store::Classic).await;
    engine.pull("app:1", image(1).with(&json!({ "Volumes": { "/data": {}, "/named": {} } }))).expect("a reference");
    let host = json!({ "HostConfig": {
        "Binds": ["named:/named:ro", "/srv:/srv"],
        "Mounts": [{ "Type": "volume", "Source": "other", "Target": "/other" }, { "Type": "tmpfs", "Target": "/run" }],
    } });
    engine.run(ContainerSpec::new("old", "app:1").with(&host)).expect("the image is there");
    let told = client.get("/containers/old/json").await;
    let mounts: Vec<(&str, &str, bool)> = told["Mounts"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|mount| {
            (
                mount["Type"].as_str().expect("a type"),
                mount["Destination"].as_str().expect("a path"),
                mount["RW"].as_bool().expect("a switch"),
            )
        })
        .collect();
    assert_eq!(
        mounts,
        [
            ("volume", "/data", true),
            ("volume", "/named", false),
            ("volume", "/other", true),
            ("tmpfs", "/run", true),
            ("bind", "/srv", true)
        ]
    );
    let anonymous = told["Mounts"][0]["Name"].as_str().expect("a name").to_owned();
    assert_eq!(anonymous.len(), 64);
    assert_eq!(told["Mounts"][0]["Source"], format!("/var/lib/docker/volumes/{anonymous}/_data"));
    assert_eq!(engine.volumes().len(), 3);

    // the next one takes it over by its name, and so the old one leaves it there
    let next = json!({ "HostConfig": { "Binds": [format!("{anonymous}:/data"), "named:/named"] } });
    engine.run(ContainerSpec::new("new", "app:1").with(&next)).expect("the image is there");
    assert_eq!(engine.volumes().len(), 3, "no new one was made");
    let remove = async |path: &str| client.tell(Method::DELETE, path, Value::Null).await.0;
    assert_eq!(remove("/containers/old?force=1&v=1").await, 204);
    assert_eq!(engine.volumes().len(), 3);
    assert_eq!(remove("/containers/new?force=1&v=1").await, 204);
    assert!(engine.volumes().contains(&anonymous), "by now it has a name");

    engine.run(ContainerSpec::new("kept", "app:1")).expect("the image is there");
    assert_eq!(engine.volumes().len(), 5);
    assert_eq!(remove("/containers/kept?force=1").await, 204);
    assert_eq!(engine.volumes().len(), 5, "without being asked for, they stay");
    engine.run(ContainerSpec::new("gone", "app:1")).expect("the image is there");
    assert_eq!(remove("/containers/gone?force=1&v=true").await, 204);
    assert_eq!(engine.volumes().len(), 5);
    let listed = client.get("/volumes").await;
    assert_eq!((listed["Volumes"].as_array().map(Vec::len), &listed["Warnings"]), (Some(5), &Value::Null));
}
