//! The faults are what they say.

use std::time::Duration;

use tokio::time::timeout;

use super::*;
use crate::{image::Digest, simulate::registry::Access};

/// A manifest that lies in every registry here.
const PATH: &str = "/v2/acme/app/manifests/1";

/// A registry with that manifest and one fault.
async fn with(fault: Fault) -> (Registry, Digest) {
    let registry = Registry::start().await.unwrap();
    let digest = registry.push("acme/app", "1", 1);
    registry.fault(Scope::Whole, fault);
    (registry, digest)
}

#[tokio::test]
async fn some_give_no_answer() {
    let (registry, digest) = with(Fault::Hang).await;
    let wait = Duration::from_millis(50);
    assert!(timeout(wait, get(&registry, PATH)).await.is_err());
    registry.heal();
    assert_eq!(get(&registry, PATH).await.header("docker-content-digest"), digest.as_str());
    for fault in [Fault::Reset, Fault::ResetMidBody] {
        let (registry, _) = with(fault).await;
        assert!(send(&registry, Method::GET, PATH, &[(header::ACCEPT, ACCEPT)]).await.is_none());
    }
    for fault in [Fault::SlowBody, Fault::HugeBody] {
        let (registry, _) = with(fault).await;
        assert_eq!(head(&registry, PATH).await.header("docker-content-digest"), "");
        assert!(timeout(wait, get(&registry, PATH)).await.is_err());
    }
}

#[tokio::test]
async fn some_answer_something_else() {
    let date = "Retry-After";
    for (fault, status, header, value) in [
        (Fault::Status(503), 503, "content-type", "application/json"),
        (Fault::Html, 200, "content-type", "text/html; charset=utf-8"),
        (Fault::TooMany(RetryAfter::Seconds(7)), 429, date, "7"),
        (Fault::TooMany(RetryAfter::Missing), 429, date, ""),
        (Fault::TooMany(RetryAfter::Body), 429, date, ""),
        (Fault::Redirect("/elsewhere".into()), 307, "location", "/elsewhere"),
        (Fault::NoDigest, 200, "docker-content-digest", ""),
        (Fault::Digest("sha256:wrong".into()), 200, "docker-content-digest", "sha256:wrong"),
        (Fault::Schema1, 200, "content-type", "application/vnd.docker.distribution.manifest.v1+prettyjws"),
        (Fault::Gzip, 200, "content-encoding", "gzip"),
    ] {
        let (registry, _) = with(fault.clone()).await;
        let answer = get(&registry, PATH).await;
        assert_eq!((answer.status.as_u16(), answer.header(header)), (status, value), "{fault:?}");
    }
    let (registry, _) = with(Fault::TooMany(RetryAfter::Date(60))).await;
    let date = get(&registry, PATH).await.header("retry-after").to_owned();
    let date = jiff::fmt::rfc2822::parse(&date).unwrap().timestamp();
    let left = date.as_second() - jiff::Timestamp::now().as_second();
    assert!((50..=60).contains(&left), "{left}");
}

#[tokio::test]
async fn some_are_for_head_alone() {
    let (registry, digest) = with(Fault::HeadRefused).await;
    assert_eq!(head(&registry, PATH).await.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(get(&registry, PATH).await.header("docker-content-digest"), digest.as_str());
    let (registry, digest) = with(Fault::NoDigestOfHead).await;
    assert_eq!(head(&registry, PATH).await.header("docker-content-digest"), "");
    assert_eq!(get(&registry, PATH).await.header("docker-content-digest"), digest.as_str());
}

#[tokio::test]
async fn compressed_bytes_hold_the_manifest() {
    let (registry, digest) = with(Fault::Gzip).await;
    let file = get(&registry, PATH).await.body;
    // a stored block: ten bytes of header, five of the block, eight of the end
    assert_eq!(Digest::of(&file[15..file.len() - 8]), digest);
    // the check sum of a known text, as RFC 3720 and every tool have it
    assert_eq!(crate::simulate::registry::reply::gzip(b"123456789")[24..28], 0xCBF4_3926_u32.to_le_bytes());
}

#[tokio::test]
async fn challenges_and_tokens_go_wrong_in_their_ways() {
    let registry = Registry::start().await.unwrap();
    registry.push("acme/app", "1", 1);
    registry.set_access(Access::Token { lifetime: Duration::from_mins(5), login: None });
    let realm = format!("http://{}/token", registry.address());
    let rest = "service=\"simulated\"";
    let own = "scope=\"repository:acme/app:pull\"";
    for (fault, expected) in [
        (Fault::LowerCaseScheme, format!("bearer realm=\"{realm}\",{rest},{own}")),
        (Fault::UnquotedRealm, format!("Bearer realm={realm},{rest},{own}")),
        (Fault::PlaceholderScope, format!("Bearer realm=\"{realm}\",{rest},scope=\"repository:user/image:pull\"")),
        (Fault::TwoChallenges, format!("Bearer realm=\"{realm}\",{rest},{own},Basic realm=\"simulated\"")),
        (Fault::Realm("http://10.0.0.1/".into()), format!("Bearer realm=\"http://10.0.0.1/\",{rest},{own}")),
    ] {
        registry.heal();
        registry.fault(Scope::Whole, fault);
        assert_eq!(get(&registry, PATH).await.header("www-authenticate"), expected);
    }
    for (fault, expected) in [
        (Fault::AccessTokenOnly, vec!["access_token", "expires_in"]),
        (Fault::NoExpiry, vec!["access_token", "token"]),
        (Fault::UselessToken, vec!["access_token", "expires_in", "token"]),
    ] {
        registry.heal();
        registry.fault(Scope::Token, fault.clone());
        let body = get(&registry, "/token?scope=repository:acme/app:pull").await.body;
        let body: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(&body).unwrap();
        assert_eq!(body.keys().collect::<Vec<_>>(), expected, "{fault:?}");
        let bearer = format!("Bearer {}", body["access_token"].as_str().unwrap());
        let headers = [(header::ACCEPT, ACCEPT), (header::AUTHORIZATION, bearer.as_str())];
        let taken = send(&registry, Method::HEAD, PATH, &headers).await.unwrap().status == StatusCode::OK;
        assert_eq!(taken, fault != Fault::UselessToken);
    }
}

#[tokio::test]
async fn faults_keep_to_their_place_and_number() {
    let registry = Registry::start().await.unwrap();
    registry.push("acme/app", "1", 1);
    registry.push("acme/other", "1", 1);
    registry.fault_times(Scope::repository("acme/app"), Fault::Status(502), 2);
    registry.fault(Scope::Token, Fault::Status(500));
    let mut seen = Vec::new();
    for path in [PATH, "/v2/acme/other/manifests/1", "/token", PATH, PATH] {
        seen.push(get(&registry, path).await.status.as_u16());
    }
    assert_eq!(seen, [502, 200, 500, 502, 200]);
}

#[tokio::test]
async fn a_delay_holds_a_request() {
    let (registry, _) = with(Fault::NoDigest).await;
    registry.set_delay(Duration::from_millis(40));
    let started = std::time::Instant::now();
    get(&registry, PATH).await;
    assert!(started.elapsed() >= Duration::from_millis(40));
}

#[tokio::test]
async fn requests_wait_side_by_side_and_the_most_are_counted() {
    let (registry, _) = with(Fault::Hang).await;
    let all_wait = async {
        while registry.counts().all() < 3 {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        _ = async { tokio::join!(get(&registry, PATH), get(&registry, PATH), head(&registry, PATH)) } => panic!("a hanging registry answered"),
        () = all_wait => {}
    }
    assert_eq!((registry.counts().peak, registry.counts().get, registry.counts().head), (3, 2, 1));
}
