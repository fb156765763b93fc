//! Image Watch's contract, to the letter.

use plimsoll::simulate::{
    engine::{Engine, Options},
    registry::digest_of,
};
use serde_json::json;

use crate::house::house;

const TEXT: &str = "text/plain; charset=utf-8";

#[tokio::test]
async fn images_are_the_running_containers_by_image() {
    let house = house().start().await.checked().await;
    let answer = house.get("/api/images").await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"));
    let images = answer.json();
    let images = images.as_array().unwrap();
    assert_eq!(images.len(), 3);
    let nginx = images.iter().find(|group| group["image"] == "nginx:1.29").unwrap();
    assert_eq!(nginx["status"], "outdated");
    let old = digest_of("library/nginx", 1).to_string();
    let new = digest_of("library/nginx", 2).to_string();
    assert_eq!(nginx["remote_digest"], new[..17]);
    let www = &nginx["containers"][0];
    let id = www["container_id"].as_str().unwrap();
    assert_eq!(id.len(), 12);
    assert_eq!(
        nginx["containers"],
        json!([{
            "container_id": id, "container_name": "www", "local_digest": old[..17], "status": "outdated", "auto_update": false
        }])
    );
    let status = |image: &str| images.iter().find(|group| group["image"] == image).unwrap()["status"].clone();
    assert_eq!((status("ghcr.io/acme/db:16"), status("tool:dev")), (json!("uptodate"), json!("unknown")));
}

#[tokio::test]
async fn no_container_is_an_empty_array() {
    let engine = Engine::start(Options::default()).await.unwrap();
    let house = house().engine(&engine).start().await;
    assert_eq!(house.get("/api/images").await.said(), (200, "[]"));
}

#[tokio::test]
async fn refusals_have_the_words_and_the_order_of_the_contract() {
    let house = house().start().await.checked().await;
    let images = house.get("/api/images").await.json();
    let id = images[0]["containers"][0]["container_id"].as_str().unwrap();
    let bad_path = (400, "bad path: /api/images/{id}/{action}\n");
    let method = (405, "method not allowed\n");
    let no_container = (404, "container not found\n");
    let cases = [
        ("POST", "/api/images".to_owned(), method),
        ("PUT", "/api/images".to_owned(), method),
        ("GET", format!("/api/images/{id}"), bad_path),
        ("POST", format!("/api/images/{id}"), bad_path),
        ("GET", "/api/images/".to_owned(), bad_path),
        ("POST", format!("/api/images/{id}/update/now"), bad_path),
        ("GET", "/api/images/gone/progress".to_owned(), (404, "no progress\n")),
        ("GET", format!("/api/images/{id}/progress"), (404, "no progress\n")),
        ("POST", format!("/api/images/{id}/progress"), method),
        ("GET", format!("/api/images/{id}/update"), method),
        ("DELETE", "/api/images/gone/update".to_owned(), method),
        ("POST", "/api/images/gone/update".to_owned(), no_container),
        ("POST", "/api/images/gone/explode".to_owned(), no_container),
        ("POST", format!("/api/images/{id}/explode"), (400, "unknown action\n")),
    ];
    for (verb, path, said) in cases {
        let answer = house.send(verb, &path, &[]).await;
        assert_eq!(answer.said(), said, "{verb} {path}");
        assert_eq!((answer.header("content-type"), answer.header("x-content-type-options")), (TEXT, "nosniff"), "{path}");
    }
}

#[tokio::test]
async fn health_is_200_and_empty_whatever_the_method() {
    let house = house().password("none").start().await;
    for method in ["GET", "HEAD", "POST", "DELETE"] {
        let answer = house.send(method, "/health", &[]).await;
        assert_eq!(answer.said(), (200, ""), "{method}");
    }
}

#[tokio::test]
async fn status_tells_whether_a_change_needs_a_login() {
    for (house, enabled) in [(house(), true), (house().password("viewer"), true), (house().config("auth = \"none\""), false)] {
        let house = house.start().await;
        let answer = house.get("/api/auth/status").await;
        assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"));
        assert_eq!(answer.text(), format!("{{\"enabled\":{enabled}}}"));
    }
}
