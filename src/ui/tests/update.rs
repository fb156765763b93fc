//! What pages show of updates, and what they offer to whom.

use super::*;
use crate::wire::{Asker, Layer, LayerState, Operation, Outcome, Phase, Pull, Refusal, Refused, UpdateTrouble};

/// A pull of three layers.
fn pull() -> Pull {
    let layer = |id: &str, state, done, total| Layer { id: id.into(), state, done, total };
    let layers = vec![
        layer("a1b2c3d4e5f6", LayerState::Done, 0, 0),
        layer("0f1e2d3c4b5a", LayerState::Downloading, 48_000_000, 96_000_000),
        layer("77aa88bb99cc", LayerState::Downloaded, 0, 30_000_000),
    ];
    Pull { percent: 62, layers }
}

/// One image whose container is updated, one whose update was rolled back, one that was updated, and two containers of a fourth that
/// wait for somebody to press the button.
pub(super) fn start() -> Start {
    let mut several = sample::group("redis:7.4", Verdict::Rebuilt);
    let mut second = several.workloads[0].clone();
    second.name = "queue".into();
    several.workloads.push(second);
    let newer = Verdict::Newer { level: Level::Minor, tag: "1.28".into(), rebuilt: false };
    let mut start = sample::start(vec![
        sample::group("grafana/grafana:11.3.1", Verdict::Rebuilt),
        sample::group("traefik:v3.5", Verdict::Rebuilt),
        several,
        sample::group("nginx:1.27", newer),
        sample::group("caddy:2", Verdict::UpToDate),
    ]);
    start.viewer.can_operate = true;
    let pulling = Operation { pull: Some(pull()), ..sample::operation("grafana/grafana:11.3.1", "grafana", Phase::Pulling) };
    let rolled_back = Outcome::RolledBack { trouble: UpdateTrouble::Ended { code: 1 } };
    let digest = start.snapshot.groups[1].remote_digest.clone();
    start.snapshot.operations = vec![
        pulling,
        Operation { id: 6, to: digest.clone(), ..sample::ended("traefik:v3.5", "traefik", rolled_back) },
        Operation { id: 5, to: digest, asker: Asker::Automatic, ..sample::ended("caddy:2", "caddy", Outcome::Updated) },
    ];
    start
}

/// The HTML of the row of this image, from its item to the next.
fn row(html: &str, name: &str) -> String {
    let rows = html.split("class=\"image\"").find(|row| row.contains(&format!("<b>{name}</b>")));
    rows.unwrap_or_else(|| panic!("no row of {name}")).to_owned()
}

/// The words of the buttons that post to `/update`, in order.
fn updates(html: &str) -> Vec<String> {
    let forms = html.split("<form ").skip(1).filter(|form| form.contains("action=\"/update\""));
    forms.map(|form| words(form.split_once("<button").expect("a button").1)).collect()
}

/// What is read of a button whose tag has begun.
fn words(button: &str) -> String {
    let inside = button.split_once('>').and_then(|(_, rest)| rest.split_once("</button>")).expect("the end of the button").0;
    let mut text = String::new();
    let mut tag = false;
    for c in inside.chars() {
        match c {
            '<' => tag = true,
            '>' => tag = false,
            c if !tag => text.push(c),
            _ => {}
        }
    }
    text
}

#[test]
fn the_dashboard_tells_what_runs_how_it_ended_and_what_to_do() {
    insta::assert_snapshot!(read(start(), "/"));
}

#[test]
fn the_page_of_an_image_follows_a_pull_layer_by_layer() {
    insta::assert_snapshot!(read(start(), "/image/docker.io/grafana/grafana:11.3.1"));
}

#[test]
fn the_page_of_an_image_says_why_an_update_was_rolled_back() {
    let mut start = start();
    let earlier = sample::ended("traefik:v3.5", "traefik", Outcome::Updated);
    start.past = vec![Operation { id: 2, begun: sample::NOW - 90_000, ended: Some(sample::NOW - 89_800), ..earlier }];
    insta::assert_snapshot!(read(start, "/image/docker.io/library/traefik:v3.5"));
}

#[test]
fn the_history_tells_who_asked_for_what_and_how_it_went() {
    let mut start = start();
    // stored while it was still waiting, live by now
    let stored = Operation { pull: None, phase: Phase::Waiting, ..start.snapshot.operations[0].clone() };
    let refused = Outcome::Refused { refusal: Refusal::SharedBy { name: "torrent".into() } };
    let gone = Operation { id: 3, asker: Asker::CommandLine, ..sample::ended("ghcr.io/acme/vpn:1", "vpn", refused) };
    start.past = vec![stored, gone];
    insta::assert_snapshot!(read(start, "/history"));
    let empty = read(sample::start(Vec::new()), "/history");
    assert!(empty.contains("No container was updated yet."), "{empty}");
}

#[test]
fn a_button_stands_where_an_update_would_change_something_and_nowhere_else() {
    let html = html(start(), "/");
    assert!(updates(&row(&html, "grafana/grafana")).is_empty(), "it runs");
    assert_eq!(updates(&row(&html, "traefik")), ["Update traefik", "Update traefik:v3.5"], "one more try is offered");
    assert_eq!(updates(&row(&html, "redis")), ["Update redis", "Update queue", "Update all (2) redis:7.4"]);
    assert!(updates(&row(&html, "nginx")).is_empty(), "another tag is not installed");
    assert!(updates(&row(&html, "caddy")).is_empty());
}

#[test]
fn forms_carry_what_they_update_and_stand_in_no_summary() {
    let html = html(start(), "/");
    let fields = |form: &str| {
        let inputs = form.split("<input ").skip(1).filter_map(|input| input.split('>').next());
        let value =
            |input: &str, name: &str| input.split(&format!("{name}=\"")).nth(1).and_then(|rest| rest.split('"').next()).map(str::to_owned);
        inputs.filter_map(|input| Some(format!("{}={}", value(input, "name")?, value(input, "value")?))).collect::<Vec<_>>().join("&")
    };
    let forms = |name: &str| {
        let row = row(&html, name);
        row.split("<form ").skip(1).map(|form| fields(form.split("</form>").next().expect("its end"))).collect::<Vec<_>>()
    };
    assert_eq!(forms("redis"), ["host=harbor&name=redis", "host=harbor&name=queue", "image=docker.io/library/redis:7.4"]);
    assert_eq!(forms("traefik"), ["host=harbor&name=traefik"; 2]);
    for summary in html.split("<summary").skip(1).filter_map(|part| part.split("</summary>").next()) {
        assert!(!summary.contains("<form") && !summary.contains("<button"), "{summary}");
    }
}

#[test]
fn progress_has_a_name_and_a_measure_while_it_pulls() {
    let mut start = start();
    let shown = row(&html(start.clone(), "/"), "grafana/grafana");
    assert!(shown.contains(r#"<progress max="100" value="62" aria-label="Pulling grafana">"#), "{shown}");
    start.snapshot.operations[0].phase = Phase::Stopping;
    let shown = row(&html(start, "/"), "grafana/grafana");
    assert!(!shown.contains("<progress") && shown.contains("Stopping the old container…"), "{shown}");
    assert!(shown.contains(r#"<li data-stage="now" aria-current="step">"#), "{shown}");
}

#[test]
fn who_may_not_update_sees_no_button_and_what_to_do() {
    let page = "/image/docker.io/library/redis:7.4";
    let cases = [
        (LoginState::Password, None, "Log in to update from here."),
        (LoginState::Unset, None, "To update from here, set a password first: open the link in Plimsoll's log."),
        (LoginState::Password, Some("guest"), "Your login may look, not change. Ask whoever runs Plimsoll to update."),
    ];
    for (login, name, expected) in cases {
        let mut start = start();
        start.viewer = Viewer { name: name.map(str::to_owned), can_look: true, can_operate: false, login };
        for address in ["/", page] {
            let html = html(start.clone(), address);
            assert!(updates(&html).is_empty() && !html.contains("role=\"switch\""), "{address}");
        }
        assert!(read(start, page).contains(expected), "{expected}");
    }
}

#[test]
fn the_switch_says_how_it_stands_and_asks_for_the_other() {
    let mut start = start();
    start.snapshot.groups[2].workloads[0].auto_update = true;
    let html = html(start.clone(), "/image/docker.io/library/redis:7.4");
    let switches: Vec<_> = html.split("<form ").skip(1).filter(|form| form.contains("action=\"/switch\"")).collect();
    let is = |form: &str, checked: bool| {
        form.contains(&format!("name=\"on\" value=\"{}\"", !checked))
            && form.contains(&format!("role=\"switch\" aria-checked=\"{checked}\""))
    };
    assert!(switches.len() == 2 && is(switches[0], true) && is(switches[1], false), "{switches:#?}");
    assert!(words(switches[0].split_once("<button").expect("a button").1).starts_with("Automatic updates"));
    start.viewer.can_operate = false;
    assert!(read(start, "/").contains("automatic"), "who may only look sees that it is on");
}

#[test]
fn a_form_that_was_refused_is_told_where_there_is_no_javascript() {
    let mut start = start();
    start.refused = Some(Refused { name: "redis".into(), refusal: Refusal::Pinned });
    for address in ["/", "/image/docker.io/library/redis:7.4"] {
        let text = read(start.clone(), address);
        assert!(
            text.contains("redis was not updated. Its reference names a digest: it stays where it is. Change the reference to move it."),
            "{text}"
        );
    }
}

#[test]
fn what_could_not_be_put_back_stands_above_the_list() {
    let mut start = start();
    let outcome = Outcome::Stuck { trouble: UpdateTrouble::Unhealthy, container: "caddy-old".into() };
    start.snapshot.operations[2] = sample::ended("caddy:2", "caddy", outcome);
    let text = read(start, "/");
    assert!(text.contains("The update of caddy is stuck. The health check of the new container failed."), "{text}");
}
