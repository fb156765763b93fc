//! Who gets in where, in each standing of the house.

use base64::{Engine, prelude::BASE64_STANDARD};

use crate::{
    house::{PASSWORD, house},
    paths::{Permit, TABLE},
};

fn basic(password: &str) -> String {
    format!("Basic {}", BASE64_STANDARD.encode(format!("me:{password}")))
}

#[tokio::test]
async fn a_visitor_sees_what_the_standing_allows_and_a_login_sees_all() {
    let standings = [
        (house(), Permit::View, false),
        (house().config("auth = \"none\""), Permit::Operate, false),
        (house().password("viewer"), Permit::View, true),
        (house().password("counts"), Permit::Counts, true),
        (house().password("none"), Permit::Open, true),
    ];
    for (house, seen, password) in standings {
        let house = house.impatient().start().await.checked().await;
        let mut known = vec![];
        if password {
            known = vec![("cookie", house.log_in("/api/login").await), ("authorization", basic(PASSWORD))];
        }
        for &(method, _, permit, path) in TABLE {
            let method = if method.is_empty() { "GET" } else { method };
            let as_program = house.ask(method, path).send().await.unwrap();
            let status = as_program.status().as_u16();
            if permit <= seen {
                assert!(![401, 403].contains(&status), "{method} {path}: {status}");
            } else {
                let refused = house.send(method, path, &[]).await;
                if !password {
                    assert_eq!(refused.status, 403, "{method} {path}");
                    assert!(refused.json()["error"].as_str().unwrap().contains("one-time link"), "{path}");
                    continue;
                }
                assert_eq!(refused.said(), (401, r#"{"error":"unauthorized"}"#), "{method} {path}");
                assert_eq!(refused.header("content-type"), "application/json");
                assert!(!refused.headers.contains_key("www-authenticate"), "a browser would open a window");
                let browser = house.send(method, path, &[("accept", "text/html,*/*;q=0.8")]).await;
                if path.starts_with("/api/") {
                    assert_eq!(browser.status, 401, "{path}");
                } else {
                    assert_eq!(browser.status, 303, "{method} {path}");
                    assert!(browser.header("location").starts_with("/login"), "{path}");
                }
            }
            for (name, value) in &known {
                let answer = house.ask(method, path).header(*name, value).send().await.unwrap();
                // the last row that a session is good for
                if path != "/logout" && path != "/api/logout" {
                    // a browser sends Basic also when another site asks for it: it lets nobody change anything
                    let may = *name == "cookie" || permit < Permit::Operate;
                    let status = answer.status().as_u16();
                    assert!(if may { ![401, 403].contains(&status) } else { status == 403 }, "{name} {method} {path}: {status}");
                }
            }
            if path == "/logout" && password {
                known[0].1 = house.log_in("/api/login").await;
            }
        }
    }
}

#[tokio::test]
async fn a_wrong_password_sees_no_more_than_a_visitor() {
    let house = house().password("none").start().await;
    let wrong = basic("wrong");
    for value in [wrong.as_str(), "Basic", "Basic !", "Bearer abc", ""] {
        assert_eq!(house.send("GET", "/api/images", &[("authorization", value)]).await.status, 401, "{value}");
    }
    assert_eq!(house.send("GET", "/api/images", &[("cookie", &format!("session={}", "A".repeat(43)))]).await.status, 401);
}

#[tokio::test]
async fn where_a_login_is_needed_a_browser_comes_back_to_its_page() {
    let house = house().config("base_path = \"/p\"").password("none").start().await;
    let html = [("accept", "text/html")];
    let to = house.send("GET", "/p/image/docker.io/library/nginx:1.29", &html).await;
    assert_eq!((to.status, to.header("location")), (303, "/p/login?next=%2Fp%2Fimage%2Fdocker%2Eio%2Flibrary%2Fnginx%3A1%2E29"));
    let to = house.send("GET", "/p/?show=behind", &html).await;
    assert_eq!(to.header("location"), "/p/login?next=%2Fp%2F%3Fshow%3Dbehind");
    // a form's address is no page to come back to
    assert_eq!(house.send("POST", "/p/check", &html).await.header("location"), "/p/login");
}

#[tokio::test]
async fn to_change_something_needs_a_login_and_the_refusal_says_which() {
    let update = |house: &crate::house::House| {
        let snapshot = house.app.live.state().snapshot.clone();
        let www = snapshot.groups.iter().flat_map(|group| &group.workloads).find(|workload| workload.name == "www");
        format!("/api/images/{}/update", &www.unwrap().id[..12])
    };
    let nobody = house().start().await.checked().await;
    let refused = nobody.post(&update(&nobody), "").await;
    assert_eq!(refused.status, 403);
    let text = refused.json()["error"].as_str().unwrap().to_owned();
    assert!(text.contains("one-time link") && text.contains("PLIMSOLL_PASSWORD"), "{text}");

    let house = house().password("viewer").start().await.checked().await;
    let path = update(&house);
    assert_eq!(house.post(&path, "").await.status, 401);
    let by_basic = house.send("POST", &path, &[("authorization", &basic(PASSWORD))]).await;
    assert_eq!(by_basic.status, 403);
    assert!(by_basic.json()["error"].as_str().unwrap().contains("/api/login"), "{}", by_basic.text());
    let session = house.log_in("/api/login").await;
    let by_session = house.send("POST", &path, &[("cookie", &session)]).await;
    assert_eq!(by_session.said(), (200, r#"{"status":"updating"}"#));
}
