use super::*;
use crate::{
    server::api::{
        golden,
        sample::{self, group, newer, snapshot, workload},
    },
    wire::{GroupRow, Level, Reason, WorkloadState},
};

fn of(groups: Vec<GroupRow>) -> Vec<ImageGroup> {
    images(&snapshot(groups))
}

#[test]
fn the_document_is_the_golden_one() {
    golden::compare("image_watch", &images(&sample::every_verdict()));
}

#[test]
fn every_verdict_has_the_status_of_the_table() {
    let unknown = Verdict::Unknown { reason: Reason::NotChecked };
    for (verdict, expected) in [
        (Verdict::UpToDate, Status::UpToDate),
        (Verdict::Rebuilt, Status::Outdated),
        (newer(Level::Major, "2", false), Status::UpToDate),
        (newer(Level::Patch, "1.1", true), Status::Outdated),
        (Verdict::Recreate, Status::Outdated),
        (Verdict::Pinned, Status::UpToDate),
        (Verdict::LocalBuild, Status::Unknown),
        (unknown, Status::Unknown),
    ] {
        let images = of(vec![group("app:1", vec![workload("a", verdict.clone())])]);
        assert_eq!((images[0].status, images[0].containers[0].status), (expected, expected), "{verdict:?}");
    }
}

#[test]
fn a_group_says_what_is_known_of_its_containers() {
    let unknown = || Verdict::Unknown { reason: Reason::NotChecked };
    for (verdicts, expected) in [
        (vec![Verdict::Rebuilt, Verdict::UpToDate], Status::Partial),
        (vec![Verdict::Rebuilt, Verdict::Recreate], Status::Outdated),
        (vec![Verdict::UpToDate, unknown()], Status::UpToDate),
        (vec![Verdict::Rebuilt, unknown()], Status::Outdated),
        (vec![unknown(), Verdict::LocalBuild], Status::Unknown),
    ] {
        let workloads = verdicts.iter().map(|verdict| workload("a", verdict.clone())).collect();
        assert_eq!(of(vec![group("app:1", workloads)])[0].status, expected, "{verdicts:?}");
    }
}

#[test]
fn images_are_named_with_a_tag_and_without_a_digest() {
    let digest = sample::digest(3);
    for (written, expected) in [
        ("nginx".to_owned(), "nginx:latest"),
        ("docker.io/library/nginx:1.27".to_owned(), "nginx:1.27"),
        ("acme/app:2".to_owned(), "acme/app:2"),
        ("ghcr.io/acme/app".to_owned(), "ghcr.io/acme/app:latest"),
        ("localhost:5000/app".to_owned(), "localhost:5000/app:latest"),
        (format!("nginx:1.27@{digest}"), "nginx:1.27"),
        (format!("nginx@{digest}"), "nginx:latest"),
    ] {
        assert_eq!(of(vec![group(&written, vec![workload("a", Verdict::UpToDate)])])[0].image, expected, "{written}");
    }
}

#[test]
fn one_name_is_listed_once() {
    let mut tagged = group("nginx:1.27", vec![workload("a", Verdict::Rebuilt)]);
    tagged.remote_digest = Some(sample::digest(2));
    let mut pinned = group(&format!("nginx:1.27@{}", sample::digest(1)), vec![workload("b", Verdict::Pinned)]);
    pinned.remote_digest = None;
    let images = of(vec![pinned, tagged]);
    assert_eq!(images.len(), 1);
    assert_eq!((images[0].status, images[0].containers.len()), (Status::Partial, 2));
    assert_eq!(images[0].remote_digest, "sha256:0202020202", "the one that is known");
}

#[test]
fn only_what_runs_is_listed() {
    for (state, listed) in [
        (WorkloadState::Running, true),
        (WorkloadState::Paused, true),
        (WorkloadState::Restarting, true),
        (WorkloadState::Created, false),
        (WorkloadState::Exited, false),
        (WorkloadState::Other, false),
    ] {
        let mut sleeper = workload("a", Verdict::UpToDate);
        sleeper.state = state;
        let id = sleeper.id.clone();
        let fleet = snapshot(vec![group("app:1", vec![sleeper, workload("b", Verdict::UpToDate)])]);
        let names: Vec<_> = images(&fleet)[0].containers.iter().map(|item| item.container_name.clone()).collect();
        assert_eq!(names.contains(&"a".to_owned()), listed, "{state:?}");
        assert_eq!(find(&fleet, &id).is_some(), listed, "{state:?}");
    }
}

#[test]
fn a_group_without_a_running_container_and_a_bare_image_id_are_left_out() {
    let mut stopped = workload("a", Verdict::UpToDate);
    stopped.state = WorkloadState::Exited;
    let bare = workload("b", Verdict::Unknown { reason: Reason::NoReference });
    let fleet = snapshot(vec![group("app:1", vec![stopped]), group(&sample::digest(9), vec![bare.clone()])]);
    assert_eq!(images(&fleet), []);
    assert_eq!(find(&fleet, &bare.id), None);
}

#[test]
fn no_container_gives_an_empty_array() {
    assert_eq!(serde_json::to_string(&of(Vec::new())).unwrap(), "[]");
}

#[test]
fn digests_have_seventeen_characters_or_are_unknown() {
    let mut image = group("app:1", vec![workload("a", Verdict::UpToDate), workload("b", Verdict::UpToDate)]);
    image.remote_digest = Some(sample::digest(2));
    // of several local digests the one that the registry has is shown: equal things look equal
    image.workloads[0].local_digests = vec![sample::digest(1), sample::digest(2)];
    image.workloads[1].local_digests.clear();
    let image = &of(vec![image])[0];
    assert_eq!(image.remote_digest, "sha256:0202020202");
    assert_eq!(image.containers[0].local_digest, "sha256:0202020202");
    assert_eq!(image.containers[1].local_digest, "unknown");
}

#[test]
fn a_container_is_found_by_its_short_and_its_full_id() {
    let fleet = sample::every_verdict();
    let web = workload("web", Verdict::UpToDate).id;
    for (id, expected) in
        [(&web[..12], Some("web")), (&web[..], Some("web")), (&web[..11], None), (&web[..13], None), ("", None), ("web", None)]
    {
        assert_eq!(find(&fleet, id).map(|workload| workload.name.as_str()), expected, "{id}");
    }
}

#[test]
fn the_switch_of_each_container_is_told() {
    let images = images(&sample::every_verdict());
    let on: Vec<_> = images.iter().flat_map(|image| &image.containers).filter(|item| item.auto_update).collect();
    assert_eq!(on.iter().map(|item| item.container_name.as_str()).collect::<Vec<_>>(), ["web"]);
}

#[test]
fn a_group_is_found_by_the_name_that_the_document_gives_it() {
    let mut stopped = workload("c", Verdict::UpToDate);
    stopped.state = WorkloadState::Exited;
    let pinned = format!("nginx:1.27@{}", sample::digest(1));
    let fleet = snapshot(vec![
        group("nginx:1.27", vec![workload("a", Verdict::Rebuilt), stopped]),
        group(&pinned, vec![workload("b", Verdict::Pinned)]),
        group("ghcr.io/acme/app", vec![workload("d", Verdict::UpToDate)]),
        group(&sample::digest(9), vec![workload("e", Verdict::Unknown { reason: Reason::NoReference })]),
    ]);
    for (image, expected) in [
        ("nginx:1.27", &["a", "b"][..]),
        ("docker.io/library/nginx:1.27", &["a"]),
        ("ghcr.io/acme/app:latest", &["d"]),
        ("ghcr.io/acme/app", &["d"]),
        ("nginx", &[]),
        ("", &[]),
        (&sample::digest(9), &[]),
    ] {
        let names: Vec<_> = members(&fleet, image).iter().map(|workload| workload.name.as_str()).collect();
        assert_eq!(names, expected, "{image}");
    }
}
