//! The adapter to Docker's API against a real Engine: what runs there is what is read.

#[path = "../support/engine.rs"]
mod engine;
mod image;
#[path = "../support/lab.rs"]
mod lab;
#[path = "../support/slack.rs"]
mod slack;
mod tls;

use std::{collections::BTreeSet, pin::pin, time::Duration};

use futures_util::StreamExt;
use plimsoll::{
    fleet::{ImageName, Workload},
    host::{Host, Subject},
    image::Digest,
    live::Live,
    watch,
    wire::WorkloadState,
};
use serde_json::json;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use engine::Hands;
use slack::within;

/// The lab's Engine, and hands at it; nothing where there is no lab.
fn lab(test: &str) -> Option<(Host, Hands)> {
    let address = lab::variable("PLIMSOLL_LAB_DOCKER", test)?;
    let registry = lab::variable("PLIMSOLL_LAB_REGISTRY", test)?;
    let busybox = lab::variable("PLIMSOLL_LAB_BUSYBOX", test)?;
    let host = Host::new("lab", address.parse().expect("an address"));
    Some((host, Hands::new(&address, &registry, &busybox, test)))
}

/// The workload of this name.
async fn workload(host: &Host, name: &str) -> Workload {
    let inventory = host.inventory(true).await.expect("an inventory");
    inventory.workloads.into_iter().find(|workload| workload.name == name).unwrap_or_else(|| panic!("{name} is not there"))
}

fn set(digests: &[&str]) -> BTreeSet<Digest> {
    digests.iter().map(|digest| digest.parse().expect("a digest")).collect()
}

fn named(text: &str) -> ImageName {
    ImageName::Reference(text.parse().expect("a reference"))
}

#[tokio::test]
async fn what_runs_on_a_real_engine_is_read() {
    let Some((host, hands)) = lab("what_runs_on_a_real_engine_is_read") else { return };
    let containerd = hands.has_containerd_store().await;
    let written = format!("{}:1", hands.repository);
    let first = hands.push("1", "first").await;
    let health = json!({ "Test": ["CMD", "/bin/busybox", "true"], "Interval": 1_000_000_000_u64 });
    let labels = json!({ "com.docker.compose.project": "shop", "com.docker.compose.service": "web" });
    let id = hands.run("web", &written, json!({ "Labels": labels, "Healthcheck": health })).await;

    let web = workload(&host, &hands.name("web")).await;
    assert_eq!((web.id.as_str(), &web.image, web.state), (id.as_str(), &named(&written), WorkloadState::Running));
    assert_eq!((web.project(), web.service()), (Some("shop"), Some("web")));
    assert_eq!(web.labels.get("version").map(String::as_str), Some("first"), "a label of the image");
    assert_eq!(web.local.digests, set(&[&first]), "what the registry has");
    assert_eq!((web.local.built_here, web.local.superseded_by), (false, None));
    assert_eq!(web.local.platform.map(|platform| platform.os).as_deref(), Some("linux"));

    // the same tag stands for another image now, here and in the registry
    let second = hands.push("1", "second").await;
    assert_ne!(first, second);
    hands.run("new", &written, json!({})).await;
    host.forget();
    let web = workload(&host, &hands.name("web")).await;
    assert_eq!(web.image, named(&written), "the list has only its id by now");
    assert_eq!(web.local.digests, set(&[&first]));
    assert_eq!(web.local.superseded_by, Some(set(&[&second])));
    let new = workload(&host, &hands.name("new")).await;
    assert_eq!((new.local.digests, new.local.superseded_by), (set(&[&second]), None));

    // never pushed; by its bare id; by the registry's digest
    let mine = format!("{}:mine", hands.name("local"));
    hands.build(&mine, "mine").await;
    hands.run("mine", &mine, json!({})).await;
    let image = hands.image_id(&mine).await;
    hands.run("by-id", &image, json!({})).await;
    let short = &image.trim_start_matches("sha256:")[..12];
    hands.run("by-short-id", short, json!({})).await;
    let pinned = format!("{}@{second}", hands.repository);
    hands.run("pinned", &pinned, json!({})).await;
    let local = workload(&host, &hands.name("mine")).await;
    assert_eq!((&local.image, local.local.built_here), (&named(&mine), !containerd));
    assert_eq!(workload(&host, &hands.name("by-id")).await.image, ImageName::Id(image.clone()));
    assert_eq!(workload(&host, &hands.name("by-short-id")).await.image, ImageName::Id(short.to_owned()));
    let by_digest = workload(&host, &hands.name("pinned")).await;
    assert_eq!((&by_digest.image, by_digest.local.digests), (&named(&pinned), set(&[&second])));

    // what does not run is there only where it is wanted
    hands.act(&hands.name("mine"), "stop?t=0").await;
    hands.act(&hands.name("new"), "pause").await;
    assert_eq!(workload(&host, &hands.name("mine")).await.state, WorkloadState::Exited);
    assert_eq!(workload(&host, &hands.name("new")).await.state, WorkloadState::Paused);
    let running = host.inventory(false).await.expect("an inventory").workloads;
    assert!(running.iter().all(|workload| workload.name != hands.name("mine")));
    assert!(running.iter().any(|workload| workload.name == hands.name("new")));

    // the check of its health runs every second
    let healthy = async {
        while workload(&host, &hands.name("web")).await.health.as_deref() != Some("healthy") {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    timeout(Duration::from_secs(20), healthy).await.expect("it becomes healthy");
    for short in ["web", "new", "mine", "by-id", "by-short-id", "pinned"] {
        hands.remove(&hands.name(short)).await;
    }
}

#[tokio::test]
async fn events_of_a_real_engine_are_followed() {
    let Some((host, hands)) = lab("events_of_a_real_engine_are_followed") else { return };
    let reference = format!("{}:1", hands.repository);
    // before the stream is asked for: they come all the same
    let since = host.greet().await.expect("its time").earlier(1);
    hands.build(&reference, "first").await;
    hands.run("first", &reference, json!({})).await;
    let mut events = pin!(host.events(since));
    let mine = [hands.name("first"), hands.name("renamed")];
    // other tests are at work on the same Engine
    let mut next = async || loop {
        let event = timeout(Duration::from_secs(20), events.next()).await.expect("in time").expect("no end").expect("no error");
        if event.subject == Subject::Image && event.name.as_deref() == Some(&reference) {
            return event.action;
        }
        if event.subject == Subject::Workload && event.name.as_ref().is_some_and(|name| mine.contains(name)) {
            return event.action;
        }
    };
    assert_eq!(next().await, "tag");
    assert_eq!(next().await, "create");
    assert_eq!(next().await, "start");
    hands.act(&mine[0], &format!("rename?name={}", mine[1])).await;
    assert_eq!(next().await, "rename");
    hands.act(&mine[1], "pause").await;
    assert_eq!(next().await, "pause");
    hands.act(&mine[1], "unpause").await;
    assert_eq!(next().await, "unpause");
    hands.remove(&mine[1]).await;
    assert_eq!(next().await, "die");
    assert_eq!(next().await, "destroy");
}

#[tokio::test]
async fn what_is_done_by_hand_is_seen_within_a_second() {
    let Some((host, hands)) = lab("what_is_done_by_hand_is_seen_within_a_second") else { return };
    let reference = format!("{}:1", hands.repository);
    hands.build(&reference, "first").await;
    let live = Live::start("lab".to_owned(), false);
    let stop = CancellationToken::new();
    let watching = tokio::spawn(watch::run(host, true, live.clone(), stop.clone()));
    let shown = |name: String, wanted: bool| {
        let mut changes = live.changes();
        async move {
            let has = |name: &str, state: &plimsoll::live::State| {
                state.snapshot.groups.iter().flat_map(|group| &group.workloads).any(|workload| workload.name == name)
            };
            timeout(within(Duration::from_secs(1)), changes.wait_for(|state| has(&name, state) == wanted)).await.map(drop).map_err(|_| name)
        }
    };
    let mut connected = live.changes();
    let up = connected.wait_for(|state| state.snapshot.hosts.iter().any(|host| host.engine.is_some()));
    assert!(timeout(Duration::from_secs(10), up).await.is_ok_and(|state| state.is_ok()), "it connects");

    hands.run("seen", &reference, json!({})).await;
    assert_eq!(shown(hands.name("seen"), true).await, Ok(()));
    hands.act(&hands.name("seen"), &format!("rename?name={}", hands.name("other"))).await;
    assert_eq!(shown(hands.name("other"), true).await, Ok(()));
    hands.remove(&hands.name("other")).await;
    assert_eq!(shown(hands.name("other"), false).await, Ok(()));

    stop.cancel();
    timeout(within(Duration::from_millis(900)), watching).await.expect("it stops at once").expect("no panic");
}
