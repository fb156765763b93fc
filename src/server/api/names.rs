//! How other tools name what Plimsoll names: references, digests, versions, pages.

use crate::wire::{Reference, WorkloadRow};

/// Stands where a contract demands a digest and none is known. Readers cut pieces out of digests without looking, and fail whole on a
/// missing one; sixty-four zeros are no content that exists.
pub(super) const NO_DIGEST: &str = "sha256:0000000000000000000000000000000000000000000000000000000000000000";

/// Registry of references that name none.
const DOCKER_HUB: &str = "docker.io";

/// The reference as Docker writes it, whole: `nginx:1.27@sha256:…`.
pub(super) fn written(reference: &Reference) -> String {
    let mut text = reference.familiar.clone();
    for (mark, part) in [(':', &reference.tag), ('@', &reference.digest)] {
        if let Some(part) = part {
            text.push(mark);
            text.push_str(part);
        }
    }
    text
}

/// What names the image in its repository: the tag, else the digest, else nothing (a bare image id).
pub(super) fn tag_or_digest(reference: &Reference) -> Option<&str> {
    reference.tag.as_deref().or(reference.digest.as_deref())
}

/// Whether a registry can be asked for it: it is neither a bare image id nor something unreadable.
pub(super) fn has_name(reference: &Reference) -> bool {
    !reference.registry.is_empty()
}

/// The host that really answers for a registry. Docker Hub's has another name than its references.
pub(super) fn registry_host(registry: &str) -> &str {
    if registry == DOCKER_HUB { "registry-1.docker.io" } else { registry }
}

/// The digest under which a workload runs: the registry's, where it has that one, else any that it has.
pub(super) fn local_digest<'a>(workload: &'a WorkloadRow, remote: Option<&str>) -> Option<&'a str> {
    let digests = &workload.local_digests;
    digests.iter().find(|digest| Some(digest.as_str()) == remote).or_else(|| digests.first()).map(String::as_str)
}

/// The version in a tag, without what stands around it: `1.25.3` of `v1.25.3-alpine3.18`. It is the run of dotted numbers that has the
/// most numbers, the first of several.
pub(super) fn version(tag: &str) -> Option<&str> {
    let numbers = |run: &str| run.split('.').filter(|number| !number.is_empty()).count();
    let runs = tag.split(|c: char| !c.is_ascii_digit() && c != '.').map(|run| run.trim_matches('.'));
    // `max_by_key` takes the last of equals: hence the reversal
    runs.filter(|run| !run.is_empty()).rev().max_by_key(|run| numbers(run))
}

/// Where a person reads about the image, for registries whose pages have a known address.
pub(super) fn page(reference: &Reference) -> Option<String> {
    let repository = &reference.repository;
    match reference.registry.as_str() {
        DOCKER_HUB => Some(match repository.strip_prefix("library/") {
            Some(official) => format!("https://hub.docker.com/_/{official}"),
            None => format!("https://hub.docker.com/r/{repository}"),
        }),
        "ghcr.io" => Some(format!("https://ghcr.io/{repository}")),
        "quay.io" => Some(format!("https://quay.io/repository/{repository}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::api::sample;

    #[test]
    fn a_version_is_the_longest_run_of_numbers() {
        for (tag, expected) in [
            ("1.25.0", Some("1.25.0")),
            ("v1.25.3-alpine3.18", Some("1.25.3")),
            ("alpine3.18", Some("3.18")),
            ("8-jdk-21", Some("8")),
            ("2024.11.2.1", Some("2024.11.2.1")),
            ("1..2.", Some("1..2")),
            ("latest", None),
            ("...", None),
            ("", None),
        ] {
            assert_eq!(version(tag), expected, "{tag}");
        }
    }

    #[test]
    fn pages_are_known_for_public_registries_only() {
        for (reference, expected) in [
            ("docker.io/library/nginx:1", Some("https://hub.docker.com/_/nginx")),
            ("docker.io/acme/app:1", Some("https://hub.docker.com/r/acme/app")),
            ("ghcr.io/acme/app:1", Some("https://ghcr.io/acme/app")),
            ("quay.io/acme/app:1", Some("https://quay.io/repository/acme/app")),
            ("127.0.0.1:5000/app:1", None),
        ] {
            assert_eq!(page(&sample::reference(reference)).as_deref(), expected, "{reference}");
        }
    }

    #[test]
    fn the_placeholder_is_a_digest() {
        assert!(NO_DIGEST.parse::<crate::image::Digest>().is_ok());
    }
}
