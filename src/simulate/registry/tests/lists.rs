//! Lists of tags go wrong in their ways, and what else there is beside manifests is what it should be.

use serde_json::Value;

use super::*;
use crate::{
    image::{Digest, Platform},
    simulate::registry::{Build, Shape, child_of, created_of, digest_of},
};

/// Where the tags are.
const LIST: &str = "/v2/acme/app/tags/list";

/// A registry with seven tags in pages of three.
async fn seven() -> Registry {
    let registry = Registry::start().await.unwrap();
    registry.push_all("acme/app", (1..=7).map(|n| format!("1.{n}")), 1);
    registry.set_page(3);
    registry
}

#[tokio::test]
async fn the_next_page_is_named_in_every_way_that_was_seen() {
    let registry = seven().await;
    let address = registry.address();
    for (fault, expected) in [
        (Fault::NoLink, String::new()),
        (Fault::NoPages, String::new()),
        (Fault::LinkAbsolute, format!("<http://{address}{LIST}?last=1.3&n=3>; rel=\"next\"")),
        (Fault::LinkElsewhere("https://a.example".into()), format!("<https://a.example{LIST}?last=1.3&n=3>; rel=\"next\"")),
        (Fault::LinkLoop, format!("<{LIST}?n=3>; rel=\"next\"")),
        (Fault::LinkAlways, format!("<{LIST}?last=1.3&n=3>; rel=\"next\"")),
        (Fault::LinkEndless, format!("<{LIST}?last=2&n=3>; rel=\"next\"")),
        (Fault::LinkOpaque, format!("<{LIST}?next_page=MS4z&n=3>; rel=\"next\"")),
        (Fault::LinkSloppy, format!("<{LIST}>; title=\"a, b\"; rel=first, <?last=1.3&n=3> ; type=json;REL = next")),
        (Fault::LinkWithoutPrefix, "</v2/app/tags/list?last=1.3&n=3>; rel=\"next\"".to_owned()),
    ] {
        registry.heal();
        registry.fault(Scope::Tags, fault.clone());
        assert_eq!(get(&registry, &format!("{LIST}?n=3")).await.header("link"), expected, "{fault:?}");
        // manifests know nothing of it
        assert_eq!(get(&registry, "/v2/acme/app/manifests/1.1").await.status, StatusCode::OK);
    }
    registry.heal();
    registry.fault(Scope::Tags, Fault::LinkOpaque);
    assert_eq!(get(&registry, &format!("{LIST}?last=1.6")).await.tags(), ["1.1", "1.2", "1.3"], "it knows no `last`");
    assert_eq!(get(&registry, &format!("{LIST}?next_page=MS4z")).await.tags(), ["1.4", "1.5", "1.6"]);
}

#[tokio::test]
async fn some_lists_are_none_that_can_be_counted_on() {
    let registry = seven().await;
    for (fault, query, status) in [
        (Fault::CountRefused(100), "?n=101", 405),
        (Fault::CountRefused(100), "?n=100", 200),
        (Fault::CountInvalid(100), "?n=101", 400),
        (Fault::NullTags, "", 200),
    ] {
        registry.heal();
        registry.fault(Scope::Tags, fault.clone());
        assert_eq!(get(&registry, &format!("{LIST}{query}")).await.status.as_u16(), status, "{fault:?}");
    }
    let body: Value = serde_json::from_slice(&get(&registry, LIST).await.body).unwrap();
    assert!(body["tags"].is_null());
    registry.heal();
    registry.fault(Scope::Tags, Fault::NoPages);
    assert_eq!(get(&registry, &format!("{LIST}?n=2&last=1.5")).await.tags(), ["1.4", "1.5", "1.6", "1.7", "1.1", "1.2", "1.3"]);
}

#[tokio::test]
async fn a_page_has_a_mark_that_changes_with_it() {
    let registry = seven().await;
    let first = get(&registry, LIST).await.header("etag").to_owned();
    assert!(!first.is_empty());
    let again = async |path: &str| {
        let headers = [(header::IF_NONE_MATCH, first.as_str())];
        send(&registry, Method::GET, path, &headers).await.unwrap()
    };
    let same = again(LIST).await;
    assert_eq!((same.status, same.header("etag"), same.body.len()), (StatusCode::NOT_MODIFIED, first.as_str(), 0));
    assert_eq!(again(&format!("{LIST}?last=1.3")).await.status, StatusCode::OK);
    registry.push("acme/app", "1.1x", 9);
    assert_eq!(again(LIST).await.status, StatusCode::OK);
    registry.fault(Scope::Tags, Fault::NoEtag);
    assert_eq!(get(&registry, LIST).await.header("etag"), "");
}

#[tokio::test]
async fn fifty_thousand_tags_are_little_work() {
    let registry = Registry::start().await.unwrap();
    registry.push_all("acme/app", (0..50_000).map(|n| format!("{n:05}")), 1);
    assert_eq!(get(&registry, &format!("{LIST}?n=2&last=49990")).await.tags(), ["49991", "49992"]);
    // what a tag led to once is found again without looking through all others
    let index: Value = serde_json::from_slice(&get(&registry, "/v2/acme/app/manifests/49999").await.body).unwrap();
    let child = index["manifests"][0]["digest"].as_str().unwrap();
    let got = get(&registry, &format!("/v2/acme/app/manifests/{child}")).await;
    assert_eq!(Digest::of(&got.body).as_str(), child);
}

#[tokio::test]
async fn images_are_built_as_they_are_wanted() {
    let registry = Registry::start().await.unwrap();
    let arm = Platform { os: "linux".into(), architecture: "arm".into(), variant: Some("v7".into()) };
    let digest = registry.push_for("acme/app", "1", 1, std::slice::from_ref(&arm));
    assert_ne!(digest, digest_of("acme/app", 1));
    let read = async |reference: &str| -> Value {
        serde_json::from_slice(&get(&registry, &format!("/v2/acme/app/manifests/{reference}")).await.body).unwrap()
    };
    let index = read("1").await;
    assert_eq!(index["manifests"].as_array().unwrap().len(), 1);
    assert_eq!(index["manifests"][0]["platform"]["variant"], "v7");
    // the same images, and an attestation beside them
    let anew = registry.repush_index("acme/app", "1").unwrap();
    assert_ne!(anew, digest);
    let repushed = read("1").await;
    assert_eq!(repushed["manifests"][0], index["manifests"][0]);
    assert_eq!(repushed["manifests"][1]["platform"]["os"], "unknown");
    assert_eq!(read(digest.as_str()).await, index, "what the tag stood for stays there");
    assert_eq!(registry.repush_index("acme/app", "2"), None);
    let build = Build { version: Some("1.2".into()), shape: Shape::Manifest, ..Build::default() };
    registry.push_built("acme/app", "3", 3, &build);
    let manifest = read("3").await;
    let config = manifest["config"]["digest"].as_str().unwrap();
    let config: Value = serde_json::from_slice(&get(&registry, &format!("/v2/acme/app/blobs/{config}")).await.body).unwrap();
    assert_eq!(config["config"]["Labels"]["org.opencontainers.image.version"], "1.2");
    assert_eq!(child_of("acme/app", 3, &arm), None);
}

#[tokio::test]
async fn docker_hub_s_api_tells_of_tags_and_is_counted_apart() {
    let registry = Registry::start().await.unwrap();
    let digest = registry.push("library/nginx", "1.27", 5);
    let path = "/v2/repositories/library/nginx/tags/1.27";
    let answer = get(&registry, path).await;
    let body: Value = serde_json::from_slice(&answer.body).unwrap();
    let platform = Platform { os: "linux".into(), architecture: "amd64".into(), variant: None };
    let child = child_of("library/nginx", 5, &platform).unwrap();
    assert_eq!(body["digest"], digest.as_str());
    assert_eq!((&body["images"][0]["digest"], &body["images"][0]["size"]), (&child.manifest.as_str().into(), &child.size.into()));
    let pushed: jiff::Timestamp = body["tag_last_pushed"].as_str().unwrap().parse().unwrap();
    assert_eq!(pushed.as_second(), created_of(5));
    assert_eq!(answer.header("x-ratelimit-remaining"), "180");
    registry.hide("library/nginx");
    assert_eq!(get(&registry, path).await.status, StatusCode::NOT_FOUND);
    let counts = registry.counts();
    assert_eq!((counts.hub, counts.get, counts.tags, counts.all()), (2, 0, 0, 2));
}

#[tokio::test]
async fn configurations_may_lie_elsewhere() {
    let registry = Registry::start().await.unwrap();
    registry.push("acme/app", "1", 1);
    registry.fault(Scope::Blobs, Fault::BlobsElsewhere("https://a.example".into()));
    let answer = get(&registry, "/v2/acme/app/blobs/sha256:00").await;
    assert_eq!((answer.status.as_u16(), answer.header("location")), (307, "https://a.example/v2/acme/app/blobs/sha256:00"));
}
