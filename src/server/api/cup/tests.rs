//! Rules 6 to 13 of those that read Cup, one test each.

use super::*;
use crate::{
    image::Digest,
    server::api::{
        golden,
        sample::{self, group, newer, snapshot, timed_out, workload},
    },
    wire::{Allows, HostRow, HostState, Reason, WorkloadState},
};

/// The entry of a group with one container of that verdict.
fn entry(verdict: Verdict) -> Image {
    document(&snapshot(vec![group("app:1.2.3", vec![workload("a", verdict)])])).images.remove(0)
}

#[test]
fn the_document_is_the_golden_one() {
    golden::compare("cup", &document(&sample::every_verdict()));
    golden::compare("cup_counts", &counts(&sample::every_verdict()));
}

#[test]
fn every_verdict_is_told_as_the_table_says() {
    for (verdict, has_update, kind_of) in [
        (Verdict::UpToDate, Some(false), Kind::UpToDate),
        (Verdict::Rebuilt, Some(true), Kind::Other),
        (newer(Level::Major, "2.0.0", false), Some(true), Kind::Major),
        (newer(Level::Minor, "1.3.0", false), Some(true), Kind::Minor),
        (newer(Level::Patch, "1.2.4", false), Some(true), Kind::Patch),
        (newer(Level::Minor, "1.3.0", true), Some(true), Kind::Minor),
        (Verdict::Recreate, Some(true), Kind::Other),
        (Verdict::Pinned, Some(false), Kind::UpToDate),
        (timed_out(), None, Kind::Unknown),
    ] {
        let result = entry(verdict.clone()).result;
        assert_eq!((result.has_update, kind(&result)), (has_update, kind_of), "{verdict:?}");
    }
}

#[test]
fn local_builds_are_left_out() {
    let mixed = vec![workload("built", Verdict::LocalBuild), workload("pulled", Verdict::UpToDate)];
    let document = document(&snapshot(vec![group("a:1", vec![workload("a", Verdict::LocalBuild)]), group("b:1", mixed)]));
    assert_eq!(document.images.iter().map(|image| image.reference.as_str()).collect::<Vec<_>>(), ["b:1"]);
    assert_eq!(document.metrics.monitored_images, 1);
}

#[test]
fn rule_6_last_updated_is_there_from_the_first_moment() {
    let mut fleet = snapshot(Vec::new());
    assert_eq!(document(&fleet).last_updated, "2026-11-21T01:03:31Z");
    fleet.check.last = None;
    assert_eq!(document(&fleet).last_updated, "1970-01-01T00:00:00Z");
    assert_eq!(counts(&fleet).last_updated, "1970-01-01T00:00:00Z");
}

#[test]
fn rule_9_an_update_has_its_information_and_an_unknown_its_error() {
    for image in document(&sample::every_verdict()).images {
        let Outcome { has_update, info, error } = &image.result;
        assert_eq!(info.is_some(), *has_update == Some(true), "{}", image.reference);
        assert_eq!(error.is_some(), has_update.is_none(), "{}", image.reference);
        assert!(error.as_ref().is_none_or(|text| !text.is_empty()), "{}", image.reference);
    }
}

#[test]
fn rule_9_the_level_is_written_as_cup_writes_it() {
    for (level, written) in [(Level::Major, "major"), (Level::Minor, "minor"), (Level::Patch, "patch")] {
        let info = serde_json::to_value(entry(newer(level, "v2.1.0-alpine", false)).result.info).unwrap();
        assert_eq!(
            info,
            serde_json::json!({
                "type": "version", "version_update_type": written, "new_tag": "v2.1.0-alpine", "current_version": "1.2.3", "new_version": "2.1.0",
            })
        );
    }
}

#[test]
fn rule_10_digests_are_always_whole() {
    for verdict in [Verdict::Rebuilt, Verdict::Recreate] {
        let mut bare = workload("a", verdict);
        bare.local_digests.clear();
        let mut image = group("app:1", vec![bare]);
        image.remote_digest = None;
        let Some(Info::Digest { local_digests, remote_digest }) = document(&snapshot(vec![image])).images.remove(0).result.info else {
            panic!("a digest update")
        };
        assert!(local_digests[0].parse::<Digest>().is_ok() && remote_digest.parse::<Digest>().is_ok());
    }
}

#[test]
fn rule_10_the_local_digests_are_those_that_are_behind() {
    let mut image =
        group("app:1", vec![workload("a", Verdict::Rebuilt), workload("b", Verdict::UpToDate), workload("c", Verdict::Rebuilt)]);
    image.remote_digest = Some(sample::digest(2));
    image.workloads[0].local_digests = vec![sample::digest(1), sample::digest(3)];
    image.workloads[1].local_digests = vec![sample::digest(2)];
    let info = document(&snapshot(vec![image])).images.remove(0).result.info;
    let local_digests = vec![sample::digest(1), sample::digest(3)];
    assert_eq!(info, Some(Info::Digest { local_digests, remote_digest: sample::digest(2) }));
}

#[test]
fn rule_11_an_image_is_in_use_while_a_container_runs() {
    for (state, in_use) in [
        (WorkloadState::Running, true),
        (WorkloadState::Paused, true),
        (WorkloadState::Restarting, true),
        (WorkloadState::Created, false),
        (WorkloadState::Exited, false),
    ] {
        let mut member = workload("a", Verdict::UpToDate);
        member.state = state;
        assert_eq!(document(&snapshot(vec![group("app:1", vec![member])])).images[0].in_use, in_use, "{state:?}");
    }
}

#[test]
fn what_runs_decides_over_what_does_not() {
    let mut stopped = workload("old", Verdict::Rebuilt);
    stopped.state = WorkloadState::Exited;
    let document = document(&snapshot(vec![group("app:1", vec![stopped, workload("new", Verdict::UpToDate)])]));
    assert_eq!(document.images[0].result.has_update, Some(false));
}

#[test]
fn rule_12_parts_name_the_registry_that_answers() {
    let digest = sample::digest(5);
    for (written, registry, repository, tag) in [
        ("nginx".to_owned(), "registry-1.docker.io", "library/nginx", "latest"),
        ("acme/app:2".to_owned(), "registry-1.docker.io", "acme/app", "2"),
        ("ghcr.io/acme/app:2".to_owned(), "ghcr.io", "acme/app", "2"),
        ("lscr.io/linuxserver/sonarr".to_owned(), "lscr.io", "linuxserver/sonarr", "latest"),
        ("127.0.0.1:5000/app:1".to_owned(), "127.0.0.1:5000", "app", "1"),
        (format!("nginx:1.27@{digest}"), "registry-1.docker.io", "library/nginx", "1.27"),
        (format!("nginx@{digest}"), "registry-1.docker.io", "library/nginx", digest.as_str()),
        (digest.clone(), "", digest.as_str(), ""),
    ] {
        let image = document(&snapshot(vec![group(&written, vec![workload("a", Verdict::Pinned)])])).images.remove(0);
        let expected = Parts { registry: registry.into(), repository: repository.into(), tag: tag.into() };
        assert_eq!(image.parts, expected, "{written}");
    }
}

#[test]
fn rule_13_metrics_add_up_and_unknown_has_its_second_name() {
    let metrics = document(&sample::every_verdict()).metrics;
    let Metrics { monitored_images, up_to_date, updates_available, unknown, .. } = metrics;
    assert_eq!(monitored_images, updates_available + up_to_date + unknown);
    assert_eq!(updates_available, metrics.major_updates + metrics.minor_updates + metrics.patch_updates + metrics.other_updates);
    assert_eq!((metrics.major_updates, metrics.minor_updates, metrics.patch_updates, metrics.other_updates), (1, 1, 1, 2));
    assert_eq!((up_to_date, unknown, metrics.unknown_updates), (3, 2, 2));
}

#[test]
fn images_are_sorted_by_kind_and_then_by_reference() {
    let one = |written: &str, verdict| group(written, vec![workload("a", verdict)]);
    let fleet = snapshot(vec![
        one("h:1", timed_out()),
        one("c:1", Verdict::UpToDate),
        one("g:1", Verdict::Unknown { reason: Reason::NotChecked }),
        one("z:1", newer(Level::Major, "2", false)),
        one("b:1", Verdict::Rebuilt),
        one("d:1", newer(Level::Patch, "1.1", true)),
        one("a:1", Verdict::Recreate),
        one("e:1", newer(Level::Minor, "1.1", false)),
    ]);
    let order: Vec<_> = document(&fleet).images.into_iter().map(|image| image.reference).collect();
    assert_eq!(order, ["z:1", "e:1", "d:1", "a:1", "b:1", "c:1", "g:1", "h:1"]);
}

#[test]
fn several_hosts_are_told_apart_and_one_is_not_named() {
    let mut away = workload("b", Verdict::UpToDate);
    away.host = "nas".into();
    let mut fleet = snapshot(vec![group("app:1", vec![workload("a", Verdict::Rebuilt), away])]);
    let servers =
        |fleet: &Snapshot| -> Vec<_> { document(fleet).images.into_iter().map(|image| (image.server, image.result.has_update)).collect() };
    fleet.hosts.push(HostRow { name: "nas".into(), state: HostState::Connected, engine: None, allows: Allows::Updates });
    assert_eq!(servers(&fleet), [(Some("local".into()), Some(true)), (Some("nas".into()), Some(false))]);
    fleet.hosts.truncate(1);
    fleet.groups[0].workloads.truncate(1);
    assert_eq!(servers(&fleet), [(None, Some(true))]);
}

#[test]
fn counts_tell_the_same_numbers_and_no_names() {
    let fleet = sample::every_verdict();
    assert_eq!(counts(&fleet).metrics, document(&fleet).metrics);
    assert_eq!(counts(&fleet).images, []);
}
