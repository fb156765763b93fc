//! From an Engine's answers to a [`Workload`]. Pure.

use std::collections::BTreeSet;

use super::{
    answers::Listed,
    images::{Facts, full_id},
    session::{Flavour, Store},
};
use crate::{
    fleet::{ImageName, LocalImage, Workload},
    image::{Digest, Reference},
    wire::WorkloadState,
};

/// All that was learnt of one container.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen<'a> {
    /// its entry in the list
    pub(super) listed: &'a Listed,
    /// what it was started from, as its configuration says it
    pub(super) written: &'a str,
    /// what its health check says, where it was asked for; else the list's words are read
    pub(super) health: Option<&'a str>,
    /// the image that it runs; `None` where the Engine has it no more or will not tell
    pub(super) image: Option<&'a Facts>,
    /// the image that what it was started from stands for by now, where that is known
    pub(super) named: Option<&'a Facts>,
}

/// How to read an Engine's facts about images.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialect {
    /// whose Engine it is
    pub(super) flavour: Flavour,
    /// how it keeps images; `None` where neither it nor its images tell
    pub(super) store: Option<Store>,
}

/// Makes a workload of what was learnt.
pub(super) fn workload(dialect: Dialect, seen: Seen) -> Workload {
    let listed = seen.listed;
    let image_id = full_id(&listed.image_id);
    let image = image_name(seen.written, &image_id);
    Workload {
        id: listed.id.clone(),
        name: name(listed),
        local: local(dialect, &image, &image_id, seen),
        image,
        labels: listed.labels.clone(),
        created: listed.created,
        state: state(&listed.state),
        health: seen.health.or_else(|| health(&listed.status)).filter(|health| !matches!(*health, "" | "none")).map(str::to_owned),
    }
}

/// Its own name: links put others beside it, which name the linking container first.
fn name(listed: &Listed) -> String {
    let plain = listed.names.iter().map(|name| name.trim_start_matches('/')).find(|name| !name.is_empty() && !name.contains('/'));
    plain.map_or_else(|| listed.id.chars().take(12).collect(), str::to_owned)
}

/// What it was started from. Hexadecimal digits that begin the id of its image are that id, which Docker lets the user shorten.
fn image_name(written: &str, image_id: &str) -> ImageName {
    let digits = written.strip_prefix("sha256:");
    let hex = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    let text = digits.unwrap_or(written);
    if hex(text) && (digits.is_some() || text.len() == 64 || (text.len() >= 4 && image_id.trim_start_matches("sha256:").starts_with(text)))
    {
        return ImageName::Id(written.to_owned());
    }
    match written.parse() {
        Ok(reference) => ImageName::Reference(reference),
        Err(_) => ImageName::Invalid(written.to_owned()),
    }
}

/// What the registry may know of the image.
fn local(dialect: Dialect, name: &ImageName, image_id: &str, seen: Seen) -> LocalImage {
    let mut local = LocalImage {
        id: image_id.to_owned(),
        same: [image_id, &seen.listed.image_manifest_descriptor.digest].into_iter().filter_map(|text| text.parse().ok()).collect(),
        platform: seen.image.and_then(|image| image.platform.clone()),
        created: seen.image.and_then(|image| image.created),
        ..LocalImage::default()
    };
    let ImageName::Reference(reference) = name else { return local };
    local.digests = digests(dialect, reference, image_id, seen.image);
    let successor = seen.named.filter(|named| reference.digest().is_none() && named.id != image_id);
    local.superseded_by = successor.map(|named| digests(dialect, reference, &named.id, Some(named)));
    // a pull can take all names of an image away with its tag (Podman does): that it came from a registry is then told by its successor
    let pulled_since = successor.is_some_and(|named| !built_here(dialect, reference, named))
        && local.superseded_by.as_ref().is_some_and(|digests| !digests.is_empty());
    local.built_here = !pulled_since && seen.image.is_some_and(|image| built_here(dialect, reference, image));
    local
}

/// Every digest under which the registry of `reference` may know an image: those that the Engine recorded for the same repository, and
/// in containerd's store the id itself, which is what the registry sent. That one stays when a pull takes the image its names away.
fn digests(dialect: Dialect, reference: &Reference, id: &str, image: Option<&Facts>) -> BTreeSet<Digest> {
    let recorded = image.into_iter().flat_map(|image| &image.repo_digests).filter_map(|text| text.parse::<Reference>().ok());
    let mut digests: BTreeSet<Digest> =
        recorded.filter(|recorded| recorded.name() == reference.name()).filter_map(|recorded| recorded.digest().cloned()).collect();
    if dialect.store == Some(Store::Containerd) {
        digests.extend(id.parse::<Digest>());
    }
    digests
}

/// Whether nothing but this host knows the image.
///
/// The classic store records a digest with each pull and push: none at all means that the image was built (or loaded) here. The
/// containerd store gives every image a digest, so there only the Engine's own word counts (`Identity`, since API 1.53); without it the
/// question stays open, and the registry's 404 answers it. Podman gives built images a digest too, but calls them `localhost/…`.
fn built_here(dialect: Dialect, reference: &Reference, image: &Facts) -> bool {
    image.built
        || (dialect.store == Some(Store::Classic) && image.repo_digests.is_empty())
        || (dialect.flavour == Flavour::Podman && reference.registry() == "localhost")
}

/// How the Engine keeps images, judged by the images themselves: in containerd's store a recorded digest is the id. For Engines behind
/// a proxy that does not let `/info` through.
pub(super) fn store_by_images<'a>(images: impl IntoIterator<Item = &'a Facts>) -> Option<Store> {
    let mut judged = None;
    for image in images {
        for digest in image.repo_digests.iter().filter_map(|text| text.rsplit_once('@')).map(|(_, digest)| digest) {
            if digest == image.id {
                return Some(Store::Containerd);
            }
            judged = Some(Store::Classic);
        }
    }
    judged
}

/// What it does, in Docker's words and in those that Podman has of its own.
fn state(text: &str) -> WorkloadState {
    match text.to_ascii_lowercase().as_str() {
        "running" | "stopping" => WorkloadState::Running,
        "paused" => WorkloadState::Paused,
        "restarting" => WorkloadState::Restarting,
        "created" | "configured" | "initialized" => WorkloadState::Created,
        "exited" | "stopped" => WorkloadState::Exited,
        _ => WorkloadState::Other,
    }
}

/// Reads health from the list's words: `Up 2 hours (healthy)`.
fn health(status: &str) -> Option<&str> {
    match status.strip_suffix(')')?.rsplit_once('(')?.1 {
        "healthy" => Some("healthy"),
        "unhealthy" => Some("unhealthy"),
        "health: starting" => Some("starting"),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
