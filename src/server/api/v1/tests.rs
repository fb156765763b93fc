use serde_json::{Value, json};

mod updates;

use super::*;
use crate::{
    server::api::{
        golden,
        sample::{self, group, newer, snapshot, timed_out, workload},
    },
    wire::{CheckProgress, HostState, Level, Reason, Snapshot, Trouble, Verdict, WorkloadState},
};

fn read(snapshot: &Snapshot) -> Value {
    serde_json::to_value(fleet(snapshot)).unwrap()
}

#[test]
fn the_document_is_the_golden_one() {
    golden::compare("fleet", &fleet(&sample::every_verdict()));
}

#[test]
fn every_verdict_is_laid_flat() {
    let reference = sample::reference("nginx:1.25");
    let flat = |verdict: &str, behind: bool, text: &str| json!({ "verdict": verdict, "behind": behind, "level": null, "new_tag": null, "also_rebuilt": false, "reason": null, "text": text });
    let with = |mut value: Value, more: Value| {
        value.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        value
    };
    let minor = |also: bool| json!({ "level": "minor", "new_tag": "1.27", "also_rebuilt": also });
    let why = json!({ "reason": { "kind": "timed_out", "registry": "registry.lan", "seconds": 30 } });
    for (verdict, expected) in [
        (Verdict::UpToDate, flat("up_to_date", false, "up to date")),
        (Verdict::Rebuilt, flat("rebuilt", true, "1.25 rebuilt")),
        (newer(Level::Minor, "1.27", false), with(flat("newer", true, "1.25 → 1.27"), minor(false))),
        (newer(Level::Minor, "1.27", true), with(flat("newer", true, "1.25 → 1.27, also rebuilt"), minor(true))),
        (Verdict::Recreate, flat("recreate", true, "1.25 pulled, recreate")),
        (Verdict::Pinned, flat("pinned", false, "pinned")),
        (Verdict::LocalBuild, flat("local_build", false, "built here")),
        (timed_out(), with(flat("unknown", false, "unknown: registry.lan did not answer within 30 s"), why)),
    ] {
        assert_eq!(serde_json::to_value(Standing::of(&reference, &verdict)).unwrap(), expected, "{verdict:?}");
    }
}

#[test]
fn updates_are_flat_strings_and_as_many_as_are_behind() {
    let document = read(&sample::every_verdict());
    let updates = document["updates"].as_array().unwrap();
    assert_eq!(json!(updates.len()), document["counts"]["behind"]);
    for update in updates {
        assert!(update.as_object().unwrap().values().all(Value::is_string), "{update}");
    }
    assert_eq!(
        updates[1],
        json!({ "id": "docker.io/library/nginx:1.25.0", "name": "nginx", "change": "1.25.0 → 1.27.0", "url": "https://hub.docker.com/_/nginx" })
    );
}

#[test]
fn what_does_not_run_is_told_and_not_counted() {
    let mut stopped = workload("a", Verdict::Rebuilt);
    stopped.state = WorkloadState::Exited;
    let document = read(&snapshot(vec![group("app:1", vec![stopped])]));
    assert_eq!((&document["counts"]["images"], &document["updates"]), (&json!(0), &json!([])));
    assert_eq!(document["groups"][0]["workloads"][0]["state"], "exited");
}

#[test]
fn counts_add_up() {
    let counts = fleet(&sample::every_verdict()).counts;
    assert_eq!(counts.behind, counts.major + counts.minor + counts.patch + counts.rebuilt + counts.recreate);
    assert_eq!(counts.images, counts.behind + counts.up_to_date + counts.pinned + counts.local_build + counts.unknown);
}

#[test]
fn hosts_say_what_is_wrong() {
    let address = || "/var/run/docker.sock".to_owned();
    for (state, word, error) in [
        (HostState::Connecting, "connecting", None),
        (HostState::Connected, "connected", None),
        (HostState::Absent { address: address() }, "absent", Some("no Engine at /var/run/docker.sock")),
        (
            HostState::Forbidden { address: address(), group: Some(999), in_container: false },
            "forbidden",
            Some("/var/run/docker.sock may only be opened by group 999"),
        ),
        (
            HostState::Lost { address: address(), detail: "connection refused".into(), since: Some(0) },
            "lost",
            Some("/var/run/docker.sock is gone: connection refused"),
        ),
        (
            HostState::Lost { address: address(), detail: "no route".into(), since: None },
            "lost",
            Some("/var/run/docker.sock cannot be reached: no route"),
        ),
    ] {
        let mut fleet = snapshot(Vec::new());
        fleet.hosts[0].state = state;
        let host = &read(&fleet)["hosts"][0];
        assert_eq!((host["state"].as_str(), host["error"].as_str()), (Some(word), error));
    }
}

#[test]
fn a_running_check_is_told() {
    let mut fleet = snapshot(Vec::new());
    assert_eq!(read(&fleet)["checking"], false);
    fleet.check.running = Some(CheckProgress { since: 0, done: 1, total: 2 });
    (fleet.check.last, fleet.check.next) = (None, None);
    let document = read(&fleet);
    assert_eq!((&document["checking"], &document["checked_at"], &document["next_check_at"]), (&json!(true), &Value::Null, &Value::Null));
}

/// `docs/api.md` promises these names to its readers.
#[test]
fn reasons_keep_their_names_and_have_words() {
    let registry = || "registry.lan".to_owned();
    for (reason, expected, text) in [
        (Reason::NotChecked, json!({ "kind": "not_checked" }), "not checked yet"),
        (Reason::NoReference, json!({ "kind": "no_reference" }), "started from a bare image id: no registry can be asked"),
        (
            Reason::InvalidReference { written: "A/b".into() },
            json!({ "kind": "invalid_reference", "written": "A/b" }),
            "`A/b` is no image reference",
        ),
        (
            Reason::NotFoundOrNoAccess { registry: registry(), status: 401 },
            json!({ "kind": "not_found_or_no_access", "registry": "registry.lan", "status": 401 }),
            "registry.lan has no such image, or hides it without a login (401)",
        ),
        (
            Reason::CredentialsRefused { registry: registry() },
            json!({ "kind": "credentials_refused", "registry": "registry.lan" }),
            "registry.lan refused the credentials",
        ),
        (
            Reason::RateLimited { registry: registry(), retry_after: Some(60) },
            json!({ "kind": "rate_limited", "registry": "registry.lan", "retry_after": 60 }),
            "registry.lan wants fewer requests, again in 60 s",
        ),
        (
            Reason::RateLimited { registry: registry(), retry_after: None },
            json!({ "kind": "rate_limited", "registry": "registry.lan", "retry_after": null }),
            "registry.lan wants fewer requests",
        ),
        (
            Reason::QuotaLow { registry: registry(), remaining: 4, limit: 100 },
            json!({ "kind": "quota_low", "registry": "registry.lan", "remaining": 4, "limit": 100 }),
            "registry.lan allows 4 more of 100 pulls, which are left to you",
        ),
        (
            Reason::RegistryIgnored { registry: registry() },
            json!({ "kind": "registry_ignored", "registry": "registry.lan" }),
            "registry.lan is not asked: the configuration says so",
        ),
        (
            Reason::Unreachable { registry: registry(), trouble: Trouble::Tls },
            json!({ "kind": "unreachable", "registry": "registry.lan", "trouble": "tls" }),
            "registry.lan cannot be reached: the certificate or the handshake failed",
        ),
        (
            Reason::ServerError { registry: registry(), status: 503 },
            json!({ "kind": "server_error", "registry": "registry.lan", "status": 503 }),
            "registry.lan failed with status 503",
        ),
        (
            Reason::BadAnswer { registry: registry(), detail: "no digest".into() },
            json!({ "kind": "bad_answer", "registry": "registry.lan", "detail": "no digest" }),
            "registry.lan gave an answer that cannot be used: no digest",
        ),
        (
            Reason::SchemaTooOld { registry: registry() },
            json!({ "kind": "schema_too_old", "registry": "registry.lan" }),
            "registry.lan has the image in a format that engines no longer run",
        ),
        (Reason::NoLocalDigest, json!({ "kind": "no_local_digest" }), "the Engine does not say which digest the local image has"),
    ] {
        let standing = serde_json::to_value(Standing::of(&sample::reference("app:1"), &Verdict::Unknown { reason })).unwrap();
        assert_eq!((&standing["reason"], &standing["text"]), (&expected, &json!(format!("unknown: {text}"))));
    }
}
