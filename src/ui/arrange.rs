//! From rows to sections, purely: which rows the dashboard shows, under which headings, in which order.

use std::{cmp::Reverse, collections::BTreeMap};

use super::filter::{By, Filter};
use crate::wire::{GroupRow, Verdict, WorkloadRow};

/// The part of a group that a section shows.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Scope {
    /// all of it
    Whole,
    /// the workloads of one stack; none for those without
    Stack(Option<String>),
    /// the workloads of one host
    Host(String),
    /// all of it, where nothing of it runs
    Stopped,
}

/// Rows under one heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// which part of each group stands here: also names the section
    pub scope: Scope,
    /// ids of the groups, in order
    pub rows: Vec<String>,
    /// how many of them are behind
    pub behind: u32,
}

impl Scope {
    /// Whether a workload stands in this section.
    fn admits(&self, workload: &WorkloadRow) -> bool {
        match self {
            Self::Whole | Self::Stopped => true,
            Self::Stack(project) => workload.project == *project,
            Self::Host(host) => workload.host == *host,
        }
    }

    /// The part of the group that stands in this section, with the verdict that this part alone gives.
    pub fn narrow(&self, group: &GroupRow) -> GroupRow {
        let workloads: Vec<_> = group.workloads.iter().filter(|workload| self.admits(workload)).cloned().collect();
        if workloads.is_empty() || workloads.len() == group.workloads.len() {
            return group.clone();
        }
        GroupRow { verdict: heaviest(&workloads), workloads, ..group.clone() }
    }

    /// Named sections by name, then what has no name, then what does not run.
    fn order(&self) -> (u8, &str) {
        match self {
            Self::Whole => (0, ""),
            Self::Stack(Some(name)) | Self::Host(name) => (1, name),
            Self::Stack(None) => (2, ""),
            Self::Stopped => (3, ""),
        }
    }
}

/// The heaviest verdict of what runs; of all, where nothing runs.
fn heaviest(workloads: &[WorkloadRow]) -> Verdict {
    let any_runs = workloads.iter().any(|workload| workload.state.is_running());
    let counted = workloads.iter().filter(|workload| workload.state.is_running() || !any_runs);
    counted.map(|workload| &workload.verdict).max_by_key(|verdict| verdict.weight()).cloned().unwrap_or(Verdict::UpToDate)
}

/// A row while sections are gathered: what it is sorted by, and whether it is behind.
type Gathered = (Reverse<u8>, String, bool);

/// The sections of what `filter` admits. `groups` come in the order of the dashboard.
pub fn sections<'a>(groups: impl Iterator<Item = &'a GroupRow>, filter: &Filter) -> Vec<Section> {
    let mut found: BTreeMap<(u8, String), (Scope, Vec<Gathered>)> = BTreeMap::new();
    for group in groups.filter(|group| filter.admits(group)) {
        for scope in scopes(group, filter.by) {
            let part = scope.narrow(group);
            let (rank, name) = scope.order();
            let key = (rank, name.to_owned());
            let entry = (Reverse(part.verdict.weight()), group.id.clone(), part.verdict.is_behind());
            found.entry(key).or_insert_with(|| (scope, Vec::new())).1.push(entry);
        }
    }
    found
        .into_values()
        .map(|(scope, mut rows)| {
            rows.sort();
            let behind = rows.iter().map(|(_, _, behind)| u32::from(*behind)).sum();
            Section { scope, behind, rows: rows.into_iter().map(|(_, id, _)| id).collect() }
        })
        .collect()
}

/// The sections in which a group stands.
fn scopes(group: &GroupRow, by: By) -> Vec<Scope> {
    if !group.runs() {
        return vec![Scope::Stopped];
    }
    let mut scopes: Vec<Scope> = Vec::new();
    for workload in &group.workloads {
        let scope = match by {
            By::Image => Scope::Whole,
            By::Stack => Scope::Stack(workload.project.clone()),
            By::Host => Scope::Host(workload.host.clone()),
        };
        if !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    scopes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::sample;

    /// Three groups: one behind in two stacks (in one of them current), one current without a stack, one that does not run.
    fn groups() -> Vec<GroupRow> {
        let mut shared = sample::group("postgres:16", Verdict::Rebuilt);
        shared.workloads[0].project = Some("paperless".into());
        let mut other = shared.workloads[0].clone();
        other.project = Some("immich".into());
        other.host = "nas".into();
        other.verdict = Verdict::UpToDate;
        shared.workloads.push(other);
        let alone = sample::group("redis:7", Verdict::UpToDate);
        vec![shared, alone, sample::stopped(sample::group("old:1", Verdict::Rebuilt))]
    }

    /// Sections as `scope behind: ids`.
    fn lines(by: By) -> Vec<String> {
        let groups = groups();
        let sections = sections(groups.iter(), &Filter { by, ..Filter::default() });
        sections.iter().map(|section| format!("{:?} {}: {}", section.scope, section.behind, section.rows.join(" "))).collect()
    }

    #[test]
    fn by_image_there_is_one_list_and_what_does_not_run() {
        assert_eq!(
            lines(By::Image),
            ["Whole 1: docker.io/library/postgres:16 docker.io/library/redis:7", "Stopped 1: docker.io/library/old:1"]
        );
    }

    #[test]
    fn by_stack_a_group_stands_in_each_of_its_stacks_with_the_verdict_of_that_part() {
        assert_eq!(
            lines(By::Stack),
            [
                r#"Stack(Some("immich")) 0: docker.io/library/postgres:16"#,
                r#"Stack(Some("paperless")) 1: docker.io/library/postgres:16"#,
                "Stack(None) 0: docker.io/library/redis:7",
                "Stopped 1: docker.io/library/old:1",
            ]
        );
    }

    #[test]
    fn by_host_likewise() {
        assert_eq!(
            lines(By::Host),
            [
                r#"Host("harbor") 1: docker.io/library/postgres:16 docker.io/library/redis:7"#,
                r#"Host("nas") 0: docker.io/library/postgres:16"#,
                "Stopped 1: docker.io/library/old:1",
            ]
        );
    }
}
