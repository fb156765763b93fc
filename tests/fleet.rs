//! The sample fleet keeps what it promises: every verdict, and where nothing can be known, the reasons why.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use plimsoll::{
    image::{Answer, Digest, Finding, Policy, Reference, judge::Local, judge::judge},
    registry::{Registries, RegistrySettings, Settings},
    simulate::fleet::{self, Fleet},
    wire::{Reason, Verdict},
};
use serde_json::Value;

/// What the silent registry is given.
const PATIENCE: Duration = Duration::from_secs(1);

async fn get(fleet: &Fleet, client: &reqwest::Client, path: &str) -> Value {
    let url = format!("{}{path}", fleet.host().replace("tcp://", "http://"));
    let text = client.get(url).send().await.expect("an answer").text().await.expect("a body");
    serde_json::from_str(&text).expect("JSON")
}

fn registries(fleet: &Fleet) -> Registries {
    let plain = |address| RegistrySettings { insecure: true, address: Some(address), ..RegistrySettings::default() };
    let registries = fleet.addresses().expect("addresses").into_iter().map(|(host, address)| (host, plain(address))).collect();
    let settings = Settings { registries, timeout: PATIENCE, user_agent: "test".to_owned(), ..Settings::default() };
    Registries::new(settings).expect("registries")
}

/// The digests under which an image may be known as `name`.
fn digests(image: &Value, name: &str) -> BTreeSet<Digest> {
    let told = image["RepoDigests"].as_array().expect("a list").iter().filter_map(|text| text.as_str()?.split_once('@'));
    told.filter(|(told, _)| *told == name).map(|(_, digest)| digest.parse().expect("a digest")).collect()
}

/// The verdict of every container, by name.
async fn verdicts(fleet: &Fleet) -> BTreeMap<String, Verdict> {
    let registries = registries(fleet);
    let client = reqwest::Client::new();
    let mut verdicts = BTreeMap::new();
    for container in get(fleet, &client, "/containers/json?all=1").await.as_array().expect("a list") {
        let name = container["Names"][0].as_str().expect("a name").trim_start_matches('/').to_owned();
        let written = get(fleet, &client, &format!("/containers/{name}/json")).await["Config"]["Image"].as_str().expect("text").to_owned();
        let Ok(reference) = written.parse::<Reference>() else {
            verdicts.insert(name, Verdict::Unknown { reason: Reason::NoReference });
            continue;
        };
        let id = container["ImageID"].as_str().expect("an id");
        let image = get(fleet, &client, &format!("/images/{id}/json")).await;
        let current = get(fleet, &client, &format!("/images/{written}/json")).await;
        let local = Local {
            pinned: reference.digest().is_some(),
            digests: digests(&image, &reference.familiar_name()),
            built_here: image["RepoDigests"].as_array().is_some_and(Vec::is_empty),
            superseded_by: (current["Id"] != image["Id"]).then(|| digests(&current, &reference.familiar_name())),
            ..Local::default()
        };
        let lookup = registries.look_up(&reference).await;
        let answer = lookup.answer.map(Answer::digest);
        let finding = Finding { reference, answer, at: 0, took_ms: lookup.took_ms, steps: lookup.steps };
        verdicts.insert(name, judge(Some(&finding), &local, &Policy::default()).0);
    }
    verdicts
}

#[tokio::test]
async fn every_verdict_is_there() {
    let fleet = fleet::start(fleet::SIZE, false).await.expect("a fleet");
    fleet.hurry();
    let verdicts = verdicts(&fleet).await;
    let named = |wanted: fn(&Verdict) -> bool| -> Vec<&str> {
        verdicts.iter().filter(|(_, verdict)| wanted(verdict)).map(|(name, _)| name.as_str()).collect()
    };
    assert_eq!(
        named(|verdict| *verdict == Verdict::UpToDate),
        [
            "forgejo",
            "grafana",
            "homeassistant",
            "immich_machine_learning",
            "immich_redis",
            "mosquitto",
            "paperless-broker",
            "paperless-db",
            "pihole",
            "prometheus",
            "qbittorrent",
            "sonarr",
        ]
    );
    assert_eq!(
        named(|verdict| *verdict == Verdict::Rebuilt),
        ["immich_server", "paperless", "radarr", "traefik", "www", "www-2024", "www-staging"]
    );
    assert_eq!(named(|verdict| *verdict == Verdict::Recreate), ["immich_postgres", "jellyfin", "miniflux-db"]);
    assert_eq!(named(|verdict| *verdict == Verdict::Pinned), ["vaultwarden"]);
    assert_eq!(named(|verdict| *verdict == Verdict::LocalBuild), ["garden-sensors"]);
    let reason = |name: &str| match &verdicts[name] {
        Verdict::Unknown { reason } => reason.clone(),
        other => panic!("{name}: {other:?}"),
    };
    assert!(matches!(reason("household-ledger"), Reason::NotFoundOrNoAccess { status: 401 | 403, .. }));
    assert!(matches!(reason("rss-digest"), Reason::NotFoundOrNoAccess { status: 404, .. }));
    assert!(matches!(reason("keycloak"), Reason::RateLimited { retry_after: Some(1800), .. }));
    assert!(matches!(reason("backup"), Reason::Unreachable { .. }));
    assert!(matches!(reason("recipes"), Reason::TimedOut { .. }));
    assert_eq!(reason("scratchpad"), Reason::NoReference);
}

#[tokio::test]
async fn any_size_can_be_had() {
    for (size, images) in [(0, 0), (3, 3), (60, 60), (1000, 1000)] {
        let fleet = fleet::start(size, false).await.expect("a fleet");
        let registries = registries(&fleet);
        drop(registries);
        let client = reqwest::Client::new();
        let list = get(&fleet, &client, "/containers/json?all=1").await;
        let mut written = BTreeSet::new();
        for container in list.as_array().expect("a list") {
            let inspected = get(&fleet, &client, &format!("/containers/{}/json", container["Id"].as_str().expect("an id"))).await;
            written.insert(inspected["Config"]["Image"].as_str().expect("text").to_owned());
        }
        assert_eq!(written.len(), images);
    }
}
