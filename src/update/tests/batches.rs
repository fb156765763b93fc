//! Several updates that were wished for together.

use std::time::Duration;

use super::harbour::{HOST, Harbour, Plimsoll, container, image, reference};
use crate::{
    simulate::engine::{Behaviour, ContainerSpec},
    update::Wish,
    wire::{Asker, Operation, Outcome, UpdateTrouble},
};

async fn update_all(plimsoll: &Plimsoll, names: &[&str]) -> Vec<Operation> {
    plimsoll.connected().await;
    let wished = plimsoll.updates.wish_all(names.iter().map(|name| Wish::same(HOST, *name)).collect(), Asker::Anyone).await;
    let mut ended = Vec::new();
    for wished in wished {
        ended.push(plimsoll.ended(wished.result.unwrap().id).await);
    }
    ended
}

/// When the first and the last step of an operation were, in milliseconds.
async fn span(plimsoll: &Plimsoll, operation: &Operation) -> (i64, i64) {
    let (_, steps) = plimsoll.store.operation(operation.id).await.unwrap().unwrap();
    (steps.first().unwrap().begun, steps.last().unwrap().ended.unwrap())
}

/// A stack: `web` needs `db`, as Compose says it, and `proxy` needs `web`, as a label says it; `other` needs nobody.
async fn stack(db: Behaviour) -> Harbour {
    let harbour = Harbour::empty().await;
    harbour.plant(container("proxy").label("plimsoll.depends-on", "web"));
    harbour.plant(container("web").compose("shop", "web").label("com.docker.compose.depends_on", "db:service_started:false"));
    harbour.plant(container("db").compose("shop", "db"));
    harbour.plant(container("other"));
    for name in ["proxy", "web", "other"] {
        harbour.rebuild(name, image(name, 2));
    }
    harbour.rebuild("db", image("db", 2).behaving(db));
    harbour
}

#[tokio::test]
async fn each_waits_for_what_it_needs() {
    let harbour = stack(Behaviour::Runs).await;
    let plimsoll = harbour.plimsoll().await;
    let ended = update_all(&plimsoll, &["proxy", "web", "db", "other"]).await;
    assert!(ended.iter().all(|operation| operation.outcome == Some(Outcome::Updated)), "{ended:?}");
    let (proxy, web, db) = (span(&plimsoll, &ended[0]).await, span(&plimsoll, &ended[1]).await, span(&plimsoll, &ended[2]).await);
    assert!(db.1 <= web.0 && web.1 <= proxy.0, "{db:?} {web:?} {proxy:?}");
}

#[tokio::test]
async fn what_needs_one_that_failed_is_left_alone_and_nothing_else() {
    let harbour = stack(Behaviour::Ends { code: 1, after: Duration::ZERO }).await;
    let plimsoll = harbour.plimsoll().await;
    let ended = update_all(&plimsoll, &["proxy", "web", "db", "other"]).await;
    let needs = |name: &str| Some(Outcome::Failed { trouble: UpdateTrouble::Dependency { name: name.to_owned() } });
    assert_eq!(ended[0].outcome, needs("web"));
    assert_eq!(ended[1].outcome, needs("db"));
    assert!(matches!(ended[2].outcome, Some(Outcome::RolledBack { .. })), "{:?}", ended[2]);
    assert_eq!(ended[3].outcome, Some(Outcome::Updated));
}

#[tokio::test]
async fn a_circle_of_needs_stops_nobody() {
    let harbour = Harbour::empty().await;
    for (name, needs) in [("hen", "egg"), ("egg", "hen")] {
        harbour.plant(container(name).label("plimsoll.depends-on", needs));
        harbour.rebuild(name, image(name, 2));
    }
    let plimsoll = harbour.plimsoll().await;
    let ended = update_all(&plimsoll, &["hen", "egg"]).await;
    assert!(ended.iter().all(|operation| operation.outcome == Some(Outcome::Updated)), "{ended:?}");
}

#[tokio::test]
async fn an_image_is_pulled_once_for_all_its_containers() {
    let names = ["one", "two", "three"];
    let harbour = Harbour::empty().await;
    harbour.engine.pull(&reference("web"), image("web", 1)).unwrap();
    for name in names {
        harbour.engine.run(ContainerSpec::new(name, &reference("web"))).unwrap();
    }
    harbour.rebuild("web", image("web", 2));
    let plimsoll = harbour.plimsoll().await;
    let ended = update_all(&plimsoll, &names).await;
    assert!(ended.iter().all(|operation| operation.outcome == Some(Outcome::Updated)), "{ended:?}");
    let pulls = harbour.engine.changes().iter().filter(|call| call.path.starts_with("/images/create")).count();
    assert_eq!(pulls, 1);
}

#[tokio::test]
async fn two_of_one_family_do_not_get_in_each_others_way() {
    let harbour = Harbour::empty().await;
    harbour.plant(container("vpn"));
    harbour.plant(container("torrent").with(&serde_json::json!({ "HostConfig": { "NetworkMode": "container:vpn" } })));
    for name in ["vpn", "torrent"] {
        harbour.rebuild(name, image(name, 2));
    }
    let plimsoll = harbour.plimsoll().await;
    let ended = update_all(&plimsoll, &["vpn", "torrent"]).await;
    assert!(ended.iter().all(|operation| operation.outcome == Some(Outcome::Updated)), "{ended:?}");
    assert_eq!(harbour.engine.running().len(), 2);
    assert_eq!(harbour.engine.containers().len(), 2);
}
