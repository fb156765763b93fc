//! What's Up Docker's document, `GET /api/containers`: a bare array of containers.
//!
//! What is not known is `null` and never left out. Labels are not told: they hold passwords more often than they should. Local builds
//! are left out.

use serde::Serialize;

use super::{names, told};
use crate::wire::{GroupRow, Level, Reference, Snapshot, Verdict, WorkloadRow, WorkloadState};

/// A container.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Container {
    /// the Engine's id, in full
    pub id: String,
    /// without the slash
    pub name: String,
    /// the same
    pub display_name: String,
    /// a name of Material Design Icons
    pub display_icon: &'static str,
    /// as the Engine says it: `running`, `exited`
    pub status: &'static str,
    /// the host
    pub watcher: String,
    /// the Compose project
    pub stack: Option<String>,
    /// where the image says that it comes from
    pub link: Option<String>,
    /// what runs
    pub image: Image,
    /// what the registry has
    pub result: Option<Found>,
    /// why that is not known
    pub error: Option<Failure>,
    /// the one field that every reader reads
    pub update_available: bool,
    /// what an update would change
    pub update_kind: UpdateKind,
    /// always empty
    pub labels: Labels,
}

/// The image that a container runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Image {
    /// not told
    pub id: Option<String>,
    /// where it comes from
    pub registry: Registry,
    /// the repository
    pub name: String,
    /// the tag
    pub tag: Tag,
    /// the digest
    pub digest: Digest,
    /// not told
    pub architecture: Option<String>,
    /// not told
    pub os: Option<String>,
    /// not told
    pub created: Option<String>,
}

/// A registry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Registry {
    /// kind and name, as What's Up Docker gives them: `hub.public`
    pub name: String,
    /// its API, as it is reached by default
    pub url: Option<String>,
}

/// A tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tag {
    /// the tag; the digest, where there is none
    pub value: Option<String>,
    /// whether it is a version
    pub semver: bool,
}

/// A digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Digest {
    /// whether a rebuilt tag is noticed: always
    pub watch: bool,
    /// the one that runs
    pub value: Option<String>,
    /// the same, and never `null`: readers cut a piece out of it without looking
    pub repo: String,
}

/// What the registry has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Found {
    /// the newest tag that was found
    pub tag: Option<String>,
    /// its digest, where it is known
    pub digest: Option<String>,
    /// not told
    pub created: Option<String>,
    /// not told
    pub link: Option<String>,
}

/// Why something is not known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// in English
    pub message: String,
}

/// What an update would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UpdateKind {
    /// `tag`, `digest`, or `unknown` where there is none
    pub kind: &'static str,
    /// what runs
    pub local_value: Option<String>,
    /// what would run
    pub remote_value: Option<String>,
    /// how far it is, between tags
    pub semver_diff: Option<Level>,
}

/// No labels: an empty object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Labels {}

/// A container for those who may see numbers alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Counted {
    /// whether it has an update
    pub update_available: bool,
}

/// The document.
pub fn containers(snapshot: &Snapshot) -> Vec<Container> {
    listed(snapshot).map(|(group, workload)| container(group, workload)).collect()
}

/// The document for those who may see numbers alone.
pub fn counts(snapshot: &Snapshot) -> Vec<Counted> {
    listed(snapshot).map(|(_, workload)| Counted { update_available: workload.verdict.is_behind() }).collect()
}

fn listed(snapshot: &Snapshot) -> impl Iterator<Item = (&GroupRow, &WorkloadRow)> {
    let all = snapshot.groups.iter().flat_map(|group| group.workloads.iter().map(move |workload| (group, workload)));
    all.filter(|(_, workload)| workload.verdict != Verdict::LocalBuild)
}

fn container(group: &GroupRow, workload: &WorkloadRow) -> Container {
    let local = names::local_digest(workload, group.remote_digest.as_deref());
    Container {
        id: workload.id.clone(),
        name: workload.name.clone(),
        display_name: workload.name.clone(),
        display_icon: "mdi:docker",
        status: status(workload.state),
        watcher: workload.host.clone(),
        stack: workload.project.clone(),
        link: group.url.clone(),
        image: image(&group.reference, local),
        result: found(group, workload, local),
        error: match &workload.verdict {
            Verdict::Unknown { reason } => Some(Failure { message: told::reason(reason) }),
            _ => None,
        },
        update_available: workload.verdict.is_behind(),
        update_kind: update_kind(group, &workload.verdict, local),
        labels: Labels {},
    }
}

fn status(state: WorkloadState) -> &'static str {
    match state {
        WorkloadState::Running => "running",
        WorkloadState::Paused => "paused",
        WorkloadState::Restarting => "restarting",
        WorkloadState::Created => "created",
        WorkloadState::Exited => "exited",
        WorkloadState::Other => "unknown",
    }
}

fn image(reference: &Reference, local: Option<&str>) -> Image {
    let tag = names::tag_or_digest(reference);
    Image {
        id: None,
        registry: registry(&reference.registry),
        name: if names::has_name(reference) { &reference.repository } else { &reference.familiar }.clone(),
        tag: Tag { value: tag.map(str::to_owned), semver: reference.tag.as_deref().is_some_and(is_version) },
        digest: Digest { watch: true, value: local.map(str::to_owned), repo: local.unwrap_or(names::NO_DIGEST).to_owned() },
        architecture: None,
        os: None,
        created: None,
    }
}

/// The names that What's Up Docker gives to registries that need no configuration; `custom` for all others.
fn registry(registry: &str) -> Registry {
    let name = match registry {
        "" => return Registry { name: "unknown".to_owned(), url: None },
        "docker.io" => "hub.public".to_owned(),
        "ghcr.io" => "ghcr.public".to_owned(),
        "quay.io" => "quay.public".to_owned(),
        "gcr.io" => "gcr.public".to_owned(),
        "public.ecr.aws" => "ecr.public".to_owned(),
        other => format!("custom.{other}"),
    };
    Registry { name, url: Some(format!("https://{}/v2", names::registry_host(registry))) }
}

fn is_version(tag: &str) -> bool {
    tag.strip_prefix('v').unwrap_or(tag).starts_with(|c: char| c.is_ascii_digit())
}

/// What the registry has for this container: what it runs already, unless there is something newer.
fn found(group: &GroupRow, workload: &WorkloadRow, local: Option<&str>) -> Option<Found> {
    let remote = group.remote_digest.as_deref();
    let own = group.reference.tag.as_deref();
    let (tag, digest) = match &workload.verdict {
        Verdict::Unknown { .. } | Verdict::LocalBuild => return None,
        Verdict::Newer { tag, .. } => (Some(tag.as_str()), None),
        Verdict::Rebuilt | Verdict::Recreate | Verdict::UpToDate => (own, remote),
        // it stays where it is, whatever its tag stands for today
        Verdict::Pinned => (own, group.reference.digest.as_deref().or(local)),
    };
    Some(Found { tag: tag.map(str::to_owned), digest: digest.map(str::to_owned), created: None, link: None })
}

fn update_kind(group: &GroupRow, verdict: &Verdict, local: Option<&str>) -> UpdateKind {
    match verdict {
        Verdict::Newer { level, tag, .. } => {
            let own = group.reference.tag.as_deref().unwrap_or_default();
            let [local, remote] = long_enough(&group.reference, [own, tag]).map(Some);
            UpdateKind { kind: "tag", local_value: local, remote_value: remote, semver_diff: Some(*level) }
        }
        Verdict::Rebuilt | Verdict::Recreate => UpdateKind {
            kind: "digest",
            local_value: Some(local.unwrap_or(names::NO_DIGEST).to_owned()),
            remote_value: Some(group.remote_digest.as_deref().unwrap_or(names::NO_DIGEST).to_owned()),
            semver_diff: None,
        },
        Verdict::UpToDate | Verdict::Pinned | Verdict::LocalBuild | Verdict::Unknown { .. } => {
            UpdateKind { kind: "unknown", local_value: None, remote_value: None, semver_diff: None }
        }
    }
}

/// Both tags, or both with more of the reference, where one of them is shorter than the seven characters that Glance's widget cuts off
/// without looking: its template would fail as a whole. The tags alone stand in `image.tag.value` and `result.tag`.
fn long_enough(reference: &Reference, tags: [&str; 2]) -> [String; 2] {
    const CUT: usize = 7;
    let Reference { registry, repository, familiar, .. } = reference;
    let prefixes = [String::new(), format!("{familiar}:"), format!("{registry}/{repository}:")];
    let shortest = tags.map(str::len).into_iter().min().unwrap_or(0);
    let prefix = prefixes.iter().find(|prefix| prefix.len() + shortest >= CUT).unwrap_or(&prefixes[2]);
    tags.map(|tag| format!("{prefix}{tag}"))
}

#[cfg(test)]
mod tests;
