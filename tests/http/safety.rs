//! Strangers: other names, other sites, and names that want to be more than names.

use plimsoll::simulate::engine::{ContainerSpec, Engine, Image, Options};
use plimsoll::simulate::registry::digest_of;

use crate::house::house;

#[tokio::test]
async fn a_strangers_name_is_refused_with_the_line_that_would_allow_it() {
    let house = house().config("hosts = [\"nas.example.org\"]").password("viewer").start().await;
    let host = |name: &'static str| [("host", name)];
    for name in ["localhost:8099", "192.168.1.7", "[::1]:80", "nas", "nas.lan", "nas.example.org:8099", "NAS.Example.org"] {
        assert_eq!(house.send("GET", "/", &host(name)).await.status, 200, "{name}");
    }
    for path in ["/", "/api/images", "/events", "/login", "/health", "/nothing"] {
        let refused = house.send("GET", path, &host("evil.example.com:8099")).await;
        assert_eq!(refused.status, 421, "{path}");
        assert!(refused.text().contains("PLIMSOLL_HOSTS=evil.example.com\n"), "{}", refused.text());
        assert_eq!(refused.header("content-type"), "text/plain; charset=utf-8");
    }
    let strange = house.send("GET", "/", &host("<script>.com")).await;
    assert!(strange.status >= 400 && !strange.text().contains("<script>"), "{}", strange.text());
    // a browser that is logged in got its cookie under this very name
    let session = house.log_in("/api/login").await;
    let known = house.send("GET", "/", &[("host", "evil.example.com"), ("cookie", &session)]).await;
    assert_eq!(known.status, 200);
}

#[tokio::test]
async fn a_request_has_one_host() {
    let house = house().start().await;
    for (request, status) in [
        ("GET /livez HTTP/1.1\r\nHost: nas\r\nConnection: close\r\n\r\n", "200"),
        ("GET /livez HTTP/1.0\r\n\r\n", "200"),
        ("GET http://nas/livez HTTP/1.1\r\nHost: nas\r\nConnection: close\r\n\r\n", "200"),
        ("GET /livez HTTP/1.1\r\nHost: nas\r\nHost: nas\r\nConnection: close\r\n\r\n", "400"),
        ("GET /livez HTTP/1.1\r\nHost: nas\r\nHost: evil.example.com\r\nConnection: close\r\n\r\n", "400"),
        ("GET /livez HTTP/1.1\r\nHost: evil.example.com\r\nHost: nas\r\nConnection: close\r\n\r\n", "400"),
        ("GET http://evil.example.com/livez HTTP/1.1\r\nHost: nas\r\nConnection: close\r\n\r\n", "421"),
        ("GET /livez HTTP/1.1\r\nHost: n\u{e4}s\r\nConnection: close\r\n\r\n", "400"),
    ] {
        let answer = house.raw(request).await;
        assert!(answer.split(' ').nth(1) == Some(status), "{request}\n{answer}");
    }
}

#[tokio::test]
async fn another_site_cannot_post_here() {
    let house = house().config("public_url = \"https://plimsoll.example.org\"").start().await;
    let address = house.address;
    let own = format!("http://{address}");
    let cases: [(&[(&str, &str)], bool); 8] = [
        // curl
        (&[], true),
        (&[("sec-fetch-site", "same-origin"), ("origin", &own)], true),
        (&[("sec-fetch-site", "none")], true),
        // browsers on plain http send no `Sec-Fetch-Site`
        (&[("origin", &own)], true),
        (&[("origin", "https://plimsoll.example.org")], true),
        (&[("sec-fetch-site", "cross-site"), ("origin", "https://evil.example.com")], false),
        (&[("sec-fetch-site", "same-site")], false),
        (&[("origin", "http://evil.example.com")], false),
    ];
    for path in ["/check", "/logout", "/api/logout", "/api/login", "/login", "/setup"] {
        for (headers, passes) in cases {
            let answer = house.send("POST", path, headers).await;
            assert_eq!(answer.status != 403, passes, "{path} {headers:?}: {}", answer.status);
            assert!(passes || answer.text().contains("PLIMSOLL_PUBLIC_URL"), "{}", answer.text());
        }
    }
    assert_eq!(house.send("POST", "/check", &[("origin", "null")]).await.status, 403);
    // looking from another site's link is no change
    assert_eq!(house.send("GET", "/", &[("sec-fetch-site", "cross-site")]).await.status, 200);
}

#[tokio::test]
async fn another_site_cannot_change_anything_where_no_login_is_needed() {
    let house = house().config("auth = \"none\"").start().await;
    let foreign: [&[(&str, &str)]; 3] =
        [&[("sec-fetch-site", "cross-site")], &[("origin", "http://evil.example.com")], &[("origin", "null")]];
    for (method, path) in [
        ("POST", "/update"),
        ("POST", "/switch"),
        ("POST", "/api/v1/updates"),
        ("PUT", "/api/v1/auto-update"),
        ("POST", "/api/groups/update"),
        ("POST", "/api/groups/nginx:1.29/update"),
        ("POST", "/api/images/0123456789ab/update"),
        ("POST", "/api/images/0123456789ab/auto-update"),
    ] {
        for headers in foreign {
            assert_eq!(house.send(method, path, headers).await.status, 403, "{method} {path} {headers:?}");
        }
        assert_ne!(house.send(method, path, &[]).await.status, 403, "{method} {path}");
    }
}

#[tokio::test]
async fn who_may_not_look_learns_nothing_of_the_fleet() {
    let house = house().password("none").start().await.checked().await;
    let session = house.log_in("/api/login").await;
    let words = ["nginx", "www", "acme", "nas", "ghcr.io", "tool:dev", "sha256"];
    let known = house.send("GET", "/", &[("cookie", &session)]).await;
    assert!(words.iter().all(|word| known.text().contains(word)), "the words are right");
    for path in ["/login", "/setup", "/nothing", "/image", "/login?next=/", "/readyz", "/livez", "/robots.txt"] {
        let page = house.get(path).await;
        for word in words {
            assert!(!page.text().contains(word), "{path} tells {word}");
        }
    }
    let page = house.get("/login").await;
    let snapshot = &page.start()["snapshot"];
    assert_eq!((&snapshot["groups"], &snapshot["hosts"]), (&serde_json::json!([]), &serde_json::json!([])));
    assert!(snapshot["check"]["last"].is_null() && page.start()["steps"].is_null());
    // the page of an image that is there looks like that of one that is not
    let html = [("accept", "text/html")];
    for image in ["docker.io/library/nginx:1.29", "docker.io/library/nothing:1"] {
        let there = house.send("GET", &format!("/image/{image}"), &html).await;
        assert_eq!((there.status, there.text()), (303, ""));
    }
}

#[tokio::test]
async fn names_stay_names() {
    // an Engine takes none but plain names for containers; labels are free
    const NAME: &str = "x";
    const EVIL: &str = "x</script><img src=x onerror=alert(1)>\"'&";
    let engine = Engine::start(Options::default()).await.unwrap();
    let image = Image::pulled(digest_of("library/nginx", 1)).label("org.opencontainers.image.url", format!("https://a/{EVIL}"));
    engine.pull("nginx:1.29", image).unwrap();
    engine.run(ContainerSpec::new(NAME, "nginx:1.29").compose(EVIL, EVIL)).unwrap();
    let script = Image::pulled(digest_of("library/nginx", 1)).label("org.opencontainers.image.url", "javascript:alert(1)");
    engine.pull("other:1", script).unwrap();
    engine.run(ContainerSpec::new("other", "other:1")).unwrap();
    let house = house().engine(&engine).start().await.checked().await;
    for path in ["/", "/?by=stack", "/image/docker.io/library/nginx:1.29", "/?q=%3C/script%3E%3Cimg%20src=x%20onerror=alert(1)%3E"] {
        let page = house.get(path).await;
        assert!(!page.text().contains("<img") && !page.text().contains("javascript:"), "{path}: {}", page.text());
        let start = page.start();
        let rows = start["snapshot"]["groups"].as_array().unwrap();
        let first = &rows.iter().find(|row| row["id"] == "docker.io/library/nginx:1.29").unwrap()["workloads"][0];
        assert_eq!((&first["name"], &first["project"]), (&NAME.into(), &EVIL.into()), "the start of {path} tells it as it is");
    }
    let next = house.get("/login?next=%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E&error=%3Cimg%3E").await;
    assert!(!next.text().contains("<img"));
    let setup = house.get("/setup?token=%22%3E%3Cimg%20src=x%3E").await;
    assert!(!setup.text().contains("<img"));
    // those who ask a document for a page get none
    let missing = house.get("/api/%3Cimg%3E").await;
    assert_eq!(missing.header("content-type"), "application/json");
}
