//! Which operations are told where, and what is offered.

use super::*;
use crate::{
    ui::sample::{self, NOW},
    wire::{Level, Refusal, UpdateTrouble},
};

/// A group whose two containers `a` and `b` are behind.
fn two() -> GroupRow {
    let mut group = sample::group("nginx:1.27", Verdict::Rebuilt);
    let mut second = group.workloads[0].clone();
    group.workloads[0].name = "a".into();
    second.name = "b".into();
    group.workloads.push(second);
    group
}

/// An operation of `name` that ended `ago` seconds ago, on the digest that the registry has.
fn ended(id: i64, name: &str, outcome: Outcome, ago: i64) -> Operation {
    let mut operation = sample::ended("nginx:1.27", name, outcome);
    operation.id = id;
    operation.ended = Some(NOW - ago);
    operation.to = two().remote_digest;
    operation
}

/// The names that a row tells of.
fn names(operations: &[Operation], row: &GroupRow) -> Vec<String> {
    told(operations, row, row, NOW).into_iter().map(|operation| operation.name).collect()
}

#[test]
fn only_the_same_tag_is_updated() {
    let newer = |rebuilt| Verdict::Newer { level: Level::Minor, tag: "1.28".into(), rebuilt };
    let cases = [
        (Verdict::Rebuilt, true),
        (Verdict::Recreate, true),
        (newer(true), true),
        (newer(false), false),
        (Verdict::UpToDate, false),
        (Verdict::Pinned, false),
        (Verdict::LocalBuild, false),
    ];
    for (verdict, expected) in cases {
        let group = sample::group("nginx:1.27", verdict.clone());
        assert_eq!(offer(&[], &group, &group).is_some(), expected, "{verdict:?}");
    }
}

#[test]
fn one_container_is_asked_for_by_name_and_several_by_their_image() {
    let group = two();
    assert_eq!(offer(&[], &group, &group), Some((Action::UpdateAll, 2)));
    let running = [sample::operation("nginx:1.27", "a", Phase::Pulling)];
    assert_eq!(offer(&running, &group, &group), Some((Action::Update { host: "harbor".into(), name: "b".into() }, 1)));
    let both = [sample::operation("nginx:1.27", "b", Phase::Waiting), running[0].clone()];
    assert_eq!(offer(&both, &group, &group), None);
}

#[test]
fn a_part_of_a_group_never_asks_for_the_rest() {
    let mut whole = two();
    let mut third = whole.workloads[0].clone();
    third.name = "c".into();
    whole.workloads.push(third);
    let part = two();
    assert_eq!(offer(&[], &part, &whole), None, "its two are not the whole image");
    whole.workloads[2].verdict = Verdict::UpToDate;
    assert_eq!(offer(&[], &part, &whole), Some((Action::UpdateAll, 2)));
}

#[test]
fn an_outcome_stays_for_a_day_or_until_the_row_moves_on() {
    let behind = two();
    let mut current = two();
    current.workloads[0].verdict = Verdict::UpToDate;
    let rolled_back = Outcome::RolledBack { trouble: UpdateTrouble::Unhealthy };
    let stuck = Outcome::Stuck { trouble: UpdateTrouble::Unhealthy, container: "a-old".into() };
    let left_over = Outcome::LeftOver { trouble: UpdateTrouble::Interrupted, container: "a-old".into() };
    let refused = Outcome::Refused { refusal: Refusal::Pinned };
    let cases = [
        (Outcome::Updated, 60, &current, true),
        (Outcome::Updated, 86_400, &current, false),
        (Outcome::Updated, 60, &behind, false),
        (Outcome::Unchanged, 60, &current, true),
        (rolled_back.clone(), 60, &behind, true),
        (rolled_back.clone(), 60, &current, false),
        (rolled_back.clone(), 86_400, &behind, false),
        (refused.clone(), 60, &behind, true),
        (left_over, 60, &behind, true),
        (stuck.clone(), 86_400, &current, true),
    ];
    for (outcome, ago, row, expected) in cases {
        let operations = [ended(1, "a", outcome.clone(), ago)];
        assert_eq!(!names(&operations, row).is_empty(), expected, "{outcome:?} {ago}");
    }

    // the tag was rebuilt once more after that
    let mut old = ended(1, "a", rolled_back, 600);
    old.to = Some("sha256:00".into());
    assert!(names(&[old.clone()], &behind).is_empty());
    // but what was pulled is not held against a check from before it
    old.ended = Some(NOW - 100);
    assert_eq!(names(&[old], &behind), ["a"]);
}

#[test]
fn the_newest_operation_of_a_container_alone_is_told() {
    let failed = Outcome::Failed { trouble: UpdateTrouble::Interrupted };
    let operations = [sample::operation("nginx:1.27", "a", Phase::Creating), ended(1, "a", failed.clone(), 10), ended(2, "b", failed, 20)];
    assert_eq!(names(&operations, &two()), ["a", "b"]);
    let elsewhere = Operation { host: "nas".into(), outcome: Some(Outcome::Updated), ..operations[0].clone() };
    assert!(names(&[elsewhere], &two()).is_empty());
}

#[test]
fn a_container_that_is_being_replaced_is_told_though_it_is_not_listed() {
    let group = two();
    let mut without = group.clone();
    without.workloads.remove(0);
    let running = [sample::operation("nginx:1.27", "a", Phase::SettingAside)];
    assert_eq!(names(&running, &without), ["a"]);
    assert!(told(&running, &without, &group, NOW).is_empty(), "it stands in another section");
}

#[test]
fn what_runs_is_told_before_what_waits_and_what_failed_before_what_succeeded() {
    let mut row = two();
    for name in ["c", "d"] {
        row.workloads.push(WorkloadRow { name: name.into(), ..row.workloads[0].clone() });
    }
    row.workloads[3].verdict = Verdict::UpToDate;
    let operations = [
        sample::operation("nginx:1.27", "a", Phase::Waiting),
        ended(3, "d", Outcome::Updated, 10),
        ended(2, "c", Outcome::RolledBack { trouble: UpdateTrouble::Unhealthy }, 20),
        sample::operation("nginx:1.27", "b", Phase::Pulling),
    ];
    assert_eq!(names(&operations, &row), ["b", "c", "a", "d"]);
}

#[test]
fn what_is_stuck_is_told_until_a_later_operation() {
    let stuck_one = ended(4, "a", Outcome::Stuck { trouble: UpdateTrouble::Unhealthy, container: "a-old".into() }, 90_000);
    assert_eq!(stuck(std::slice::from_ref(&stuck_one)).len(), 1);
    assert!(stuck(&[ended(5, "a", Outcome::Updated, 10), stuck_one]).is_empty());
}

#[test]
fn the_live_record_wins_over_the_stored_one() {
    let live = [sample::operation("nginx:1.27", "a", Phase::Pulling)];
    let stored = Operation { phase: Phase::Waiting, ..live[0].clone() };
    let merged = merged(&[stored, ended(3, "b", Outcome::Updated, 10)], &live);
    assert_eq!(
        merged.iter().map(|operation| (operation.id, operation.phase)).collect::<Vec<_>>(),
        [(7, Phase::Pulling), (3, Phase::Removing)]
    );
}
