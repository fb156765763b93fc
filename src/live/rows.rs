//! From all that is known to the rows of the dashboard. Pure.

use super::facts::{Facts, Member, Shared};
use crate::{
    fleet::{ImageName, Workload},
    image::{
        Digest, Finding, Tags,
        choose::Choice,
        judge::{Local, judge, judge_unused},
    },
    wire::{self, GroupRow, GroupStatus, LastGood, Reason, TagKind, Verdict, Versions, WorkloadRow},
};

/// All rows, in the order of the dashboard.
pub(super) fn rows(facts: &Facts) -> Vec<GroupRow> {
    let mut rows: Vec<_> = facts.groups().into_iter().map(|(id, members)| row(facts, id, &members)).collect();
    wire::sort(&mut rows);
    rows
}

fn row(facts: &Facts, id: String, members: &[Member<'_>]) -> GroupRow {
    let extra = || id.parse().map_or_else(|_| ImageName::Invalid(id.clone()), ImageName::Reference);
    let name = members.first().map_or_else(extra, |member| member.workload.image.clone());
    let known = match &name {
        ImageName::Reference(reference) => facts.findings.get(reference),
        ImageName::Id(_) | ImageName::Invalid(_) => None,
    };
    let latest = known.map(|known| &*known.latest);
    let judged: Vec<_> = members.iter().map(|member| judged(member, latest)).collect();
    let alone = members.is_empty().then(|| unused(facts, &name, latest));
    let mut workloads: Vec<_> =
        members.iter().zip(&judged).map(|(member, (verdict, _))| workload(facts, member, verdict.clone())).collect();
    workloads.sort_by(|a, b| (&a.host, &a.name).cmp(&(&b.host, &b.name)));
    let verdict = alone.as_ref().map_or_else(|| heaviest(&workloads), |(verdict, _)| verdict.clone());
    // the candidates of the workload that the verdict of the group is from
    let choice = judged.into_iter().chain(alone).find(|(its, _)| *its == verdict).map(|(_, choice)| choice);
    let checking = matches!(&name, ImageName::Reference(reference) if facts.checking.contains(reference));
    let tag = match &name {
        ImageName::Reference(reference) => reference.tag(),
        ImageName::Id(_) | ImageName::Invalid(_) => None,
    };
    GroupRow {
        reference: parts(&name),
        status: if members.is_empty() { status_of([&verdict]) } else { status_of(workloads.iter().map(|workload| &workload.verdict)) },
        remote_digest: latest.and_then(|finding| finding.answer.as_ref().ok()?.digest.as_ref()).map(ToString::to_string),
        checked_at: latest.map(|finding| finding.at),
        took_ms: latest.map(|finding| finding.took_ms),
        last_good: known.and_then(|known| last_good(known, members)),
        checking,
        versions: latest.zip(choice).and_then(|(finding, choice)| versions(finding, choice)),
        runs_version: runs_version(tag, members),
        url: members.iter().find_map(|member| homepage(member.workload)),
        verdict,
        workloads,
        id,
    }
}

fn workload(facts: &Facts, member: &Member<'_>, verdict: Verdict) -> WorkloadRow {
    let Member { host, workload, wishes, allows } = member;
    let automatic = wishes.auto_update.unwrap_or_else(|| facts.switched_on(host, &workload.name));
    WorkloadRow {
        host: (*host).to_owned(),
        id: workload.id.clone(),
        name: workload.name.clone(),
        project: workload.project().map(str::to_owned),
        service: workload.service().map(str::to_owned),
        state: workload.state,
        health: workload.health.clone(),
        local_digests: workload.local.digests.iter().map(ToString::to_string).collect(),
        verdict,
        auto_update: automatic && allows.updates(),
        auto_update_by_label: wishes.auto_update.is_some(),
        label_problems: wishes.problems.clone(),
        allows: *allows,
    }
}

/// What `finding` means for a workload, and what that could move to.
fn judged(member: &Member<'_>, finding: Option<&Finding>) -> (Verdict, Choice) {
    let unknown = |reason| (Verdict::Unknown { reason }, Choice::default());
    let Member { workload, wishes, .. } = member;
    let reference = match &workload.image {
        ImageName::Reference(reference) => reference,
        ImageName::Id(_) => return unknown(Reason::NoReference),
        ImageName::Invalid(written) => return unknown(Reason::InvalidReference { written: written.clone() }),
    };
    let image = &workload.local;
    let local = Local {
        pinned: reference.digest().is_some(),
        digests: image.digests.clone(),
        same: image.same.clone(),
        built_here: image.built_here,
        superseded_by: image.superseded_by.clone(),
        platform: image.platform.clone(),
        created: image.created,
    };
    judge(finding, &local, &wishes.policy)
}

/// What `finding` means for a reference that nothing runs: whether its tag names the newest version.
fn unused(facts: &Facts, name: &ImageName, finding: Option<&Finding>) -> (Verdict, Choice) {
    let ImageName::Reference(reference) = name else { return (Verdict::Unknown { reason: Reason::NoReference }, Choice::default()) };
    judge_unused(finding, facts.policies.base(reference))
}

/// The heaviest verdict of what runs; of all, where nothing runs.
fn heaviest(members: &[WorkloadRow]) -> Verdict {
    let any_runs = members.iter().any(|member| member.state.is_running());
    let counted = members.iter().filter(|member| member.state.is_running() || !any_runs);
    counted.map(|member| &member.verdict).max_by_key(|verdict| verdict.weight()).cloned().unwrap_or(Verdict::UpToDate)
}

fn status_of<'a>(verdicts: impl IntoIterator<Item = &'a Verdict>) -> GroupStatus {
    let (mut behind, mut current) = (false, false);
    for verdict in verdicts {
        behind |= verdict.is_behind();
        current |= !verdict.is_behind() && !matches!(verdict, Verdict::Unknown { .. });
    }
    match (behind, current) {
        (true, true) => GroupStatus::Partial,
        (true, false) => GroupStatus::Behind,
        (false, true) => GroupStatus::Current,
        (false, false) => GroupStatus::Unknown,
    }
}

/// What the last good finding would say today, where the latest one says nothing.
fn last_good(known: &Shared, members: &[Member<'_>]) -> Option<LastGood> {
    let good = known.last_good.as_ref()?;
    let verdicts = members.iter().map(|member| judged(member, Some(good)).0);
    Some(LastGood { verdict: verdicts.max_by_key(Verdict::weight)?, at: good.at })
}

/// What the tags of the repository offer, where anybody asked for them.
fn versions(finding: &Finding, choice: Choice) -> Option<Versions> {
    let answer = finding.answer.as_ref().ok()?;
    let (kind, failed) = match &answer.tags {
        Tags::NotAsked => return None,
        Tags::Failed { reason } => (TagKind::Version, Some(reason.clone())),
        Tags::Known(known) => (known.outlook.kind, None),
    };
    let Choice { candidates, passed_over, track, .. } = choice;
    Some(Versions { kind, tag_gone: answer.digest.is_none(), candidates, track, passed_over, failed })
}

/// The version that the image itself tells, where the tag does not hold it.
fn runs_version(tag: Option<&str>, members: &[Member<'_>]) -> Option<String> {
    let told = members.iter().find_map(|member| member.workload.labels.get("org.opencontainers.image.version"))?.trim();
    let number = told.strip_prefix('v').unwrap_or(told);
    let tells = number.len() <= 64 && number.bytes().any(|byte| byte.is_ascii_digit());
    (tells && !tag.is_some_and(|tag| tag.contains(number))).then(|| told.to_owned())
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
