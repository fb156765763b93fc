//! Tables: from an Engine's words to a workload.

use serde_json::{Value, json};

use super::*;
use crate::{
    host::docker::answers::{Image, Listed},
    image::Platform,
};

const CLASSIC: Dialect = Dialect { flavour: Flavour::Docker, store: Some(Store::Classic) };
const CONTAINERD: Dialect = Dialect { flavour: Flavour::Docker, store: Some(Store::Containerd) };
const PODMAN: Dialect = Dialect { flavour: Flavour::Podman, store: Some(Store::Classic) };
const UNTOLD: Dialect = Dialect { flavour: Flavour::Docker, store: None };

/// `sha256:` and 64 times the same digit.
fn digest(digit: char) -> String {
    format!("sha256:{}", digit.to_string().repeat(64))
}

fn digests(digits: &str) -> BTreeSet<Digest> {
    digits.chars().map(|digit| digest(digit).parse().expect("a digest")).collect()
}

fn listed(document: Value) -> Listed {
    serde_json::from_value(document).expect("an entry of the list")
}

fn facts(document: Value) -> Facts {
    serde_json::from_value::<Image>(document).expect("an image").into()
}

fn image(id: char, repo_digests: &[String]) -> Facts {
    facts(json!({ "Id": digest(id), "RepoDigests": repo_digests }))
}

/// The local side of a container with image id `a`, started from `written`.
fn seen(dialect: Dialect, written: &str, image: Option<&Facts>, named: Option<&Facts>) -> (ImageName, LocalImage) {
    let listed = listed(json!({ "Id": "c1", "ImageID": digest('a'), "Image": digest('a') }));
    let workload = workload(dialect, Seen { listed: &listed, written, health: None, image, named });
    (workload.image, workload.local)
}

fn at(repository: &str, digit: char) -> String {
    format!("{repository}@{}", digest(digit))
}

#[test]
fn an_entry_of_docker_20_10_is_read() {
    let listed = listed(json!({
        "Id": "8dfafdbc3a40", "Names": ["/proxy/db", "/db"], "Image": "postgres:16", "ImageID": digest('a'), "Command": "postgres",
        "Created": 1_367_854_155, "Ports": [{"PrivatePort": 5432, "Type": "tcp"}], "Labels": {"com.docker.compose.project": "shop"},
        "State": "running", "Status": "Up 2 hours (healthy)", "HostConfig": {"NetworkMode": "default"}, "NetworkSettings": {},
        "Mounts": []
    }));
    let image = facts(json!({
        "Id": digest('a'), "RepoTags": ["postgres:16"], "RepoDigests": [at("postgres", 'b')], "Os": "linux", "Architecture": "arm",
        "Variant": "v7", "Config": {"Labels": null}
    }));
    let workload = workload(CLASSIC, Seen { listed: &listed, written: "postgres:16", health: None, image: Some(&image), named: None });
    assert_eq!(workload.name, "db", "the other name is that of a link");
    assert_eq!(workload.image, ImageName::Reference("postgres:16".parse().expect("a reference")));
    assert_eq!((workload.created, workload.state, workload.health.as_deref()), (1_367_854_155, WorkloadState::Running, Some("healthy")));
    assert_eq!(workload.project(), Some("shop"));
    let platform = Platform { os: "linux".into(), architecture: "arm".into(), variant: Some("v7".into()) };
    let same = digests("a");
    let local = LocalImage { id: digest('a'), digests: digests("b"), same, platform: Some(platform), ..LocalImage::default() };
    assert_eq!(workload.local, local);
}

#[test]
fn an_entry_with_nothing_in_it_is_read_too() {
    let listed = listed(json!({ "Id": "0123456789abcdef", "Names": null, "Labels": null, "State": null, "Ports": null }));
    let workload = workload(PODMAN, Seen { listed: &listed, written: "", health: Some("none"), image: None, named: None });
    assert_eq!((workload.name.as_str(), workload.state, workload.health), ("0123456789ab", WorkloadState::Other, None));
    assert_eq!(workload.image, ImageName::Invalid(String::new()));
}

#[test]
fn only_digests_of_the_same_repository_count() {
    let image = image('a', &[at("nginx", '1'), at("docker.io/library/nginx", '2'), at("ghcr.io/me/nginx", '3'), "<none>@<none>".into()]);
    for (written, expected) in [
        ("nginx", "12"),
        ("nginx:1.27", "12"),
        ("index.docker.io/library/nginx:1.27", "12"),
        ("ghcr.io/me/nginx:dev", "3"),
        ("nginx.local/nginx", ""),
    ] {
        assert_eq!(seen(CLASSIC, written, Some(&image), None).1.digests, digests(expected), "{written}");
    }
}

#[test]
fn in_containerds_store_the_id_is_a_digest_of_the_registry() {
    let image = image('a', &[at("nginx", 'a')]);
    assert_eq!(seen(CONTAINERD, "nginx", Some(&image), None).1.digests, digests("a"));
    // a newer pull took the names away
    let nameless = self::image('a', &[]);
    let local = seen(CONTAINERD, "nginx", Some(&nameless), None).1;
    assert_eq!((local.digests, local.built_here), (digests("a"), false));
    // no platform of it is here: a digest without a name
    let foreign = self::image('a', &[digest('b')]);
    assert_eq!(seen(CONTAINERD, "nginx", Some(&foreign), None).1.digests, digests("a"));
    // removed by force under a running container
    assert_eq!(seen(CONTAINERD, "nginx", None, None).1.digests, digests("a"));
}

#[test]
fn what_was_built_here_is_told_apart_where_it_can_be() {
    let bare = image('a', &[]);
    let pushed = image('a', &[at("ghcr.io/me/app", '1')]);
    let built = facts(json!({ "Id": digest('a'), "RepoDigests": [at("app", 'a')], "Identity": {"Build": [{"Ref": "x"}]} }));
    let pulled = facts(json!({ "Id": digest('a'), "RepoDigests": [at("app", 'a')], "Identity": {"Pull": [{"Repository": "app"}]} }));
    for (what, dialect, written, image, expected) in [
        ("classic without any digest", CLASSIC, "app", Some(&bare), true),
        ("classic, pushed elsewhere", CLASSIC, "app", Some(&pushed), false),
        ("classic, image removed", CLASSIC, "app", None, false),
        ("containerd without a digest", CONTAINERD, "app", Some(&bare), false),
        ("containerd, the Engine says built", CONTAINERD, "app", Some(&built), true),
        ("containerd, the Engine says pulled", CONTAINERD, "app", Some(&pulled), false),
        ("store unknown", UNTOLD, "app", Some(&bare), false),
        ("podman's name for built images", PODMAN, "localhost/app", Some(&image('a', &[at("localhost/app", '1')])), true),
        ("podman, pulled", PODMAN, "docker.io/library/nginx", Some(&image('a', &[at("docker.io/library/nginx", '1')])), false),
    ] {
        assert_eq!(seen(dialect, written, image, None).1.built_here, expected, "{what}");
    }
}

#[test]
fn a_name_that_moved_is_told_with_its_new_digests() {
    let old = image('a', &[at("nginx", '1')]);
    let new = image('b', &[at("nginx", '2'), at("other", '3')]);
    for (what, dialect, written, named, expected) in [
        ("it stands for the same image", CLASSIC, "nginx", Some(&old), None),
        ("it stands for nothing", CLASSIC, "nginx", None, None),
        ("classic", CLASSIC, "nginx", Some(&new), Some(digests("2"))),
        ("containerd", CONTAINERD, "nginx", Some(&new), Some(digests("2b"))),
        ("rebuilt here", CLASSIC, "nginx", Some(&image('b', &[])), Some(digests(""))),
        ("pinned: the tag beside it decides nothing", CLASSIC, &at("nginx:1", '1'), Some(&new), None),
    ] {
        assert_eq!(seen(dialect, written, Some(&old), named).1.superseded_by, expected, "{what}");
    }
}

#[test]
fn what_was_pulled_since_is_not_taken_for_built_here() {
    let bare = image('a', &[]);
    let pulled = image('b', &[at("nginx", '2')]);
    let local = |image: &Facts| facts(json!({ "Id": image.id, "RepoDigests": [], "Identity": {"Build": [{"Ref": "x"}]} }));
    for (what, dialect, written, named, built_here) in [
        ("Podman takes the old image its digests with its name", PODMAN, "nginx", Some(&pulled), false),
        ("the classic store, pulled over a build", CLASSIC, "nginx", Some(&pulled), false),
        ("built again", CLASSIC, "nginx", Some(&image('b', &[])), true),
        ("built again in containerd's store", CONTAINERD, "nginx", Some(&local(&pulled)), false),
        ("the new one is of another repository", CLASSIC, "nginx", Some(&image('b', &[at("other", '2')])), true),
        ("the name is gone", CLASSIC, "nginx", None, true),
        ("built again by Podman", PODMAN, "localhost/app", Some(&image('b', &[at("localhost/app", '2')])), true),
    ] {
        assert_eq!(seen(dialect, written, Some(&bare), named).1.built_here, built_here, "{what}");
    }
    let built = local(&bare);
    assert!(seen(CONTAINERD, "nginx", Some(&built), Some(&local(&pulled))).1.built_here, "both are built, says the Engine");
    assert!(!seen(CONTAINERD, "nginx", Some(&built), Some(&pulled)).1.built_here, "but the newer one was pulled");
}

#[test]
fn what_a_container_was_started_from_is_named() {
    let id = |text: &str| ImageName::Id(text.into());
    let reference = |text: &str| ImageName::Reference(text.parse().expect("a reference"));
    for (written, expected) in [
        ("nginx:1.27", reference("nginx:1.27")),
        (&digest('a'), id(&digest('a'))),
        (&digest('b'), id(&digest('b'))),
        (&"a".repeat(64), id(&"a".repeat(64))),
        ("aaaaaaaaaaaa", id("aaaaaaaaaaaa")),
        ("sha256:aaaa", id("sha256:aaaa")),
        // hexadecimal by chance: the image is another
        ("beef", reference("beef")),
        ("cafe:dead", reference("cafe:dead")),
        ("UPPER", ImageName::Invalid("UPPER".into())),
        ("", ImageName::Invalid(String::new())),
    ] {
        let (image, local) = seen(CLASSIC, written, Some(&self::image('a', &[at("nginx", '1')])), None);
        assert_eq!(image, expected, "{written}");
        if !matches!(image, ImageName::Reference(_)) {
            assert!(local.digests.is_empty() && !local.built_here, "{written}");
        }
    }
}

#[test]
fn states_and_health_are_read_in_both_dialects() {
    for (text, expected) in [
        ("running", WorkloadState::Running),
        ("Running", WorkloadState::Running),
        ("paused", WorkloadState::Paused),
        ("restarting", WorkloadState::Restarting),
        ("created", WorkloadState::Created),
        ("configured", WorkloadState::Created),
        ("exited", WorkloadState::Exited),
        ("stopped", WorkloadState::Exited),
        ("dead", WorkloadState::Other),
        ("removing", WorkloadState::Other),
    ] {
        assert_eq!(state(text), expected, "{text}");
    }
    for (status, expected) in [
        ("Up 2 hours", None),
        ("Up 2 hours (healthy)", Some("healthy")),
        ("Up 2 hours (unhealthy)", Some("unhealthy")),
        ("Up 2 seconds (health: starting)", Some("starting")),
        ("Up 2 hours (Paused)", None),
        ("Exited (137) 3 days ago", None),
        ("Exited (0)", None),
        ("", None),
    ] {
        assert_eq!(health(status), expected, "{status}");
    }
}

#[test]
fn images_tell_the_store_where_the_engine_does_not() {
    assert_eq!(store_by_images([]), None);
    assert_eq!(store_by_images([&image('a', &[])]), None);
    assert_eq!(store_by_images([&image('a', &[]), &image('b', &[at("nginx", '1')])]), Some(Store::Classic));
    assert_eq!(store_by_images([&image('b', &[at("nginx", 'b')])]), Some(Store::Containerd));
}
