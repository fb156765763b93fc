//! The adapter to registries against a real one: what is pushed is what is found.

#[path = "../support/lab.rs"]
mod lab;
mod login;
mod repository;
mod started;
mod tls;
mod token_server;

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use plimsoll::{
    image::Platform,
    registry::{Listed, Registries, RegistrySettings, Settings},
    wire::Reason,
};
use reqwest::{Method, header};

use repository::{INDEX, MANIFEST, Repository, done};

/// The adapter with nothing configured.
fn registries() -> Registries {
    configured(BTreeMap::new())
}

/// The adapter with this known of registries.
fn configured(registries: BTreeMap<String, RegistrySettings>) -> Registries {
    let settings = Settings {
        registries,
        logins: Vec::new(),
        timeout: Duration::from_secs(20),
        user_agent: "plimsoll/test".to_owned(),
        hub_api: None,
    };
    Registries::new(settings).expect("the adapter")
}

#[tokio::test]
async fn what_is_pushed_is_found_and_what_is_pushed_over_it_too() {
    let Some(registry) = lab::variable("PLIMSOLL_LAB_REGISTRY", "what_is_pushed_is_found_and_what_is_pushed_over_it_too") else { return };
    let repository = Repository::new(registry, "pushed");
    let registries = registries();
    let tag = repository.reference("1.0");
    let missing = registries.look_up(&tag).await.answer;
    assert!(matches!(missing, Err(Reason::NotFoundOrNoAccess { status: 404, .. })), "{missing:?}");
    let first = repository.push("1.0", "first").await;
    assert_eq!(registries.look_up(&tag).await.answer.expect("an answer"), first);
    let second = repository.push("1.0", "second").await;
    assert_ne!(first, second);
    let lookup = registries.look_up(&tag).await;
    assert_eq!(lookup.answer.expect("an answer"), second);
    assert_eq!(lookup.steps.len(), 1, "one HEAD is all that it takes: {:?}", lookup.steps);
    // the older one stays there by its digest
    let pinned = format!("{tag}@{first}").parse().expect("a reference");
    assert_eq!(registries.look_up(&pinned).await.answer.expect("an answer"), first);
    let other = registries.look_up(&repository.reference("2.0")).await.answer;
    assert!(matches!(other, Err(Reason::NotFoundOrNoAccess { status: 404, .. })), "{other:?}");
}

#[tokio::test]
async fn a_tag_of_an_index_stands_for_the_index() {
    let Some(registry) = lab::variable("PLIMSOLL_LAB_REGISTRY", "a_tag_of_an_index_stands_for_the_index") else { return };
    let repository = Repository::new(registry, "index");
    let child = repository.push("amd64", "of an index").await;
    let size = done(repository.client.get(repository.url(&format!("manifests/{child}"))).header(header::ACCEPT, MANIFEST).send().await)
        .content_length()
        .expect("a length");
    let index = format!(
        r#"{{"schemaVersion":2,"mediaType":"{INDEX}","manifests":[{{"mediaType":"{MANIFEST}","digest":"{child}","size":{size},"platform":{{"architecture":"amd64","os":"linux"}}}}]}}"#
    );
    let index = repository.manifest("latest", INDEX, index).await;
    assert_ne!(index, child);
    assert_eq!(registries().look_up(&repository.reference("latest")).await.answer.expect("an answer"), index);
}

#[tokio::test]
async fn all_tags_are_listed_in_whatever_order_they_come() {
    let test = "all_tags_are_listed_in_whatever_order_they_come";
    let Some(registry) = lab::variable("PLIMSOLL_LAB_REGISTRY", test) else { return };
    let repository = Repository::new(registry, "tags");
    let registries = registries();
    let missing = registries.tags(&repository.reference("1.0"), &[]).await.answer;
    assert!(matches!(missing, Err(Reason::NotFoundOrNoAccess { status: 404, .. })), "{missing:?}");
    // docker-registry 2.8 has them in the order of a directory, and takes neither `n` nor `last`
    let mut tags = ["latest", "v1", "1.2", "multi", "alpha", "1.10", "Zeta", "1.0"];
    for tag in tags {
        repository.push(tag, "one image").await;
    }
    let lookup = registries.tags(&repository.reference("1.0"), &[]).await;
    let Ok(Listed::Tags(listing)) = lookup.answer else { panic!("{lookup:?}") };
    let mut found: Vec<_> = listing.iter().collect();
    found.sort_unstable();
    tags.sort_unstable();
    assert_eq!(found, tags);
    let pages: Vec<_> = lookup.steps.iter().filter(|step| step.request.contains("/tags/list")).collect();
    assert!(pages.len() == 1 && !pages[0].request.contains('×'), "one request is all that it takes: {pages:?}");
}

#[tokio::test]
async fn what_a_tag_stands_for_is_learnt_once() {
    let Some(registry) = lab::variable("PLIMSOLL_LAB_REGISTRY", "what_a_tag_stands_for_is_learnt_once") else { return };
    let repository = Repository::new(registry, "details");
    let registries = registries();
    let child = repository.push("amd64", "in detail").await;
    let size = done(repository.client.get(repository.url(&format!("manifests/{child}"))).header(header::ACCEPT, MANIFEST).send().await)
        .content_length()
        .expect("a length");
    let index = format!(
        r#"{{"schemaVersion":2,"mediaType":"{INDEX}","manifests":[{{"mediaType":"{MANIFEST}","digest":"{child}","size":{size},"platform":{{"architecture":"amd64","os":"linux"}}}}],"annotations":{{"org.opencontainers.image.version":"1.2.3"}}}}"#
    );
    let index = repository.manifest("1", INDEX, index).await;
    let wanted = BTreeSet::from([Platform { os: "linux".into(), architecture: "amd64".into(), variant: None }]);
    for (tag, digest, version) in [("1", &index, Some("1.2.3")), ("amd64", &child, None)] {
        let details = registries.details(&repository.reference(tag), &wanted, None, true).await.answer.expect("details");
        assert_eq!((&details.digest, details.version.as_deref(), details.created), (digest, version, None));
        let image = &details.platforms[..];
        assert!(image.len() == 1 && image[0].manifest == child && image[0].config.is_some() && image[0].size == Some(0), "{image:?}");
        let again = registries.details(&repository.reference(tag), &wanted, Some(&details), true).await;
        assert_eq!(again.answer.expect("details"), details);
        assert!(again.steps.iter().all(|step| step.request.starts_with("HEAD ")), "{:?}", again.steps);
    }
}

#[tokio::test]
async fn a_condition_is_kept_as_the_simulated_registry_keeps_it() {
    let Some(registry) = lab::variable("PLIMSOLL_LAB_REGISTRY", "a_condition_is_kept_as_the_simulated_registry_keeps_it") else { return };
    let repository = Repository::new(registry, "condition");
    let digest = repository.push("1", "conditional").await;
    for method in [Method::HEAD, Method::GET] {
        let request = repository.client.request(method.clone(), repository.url("manifests/1")).header(header::ACCEPT, MANIFEST);
        let answer = request.header(header::IF_NONE_MATCH, format!("\"{digest}\"")).send().await.expect("an answer");
        let named = answer.headers().contains_key("docker-content-digest");
        assert_eq!((answer.status().as_u16(), named), (304, false), "{method}");
    }
}
