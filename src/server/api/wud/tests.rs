//! Rules 1 to 5 of those that read What's Up Docker, one test each.

use serde_json::{Value, json};

use super::*;
use crate::server::api::{
    golden,
    sample::{self, group, newer, snapshot, timed_out, workload},
};

/// The document as a reader gets it.
fn read(snapshot: &Snapshot) -> Value {
    serde_json::to_value(containers(snapshot)).unwrap()
}

/// The entry of a container of that verdict.
fn entry(written: &str, verdict: Verdict) -> Value {
    read(&snapshot(vec![group(written, vec![workload("a", verdict)])]))[0].clone()
}

#[test]
fn the_document_is_the_golden_one() {
    golden::compare("wud", &containers(&sample::every_verdict()));
    golden::compare("wud_counts", &counts(&sample::every_verdict()));
}

#[test]
fn rule_1_it_is_a_bare_array() {
    assert_eq!(read(&snapshot(Vec::new())), json!([]));
    assert!(read(&sample::every_verdict()).is_array());
}

#[test]
fn rule_2_every_verdict_is_told_as_the_table_says() {
    for (verdict, available, kind) in [
        (Verdict::UpToDate, false, "unknown"),
        (Verdict::Rebuilt, true, "digest"),
        (newer(Level::Minor, "1.27.0", false), true, "tag"),
        (newer(Level::Minor, "1.27.0", true), true, "tag"),
        (Verdict::Recreate, true, "digest"),
        (Verdict::Pinned, false, "unknown"),
        (timed_out(), false, "unknown"),
    ] {
        let entry = entry("nginx:1.25.0", verdict.clone());
        assert_eq!((&entry["updateAvailable"], &entry["updateKind"]["kind"]), (&json!(available), &json!(kind)), "{verdict:?}");
        assert_eq!(entry["error"].is_null(), !matches!(verdict, Verdict::Unknown { .. }), "{verdict:?}");
    }
}

#[test]
fn local_builds_are_left_out_and_everything_else_is_told() {
    let names: Vec<_> = containers(&sample::every_verdict()).into_iter().map(|container| container.name).collect();
    assert_eq!(names, ["app", "web", "db", "sonarr", "tvshows", "cache", "api", "from-id", "proxy", "grafana", "once"]);
}

#[test]
fn rule_3_absent_values_are_null_and_never_missing() {
    let paths = [
        "id",
        "name",
        "displayName",
        "displayIcon",
        "status",
        "watcher",
        "link",
        "labels",
        "error",
        "image.id",
        "image.registry.name",
        "image.registry.url",
        "image.name",
        "image.tag.value",
        "image.tag.semver",
        "image.digest.watch",
        "image.digest.value",
        "image.digest.repo",
        "image.architecture",
        "image.os",
        "image.created",
        "updateKind.kind",
        "updateKind.localValue",
        "updateKind.remoteValue",
        "updateKind.semverDiff",
        "updateAvailable",
        "result",
    ];
    for container in read(&sample::every_verdict()).as_array().unwrap() {
        let of_result = ["result.tag", "result.digest", "result.created", "result.link"];
        let of_result = of_result.iter().filter(|_| !container["result"].is_null());
        for path in paths.iter().chain(of_result) {
            let pointer = format!("/{}", path.replace('.', "/"));
            assert!(container.pointer(&pointer).is_some(), "{path} of {}", container["name"]);
        }
    }
}

#[test]
fn rule_4_readers_may_cut_digests_and_values_without_looking() {
    let mut groups = sample::every_verdict().groups;
    groups.push(group("a:1", vec![workload("short", newer(Level::Major, "2", false))]));
    let mut without = group("b:1", vec![workload("without", Verdict::Recreate)]);
    without.remote_digest = None;
    without.workloads[0].local_digests.clear();
    groups.push(without);
    for container in containers(&snapshot(groups)) {
        assert!(container.image.digest.repo.len() >= 11, "{}", container.name);
        let UpdateKind { local_value, remote_value, .. } = container.update_kind;
        for value in [local_value, remote_value].into_iter().flatten() {
            assert!(value.len() >= 7, "{value} of {}", container.name);
        }
    }
}

#[test]
fn rule_4_a_short_tag_is_told_with_its_name() {
    for (written, newer_tag, local, remote) in [
        ("acme/app:v1.25.0", "v1.27.0", "v1.25.0", "v1.27.0"),
        ("nginx:1.25", "1.27", "nginx:1.25", "nginx:1.27"),
        // both alike, or the two could not be compared
        ("nginx:1.25.9", "1.25.10", "nginx:1.25.9", "nginx:1.25.10"),
        ("a:1", "2", "docker.io/library/a:1", "docker.io/library/a:2"),
    ] {
        let entry = entry(written, newer(Level::Minor, newer_tag, false));
        let expected = json!({ "kind": "tag", "localValue": local, "remoteValue": remote, "semverDiff": "minor" });
        assert_eq!(entry["updateKind"], expected, "{written}");
        assert_eq!(entry["result"]["tag"], newer_tag, "the tag alone");
    }
}

#[test]
fn rule_5_registries_have_the_names_that_readers_know() {
    for (written, name, url, repository) in [
        ("nginx:1", json!("hub.public"), json!("https://registry-1.docker.io/v2"), "library/nginx"),
        ("ghcr.io/acme/app:1", json!("ghcr.public"), json!("https://ghcr.io/v2"), "acme/app"),
        ("quay.io/acme/app:1", json!("quay.public"), json!("https://quay.io/v2"), "acme/app"),
        ("registry.lan/app:1", json!("custom.registry.lan"), json!("https://registry.lan/v2"), "app"),
        ("sha256:12ab", json!("unknown"), Value::Null, "sha256:12ab"),
    ] {
        let image = &entry(written, Verdict::UpToDate)["image"];
        assert_eq!((&image["registry"]["name"], &image["registry"]["url"]), (&name, &url), "{written}");
        assert_eq!(image["name"], repository, "{written}");
    }
}

#[test]
fn a_pinned_container_is_offered_nothing_else() {
    let digest = sample::digest(1);
    let mut pinned = group(&format!("nginx:1.27@{digest}"), vec![workload("a", Verdict::Pinned)]);
    pinned.remote_digest = Some(sample::digest(2));
    let result = &read(&snapshot(vec![pinned]))[0]["result"];
    assert_eq!((&result["tag"], &result["digest"]), (&json!("1.27"), &json!(digest)));
}

#[test]
fn stopped_containers_say_so() {
    for (state, expected) in [
        (WorkloadState::Running, "running"),
        (WorkloadState::Paused, "paused"),
        (WorkloadState::Restarting, "restarting"),
        (WorkloadState::Created, "created"),
        (WorkloadState::Exited, "exited"),
        (WorkloadState::Other, "unknown"),
    ] {
        let mut member = workload("a", Verdict::UpToDate);
        member.state = state;
        assert_eq!(containers(&snapshot(vec![group("app:1", vec![member])]))[0].status, expected);
    }
}

#[test]
fn versions_are_told_from_other_tags() {
    for (tag, semver) in [("1.27", true), ("v3", true), ("8-jdk", true), ("latest", false), ("alpine3.18", false), ("vendor", false)] {
        assert_eq!(entry(&format!("app:{tag}"), Verdict::UpToDate)["image"]["tag"]["semver"], semver, "{tag}");
    }
}

#[test]
fn counts_tell_the_same_numbers_and_nothing_else() {
    let fleet = sample::every_verdict();
    let full: Vec<_> = containers(&fleet).into_iter().map(|container| container.update_available).collect();
    let counted: Vec<_> = counts(&fleet).into_iter().map(|counted| counted.update_available).collect();
    assert_eq!(full, counted);
    let entries = serde_json::to_value(counts(&fleet)).unwrap();
    assert_eq!(entries[0], json!({ "updateAvailable": true }));
}
