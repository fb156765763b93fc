//! Every path of the table: its method, `HEAD`, the wrong method, and the base path.

use crate::house::{Builder, House, house};

/// What a path asks for before it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Permit {
    Open,
    Counts,
    View,
    Operate,
}
use Permit::{Counts, Open, Operate, View};

/// A row of the table as it should be: method (empty where the handler looks itself), path, permit, and a path to try it with.
pub(crate) type Row = (&'static str, &'static str, Permit, &'static str);

/// The whole table.
pub(crate) const TABLE: &[Row] = &[
    ("GET", "/", View, "/"),
    ("GET", "/image/{*reference}", View, "/image/docker.io/library/nginx:1.29"),
    ("GET", "/history", View, "/history"),
    ("GET", "/login", Open, "/login"),
    ("GET", "/setup", Open, "/setup"),
    ("POST", "/check", View, "/check"),
    ("POST", "/update", Operate, "/update"),
    ("POST", "/choice", Operate, "/choice"),
    ("POST", "/switch", Operate, "/switch"),
    ("POST", "/theme", Open, "/theme"),
    ("POST", "/login", Open, "/login"),
    ("POST", "/logout", Open, "/logout"),
    ("POST", "/setup", Open, "/setup"),
    ("GET", "/events", View, "/events"),
    ("GET", "/pkg/{name}", Open, "/pkg/nothing.js"),
    ("GET", "/favicon.svg", Open, "/favicon.svg"),
    ("GET", "/robots.txt", Open, "/robots.txt"),
    ("GET", "/site.webmanifest", Open, "/site.webmanifest"),
    ("GET", "/api/v1/fleet", View, "/api/v1/fleet"),
    ("GET", "/api/v1/updates", View, "/api/v1/updates"),
    ("POST", "/api/v1/updates", Operate, "/api/v1/updates"),
    ("GET", "/api/v1/updates/{id}", View, "/api/v1/updates/1"),
    ("GET", "/api/v1/updates/{id}/log", Operate, "/api/v1/updates/1/log"),
    ("POST", "/api/v1/updates/{id}/{choice}", Operate, "/api/v1/updates/1/keep"),
    ("POST", "/api/v1/workloads/{host}/{name}/update", Operate, "/api/v1/workloads/local/nobody/update"),
    ("PUT", "/api/v1/auto-update", Operate, "/api/v1/auto-update"),
    ("", "/api/images", View, "/api/images"),
    ("", "/api/images/", View, "/api/images/"),
    ("", "/api/images/{*path}", View, "/api/images/0123456789ab/progress"),
    ("", "/api/groups/", Operate, "/api/groups/"),
    ("", "/api/groups/{*path}", Operate, "/api/groups/nginx:1.29/update"),
    ("", "/api/login", Open, "/api/login"),
    ("", "/api/logout", Open, "/api/logout"),
    ("GET", "/api/auth/status", Open, "/api/auth/status"),
    ("", "/health", Open, "/health"),
    ("GET", "/api/v3/json", Counts, "/api/v3/json"),
    ("GET", "/api/v2/json", Counts, "/api/v2/json"),
    ("GET", "/api/v3/refresh", Counts, "/api/v3/refresh"),
    ("GET", "/api/v2/refresh", Counts, "/api/v2/refresh"),
    ("GET", "/api/containers", Counts, "/api/containers"),
    ("GET", "/api/containers/", Counts, "/api/containers/"),
    ("GET", "/livez", Open, "/livez"),
    ("GET", "/readyz", Open, "/readyz"),
];

/// What a `GET` of a path answers once the first check is done.
fn good(path: &str) -> u16 {
    match path {
        // of files: there is no client's build beside every test run
        "/pkg/{name}"
        | "/favicon.svg"
        | "/robots.txt"
        | "/site.webmanifest"
        | "/api/images/{*path}"
        | "/api/groups/"
        | "/api/v1/updates/{id}"
        | "/api/v1/updates/{id}/log" => 404,
        "/api/login" | "/api/logout" | "/api/groups/{*path}" => 405,
        "/api/images/" => 400,
        _ => 200,
    }
}

/// The lines of the program's table, as `(method, path, permit)`.
fn rows() -> Vec<(String, String, String)> {
    let source = include_str!("../../src/server/routes.rs");
    let lines = source.lines().filter_map(|line| line.trim().strip_prefix("route(\"")?.strip_suffix("),"));
    let columns = lines.map(|line| line.split(',').map(|column| column.trim().trim_end_matches('"')).collect::<Vec<_>>());
    columns.map(|column| (column[1].replace("ANY", ""), column[0].to_owned(), column[2].to_owned())).collect()
}

#[test]
fn every_row_of_the_table_is_tried() {
    let mut tried: Vec<_> =
        TABLE.iter().map(|(method, path, permit, _)| (method.to_string(), path.to_string(), format!("{permit:?}"))).collect();
    let mut rows = rows();
    tried.sort();
    rows.sort();
    assert_eq!(tried, rows);
}

#[tokio::test]
async fn every_path_answers_its_method_and_head_and_no_other() {
    every_path(house(), "").await;
}

#[tokio::test]
async fn every_path_lies_below_the_base_path() {
    every_path(house().config("base_path = \"/plimsoll\""), "/plimsoll").await;
}

async fn every_path(house: Builder, base: &str) {
    // whoever may not change anything is told that before anything else
    let house = house.config("auth = \"none\"").impatient().start().await.checked().await;
    let both = |path: &str| TABLE.iter().filter(|row| row.1 == path).count() > 1;
    for &(method, path, _, sample) in TABLE {
        let at = format!("{base}{sample}");
        if ["GET", ""].contains(&method) {
            let wanted = good(path);
            // a stream's answer begins, and does not end
            let response = house.ask("GET", &at).send().await.unwrap();
            let status = response.status().as_u16();
            assert!(status == wanted || (wanted == 404 && status == 200), "GET {at}: {status}");
            let head = house.send("HEAD", &at, &[]).await;
            // the contract asks for `GET` by name here
            let wanted = if path == "/api/images/{*path}" { 405 } else { status };
            assert_eq!(head.status, wanted, "HEAD {at}");
            assert!(head.body.is_empty());
        }
        if !method.is_empty() {
            assert_eq!(house.send("DELETE", &at, &[]).await.status, 405, "DELETE {at}");
            let other = if method == "GET" { "POST" } else { "GET" };
            if !both(path) {
                let refused = house.send(other, &at, &[]).await;
                assert_eq!(refused.status, 405, "{other} {at}");
                assert!(refused.header("allow").contains(method), "{at}: {:?}", refused.headers);
            }
        }
    }
    nothing_elsewhere(&house, base).await;
}

async fn nothing_elsewhere(house: &House, base: &str) {
    let page = house.get(&format!("{base}/nothing")).await;
    assert_eq!((page.status, page.header("content-type")), (404, "text/html; charset=utf-8"));
    let api = house.get(&format!("{base}/api/nothing")).await;
    assert_eq!((api.status, api.header("content-type")), (404, "application/json"));
    assert_eq!(api.json()["error"], format!("there is no {base}/api/nothing"));
}

#[tokio::test]
async fn outside_the_base_path_is_nothing_but_the_way_to_it() {
    let house = house().config("base_path = \"/plimsoll\"").start().await.checked().await;
    let to = house.get("/plimsoll").await;
    assert_eq!((to.status, to.header("location")), (308, "/plimsoll/"));
    for path in ["/", "/login", "/api/images", "/api/v3/json", "/events", "/plimsollx"] {
        assert_eq!(house.get(path).await.status, 404, "{path}");
    }
    let page = house.get("/plimsoll/").await;
    assert_eq!(page.start()["base"], "/plimsoll");
    // every address in it is below
    for attribute in ["href=\"/", "src=\"/", "action=\"/"] {
        for (at, _) in page.text().match_indices(attribute) {
            let rest = &page.text()[at + attribute.len()..];
            assert!(rest.starts_with("plimsoll/"), "{}", &rest[..40]);
        }
    }
    assert!(page.text().contains("import init, { hydrate } from '/plimsoll/pkg/"));
}

#[tokio::test]
async fn an_image_has_its_page() {
    let house = house().start().await.checked().await;
    let page = house.get("/image/docker.io/library/nginx:1.29").await;
    assert!(page.text().contains("www") && page.start()["steps"]["steps"].as_array().is_some_and(|steps| !steps.is_empty()));
    let missing = house.get("/image/docker.io/library/nothing:1").await;
    assert_eq!((missing.status, missing.header("content-type")), (404, "text/html; charset=utf-8"));
}

#[tokio::test]
async fn a_theme_is_kept_in_a_cookie_and_leads_back_to_the_page() {
    let house = house().config("base_path = \"/p\"").start().await;
    let choose = house.ask("POST", "/p/theme").header("referer", "http://nas/p/?by=host");
    let choose = choose.header("content-type", "application/x-www-form-urlencoded").body("theme=dark");
    let answer = crate::answer::Answer::read(choose.send().await.unwrap()).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/p/?by=host"));
    assert_eq!(answer.cookie(), "theme=dark");
    let page = house.send("GET", "/p/", &[("cookie", &answer.cookie())]).await;
    assert!(page.text().contains("data-theme=\"dark\""));
    for nonsense in ["theme=\"><img", "theme=", "theme=Dark; theme=light"] {
        let page = house.send("GET", "/p/", &[("cookie", nonsense)]).await;
        assert!(page.status == 200 && !page.text().contains("<img"), "{nonsense}");
    }
}
