//! What only a route of a test can show.

use axum::{body::Body, extract::Request, routing::get};
use http::StatusCode;
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::*;
use crate::{
    access::{Access, Clock},
    app::Parts,
    config::{Environment, Overrides, load},
    live::Input,
    registry::{Registries, Settings},
    store::Store,
    wire::{Asker, Operation, Outcome, Phase, Target},
};

/// A program without hosts and registries.
async fn app() -> App {
    let directory = tempfile::tempdir().unwrap();
    let overrides = Overrides { data_dir: Some(directory.path().to_owned()), ..Overrides::default() };
    let config = load(&overrides, &Environment::default()).unwrap().config;
    let store = Store::in_memory().await.unwrap();
    let access = Access::new(&config.access, store.clone(), Clock::system()).await.unwrap();
    let settings = Settings { timeout: config.check.timeout, user_agent: "test".into(), ..Settings::default() };
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

#[tokio::test]
async fn a_page_asks_for_itself_again_while_an_update_runs_but_never_under_a_form() {
    const REFRESH: &str = r#"<meta http-equiv="refresh" content="3""#;
    // rendering spawns; whichever test is the second finds the executor made
    let _ = any_spawner::Executor::init_tokio();
    let app = app().await;
    let router = layered(routes::router(&app), app.clone(), Patience::default()).unwrap();
    let refreshes = async |path: &str| {
        let request = Request::builder().uri(path).extension(accept::Peer(([127, 0, 0, 1], 1).into())).body(Body::empty()).unwrap();
        let answer = router.clone().oneshot(request).await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        // inside `noscript`, and nowhere else
        let asks = String::from_utf8_lossy(&body).split("<noscript>").nth(1).is_some_and(|rest| rest.starts_with(REFRESH));
        assert_eq!(asks, String::from_utf8_lossy(&body).contains(REFRESH), "{path}");
        asks
    };
    assert!(!refreshes("/").await);
    let operation = Operation {
        id: 1,
        host: "local".into(),
        name: "web".into(),
        image: "docker.io/library/nginx:1.27".into(),
        asker: Asker::Anyone,
        begun: 0,
        ended: None,
        phase: Phase::Pulling,
        pull: None,
        outcome: None,
        from: None,
        to: None,
        target: Target::Same,
        along: Vec::new(),
        overdue: false,
        log: false,
        kept_until: None,
        compose: None,
    };
    app.live.learn(Input::Operation(operation.clone())).await;
    app.live.settled().await;
    assert!(refreshes("/").await && refreshes("/?q=web").await);
    assert!(!refreshes("/login").await && !refreshes("/login?next=%2F").await && !refreshes("/setup").await);
    app.live.learn(Input::Operation(Operation { outcome: Some(Outcome::Updated), ended: Some(1), ..operation })).await;
    app.live.settled().await;
    assert!(!refreshes("/").await);
}
