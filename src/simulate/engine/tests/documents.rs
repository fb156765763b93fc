//! Lists, inspections and refusals.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{ContainerSpec, Store, content, engine, image, with_web};
use crate::simulate::engine::{Health, Image, State};

#[tokio::test]
async fn the_greeting_tells_the_version() {
    let (_engine, client) = engine(41, Store::Classic).await;
    for method in [Method::HEAD, Method::GET] {
        let answer = client.ask(method.clone(), "/_ping").await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.headers["api-version"], "1.41");
        assert_eq!(answer.headers["ostype"], "linux");
        assert_eq!(answer.headers["server"], "Docker/20.10.24 (linux)");
        assert_eq!(&answer.body[..], if method == Method::GET { &b"OK"[..] } else { b"" });
    }
    let version = client.get("/version").await;
    assert_eq!((&version["ApiVersion"], &version["Version"]), (&json!("1.41"), &json!("20.10.24")));
}

#[tokio::test]
async fn versions_outside_the_range_are_refused_in_the_engines_words() {
    let (_engine, client) = engine(48, Store::Classic).await;
    for path in ["/info", "/v1.24/info", "/v1.48/info"] {
        assert_eq!(client.get(path).await["ServerVersion"], "28.2.2", "{path}");
    }
    let (status, message) = client.refusal("/v1.23/info").await;
    assert_eq!(status, 400);
    assert_eq!(
        message,
        "client version 1.23 is too old. Minimum supported API version is 1.24, please upgrade your client to a newer version"
    );
    let (status, message) = client.refusal("/v1.49/info").await;
    assert_eq!((status, &message[..]), (400, "client version 1.49 is too new. Maximum supported API version is 1.48"));
}

#[tokio::test]
async fn the_store_is_told_by_the_driver() {
    for (store, status) in [(Store::Classic, "Backing Filesystem"), (Store::Containerd, "driver-type")] {
        let (_engine, client) = engine(51, store).await;
        assert_eq!(client.get("/info").await["DriverStatus"][0][0], status);
    }
}

#[tokio::test]
async fn what_is_not_there_is_refused() {
    let (_engine, client) = engine(51, Store::Classic).await;
    for (path, message) in [
        ("/containers/ghost/json", "No such container: ghost"),
        ("/images/ghost/json", "No such image: ghost:latest"),
        ("/images/ghcr.io%2Facme%2Fapp%3A1/json", "No such image: ghcr.io/acme/app:1"),
        ("/v1.44/somewhere", "page not found"),
    ] {
        assert_eq!(client.refusal(path).await, (404, message.to_owned()), "{path}");
    }
}

#[tokio::test]
async fn a_list_shows_the_name_only_while_it_stands_for_the_image() {
    for store in [Store::Classic, Store::Containerd] {
        let (engine, client) = with_web(51, store).await;
        let before = client.get("/v1.47/containers/json").await;
        assert_eq!(before[0]["Image"], "nginx:1.27");
        assert_eq!(before[0]["Names"], json!(["/web"]));
        assert_eq!(before[0]["Labels"]["tier"], "front");
        let id = before[0]["ImageID"].clone();

        engine.pull("nginx:1.27", image(2)).expect("a reference");
        let after = client.get("/containers/json").await;
        assert_eq!((&after[0]["Image"], &after[0]["ImageID"]), (&id, &id));
        let inspected = client.get("/containers/web/json").await;
        assert_eq!(inspected["Config"]["Image"], "nginx:1.27");
        assert_eq!(inspected["Image"], id);
    }
}

#[tokio::test]
async fn only_what_is_up_is_listed_unless_all_are_wanted() {
    let (engine, client) = with_web(51, Store::Classic).await;
    let spec = |name| ContainerSpec::new(name, "nginx:1.27");
    for (name, state) in
        [("made", State::Created), ("frozen", State::Paused), ("looping", State::Restarting(1)), ("ended", State::Exited(3))]
    {
        engine.run(spec(name).state(state)).expect("the image is there");
    }
    engine.run(spec("sick").health(Health::Unhealthy)).expect("the image is there");
    let named = |list: &Value| -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().expect("text").to_owned();
        let entries = list.as_array().expect("a list").iter();
        entries.map(|entry| (text(&entry["Names"][0]), text(&entry["State"]))).collect()
    };
    let pairs = |pairs: &[(&str, &str)]| -> Vec<_> { pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect() };
    let up = [("/sick", "running"), ("/looping", "restarting"), ("/frozen", "paused"), ("/web", "running")];
    assert_eq!(named(&client.get("/containers/json").await), pairs(&up));
    let all = client.get("/containers/json?all=1").await;
    let every = [
        ("/sick", "running"),
        ("/ended", "exited"),
        ("/looping", "restarting"),
        ("/frozen", "paused"),
        ("/made", "created"),
        ("/web", "running"),
    ];
    assert_eq!(named(&all), pairs(&every));
    assert_eq!(all[0]["Status"], "Up Less than a second (unhealthy)");
    assert_eq!(all[1]["Status"], "Exited (3) Less than a second ago");
    assert_eq!(all[4]["Status"], "Created");
    assert_eq!(client.get("/containers/sick/json").await["State"]["Health"]["Status"], "unhealthy");
    assert_eq!(client.get("/containers/web/json").await["State"].get("Health"), None);
}

#[tokio::test]
async fn an_image_answers_to_its_id_its_name_and_its_digest() {
    for store in [Store::Classic, Store::Containerd] {
        let (engine, client) = engine(51, store).await;
        let id = engine.pull("ghcr.io/acme/app:1", image(1)).expect("a reference");
        for name in [&id[..], &id[7..19], "ghcr.io/acme/app:1", &format!("ghcr.io/acme/app@{}", content(1))] {
            let told = client.get(&format!("/images/{name}/json")).await;
            assert_eq!(told["Id"], json!(id), "{name}");
            assert_eq!(told["RepoTags"], json!(["ghcr.io/acme/app:1"]));
            assert_eq!(told["RepoDigests"], json!([format!("ghcr.io/acme/app@{}", content(1))]));
            assert_eq!((&told["Os"], &told["Architecture"]), (&json!("linux"), &json!("amd64")));
        }
    }
}

#[tokio::test]
async fn the_id_of_an_image_depends_on_the_store() {
    for (store, expected) in [(Store::Classic, image(1).config), (Store::Containerd, content(1))] {
        let (_engine, client) = with_web(51, store).await;
        assert_eq!(client.get("/images/json").await[0]["Id"], json!(expected.as_str()));
        let descriptor = client.get("/v1.48/containers/json").await[0].get("ImageManifestDescriptor").cloned();
        let told = descriptor.map(|descriptor| descriptor["digest"].clone());
        assert_eq!(told, (store == Store::Containerd).then(|| json!(image(1).manifest.as_str())));
        assert_eq!(client.get("/v1.47/containers/json").await[0].get("ImageManifestDescriptor"), None);
    }
}

#[tokio::test]
async fn a_tag_that_moved_leaves_its_digest_only_in_the_classic_store() {
    for (store, left) in [(Store::Classic, json!([format!("nginx@{}", content(1))])), (Store::Containerd, json!([]))] {
        let (engine, client) = engine(51, store).await;
        let old = engine.pull("nginx:1.27", image(1)).expect("a reference");
        engine.pull("nginx:1.27", image(2)).expect("a reference");
        let told = client.get(&format!("/images/{old}/json")).await;
        assert_eq!((&told["RepoTags"], &told["RepoDigests"]), (&json!([]), &left));
    }
}

#[tokio::test]
async fn nameless_images_are_called_none_by_old_engines() {
    let (engine, client) = engine(51, Store::Classic).await;
    let id = engine.build("app:dev", Image::built("one")).expect("a reference");
    engine.run(ContainerSpec::new("app", &id)).expect("the image is there");
    engine.untag("app:dev").expect("the tag is there");
    for (api, tags, digests) in [("1.42", json!(["<none>:<none>"]), json!(["<none>@<none>"])), ("1.43", json!([]), json!([]))] {
        let told = client.get(&format!("/v{api}/images/json")).await;
        assert_eq!((&told[0]["RepoTags"], &told[0]["RepoDigests"]), (&tags, &digests), "{api}");
    }
}

#[tokio::test]
async fn a_build_has_a_digest_only_in_the_containerd_store() {
    for (store, count) in [(Store::Classic, 0), (Store::Containerd, 1)] {
        let (engine, client) = engine(51, store).await;
        engine.build("app:dev", Image::built("one")).expect("a reference");
        let told = client.get("/images/app:dev/json").await;
        assert_eq!(told["RepoDigests"].as_array().expect("a list").len(), count);
    }
}

#[tokio::test]
async fn a_pin_stands_beside_the_tag() {
    for store in [Store::Classic, Store::Containerd] {
        let (engine, client) = engine(51, store).await;
        let pinned = format!("acme/app:1@{}", content(1));
        engine.pull(&pinned, image(1)).expect("a reference");
        engine.run(ContainerSpec::new("app", &pinned)).expect("the image is there");
        engine.pull("acme/app:1", image(2)).expect("a reference");
        let listed = client.get("/containers/json").await;
        assert_eq!(listed[0]["Image"], json!(pinned));
        let told = client.get(&format!("/images/{}/json", listed[0]["ImageID"].as_str().expect("an id"))).await;
        assert_eq!((&told["RepoTags"], &told["RepoDigests"]), (&json!([]), &json!([format!("acme/app@{}", content(1))])));
    }
}
