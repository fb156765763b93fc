//! A fleet with every verdict, and the parts to build others from.

use crate::{
    image,
    wire::{
        Allows, Asker, CheckState, GroupRow, GroupStatus, HostRow, HostState, LastGood, Level, Operation, Outcome, Phase, Reason,
        Reference, Revision, Snapshot, Target, Verdict, WorkloadRow, WorkloadState,
    },
};

/// When the check of the samples ended: 2026-11-21T01:03:31Z.
pub(in crate::server) const CHECKED: i64 = 1_795_223_011;

/// A digest that differs by `n`.
pub(in crate::server) fn digest(n: u8) -> String {
    format!("sha256:{}", format!("{n:02x}").repeat(32))
}

/// The parts of a reference, or of a bare image id (which would parse as the tag of a repository named `sha256`).
pub(in crate::server) fn reference(text: &str) -> Reference {
    if text.starts_with("sha256:") {
        return Reference { registry: String::new(), repository: String::new(), tag: None, digest: None, familiar: text.to_owned() };
    }
    let reference: image::Reference = text.parse().expect("samples are references");
    Reference {
        registry: reference.registry().to_owned(),
        repository: reference.repository().to_owned(),
        tag: reference.tag().map(str::to_owned),
        digest: reference.digest().map(ToString::to_string),
        familiar: reference.familiar_name(),
    }
}

/// A running container on host `local` that runs digest 1.
pub(in crate::server) fn workload(name: &str, verdict: Verdict) -> WorkloadRow {
    // an id that shows which container it is: the name's bytes, filled up
    let bytes: Vec<_> = name.bytes().map(|byte| format!("{byte:02x}")).collect();
    WorkloadRow {
        auto_update: false,
        auto_update_by_label: false,
        label_problems: Vec::new(),
        allows: Allows::Updates,
        host: "local".into(),
        id: format!("{:0<64}", bytes.concat()),
        name: name.into(),
        project: None,
        service: None,
        state: WorkloadState::Running,
        health: None,
        local_digests: vec![digest(1)],
        verdict,
    }
}

/// A group of those containers, whose tag stands for digest 1 in the registry.
pub(in crate::server) fn group(written: &str, workloads: Vec<WorkloadRow>) -> GroupRow {
    let running = workloads.iter().any(|workload| workload.state.is_running());
    let counted = workloads.iter().filter(|workload| !running || workload.state.is_running());
    let heaviest = counted.map(|workload| workload.verdict.clone()).max_by_key(Verdict::weight).expect("a group has workloads");
    GroupRow {
        id: match written.parse::<image::Reference>() {
            Ok(reference) if !written.starts_with("sha256:") => reference.to_string(),
            _ => written.to_owned(),
        },
        reference: reference(written),
        status: match heaviest {
            Verdict::Unknown { .. } => GroupStatus::Unknown,
            ref verdict if verdict.is_behind() => GroupStatus::Behind,
            _ => GroupStatus::Current,
        },
        verdict: heaviest,
        workloads,
        remote_digest: Some(digest(1)),
        checked_at: Some(CHECKED),
        took_ms: Some(80),
        last_good: None,
        checking: false,
        versions: None,
        runs_version: None,
        url: None,
    }
}

/// A fleet of those groups on one host.
pub(in crate::server) fn snapshot(groups: Vec<GroupRow>) -> Snapshot {
    Snapshot {
        operations: Vec::new(),
        revision: Revision { boot: "k3x9".into(), n: 12 },
        hosts: vec![HostRow { name: "local".into(), state: HostState::Connected, engine: Some("28.5.1".into()), allows: Allows::Updates }],
        groups,
        check: CheckState { running: None, last: Some(CHECKED), next: Some(CHECKED + 6 * 3600), quotas: Vec::new() },
        sample: false,
    }
}

/// A newer version of `level` under `tag`.
pub(in crate::server) fn newer(level: Level, tag: &str, rebuilt: bool) -> Verdict {
    Verdict::Newer { level, tag: tag.into(), rebuilt }
}

/// A registry that did not answer.
pub(in crate::server) fn timed_out() -> Verdict {
    Verdict::Unknown { reason: Reason::TimedOut { registry: "registry.lan".into(), seconds: 30 } }
}

/// A running operation of a container that [`workload`] would make, whose pull has just begun.
pub(in crate::server) fn operation(id: i64, name: &str) -> Operation {
    Operation {
        id,
        host: "local".into(),
        name: name.into(),
        image: "docker.io/library/nginx:1.27".into(),
        asker: Asker::User { name: "me".into() },
        begun: CHECKED,
        ended: None,
        phase: Phase::Pulling,
        pull: None,
        outcome: None,
        from: Some(digest(1)),
        to: None,
        target: Target::Same,
        along: Vec::new(),
        overdue: false,
        log: false,
        kept_until: None,
        compose: None,
    }
}

/// The same, ended.
pub(in crate::server) fn ended(id: i64, name: &str, outcome: Outcome) -> Operation {
    Operation { ended: Some(CHECKED + 42), outcome: Some(outcome), to: Some(digest(2)), phase: Phase::Removing, ..operation(id, name) }
}

/// The fleet of the golden files: every verdict once, in the order of the dashboard.
pub(in crate::server) fn every_verdict() -> Snapshot {
    // digest 2 is what a rebuilt tag stands for
    let rebuilt = |mut group: GroupRow| {
        group.remote_digest = Some(digest(2));
        group
    };
    let mut app = group("ghcr.io/acme/app:v1.4.2", vec![workload("app", newer(Level::Major, "v2.0.0", false))]);
    app.url = Some("https://acme.example/app".into());
    let mut web = workload("web", newer(Level::Minor, "1.27.0", false));
    (web.project, web.service, web.health) = (Some("shop".into()), Some("web".into()), Some("healthy".into()));
    web.auto_update = true;
    let mut partial =
        rebuilt(group("lscr.io/linuxserver/sonarr", vec![workload("sonarr", Verdict::Rebuilt), workload("tvshows", Verdict::UpToDate)]));
    partial.status = GroupStatus::Partial;
    partial.workloads[1].local_digests = vec![digest(2)];
    let mut failed = group("registry.lan/team/api:1", vec![workload("api", timed_out())]);
    (failed.remote_digest, failed.took_ms) = (None, Some(30_000));
    failed.last_good = Some(LastGood { verdict: Verdict::Rebuilt, at: CHECKED - 21_600 });
    let mut bare = group(&digest(9), vec![workload("from-id", Verdict::Unknown { reason: Reason::NoReference })]);
    (bare.remote_digest, bare.checked_at, bare.took_ms) = (None, None, None);
    let mut built = group("shop-worker", vec![workload("worker", Verdict::LocalBuild)]);
    (built.remote_digest, built.took_ms) = (None, None);
    built.workloads[0].local_digests.clear();
    let mut stopped = group("busybox:1.36", vec![workload("once", Verdict::UpToDate)]);
    stopped.workloads[0].state = WorkloadState::Exited;
    snapshot(vec![
        app,
        group("nginx:1.25.0", vec![web]),
        rebuilt(group("postgres:16.3", vec![workload("db", newer(Level::Patch, "16.4", true))])),
        partial,
        rebuilt(group("redis:7", vec![workload("cache", Verdict::Recreate)])),
        failed,
        bare,
        group(&format!("traefik:v3.1@{}", digest(1)), vec![workload("proxy", Verdict::Pinned)]),
        built,
        group("grafana/grafana", vec![workload("grafana", Verdict::UpToDate)]),
        stopped,
    ])
}
