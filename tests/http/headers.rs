//! Headers of every answer, and the policy of pages.

use std::collections::BTreeSet;

use crate::house::{House, house};

const ALWAYS: [(&str, &str); 4] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
];

/// Method, path, headers and the status of the answer.
type Case = (&'static str, &'static str, &'static [(&'static str, &'static str)], u16);

#[tokio::test]
async fn every_answer_carries_the_headers_that_protect() {
    let house = house().password("counts").start().await.checked().await;
    let cases: [Case; 10] = [
        ("GET", "/login", &[], 200),
        ("GET", "/api/v3/json", &[], 200),
        ("GET", "/health", &[], 200),
        ("GET", "/api/images", &[], 401),
        ("GET", "/", &[("accept", "text/html")], 303),
        ("GET", "/nothing", &[], 404),
        ("GET", "/pkg/nothing", &[], 404),
        ("DELETE", "/login", &[], 405),
        ("GET", "/login", &[("host", "evil.example.com")], 421),
        ("POST", "/logout", &[("sec-fetch-site", "cross-site")], 403),
    ];
    for (method, path, headers, status) in cases {
        let answer = house.send(method, path, headers).await;
        assert_eq!(answer.status, status, "{method} {path}");
        for (name, value) in ALWAYS {
            assert_eq!(answer.header(name), value, "{method} {path}: {name}");
        }
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; ") && policy.contains("frame-ancestors 'self'"), "{path}: {policy}");
        assert!(!answer.header("cache-control").is_empty(), "{path}");
    }
}

/// All pages of a house, as they were served.
async fn pages(house: &House) -> Vec<crate::answer::Answer> {
    let mut pages = Vec::new();
    for path in
        ["/", "/?by=stack&show=behind", "/image/docker.io/library/nginx:1.29", "/image/x", "/login?error=wrong", "/setup", "/nothing"]
    {
        pages.push(house.get(path).await);
    }
    pages
}

#[tokio::test]
async fn the_nonce_of_a_page_is_that_of_its_policy_and_of_no_other_page() {
    let house = house().start().await.checked().await;
    let mut nonces = BTreeSet::new();
    let pages = pages(&house).await;
    for page in &pages {
        let policy = page.header("content-security-policy");
        let nonce = policy.split("script-src 'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).expect(policy);
        assert!(nonce.len() >= 16 && policy.contains(&format!("style-src 'self' 'nonce-{nonce}'")));
        assert!(!policy.contains("unsafe-inline"));
        let scripts = page.text().matches("<script").count();
        let allowed = page.text().matches(&format!("nonce=\"{nonce}\"")).count();
        // the start of the page is data, not a program
        assert!(scripts >= 2 && allowed >= scripts - 1, "{scripts} scripts, {allowed} with the nonce");
        assert_eq!(page.text().matches("nonce=\"").count(), allowed);
        assert_eq!(page.header("cache-control"), "private, no-store");
        nonces.insert(nonce.to_owned());
    }
    assert_eq!(nonces.len(), pages.len());
}

#[tokio::test]
async fn pages_hold_nothing_that_their_policy_forbids() {
    let house = house().start().await.checked().await;
    for page in pages(&house).await {
        let text = page.text();
        for forbidden in [" style=", " onclick=", " onload=", " onerror=", "javascript:", "src=\"http", "<style>"] {
            assert!(!text.contains(forbidden), "{forbidden}: {text}");
        }
    }
}
