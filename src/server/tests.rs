//! What only a route of a test can show.

use std::collections::BTreeMap;

use axum::{body::Body, extract::Request, routing::get};
use http::StatusCode;
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::*;
use crate::{
    access::{Access, Clock},
    app::Parts,
    config::{Environment, Overrides, load},
    registry::{Registries, Settings},
    store::Store,
};

/// A program without hosts and registries.
async fn app() -> App {
    let directory = tempfile::tempdir().unwrap();
    let overrides = Overrides { data_dir: Some(directory.path().to_owned()), ..Overrides::default() };
    let config = load(&overrides, &Environment::default()).unwrap().config;
    let store = Store::in_memory().await.unwrap();
    let access = Access::new(&config.access, store.clone(), Clock::system()).await.unwrap();
    let settings =
        Settings { registries: BTreeMap::default(), docker_config: None, timeout: config.check.timeout, user_agent: "test".into() };
    let registries = Registries::new(settings).unwrap();
    let parts = Parts { config, hosts: Vec::new(), registries, store, access, sample: false };
    App::start(parts, tokio_util::sync::CancellationToken::new()).await.unwrap()
}

/// A handler with a fault.
async fn faulty() -> &'static str {
    panic!("the secret reason")
}

#[tokio::test]
async fn a_handler_that_panics_ends_its_request_alone() {
    let handlers = Router::new().route("/faulty", get(faulty)).route("/well", get(|| async { "well" }));
    let router = layered(handlers, app().await, Patience::default()).unwrap();
    let ask = |path: &str| {
        let request = Request::builder().uri(path).extension(accept::Peer(([127, 0, 0, 1], 1).into())).body(Body::empty()).unwrap();
        router.clone().oneshot(request)
    };
    let answer = ask("/faulty").await.unwrap();
    assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
    for header in ["x-content-type-options", "content-security-policy", "cache-control"] {
        assert!(answer.headers().contains_key(header), "{header}");
    }
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(body, "Plimsoll made a mistake; its log says which\n");
    assert_eq!(ask("/well").await.unwrap().status(), StatusCode::OK);
}
