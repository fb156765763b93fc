//! Without faults.

use std::time::Duration;

use serde_json::Value;

use super::*;
use crate::{
    image::Digest,
    simulate::registry::{Access, Login, digest_of},
};

#[tokio::test]
async fn a_tag_stands_for_what_was_pushed_last() {
    let registry = Registry::start().await.unwrap();
    let first = registry.push("library/nginx", "1.27", 1);
    let second = registry.push("library/nginx", "1.27", 2);
    assert_ne!(first, second);
    assert_eq!(digest_of("library/nginx", 1), first);
    let answer = head(&registry, "/v2/library/nginx/manifests/1.27").await;
    assert_eq!((answer.status, answer.header("docker-content-digest")), (StatusCode::OK, second.as_str()));
    assert_eq!(answer.header("etag"), format!("\"{second}\""));
    assert_eq!(answer.header("content-type"), "application/vnd.oci.image.index.v1+json");
    assert_eq!(answer.header("docker-distribution-api-version"), "registry/2.0");
    assert!(answer.body.is_empty());
    let whole = get(&registry, "/v2/library/nginx/manifests/1.27").await;
    assert_eq!(Digest::of(&whole.body), second);
    assert_eq!(whole.body.len().to_string(), answer.header("content-length"));
    // what a tag stood for stays there by digest
    assert_eq!(Digest::of(&get(&registry, &format!("/v2/library/nginx/manifests/{first}")).await.body), first);
}

#[tokio::test]
async fn an_index_leads_to_manifests_configurations_and_layers() {
    let registry = Registry::start().await.unwrap();
    registry.push("acme/app", "1", 7);
    let index: Value = serde_json::from_slice(&get(&registry, "/v2/acme/app/manifests/1").await.body).unwrap();
    assert_eq!(index["manifests"][1]["platform"]["architecture"], "arm64");
    let child = index["manifests"][1]["digest"].as_str().unwrap();
    let child = get(&registry, &format!("/v2/acme/app/manifests/{child}")).await;
    assert_eq!(child.header("content-type"), "application/vnd.oci.image.manifest.v1+json");
    let manifest: Value = serde_json::from_slice(&child.body).unwrap();
    for blob in [&manifest["config"], &manifest["layers"][0]] {
        let digest = blob["digest"].as_str().unwrap();
        let got = get(&registry, &format!("/v2/acme/app/blobs/{digest}")).await;
        assert_eq!(Digest::of(&got.body).as_str(), digest);
        assert_eq!(blob["size"], got.body.len());
    }
    let digest = manifest["config"]["digest"].as_str().unwrap();
    let config: Value = serde_json::from_slice(&get(&registry, &format!("/v2/acme/app/blobs/{digest}")).await.body).unwrap();
    assert_eq!((&config["architecture"], &config["created"]), (&"arm64".into(), &"2025-01-08T00:00:00Z".into()));
}

#[tokio::test]
async fn conditions_and_media_types_are_kept() {
    let registry = Registry::start().await.unwrap();
    let digest = registry.push("acme/app", "1", 1);
    let path = "/v2/acme/app/manifests/1";
    let tag = format!("\"{digest}\"");
    for method in [Method::GET, Method::HEAD] {
        let headers = [(header::ACCEPT, ACCEPT), (header::IF_NONE_MATCH, tag.as_str())];
        let answer = send(&registry, method, path, &headers).await.unwrap();
        assert_eq!((answer.status, answer.header("docker-content-digest")), (StatusCode::NOT_MODIFIED, ""));
    }
    for accept in ["*/*", "application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json"] {
        let answer = send(&registry, Method::GET, path, &[(header::ACCEPT, accept)]).await.unwrap();
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::NOT_FOUND, "MANIFEST_UNKNOWN"), "{accept}");
    }
    assert_eq!(send(&registry, Method::GET, path, &[]).await.unwrap().status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_not_there_has_its_code() {
    let registry = Registry::start().await.unwrap();
    registry.push("acme/app", "1", 1);
    registry.remove("acme/app", "1");
    let never = digest_of("acme/app", 2);
    let (here, there) = (format!("/v2/acme/app/manifests/{never}"), format!("/v2/acme/other/manifests/{never}"));
    for (path, code) in [
        ("/v2/acme/app/manifests/1", "MANIFEST_UNKNOWN"),
        (&here, "MANIFEST_UNKNOWN"),
        // only a list of tags tells a repository that is not there
        ("/v2/acme/other/manifests/1", "MANIFEST_UNKNOWN"),
        (&there, "MANIFEST_UNKNOWN"),
        ("/v2/acme/other/tags/list", "NAME_UNKNOWN"),
        ("/v2/acme/app/blobs/sha256:00", "BLOB_UNKNOWN"),
    ] {
        let answer = get(&registry, path).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::NOT_FOUND, code), "{path}");
    }
    let misspelt = get(&registry, "/v2/acme/App/manifests/1").await;
    assert_eq!((misspelt.status, &misspelt.body[..]), (StatusCode::NOT_FOUND, &b"404 page not found\n"[..]));
    assert_eq!(get(&registry, "/v2/").await.status, StatusCode::OK);
    assert_eq!(get(&registry, "/").await.status, StatusCode::NOT_FOUND);
    assert_eq!(send(&registry, Method::PUT, "/v2/acme/app/manifests/1", &[]).await.unwrap().status, StatusCode::METHOD_NOT_ALLOWED);
    let counts = registry.counts();
    assert_eq!((counts.get, counts.blob, counts.tags, counts.ping, counts.other, counts.all()), (5, 1, 1, 1, 2, 10));
}

#[tokio::test]
async fn tags_come_in_pages() {
    let registry = Registry::start().await.unwrap();
    registry.push_all("acme/app", (1..=7).map(|n| format!("1.{n}")), 1);
    let path = "/v2/acme/app/tags/list";
    let all = get(&registry, path).await;
    assert_eq!((all.tags().len(), all.header("link")), (7, ""));
    registry.set_page(3);
    let mut next = path.to_owned();
    let mut sizes = Vec::new();
    while !next.is_empty() {
        let page = get(&registry, &next).await;
        sizes.push(page.tags().len());
        next = page.header("link").trim_start_matches('<').split('>').next().unwrap().to_owned();
    }
    assert_eq!(sizes, [3, 3, 1]);
    assert_eq!(get(&registry, "/v2/acme/app/tags/list?n=2&last=1.5").await.tags(), ["1.6", "1.7"]);
    assert_eq!(get(&registry, "/v2/acme/app/tags/list?n=1").await.header("link"), "</v2/acme/app/tags/list?last=1.1&n=1>; rel=\"next\"");
    assert_eq!(get(&registry, "/v2/acme/app/tags/list?n=many").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_token_is_good_for_its_repository_and_hides_what_is_private() {
    let registry = Registry::start().await.unwrap();
    registry.push("acme/open", "1", 1);
    registry.push("acme/closed", "1", 1);
    registry.hide("acme/closed");
    registry.set_access(Access::Token { lifetime: Duration::from_mins(5), login: Some(Login::new("me", "secret")) });
    let refused = get(&registry, "/v2/acme/open/manifests/1").await;
    assert_eq!((refused.status, refused.code().as_str()), (StatusCode::UNAUTHORIZED, "UNAUTHORIZED"));
    let realm = format!("Bearer realm=\"http://{}/token\",service=\"simulated\",scope=\"repository:acme/open:pull\"", registry.address());
    assert_eq!(refused.header("www-authenticate"), realm);

    let right = "Basic bWU6c2VjcmV0";
    for (login, repository, status) in [
        (None, "acme/open", StatusCode::OK),
        (None, "acme/closed", StatusCode::UNAUTHORIZED),
        (Some(right), "acme/open", StatusCode::OK),
        (Some(right), "acme/closed", StatusCode::OK),
    ] {
        let path = format!("/token?service=simulated&scope=repository:{repository}:pull");
        let headers: Vec<_> = login.map(|login| (header::AUTHORIZATION, login)).into_iter().collect();
        let given: Value = serde_json::from_slice(&send(&registry, Method::GET, &path, &headers).await.unwrap().body).unwrap();
        assert_eq!((&given["token"], &given["expires_in"]), (&given["access_token"], &300.into()));
        let bearer = format!("Bearer {}", given["token"].as_str().unwrap());
        let headers = [(header::ACCEPT, ACCEPT), (header::AUTHORIZATION, bearer.as_str())];
        let answer = send(&registry, Method::HEAD, &format!("/v2/{repository}/manifests/1"), &headers).await.unwrap();
        assert_eq!(answer.status, status, "{login:?} {repository}");
        // and for no other
        let other = send(&registry, Method::HEAD, "/v2/acme/else/manifests/1", &headers).await.unwrap();
        assert!(other.header("www-authenticate").ends_with("error=\"insufficient_scope\""));
        registry.revoke_tokens();
        let revoked = send(&registry, Method::HEAD, &format!("/v2/{repository}/manifests/1"), &headers).await.unwrap();
        assert!(revoked.header("www-authenticate").ends_with("error=\"invalid_token\""));
    }
    let wrong = [(header::AUTHORIZATION, "Basic bWU6d3Jvbmc=")];
    assert_eq!(send(&registry, Method::GET, "/token", &wrong).await.unwrap().status, StatusCode::UNAUTHORIZED);
    assert_eq!(registry.counts().logins, 3);
}

#[tokio::test]
async fn basic_lets_only_the_right_login_in() {
    let registry = Registry::start().await.unwrap();
    registry.push("acme/app", "1", 1);
    registry.set_access(Access::Basic(Login::new("me", "secret")));
    let path = "/v2/acme/app/manifests/1";
    for (login, status) in
        [("", StatusCode::UNAUTHORIZED), ("Basic bWU6d3Jvbmc=", StatusCode::UNAUTHORIZED), ("Basic bWU6c2VjcmV0", StatusCode::OK)]
    {
        let headers = [(header::ACCEPT, ACCEPT), (header::AUTHORIZATION, login)];
        let answer = send(&registry, Method::HEAD, path, &headers).await.unwrap();
        assert_eq!(answer.status, status, "{login}");
        assert_eq!(answer.headers.contains_key(header::WWW_AUTHENTICATE), status == StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn it_ends_with_its_last_handle() {
    let registry = Registry::start().await.unwrap();
    let (address, clone) = (registry.address(), registry.clone());
    drop(registry);
    assert_eq!(get(&clone, "/v2/").await.status, StatusCode::OK);
    let mut open = TcpStream::connect(address).await.unwrap();
    drop(clone);
    // an open connection ends too
    let mut end = [0];
    assert_eq!(tokio::io::AsyncReadExt::read(&mut open, &mut end).await.unwrap_or(0), 0);
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
}
