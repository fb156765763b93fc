//! Rows for tests.

use crate::{
    image,
    wire::{
        Allows, Asker, CheckState, GroupRow, GroupStatus, HostRow, HostState, LoginState, Operation, Outcome, Phase, Reference, Revision,
        Snapshot, Start, Target, Verdict, Viewer, WorkloadRow, WorkloadState,
    },
};

/// The moment at which everything in tests happens.
pub(super) const NOW: i64 = 1_795_233_480;

/// A group with one running container on `harbor`.
pub(super) fn group(written: &str, verdict: Verdict) -> GroupRow {
    let reference: image::Reference = written.parse().expect("a reference");
    let name = reference.repository().rsplit('/').next().unwrap_or_default().to_owned();
    GroupRow {
        id: reference.to_string(),
        reference: Reference {
            registry: reference.registry().to_owned(),
            repository: reference.repository().to_owned(),
            tag: reference.tag().map(str::to_owned),
            digest: reference.digest().map(ToString::to_string),
            familiar: reference.familiar_name(),
        },
        status: if verdict.is_behind() { GroupStatus::Behind } else { GroupStatus::Current },
        workloads: vec![WorkloadRow {
            auto_update: false,
            auto_update_by_label: false,
            label_problems: Vec::new(),
            allows: Allows::Updates,
            host: "harbor".to_owned(),
            id: "9f".repeat(32),
            name,
            project: None,
            service: None,
            state: WorkloadState::Running,
            health: None,
            local_digests: vec![format!("sha256:{}", "7c21e0ff".repeat(8))],
            verdict: verdict.clone(),
        }],
        verdict,
        remote_digest: Some(format!("sha256:{}", "bd041700".repeat(8))),
        checked_at: Some(NOW - 240),
        took_ms: Some(84),
        last_good: None,
        checking: false,
        versions: None,
        runs_version: None,
        url: None,
    }
}

/// The same group, and nothing of it runs.
pub(super) fn stopped(mut group: GroupRow) -> GroupRow {
    for workload in &mut group.workloads {
        workload.state = WorkloadState::Exited;
    }
    group
}

/// A page's start with these groups on the connected host `harbor`, seen by a visitor.
pub(super) fn start(groups: Vec<GroupRow>) -> Start {
    Start {
        past: Vec::new(),
        refused: None,
        base: String::new(),
        snapshot: Snapshot {
            operations: Vec::new(),
            revision: Revision { boot: "k3x9".into(), n: 12 },
            hosts: vec![HostRow {
                name: "harbor".into(),
                state: HostState::Connected,
                engine: Some("28.5.2".into()),
                allows: Allows::Updates,
            }],
            groups,
            check: CheckState { running: None, last: Some(NOW - 240), next: Some(NOW + 7_200), quotas: Vec::new() },
            sample: false,
        },
        viewer: Viewer { name: None, can_look: true, can_operate: false, login: LoginState::Password },
        theme: None,
        now: NOW,
        steps: None,
    }
}

/// An update of `name` on `harbor` that runs, number 7.
pub(super) fn operation(written: &str, name: &str, phase: Phase) -> Operation {
    Operation {
        id: 7,
        host: "harbor".to_owned(),
        name: name.to_owned(),
        image: group(written, Verdict::Rebuilt).id,
        asker: Asker::User { name: "maren".to_owned() },
        begun: NOW - 30,
        ended: None,
        phase,
        pull: None,
        outcome: None,
        from: Some(format!("sha256:{}", "7c21e0ff".repeat(8))),
        to: None,
        target: Target::Same,
        along: Vec::new(),
        overdue: false,
        log: false,
        kept_until: None,
        compose: None,
    }
}

/// An update of `name` that ended two minutes ago, after three quarters of a minute.
pub(super) fn ended(written: &str, name: &str, outcome: Outcome) -> Operation {
    let (begun, ended) = (NOW - 165, Some(NOW - 120));
    Operation { begun, ended, outcome: Some(outcome), ..operation(written, name, Phase::Removing) }
}
