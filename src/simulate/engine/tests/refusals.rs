//! What is refused, and in which words.

use http::Method;
use serde_json::{Value, json};

use super::{ContainerSpec, Store, with_web};
use crate::simulate::engine::State;

#[tokio::test]
async fn requests_are_refused_in_the_engines_words() {
    let (engine, client) = with_web(41, Store::Classic).await;
    engine.run(ContainerSpec::new("made", "nginx:1.27").state(State::Created)).expect("the image is there");
    engine.run(ContainerSpec::new("frozen", "nginx:1.27").state(State::Paused)).expect("the image is there");
    engine.run(ContainerSpec::new("going", "nginx:1.27").state(State::Exited(0))).expect("the image is there");
    engine.begin_removal("going").expect("it is there");
    let web = client.get("/containers/web/json").await["Id"].as_str().expect("an id").to_owned();
    let frozen = client.get("/containers/frozen/json").await["Id"].as_str().expect("an id").to_owned();
    let taken = |name: &str| {
        format!(
            "Conflict. The container name \"/{name}\" is already in use by container \"{web}\". You have to remove (or rename) that container to be able to reuse that name."
        )
    };
    let image = |body: Value| {
        let mut whole = json!({ "Image": "nginx:1.27" });
        whole.as_object_mut().expect("an object").extend(body.as_object().expect("an object").clone());
        whole
    };
    let create = "/containers/create?name=new";
    let table: [(Method, &str, Value, u16, String); 26] = [
        (Method::POST, "/containers/ghost/start", Value::Null, 404, "No such container: ghost".into()),
        (Method::POST, "/containers/ghost/stop", Value::Null, 404, "No such container: ghost".into()),
        (Method::DELETE, "/containers/ghost", Value::Null, 404, "No such container: ghost".into()),
        (Method::POST, create, json!({ "Image": "ghost:1" }), 404, "No such image: ghost:1".into()),
        (Method::POST, "/containers/create?name=web", image(json!({})), 409, taken("web")),
        (
            Method::POST,
            "/containers/create?name=-",
            image(json!({})),
            400,
            "Invalid container name (-), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed".into(),
        ),
        (
            Method::POST,
            create,
            image(json!({ "HostConfig": { "RestartPolicy": { "Name": "often" } } })),
            400,
            "invalid restart policy 'often'".into(),
        ),
        (
            Method::POST,
            create,
            image(json!({ "HostConfig": { "AutoRemove": true, "RestartPolicy": { "Name": "always" } } })),
            400,
            "can't create 'AutoRemove' container with restart policy".into(),
        ),
        (
            Method::POST,
            create,
            image(json!({ "Hostname": "x", "HostConfig": { "NetworkMode": "container:web" } })),
            400,
            "conflicting options: hostname and the network mode".into(),
        ),
        (
            Method::POST,
            create,
            image(json!({ "ExposedPorts": { "80/tcp": {} }, "HostConfig": { "NetworkMode": "container:web" } })),
            400,
            "conflicting options: port exposing and the container type network mode".into(),
        ),
        (
            Method::POST,
            create,
            image(json!({ "NetworkingConfig": { "EndpointsConfig": { "a": {}, "b": {} } } })),
            400,
            "Container cannot be connected to network endpoints: a, b".into(),
        ),
        (Method::POST, "/containers/made/rename?name=web", Value::Null, 409, format!("Error when allocating new name: {}", taken("web"))),
        (Method::POST, "/containers/web/rename?name=", Value::Null, 400, "Neither old nor new names may be empty".into()),
        (
            Method::POST,
            "/containers/web/rename?name=web",
            Value::Null,
            400,
            "Renaming a container with the same name as its current name".into(),
        ),
        (
            Method::DELETE,
            "/containers/web",
            Value::Null,
            409,
            format!("You cannot remove a running container {web}. Stop the container before attempting removal or force remove"),
        ),
        (
            Method::DELETE,
            "/containers/frozen",
            Value::Null,
            409,
            format!(
                "You cannot remove a paused container {frozen}. Unpause and then stop the container before attempting removal or force remove"
            ),
        ),
        (Method::DELETE, "/containers/going?force=1", Value::Null, 409, "removal of container going is already in progress".into()),
        (Method::POST, "/containers/going/start", Value::Null, 409, "container is marked for removal and cannot be started".into()),
        (Method::POST, "/containers/frozen/start", Value::Null, 409, "cannot start a paused container, try unpause instead".into()),
        (
            Method::POST,
            "/containers/web/update",
            json!({ "RestartPolicy": { "Name": "often" } }),
            400,
            "invalid restart policy 'often'".into(),
        ),
        (Method::POST, "/networks/ghost/connect", json!({ "Container": "web" }), 404, "network ghost not found".into()),
        (Method::POST, "/networks/bridge/connect", json!({ "Container": "ghost" }), 404, "No such container: ghost".into()),
        (
            Method::POST,
            "/networks/bridge/connect",
            json!({ "Container": "web" }),
            403,
            "endpoint with name web already exists in network bridge".into(),
        ),
        (Method::DELETE, "/images/ghost", Value::Null, 404, "No such image: ghost:latest".into()),
        (
            Method::POST,
            "/images/create?fromImage=nginx&tag=9",
            Value::Null,
            404,
            "manifest for nginx:9 not found: manifest unknown: manifest unknown".into(),
        ),
        (Method::POST, "/somewhere", Value::Null, 404, "page not found".into()),
    ];
    for (method, path, body, status, message) in table {
        let told = client.tell(method.clone(), path, body.clone()).await;
        assert_eq!(told, (status, json!(message)), "{method} {path} {body}");
    }
    let headers = [("content-type", "application/json")];
    let answer = client.request(Method::POST, create, None, &headers).await.expect("an answer");
    assert_eq!(answer.status().as_u16(), 500, "a body is needed");
    assert_eq!(client.refusal("/images/ghost/json").await, (404, "no such image: ghost: No such image: ghost:latest".to_owned()));
    assert_eq!(engine.containers().len(), 4, "nothing was made");
}

#[tokio::test]
async fn newer_engines_say_some_of_it_otherwise() {
    let (_engine, client) = with_web(51, Store::Classic).await;
    let (status, message) = client.tell(Method::DELETE, "/containers/web", Value::Null).await;
    let expected = "cannot remove container \"/web\": container is running: stop the container before removing or force remove";
    assert_eq!((status, message), (409, json!(expected)));
    let body = json!({ "Image": "nginx:1.27", "NetworkingConfig": { "EndpointsConfig": { "a": {}, "bridge": {} } } });
    assert_eq!(client.tell(Method::POST, "/v1.43/containers/create?name=two", body.clone()).await.0, 400);
    assert_eq!(client.tell(Method::POST, "/v1.44/containers/create?name=two", body).await.0, 201);
}

#[tokio::test]
async fn an_id_may_be_shortened_while_it_is_the_only_one() {
    let (engine, client) = with_web(41, Store::Classic).await;
    for number in 0..20 {
        engine.run(ContainerSpec::new(&format!("c-{number}"), "nginx:1.27").state(State::Created)).expect("the image is there");
    }
    let ids: Vec<String> = engine.containers().into_iter().map(|(_, id)| id).collect();
    let twice =
        ids.iter().map(|id| &id[..1]).find(|start| ids.iter().filter(|id| id.starts_with(start)).count() > 1).expect("16 digits, 21 ids");
    let told = client.tell(Method::POST, &format!("/containers/{twice}/start"), Value::Null).await;
    assert_eq!(told, (500, json!(format!("Multiple IDs found with provided prefix: {twice}"))));
    assert_eq!(client.post(&format!("/containers/{}/start", &ids[3][..20])).await, 204);
}
