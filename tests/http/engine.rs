//! An Engine that is not there, not yet, or no more.

use plimsoll::{
    simulate::engine::{ContainerSpec, Engine, Image, Listen, Options},
    simulate::registry::digest_of,
    wire::HostState,
};

use crate::{events::Follower, house::house};

/// A container that needs no registry.
fn furnish(engine: &Engine) {
    engine.pull("nginx:1.29", Image::pulled(digest_of("library/nginx", 1))).unwrap();
    engine.run(ContainerSpec::new("www", "nginx:1.29")).unwrap();
}

#[tokio::test]
async fn an_engine_that_comes_later_is_found() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("docker.sock");
    let house = house().host_at(&format!("unix://{}", path.display())).start().await;
    house.until("absence", |now| matches!(now.hosts[0].state, HostState::Absent { .. })).await;
    let page = house.get("/").await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains("No Engine answers for nas.") && page.text().contains(&path.display().to_string()));
    assert_eq!(house.get("/readyz").await.status, 200);
    let engine = Engine::start(Options { listen: Listen::Unix(path), ..Options::default() }).await.unwrap();
    furnish(&engine);
    house.until("the Engine", |now| now.hosts[0].state == HostState::Connected && now.groups.len() == 1).await;
    assert!(!house.get("/").await.text().contains("No Engine answers"));
}

#[tokio::test]
async fn an_engine_that_stops_is_told_and_found_again() {
    let engine = Engine::start(Options::default()).await.unwrap();
    furnish(&engine);
    let house = house().engine(&engine).start().await;
    house.until("the list", |now| now.groups.len() == 1).await;
    let mut follower = Follower::new(&house, &format!("?since={}", house.app.live.state().snapshot.revision), None).await;
    engine.refuse().await;
    let lost = follower.until(|change| change.hosts.as_ref().is_some_and(|hosts| matches!(hosts[0].state, HostState::Lost { .. }))).await;
    assert!(lost.gone.is_empty(), "what ran is still shown");
    let page = house.get("/").await;
    assert!(page.text().contains("nas was lost") && page.text().contains("www"), "{}", page.text());
    assert_eq!(house.get("/api/images").await.json()[0]["containers"][0]["container_name"], "www");
    engine.run(ContainerSpec::new("second", "nginx:1.29")).unwrap();
    engine.accept().await;
    house.until("both", |now| now.hosts[0].state == HostState::Connected && now.groups[0].workloads.len() == 2).await;
    assert!(!house.get("/").await.text().contains("nas was lost"));
}

#[tokio::test]
async fn an_engine_that_hangs_keeps_nobody_waiting() {
    let engine = Engine::start(Options::default()).await.unwrap();
    furnish(&engine);
    engine.hang();
    let house = house().engine(&engine).start().await;
    for path in ["/", "/api/images", "/api/v3/json", "/api/containers"] {
        assert_eq!(house.get(path).await.status, 200, "{path}");
    }
    assert_eq!(house.app.live.state().snapshot.hosts[0].state, HostState::Connecting);
    engine.recover();
    house.until("the list", |now| now.groups.len() == 1).await;
}

#[tokio::test]
async fn an_engine_that_fails_is_told_with_the_reason() {
    let engine = Engine::start(Options::default()).await.unwrap();
    furnish(&engine);
    engine.fail();
    let house = house().engine(&engine).start().await;
    house.until("the failure", |now| matches!(now.hosts[0].state, HostState::Lost { .. })).await;
    let page = house.get("/").await;
    assert!(page.status == 200 && page.text().contains("Plimsoll keeps trying"), "{}", page.text());
    engine.recover();
    house.until("the list", |now| now.groups.len() == 1).await;
}
