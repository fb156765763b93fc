//! What is sent to open pages.

use serde::Serialize;

use super::{CheckState, GroupRow, HostRow, Operation, Revision, Snapshot};

/// What changed from one revision to the next. Rows arrive whole, never as differences, so that a page can take a change twice or
/// skip to a later one without harm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ssr", derive(serde::Deserialize))]
pub struct Change {
    /// the revision that it leads to
    pub revision: Revision,
    /// groups that are new or different
    pub groups: Vec<GroupRow>,
    /// ids of groups that are no more
    pub gone: Vec<String>,
    /// all hosts, where one of them changed
    pub hosts: Option<Vec<HostRow>>,
    /// what the checks do, where that changed
    pub check: Option<CheckState>,
    /// operations that are new or different
    pub operations: Vec<Operation>,
}

impl Snapshot {
    /// Brings the snapshot to the revision of `change`.
    pub fn apply(&mut self, change: Change) {
        self.groups.retain(|group| !change.gone.contains(&group.id));
        for row in change.groups {
            match self.groups.iter_mut().find(|group| group.id == row.id) {
                Some(group) => *group = row,
                None => self.groups.push(row),
            }
        }
        sort(&mut self.groups);
        if let Some(hosts) = change.hosts {
            self.hosts = hosts;
        }
        if let Some(check) = change.check {
            self.check = check;
        }
        for operation in change.operations {
            match self.operations.iter_mut().find(|known| known.id == operation.id) {
                Some(known) => *known = operation,
                None => self.operations.push(operation),
            }
        }
        keep(&mut self.operations);
        self.revision = change.revision;
    }
}

/// Ended operations that every page knows; older ones are in the history.
const OPERATIONS: usize = 50;

/// Newest first; all that run, and of those that ended the newest.
pub fn keep(operations: &mut Vec<Operation>) {
    arrange(operations, &|one, other| one.id > other.id);
    let mut ended = 0;
    operations.retain(|operation| {
        ended += usize::from(!operation.is_running());
        operation.is_running() || ended <= OPERATIONS
    });
}

/// Puts operations into an order: `before` tells whether the first of two comes first. What is equal keeps its order.
///
/// Such lists are short and nearly in order, and the library's way to sort would be in the browser's program once for each order.
pub fn arrange(operations: &mut [Operation], before: &dyn Fn(&Operation, &Operation) -> bool) {
    for mut at in 1..operations.len() {
        while at > 0 && before(&operations[at], &operations[at - 1]) {
            operations.swap(at, at - 1);
            at -= 1;
        }
    }
}

/// The order of the dashboard: what runs before what does not, what needs attention first, then by name.
pub fn sort(groups: &mut [GroupRow]) {
    groups.sort_by(|a, b| {
        let key = |row: &GroupRow| (!row.runs(), u8::MAX - row.verdict.weight());
        key(a).cmp(&key(b)).then_with(|| a.id.cmp(&b.id))
    });
}
