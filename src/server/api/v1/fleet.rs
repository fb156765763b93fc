//! `GET /api/v1/fleet`: everything at one revision.

use serde::Serialize;

use super::{
    Standing,
    versions::{Versions, versions},
};
use crate::{
    server::api::{names, time, told},
    wire::{Allows, GroupRow, GroupStatus, HostRow, HostState, Snapshot, Tally, WorkloadRow, WorkloadState},
};

/// The whole fleet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fleet {
    /// names this state; changes whenever anything in the document does
    pub revision: String,
    /// whether the containers are invented (`plimsoll demo`)
    pub sample: bool,
    /// whether a check runs
    pub checking: bool,
    /// when the last check ended
    pub checked_at: Option<String>,
    /// when the next one is due
    pub next_check_at: Option<String>,
    /// how many images are of each kind; those that nothing runs do not count
    pub counts: Counts,
    /// the hosts, in the order of configuration
    pub hosts: Vec<Host>,
    /// the images that run and are behind, one line each, what needs attention first
    pub updates: Vec<Update>,
    /// all images, in the order of the dashboard
    pub groups: Vec<Group>,
}

/// How many images are of each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// in all
    pub images: u32,
    /// an update would change: the sum of the next five
    pub behind: u32,
    /// a newer major version
    pub major: u32,
    /// a newer minor version
    pub minor: u32,
    /// a newer patch
    pub patch: u32,
    /// the same tag, a new digest
    pub rebuilt: u32,
    /// pulled, not recreated
    pub recreate: u32,
    /// nothing newer
    pub up_to_date: u32,
    /// pinned by digest
    pub pinned: u32,
    /// built on the host
    pub local_build: u32,
    /// not known
    pub unknown: u32,
}

/// A host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Host {
    /// its name
    pub name: String,
    /// `connecting`, `connected`, `absent`, `forbidden`, `lost`
    pub state: &'static str,
    /// version of its Engine
    pub engine: Option<String>,
    /// what is wrong, in English
    pub error: Option<String>,
    /// what it lets Plimsoll do: `updates`; else it is only watched: `looking`, `part`, `no_pull`, `no_networks`; null where
    /// it was never reached
    pub allows: Option<Allows>,
    /// why nothing on it can be updated, in English; null where it can
    pub monitor_only: Option<String>,
}

/// An image that is behind, in strings that a list on a dashboard shows as they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Update {
    /// the group's
    pub id: String,
    /// the image, without the tag
    pub name: String,
    /// `1.25.0 → 1.27.0`, `latest rebuilt`
    pub change: String,
    /// a page about the image; empty where none is known
    pub url: String,
}

/// All workloads that run one reference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Group {
    /// the reference in full
    pub id: String,
    /// as Docker writes it, without tag and digest
    pub name: String,
    /// the registry's host and port; empty for a bare image id
    pub registry: String,
    /// the path in it
    pub repository: String,
    /// the tag
    pub tag: Option<String>,
    /// the digest that it pins
    pub digest: Option<String>,
    /// the heaviest verdict of what runs
    #[serde(flatten)]
    pub standing: Standing,
    /// all verdicts in one word: `current`, `behind`, `partial`, `unknown`
    pub status: GroupStatus,
    /// what the tag stands for in the registry
    pub remote_digest: Option<String>,
    /// when the registry was last asked
    pub checked_at: Option<String>,
    /// how long that took, in milliseconds
    pub took_ms: Option<u32>,
    /// whether it is being asked just now
    pub checking: bool,
    /// what was known before, where the last check failed
    pub last_good: Option<LastGood>,
    /// what newer versions there are, where other tags can be newer
    pub versions: Option<Versions>,
    /// the version that the image tells of itself, where the tag does not
    pub runs_version: Option<String>,
    /// where the image says that it comes from
    pub url: Option<String>,
    /// sorted by host and name
    pub workloads: Vec<Workload>,
}

/// What was known before a check failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LastGood {
    /// when it was found
    pub at: String,
    /// what it would mean today
    #[serde(flatten)]
    pub standing: Standing,
}

/// A container.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Workload {
    /// its host
    pub host: String,
    /// the Engine's id, in full
    pub id: String,
    /// without the slash
    pub name: String,
    /// the Compose project
    pub project: Option<String>,
    /// the Compose service
    pub service: Option<String>,
    /// `running`, `paused`, `restarting`, `created`, `exited`, `other`
    pub state: WorkloadState,
    /// what its health check says
    pub health: Option<String>,
    /// digests of its image that the registry may know
    pub local_digests: Vec<String>,
    /// whether it is updated without being asked for
    pub auto_update: bool,
    /// how it stands
    #[serde(flatten)]
    pub standing: Standing,
}

/// The document.
pub fn fleet(snapshot: &Snapshot) -> Fleet {
    let behind = snapshot.groups.iter().filter(|group| group.runs() && group.verdict.is_behind());
    Fleet {
        revision: snapshot.revision.to_string(),
        sample: snapshot.sample,
        checking: snapshot.check.running.is_some(),
        checked_at: snapshot.check.last.map(time::rfc3339),
        next_check_at: snapshot.check.next.map(time::rfc3339),
        counts: counts(&Tally::of(&snapshot.groups)),
        hosts: snapshot.hosts.iter().map(host).collect(),
        updates: behind.map(update).collect(),
        groups: snapshot.groups.iter().map(group).collect(),
    }
}

fn counts(tally: &Tally) -> Counts {
    Counts {
        images: tally.images,
        behind: tally.behind(),
        major: tally.major,
        minor: tally.minor,
        patch: tally.patch,
        rebuilt: tally.rebuilt,
        recreate: tally.recreate,
        up_to_date: tally.current,
        pinned: tally.pinned,
        local_build: tally.local,
        unknown: tally.unknown,
    }
}

fn host(row: &HostRow) -> Host {
    let state = match row.state {
        HostState::Connecting => "connecting",
        HostState::Connected => "connected",
        HostState::Absent { .. } => "absent",
        HostState::Forbidden { .. } => "forbidden",
        HostState::Lost { .. } => "lost",
    };
    Host {
        name: row.name.clone(),
        state,
        engine: row.engine.clone(),
        error: told::host(&row.state),
        allows: row.engine.is_some().then_some(row.allows),
        monitor_only: told::monitor_only(row.allows),
    }
}

fn update(row: &GroupRow) -> Update {
    Update {
        id: row.id.clone(),
        name: row.reference.familiar.clone(),
        change: told::change(&row.reference, &row.verdict),
        url: row.url.clone().or_else(|| names::page(&row.reference)).unwrap_or_default(),
    }
}

fn group(row: &GroupRow) -> Group {
    Group {
        id: row.id.clone(),
        name: row.reference.familiar.clone(),
        registry: row.reference.registry.clone(),
        repository: row.reference.repository.clone(),
        tag: row.reference.tag.clone(),
        digest: row.reference.digest.clone(),
        standing: Standing::of(&row.reference, &row.verdict),
        status: row.status,
        remote_digest: row.remote_digest.clone(),
        checked_at: row.checked_at.map(time::rfc3339),
        took_ms: row.took_ms,
        checking: row.checking,
        last_good: row
            .last_good
            .as_ref()
            .map(|good| LastGood { at: time::rfc3339(good.at), standing: Standing::of(&row.reference, &good.verdict) }),
        versions: versions(row),
        runs_version: row.runs_version.clone(),
        url: row.url.clone(),
        workloads: row.workloads.iter().map(|workload| self::workload(row, workload)).collect(),
    }
}

fn workload(group: &GroupRow, row: &WorkloadRow) -> Workload {
    Workload {
        host: row.host.clone(),
        id: row.id.clone(),
        name: row.name.clone(),
        project: row.project.clone(),
        service: row.service.clone(),
        state: row.state,
        health: row.health.clone(),
        local_digests: row.local_digests.clone(),
        auto_update: row.auto_update,
        standing: Standing::of(&group.reference, &row.verdict),
    }
}
