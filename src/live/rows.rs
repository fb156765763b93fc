//! From all that is known to the rows of the dashboard. Pure.

use super::facts::{Facts, Shared};
use crate::{
    fleet::{ImageName, Workload},
    image::{
        Digest, Finding,
        judge::{Local, judge},
    },
    wire::{self, GroupRow, GroupStatus, LastGood, Reason, Verdict, WorkloadRow},
};

/// All rows, in the order of the dashboard.
pub(super) fn rows(facts: &Facts) -> Vec<GroupRow> {
    let mut rows: Vec<_> = facts.groups().into_iter().map(|(id, workloads)| row(facts, id, &workloads)).collect();
    wire::sort(&mut rows);
    rows
}

fn row(facts: &Facts, id: String, workloads: &[(&str, &Workload)]) -> GroupRow {
    let name = &workloads[0].1.image;
    let known = match name {
        ImageName::Reference(reference) => facts.findings.get(reference),
        ImageName::Id(_) | ImageName::Invalid(_) => None,
    };
    let latest = known.map(|known| &*known.latest);
    let mut members: Vec<_> = workloads.iter().map(|(host, workload)| member(facts, host, workload, latest)).collect();
    members.sort_by(|a, b| (&a.host, &a.name).cmp(&(&b.host, &b.name)));
    let checking = matches!(name, ImageName::Reference(reference) if facts.checking.contains(reference));
    GroupRow {
        reference: parts(name),
        verdict: heaviest(&members),
        status: status(&members),
        remote_digest: latest.and_then(|finding| finding.answer.as_ref().ok()).map(|answer| answer.digest.to_string()),
        checked_at: latest.map(|finding| finding.at),
        took_ms: latest.map(|finding| finding.took_ms),
        last_good: known.and_then(|known| last_good(known, workloads)),
        checking,
        url: workloads.iter().find_map(|(_, workload)| homepage(workload)),
        workloads: members,
        id,
    }
}

fn member(facts: &Facts, host: &str, workload: &Workload, finding: Option<&Finding>) -> WorkloadRow {
    WorkloadRow {
        host: host.to_owned(),
        id: workload.id.clone(),
        name: workload.name.clone(),
        project: workload.project().map(str::to_owned),
        service: workload.service().map(str::to_owned),
        state: workload.state,
        health: workload.health.clone(),
        local_digests: workload.local.digests.iter().map(ToString::to_string).collect(),
        verdict: verdict(workload, finding),
        auto_update: facts.switched_on(host, &workload.name),
    }
}

fn verdict(workload: &Workload, finding: Option<&Finding>) -> Verdict {
    let reference = match &workload.image {
        ImageName::Reference(reference) => reference,
        ImageName::Id(_) => return Verdict::Unknown { reason: Reason::NoReference },
        ImageName::Invalid(written) => return Verdict::Unknown { reason: Reason::InvalidReference { written: written.clone() } },
    };
    let local = Local {
        pinned: reference.digest().is_some(),
        digests: workload.local.digests.clone(),
        built_here: workload.local.built_here,
        superseded_by: workload.local.superseded_by.clone(),
    };
    judge(finding, &local)
}

/// The heaviest verdict of what runs; of all, where nothing runs.
fn heaviest(members: &[WorkloadRow]) -> Verdict {
    let any_runs = members.iter().any(|member| member.state.is_running());
    let counted = members.iter().filter(|member| member.state.is_running() || !any_runs);
    counted.map(|member| &member.verdict).max_by_key(|verdict| verdict.weight()).cloned().unwrap_or(Verdict::UpToDate)
}

fn status(members: &[WorkloadRow]) -> GroupStatus {
    let behind = members.iter().any(|member| member.verdict.is_behind());
    let unknown = |member: &WorkloadRow| matches!(member.verdict, Verdict::Unknown { .. });
    let current = members.iter().any(|member| !member.verdict.is_behind() && !unknown(member));
    match (behind, current) {
        (true, true) => GroupStatus::Partial,
        (true, false) => GroupStatus::Behind,
        (false, true) => GroupStatus::Current,
        (false, false) => GroupStatus::Unknown,
    }
}

/// What the last good finding would say today, where the latest one says nothing.
fn last_good(known: &Shared, workloads: &[(&str, &Workload)]) -> Option<LastGood> {
    let good = known.last_good.as_ref()?;
    let verdicts = workloads.iter().map(|(_, workload)| verdict(workload, Some(good)));
    Some(LastGood { verdict: verdicts.max_by_key(Verdict::weight)?, at: good.at })
}

fn parts(name: &ImageName) -> wire::Reference {
    match name {
        ImageName::Reference(reference) => wire::Reference {
            registry: reference.registry().to_owned(),
            repository: reference.repository().to_owned(),
            tag: reference.tag().map(str::to_owned),
            digest: reference.digest().map(Digest::to_string),
            familiar: reference.familiar_name(),
        },
        ImageName::Id(text) | ImageName::Invalid(text) => {
            wire::Reference { registry: String::new(), repository: String::new(), tag: None, digest: None, familiar: text.clone() }
        }
    }
}

/// Where the image says that it comes from. Only web addresses: the text goes into a link.
fn homepage(workload: &Workload) -> Option<String> {
    let labels = ["org.opencontainers.image.url", "org.opencontainers.image.source"];
    let mut found = labels.iter().filter_map(|label| workload.labels.get(*label));
    found.find(|text| text.starts_with("https://") || text.starts_with("http://")).cloned()
}
