//! The live state as its readers see it.

mod wishes;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use tokio::time::timeout;

use super::*;
use crate::{
    fleet::{ImageName, Inventory, LocalImage, Workload},
    image::{Answer, Digest, Finding},
    wire::{Asker, Change, GroupStatus, HostState, Operation, Outcome, Phase, Reason, Revision, Snapshot, Target, Verdict, WorkloadState},
};

/// A digest of 64 times `digit`.
fn digest(digit: char) -> Digest {
    format!("sha256:{}", digit.to_string().repeat(64)).parse().unwrap()
}

fn workload(name: &str, image: &str, local: char) -> Workload {
    Workload {
        id: format!("{name}-id"),
        name: name.into(),
        image: ImageName::Reference(image.parse().unwrap()),
        local: LocalImage { id: "sha256:image".into(), digests: [digest(local)].into(), ..LocalImage::default() },
        labels: BTreeMap::new(),
        created: 0,
        state: WorkloadState::Running,
        health: None,
    }
}

fn inventory(workloads: Vec<Workload>) -> Input {
    Input::Inventory { host: "harbor".into(), inventory: Arc::new(Inventory { engine: "Docker 28.5.2".into(), workloads }) }
}

fn finding(image: &str, answer: Result<char, Reason>, at: i64) -> Finding {
    let answer = answer.map(|digit| Answer::digest(digest(digit)));
    Finding { reference: image.parse().unwrap(), answer, at, took_ms: 5, steps: Vec::new() }
}

fn timed_out() -> Reason {
    Reason::TimedOut { registry: "docker.io".into(), seconds: 10 }
}

/// A state that has learnt `inputs`.
async fn live(inputs: Vec<Input>) -> Live {
    let live = Live::start("test".into(), false);
    for input in inputs {
        live.learn(input).await;
    }
    live.settled().await;
    live
}

/// The events that `follow` yields within a moment, parsed into name and revision.
async fn events(follow: &mut Follow) -> Vec<(String, Revision, String)> {
    let events = timeout(Duration::from_secs(20), follow.next()).await.expect("events in time").expect("more events");
    let parse = |event: &bytes::Bytes| {
        let text = std::str::from_utf8(event).unwrap().strip_suffix("\n\n").unwrap().to_owned();
        let mut lines = text.lines();
        let mut field = |name: &str| lines.next().unwrap().strip_prefix(name).unwrap().to_owned();
        let (id, name, data) = (field("id: "), field("event: "), field("data: "));
        (name, id.parse().unwrap(), data)
    };
    events.iter().map(parse).collect()
}

#[tokio::test]
async fn a_container_is_unknown_until_it_was_checked() {
    let live = live(vec![inventory(vec![workload("web", "nginx", '1')])]).await;
    let state = live.state();
    assert_eq!(state.snapshot.groups[0].verdict, Verdict::Unknown { reason: Reason::NotChecked });
    assert_eq!(state.snapshot.groups[0].id, "docker.io/library/nginx:latest");
    assert_eq!(state.snapshot.hosts[0].engine.as_deref(), Some("Docker 28.5.2"));
}

#[tokio::test]
async fn a_group_folds_its_workloads() {
    let both = vec![workload("old", "nginx", '1'), workload("new", "nginx", '2')];
    let live = live(vec![inventory(both), Input::Found(finding("nginx", Ok('2'), 7))]).await;
    let group = &live.state().snapshot.groups[0];
    assert_eq!((group.verdict.clone(), group.status), (Verdict::Rebuilt, GroupStatus::Partial));
    let verdicts: Vec<_> = group.workloads.iter().map(|row| (row.name.as_str(), row.verdict.clone())).collect();
    assert_eq!(verdicts, [("new", Verdict::UpToDate), ("old", Verdict::Rebuilt)]);
}

#[tokio::test]
async fn what_is_stopped_does_not_colour_what_runs() {
    let stopped = Workload { state: WorkloadState::Exited, ..workload("old", "nginx", '1') };
    let live = live(vec![inventory(vec![stopped, workload("new", "nginx", '2')]), Input::Found(finding("nginx", Ok('2'), 7))]).await;
    assert_eq!(live.state().snapshot.groups[0].verdict, Verdict::UpToDate);
}

#[tokio::test]
async fn a_failed_check_is_unknown_and_keeps_the_last_good_verdict_beside_it() {
    let learnt = vec![
        inventory(vec![workload("web", "nginx", '1')]),
        Input::Found(finding("nginx", Ok('2'), 7)),
        Input::Found(finding("nginx", Err(timed_out()), 8)),
        Input::Found(finding("nginx", Err(timed_out()), 9)),
    ];
    let live = live(learnt).await;
    let group = &live.state().snapshot.groups[0];
    assert_eq!(group.verdict, Verdict::Unknown { reason: timed_out() });
    let good = group.last_good.as_ref().unwrap();
    assert_eq!((good.verdict.clone(), good.at, group.checked_at), (Verdict::Rebuilt, 7, Some(9)));
}

#[tokio::test]
async fn what_was_remembered_gives_way_to_what_is_found() {
    let known = Known { latest: finding("nginx", Ok('1'), 3), last_good: None };
    let live = live(vec![
        inventory(vec![workload("web", "nginx", '1')]),
        Input::Found(finding("nginx", Ok('2'), 7)),
        Input::Remembered(vec![known]),
    ])
    .await;
    assert_eq!(live.state().snapshot.groups[0].verdict, Verdict::Rebuilt);
}

#[tokio::test]
async fn a_check_counts_its_answers_and_marks_its_rows() {
    let references: Vec<Reference> = vec!["nginx".parse().unwrap(), "redis".parse().unwrap()];
    let both = vec![workload("web", "nginx", '1'), workload("cache", "redis", '1')];
    let live = live(vec![inventory(both), Input::CheckStarted { references, at: 5 }, Input::Found(finding("nginx", Ok('1'), 7))]).await;
    let state = live.state();
    let progress = state.snapshot.check.running.unwrap();
    assert_eq!((progress.done, progress.total), (1, 2));
    let checking: Vec<_> = state.snapshot.groups.iter().filter(|group| group.checking).map(|group| group.id.as_str()).collect();
    assert_eq!(checking, ["docker.io/library/redis:latest"]);
    live.learn(Input::CheckEnded { at: 9, whole: true }).await;
    live.settled().await;
    let state = live.state();
    assert_eq!((state.snapshot.check.running, state.snapshot.check.last), (None, Some(9)));
    assert!(state.snapshot.groups.iter().all(|group| !group.checking));
}

#[tokio::test]
async fn registries_are_asked_about_nothing_that_they_cannot_know() {
    let pinned = format!("redis:7@{}", digest('3'));
    let local = Workload { local: LocalImage { built_here: true, ..LocalImage::default() }, ..workload("mine", "mine:dev", '1') };
    let id = Workload { image: ImageName::Id("sha256:12ab".into()), ..workload("bare", "nginx", '1') };
    let all = vec![workload("web", "nginx", '1'), workload("again", "nginx", '1'), workload("fixed", &pinned, '1'), local, id];
    let live = live(vec![inventory(all)]).await;
    assert_eq!(live.references().iter().map(ToString::to_string).collect::<Vec<_>>(), ["docker.io/library/nginx:latest"]);
}

#[tokio::test]
async fn changes_of_a_moment_become_one_revision() {
    let live = live(Vec::new()).await;
    let before = live.state().snapshot.revision.n;
    for n in 0..20 {
        live.learn(inventory((0..=n).map(|n| workload(&format!("web-{n}"), "nginx", '1')).collect())).await;
    }
    live.settled().await;
    assert_eq!(live.state().snapshot.revision.n, before + 1);
    live.learn(inventory((0..=19).map(|n| workload(&format!("web-{n}"), "nginx", '1')).collect())).await;
    live.settled().await;
    assert_eq!(live.state().snapshot.revision.n, before + 1, "what changes nothing makes no revision");
}

#[tokio::test]
async fn a_follower_resumes_without_a_gap() {
    let live = live(vec![inventory(vec![workload("web", "nginx", '1')])]).await;
    let mut page = live.state().snapshot.clone();
    let mut follow = live.log().follow(Some(&page.revision));
    live.learn(Input::Found(finding("nginx", Ok('2'), 7))).await;
    live.settled().await;
    live.learn(inventory(vec![workload("cache", "redis", '1')])).await;
    live.settled().await;
    while page.revision != live.state().snapshot.revision {
        for (name, revision, data) in events(&mut follow).await {
            assert_eq!(name, "change");
            let change: Change = serde_json::from_str(&data).unwrap();
            assert_eq!(change.revision, revision);
            page.apply(change);
        }
    }
    assert_eq!(page, live.state().snapshot);
}

#[tokio::test]
async fn a_follower_from_another_boot_or_from_too_long_ago_gets_the_whole_snapshot() {
    let live = live(vec![inventory(vec![workload("web", "nginx", '1')])]).await;
    let old = live.state().snapshot.revision.clone();
    for n in 0..300 {
        live.learn(Input::NextCheck(Some(n))).await;
        live.settled().await;
    }
    let other = Revision { boot: "other".into(), n: live.state().snapshot.revision.n };
    let future = Revision { boot: "test".into(), n: u64::MAX };
    for since in [None, Some(&old), Some(&other), Some(&future)] {
        let events = events(&mut live.log().follow(since)).await;
        assert_eq!(events.len(), 1);
        assert_eq!(events[0].0, "snapshot");
        assert_eq!(serde_json::from_str::<Snapshot>(&events[0].2).unwrap(), live.state().snapshot);
    }
}

#[tokio::test]
async fn a_host_that_is_lost_keeps_what_ran_there() {
    let lost = HostState::Lost { address: "unix:///var/run/docker.sock".into(), detail: "gone".into(), since: Some(5) };
    let live = live(vec![inventory(vec![workload("web", "nginx", '1')]), Input::Host { name: "harbor".into(), state: lost.clone() }]).await;
    let state = live.state();
    assert_eq!((state.snapshot.hosts[0].state.clone(), state.snapshot.groups.len()), (lost, 1));
}

/// An update of `web` on `harbor`.
fn operation(id: i64, phase: Phase, outcome: Option<Outcome>) -> Input {
    Input::Operation(Operation {
        id,
        host: "harbor".into(),
        name: "web".into(),
        image: "docker.io/library/nginx:latest".into(),
        asker: Asker::Anyone,
        begun: 1,
        ended: outcome.is_some().then_some(2),
        phase,
        pull: None,
        outcome,
        from: None,
        to: None,
        target: Target::Same,
        along: Vec::new(),
        overdue: false,
        log: false,
        kept_until: None,
        compose: None,
    })
}

#[tokio::test]
async fn a_row_stays_while_its_container_is_between_old_and_new() {
    let both = || vec![workload("db", "postgres", '1'), workload("web", "nginx", '1')];
    let live = live(vec![inventory(both()), operation(1, Phase::Stopping, None), inventory(vec![workload("db", "postgres", '1')])]).await;
    let names = || live.state().snapshot.groups.iter().map(|group| group.workloads[0].name.clone()).collect::<Vec<_>>();
    assert_eq!(names(), ["web", "db"]);
    live.learn(operation(1, Phase::Removing, Some(Outcome::Updated))).await;
    live.settled().await;
    assert_eq!(names().len(), 2, "the events of the new container are on their way");
    live.learn(inventory(vec![workload("db", "postgres", '1')])).await;
    live.settled().await;
    assert_eq!(names(), ["db"], "an operation that has ended holds nothing");
}

#[tokio::test]
async fn a_container_that_was_lost_is_not_shown_when_its_operation_has_ended() {
    let stuck = Outcome::Stuck { trouble: crate::wire::UpdateTrouble::Unhealthy, container: "web-old".into() };
    let live = live(vec![
        inventory(vec![workload("web", "nginx", '1')]),
        operation(1, Phase::Stopping, None),
        inventory(Vec::new()),
        operation(1, Phase::Undoing, Some(stuck)),
    ])
    .await;
    assert!(live.state().snapshot.groups.is_empty());
}

#[tokio::test]
async fn a_follower_sees_every_phase_and_ends_with_the_same_operations() {
    let live = live(vec![inventory(vec![workload("web", "nginx", '1')])]).await;
    let mut page = live.state().snapshot.clone();
    let mut follow = live.log().follow(Some(&page.revision));
    for id in 1..=60 {
        for (phase, outcome) in [(Phase::Waiting, None), (Phase::Removing, Some(Outcome::Updated))] {
            live.learn(operation(id, phase, outcome)).await;
        }
        live.settled().await;
    }
    while page.revision != live.state().snapshot.revision {
        for (_, _, data) in events(&mut follow).await {
            page.apply(serde_json::from_str(&data).unwrap());
        }
    }
    assert_eq!(page, live.state().snapshot);
    let ids: Vec<_> = page.operations.iter().map(|operation| operation.id).collect();
    assert_eq!(ids, (11..=60).rev().collect::<Vec<_>>(), "the newest fifty");
}

#[tokio::test]
async fn a_switch_is_shown_in_its_row() {
    let switch = |on| Input::Switch { host: "harbor".into(), name: "web".into(), on };
    let live = live(vec![switch(true), inventory(vec![workload("db", "postgres", '1'), workload("web", "nginx", '1')])]).await;
    let on = || {
        live.state().snapshot.groups.iter().flat_map(|g| &g.workloads).filter(|w| w.auto_update).map(|w| w.name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(on(), ["web"]);
    live.learn(switch(false)).await;
    live.settled().await;
    assert!(on().is_empty());
}
