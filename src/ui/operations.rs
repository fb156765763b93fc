//! What a page tells of updates and which it offers, purely.
//!
//! An operation is told from the server's record of it alone: nothing here remembers that a button was pressed, so no row can be stuck
//! on something that has ended.

mod stage;

pub use stage::{Stage, Standing, stages};

use std::cmp::Reverse;

use super::ask::Action;
use crate::wire::{GroupRow, Operation, Outcome, Phase, Verdict, WorkloadRow, arrange};

/// How long an outcome stays on its row, in seconds.
const TOLD_SECONDS: i64 = 24 * 3600;

/// Whether an update of the workload would change something: it takes the newest image of the same tag, never another tag.
pub fn can_update(workload: &WorkloadRow) -> bool {
    workload.allows.updates() && matches!(workload.verdict, Verdict::Rebuilt | Verdict::Recreate | Verdict::Newer { rebuilt: true, .. })
}

/// The newest operation of a workload. `operations` come newest first.
pub fn newest<'a>(operations: &'a [Operation], host: &str, name: &str) -> Option<&'a Operation> {
    operations.iter().find(|operation| operation.host == host && operation.name == name)
}

/// The newest operation of a workload, where it runs or its outcome is still news.
pub fn news<'a>(operations: &'a [Operation], row: &GroupRow, workload: &WorkloadRow, now: i64) -> Option<&'a Operation> {
    newest(operations, &workload.host, &workload.name).filter(|operation| is_news(operation, row, workload, now))
}

/// Whether an operation still says something of a workload that is there: while it runs, and for a day after its end, unless the
/// workload or its tag has moved on since.
fn is_news(operation: &Operation, row: &GroupRow, workload: &WorkloadRow, now: i64) -> bool {
    let Some(outcome) = &operation.outcome else { return true };
    let ended = operation.ended.unwrap_or(operation.begun);
    let lasts = now - ended < TOLD_SECONDS;
    // the tag was looked at after the end, and stands for something else by then
    let rebuilt_since = row.checked_at.is_some_and(|at| at > ended)
        && operation.to.is_some()
        && row.remote_digest.is_some()
        && row.remote_digest != operation.to;
    match outcome {
        Outcome::Stuck { .. } => true,
        Outcome::LeftOver { .. } => lasts,
        Outcome::Updated | Outcome::Unchanged => lasts && !rebuilt_since && !can_update(workload),
        Outcome::Refused { .. } | Outcome::Failed { .. } | Outcome::RolledBack { .. } => {
            lasts && !rebuilt_since && workload.verdict != Verdict::UpToDate
        }
    }
}

/// What a row tells while it is closed: the operations that are news, most pressing first. `part` is the part of the group `whole`
/// that the row shows. A container that is just being replaced may be missing from both: what runs is told all the same.
pub fn told(operations: &[Operation], part: &GroupRow, whole: &GroupRow, now: i64) -> Vec<Operation> {
    if operations.is_empty() {
        return Vec::new();
    }
    let here = part.workloads.iter().filter_map(|workload| news(operations, part, workload, now));
    let is_known =
        |operation: &&Operation| whole.workloads.iter().any(|workload| workload.host == operation.host && workload.name == operation.name);
    let absent = operations.iter().filter(|operation| operation.is_running() && !is_known(operation));
    let mut told: Vec<_> = here.chain(absent).cloned().collect();
    arrange(&mut told, &|one, other| {
        let key = |operation: &Operation| (urgency(operation), Reverse(operation.ended), operation.id);
        key(one) < key(other)
    });
    told
}

/// What is told first.
fn urgency(operation: &Operation) -> u8 {
    match &operation.outcome {
        None if operation.phase != Phase::Waiting => 0,
        Some(Outcome::Stuck { .. }) => 1,
        Some(Outcome::RolledBack { .. } | Outcome::Failed { .. }) => 2,
        None => 3,
        Some(Outcome::LeftOver { .. } | Outcome::Refused { .. }) => 4,
        Some(Outcome::Updated | Outcome::Unchanged) => 5,
    }
}

/// What the button of a row asks for, and for how many containers; none where there is nothing to ask for. A row that shows a part of
/// its group offers several only where the rest of the group has nothing to update, because they are asked for by their image.
pub fn offer(operations: &[Operation], part: &GroupRow, whole: &GroupRow) -> Option<(Action, usize)> {
    let ready = |row: &GroupRow| row.workloads.iter().filter(|workload| is_ready(operations, workload)).count();
    match ready(part) {
        0 => None,
        1 => {
            let only = part.workloads.iter().find(|workload| is_ready(operations, workload))?;
            Some((Action::Update { host: only.host.clone(), name: only.name.clone() }, 1))
        }
        n => (n == ready(whole)).then_some((Action::UpdateAll, n)),
    }
}

/// Whether a workload can be updated and is not being updated.
pub fn is_ready(operations: &[Operation], workload: &WorkloadRow) -> bool {
    can_update(workload) && !newest(operations, &workload.host, &workload.name).is_some_and(Operation::is_running)
}

/// How an operation went, for its colour.
pub fn tone(operation: &Operation) -> &'static str {
    match &operation.outcome {
        None => "running",
        Some(Outcome::Updated) => "good",
        Some(Outcome::Unchanged) => "plain",
        Some(Outcome::Refused { .. } | Outcome::Failed { .. } | Outcome::RolledBack { .. } | Outcome::LeftOver { .. }) => "trouble",
        Some(Outcome::Stuck { .. }) => "bad",
    }
}

/// The newest operations of each workload that could not be put back: every page says so above all else.
pub fn stuck(operations: &[Operation]) -> Vec<Operation> {
    let stuck = operations.iter().filter(|operation| matches!(operation.outcome, Some(Outcome::Stuck { .. })));
    stuck
        .filter(|operation| newest(operations, &operation.host, &operation.name).is_some_and(|new| new.id == operation.id))
        .cloned()
        .collect()
}

/// What was stored and what is live as one list, newest first. What is live is the newer of two.
pub fn merged(past: &[Operation], live: &[Operation]) -> Vec<Operation> {
    let known = |operation: &&Operation| live.iter().any(|each| each.id == operation.id);
    let mut all: Vec<_> = live.iter().chain(past.iter().filter(|operation| !known(operation))).cloned().collect();
    arrange(&mut all, &|one, other| one.id > other.id);
    all
}

#[cfg(test)]
mod tests;
