//! Components and pages without a browser: rendered to HTML, and the key states of the dashboard as text.

mod update;

use leptos::prelude::*;
use leptos_meta::ServerMetaContext;
use leptos_router::location::RequestUrl;

use super::{App, Start, State, components::Mark, kind::Kind, sample};
use crate::wire::{
    Allows, CheckProgress, CheckState, GroupRow, HostRow, HostState, LastGood, Level, LoginState, Phase, Reason, Step, Steps, Verdict,
    Viewer, WorkloadState,
};

/// The HTML of the page at `address`.
fn html(start: Start, address: &str) -> String {
    // as on the server, a runtime carries what rendering spawns; a second test finds the executor made
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let _guard = runtime.enter();
    let _ = any_spawner::Executor::init_tokio();
    let owner = Owner::new();
    owner.with(|| {
        let (meta, _) = ServerMetaContext::new();
        provide_context(meta);
        provide_context(RequestUrl::new(address));
        let state = State::new(start);
        view! { <App state /> }.to_html()
    })
}

/// What a person reads on the page: the content, a line for each block.
fn read(start: Start, address: &str) -> String {
    let html = html(start, address);
    let main = html.split_once("<main").and_then(|(_, rest)| rest.split_once("</main>")).expect("a page has a main part").0;
    let mut text = String::new();
    let mut rest = main.split_once('>').expect("the end of the tag").1;
    while let Some((words, tag)) = rest.split_once('<') {
        text.push_str(words);
        let (tag, after) = tag.split_once('>').expect("the end of the tag");
        let name = tag.trim_start_matches('/').split_whitespace().next().unwrap_or_default();
        let block = ["p", "li", "h1", "h2", "section", "summary", "dt", "dl", "div", "label", "ul"];
        text.push_str(if block.contains(&name) { "\n" } else { " " });
        rest = after;
    }
    let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// A fleet with one group of every kind.
fn fleet() -> Vec<GroupRow> {
    let newer = |level, tag: &str, rebuilt| Verdict::Newer { level, tag: tag.into(), rebuilt };
    let mut major = sample::group("postgres:16.4-alpine", newer(Level::Major, "17.2-alpine", false));
    major.workloads[0].project = Some("paperless".into());
    let mut second = major.workloads[0].clone();
    second.name = "immich-db".into();
    second.project = Some("immich".into());
    second.health = Some("healthy".into());
    second.verdict = Verdict::UpToDate;
    let mut third = second.clone();
    third.name = "scratch".into();
    third.project = None;
    third.state = WorkloadState::Exited;
    major.workloads.extend([second, third]);
    let forbidden = Reason::NotFoundOrNoAccess { registry: "ghcr.io".into(), status: 403 };
    let mut unknown = sample::group("ghcr.io/acme/billing:2.8", Verdict::Unknown { reason: forbidden });
    unknown.last_good = Some(LastGood { verdict: Verdict::UpToDate, at: sample::NOW - 3 * 3600 });
    let mut waits = sample::group("quay.io/prometheus/prometheus:v3", Verdict::Unknown { reason: Reason::NotChecked });
    waits.checking = true;
    waits.checked_at = None;
    waits.remote_digest = None;
    let digest = format!("mariadb:11@sha256:{}", "7c21e0ff".repeat(8));
    vec![
        major,
        sample::group("grafana/grafana:11.3.1", newer(Level::Minor, "11.4.0", false)),
        sample::group("traefik:v3.1.4", newer(Level::Patch, "v3.1.5", true)),
        sample::group("nginx:1.27", Verdict::Rebuilt),
        sample::group("caddy:2", Verdict::Recreate),
        unknown,
        waits,
        sample::group(&digest, Verdict::Pinned),
        sample::group("website:latest", Verdict::LocalBuild),
        sample::group("redis:7.4", Verdict::UpToDate),
        sample::stopped(sample::group("busybox:1", Verdict::UpToDate)),
    ]
}

#[test]
fn the_dashboard_tells_everything_without_javascript() {
    insta::assert_snapshot!(read(sample::start(fleet()), "/"));
}

#[test]
fn filters_stand_in_the_address() {
    let stacks = read(sample::start(fleet()), "/?by=stack&q=postgres");
    assert!(stacks.contains("immich 1 image\n") && stacks.contains("paperless 1 of 1 behind\n"), "{stacks}");
    let minor = read(sample::start(fleet()), "/?show=minor");
    assert!(minor.contains("grafana/grafana :11.3.1") && !minor.contains("postgres :16.4-alpine"), "{minor}");
    assert!(read(sample::start(fleet()), "/?q=kraken").contains("No image, container or stack matches “kraken”."));
}

#[test]
fn a_page_below_a_base_leaves_it_nowhere() {
    let mut start = sample::start(fleet());
    start.base = "/plimsoll".into();
    start.viewer.can_operate = true;
    start.snapshot.operations = vec![sample::operation("redis:7.4", "redis", Phase::Pulling)];
    for address in
        ["/plimsoll/", "/plimsoll/image/docker.io/library/redis:7.4", "/plimsoll/history", "/plimsoll/login", "/plimsoll/nowhere"]
    {
        let html = html(start.clone(), address);
        for attribute in [" href=\"", " action=\""] {
            for part in html.split(attribute).skip(1) {
                let target = part.split('"').next().unwrap_or_default();
                let inside = target.is_empty() || target.starts_with('#') || target.starts_with("/plimsoll/");
                assert!(inside, "{address} leads to {target}");
            }
        }
    }
}

#[test]
fn no_page_carries_styles_or_handlers_that_the_policy_forbids() {
    for address in ["/", "/image/docker.io/library/redis:7.4", "/history", "/login", "/setup", "/nowhere"] {
        let mut start = sample::start(fleet());
        start.viewer.can_operate = true;
        start.snapshot.operations = vec![sample::operation("redis:7.4", "redis", Phase::Pulling)];
        let html = html(start, address);
        for tag in html.split('<').skip(1).filter_map(|tag| tag.split('>').next()) {
            let forbidden = tag.starts_with("script")
                || tag.contains(" style=")
                || tag.split_whitespace().any(|word| word.starts_with("on") && word.contains('='));
            assert!(!forbidden, "{address}: {tag}");
        }
    }
}

#[test]
fn names_from_outside_are_words_and_nothing_else() {
    let mut group = sample::group("redis:7.4", Verdict::UpToDate);
    group.workloads[0].name = "<script>alert(1)</script>".into();
    group.workloads[0].project = Some("\"><img src=x>".into());
    let html = html(sample::start(vec![group]), "/?q=%3Cscript%3E&by=stack");
    assert!(!html.contains("<script>alert") && !html.contains("<img"), "{html}");
}

#[test]
fn the_page_of_an_image_shows_the_requests_of_its_check() {
    let mut start = sample::start(fleet());
    let step = Step { request: "HEAD https://ghcr.io/v2/acme/billing/manifests/2.8".into(), status: Some(403), trouble: None, took_ms: 84 };
    start.steps = Some(Steps { at: sample::NOW - 240, steps: vec![step] });
    insta::assert_snapshot!(read(start.clone(), "/image/ghcr.io/acme/billing:2.8"));
    start.steps.as_mut().expect("given above").at -= 1;
    assert!(read(start, "/image/ghcr.io/acme/billing:2.8").contains("There was a newer check since this page was loaded."));
}

#[test]
fn what_is_not_there_leads_back() {
    for address in ["/nowhere", "/image/docker.io/library/gone:1"] {
        assert!(read(sample::start(fleet()), address).starts_with("Nothing is here\n"), "{address}");
    }
}

#[test]
fn troubles_stand_above_the_list() {
    let forbidden = HostState::Forbidden { address: "/var/run/docker.sock".into(), group: Some(998), in_container: false };
    let mut start = sample::start(Vec::new());
    start.snapshot.hosts = vec![HostRow { name: "harbor".into(), state: forbidden, engine: None, allows: Allows::Updates }];
    start.snapshot.check = CheckState::default();
    start.viewer.login = LoginState::Unset;
    insta::assert_snapshot!(read(start, "/"), @r"
    Nothing to show yet.
    Not checked yet
    No password is set. Anyone who reaches this port may look, nobody may change anything. Open the link in Plimsoll's log to set one.
    Plimsoll may not open /var/run/docker.sock (it belongs to group 998). Let its user do so, then log in again and start Plimsoll anew:
    sudo usermod -aG docker $USER
    / Search
    Image Stack Host
    ");
}

#[test]
fn a_running_check_tells_how_far_it_is() {
    let mut start = sample::start(fleet());
    start.snapshot.check.running = Some(CheckProgress { since: sample::NOW, done: 3, total: 10 });
    assert!(html(start.clone(), "/").contains(">3 of 10<"), "on the button");
    assert!(read(start, "/").contains("Checking: 3 of 10 images"));
}

#[test]
fn who_may_not_look_sees_the_way_in_and_nothing_else() {
    let mut start = sample::start(Vec::new());
    start.viewer.can_look = false;
    let html = html(start, "/login?error=wrong&next=%2F");
    assert!(html.contains("User or password is wrong.") && html.contains(r#"name="next" value="/""#), "{html}");
    assert!(!html.contains("action=\"/check\"") && !html.contains("class=\"live\""), "{html}");
}

#[test]
fn the_water_rises() {
    let level = |kind| view! { <Mark kind /> }.to_html();
    assert!(!level(Kind::Unknown).contains("water"));
    // where the chord begins: the smaller, the higher
    let height = |kind| {
        let html = level(kind);
        let path = html.split(" d=\"M").nth(1).expect("water").split(['a', 'A']).next().expect("its start").to_owned();
        path.split_whitespace().nth(1).expect("two numbers").parse::<f32>().expect("a number")
    };
    let rising = [Kind::Current, Kind::Rebuilt, Kind::Patch, Kind::Minor].map(height);
    assert!(rising.is_sorted_by(|lower, higher| lower > higher), "{rising:?}");
}
