//! All that is known, as it was learnt.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use crate::{
    fleet::{ImageName, Inventory},
    image::{Finding, Reference},
    wire::{CheckProgress, CheckState, HostRow, HostState, Operation, keep},
};

use super::flux::Flux;

/// Something that was learnt.
#[derive(Debug)]
pub enum Input {
    /// how a host is doing
    Host {
        /// its name
        name: String,
        /// how it is doing
        state: HostState,
    },
    /// all that runs on a host
    Inventory {
        /// the host's name
        host: String,
        /// what runs there
        inventory: Arc<Inventory>,
    },
    /// findings of an earlier process
    Remembered(Vec<Known>),
    /// a check began
    CheckStarted {
        /// what it asks about
        references: Vec<Reference>,
        /// when, in Unix seconds
        at: i64,
    },
    /// a check learnt something
    Found(Finding),
    /// a check ended
    CheckEnded {
        /// when, in Unix seconds
        at: i64,
        /// whether it asked about everything, so that it counts as "the last check"
        whole: bool,
    },
    /// when the next check is due, in Unix seconds
    NextCheck(Option<i64>),
    /// an operation is new or has come further
    Operation(Operation),
    /// the automatic switch of a workload was moved
    Switch {
        /// the host's name
        host: String,
        /// the workload's name
        name: String,
        /// whether it is on
        on: bool,
    },
}

/// The findings of one reference.
#[derive(Debug, Clone)]
pub struct Known {
    /// what the last check learnt
    pub latest: Finding,
    /// the last one with an answer, where the latest has none
    pub last_good: Option<Finding>,
}

/// [`Known`], shared with the states that show it.
#[derive(Debug, Clone)]
pub(super) struct Shared {
    /// what the last check learnt
    pub(super) latest: Arc<Finding>,
    /// the last one with an answer, where the latest has none
    pub(super) last_good: Option<Arc<Finding>>,
}

/// A host and what runs there.
#[derive(Debug, Clone)]
pub(super) struct HostFacts {
    /// name, state and engine
    pub(super) row: HostRow,
    /// what was last seen to run there
    seen: Arc<Inventory>,
    /// what is shown of that: the same, but for what is being replaced
    pub(super) inventory: Arc<Inventory>,
}

/// All that is known.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// in the order in which they were first heard of
    pub(super) hosts: Vec<HostFacts>,
    /// by reference
    pub(super) findings: HashMap<Reference, Shared>,
    /// what registries are being asked about
    pub(super) checking: HashSet<Reference>,
    /// what the checks do
    pub(super) check: CheckState,
    /// newest first
    pub(super) operations: Vec<Operation>,
    /// host and name of the workloads that are updated without being asked for
    pub(super) switches: HashSet<(String, String)>,
    /// the workloads that are being replaced
    flux: Flux,
}

impl Facts {
    /// Takes in what was learnt.
    pub(super) fn take(&mut self, input: Input) {
        match input {
            Input::Host { name, state } => self.host(name).row.state = state,
            Input::Inventory { host, inventory } => {
                self.flux.listed(&host);
                let shown = self.flux.shown(&host, &inventory);
                let facts = self.host(host);
                facts.row.engine = Some(inventory.engine.clone()).filter(|engine| !engine.is_empty());
                facts.seen = inventory;
                facts.inventory = shown;
            }
            Input::Remembered(known) => {
                self.check.last = self.check.last.max(known.iter().map(|known| known.latest.at).max());
                for known in known {
                    let reference = known.latest.reference.clone();
                    let shared = Shared { latest: Arc::new(known.latest), last_good: known.last_good.map(Arc::new) };
                    self.findings.entry(reference).or_insert(shared);
                }
            }
            Input::CheckStarted { references, at } => {
                self.check.running = Some(CheckProgress { since: at, done: 0, total: u32::try_from(references.len()).unwrap_or(u32::MAX) });
                self.checking = references.into_iter().collect();
            }
            Input::Found(finding) => self.found(finding),
            Input::CheckEnded { at, whole } => {
                self.check.running = None;
                self.checking.clear();
                if whole {
                    self.check.last = Some(at);
                }
            }
            Input::NextCheck(at) => self.check.next = at,
            Input::Operation(operation) => self.operation(operation),
            Input::Switch { host, name, on: true } => drop(self.switches.insert((host, name))),
            Input::Switch { host, name, on: false } => drop(self.switches.remove(&(host, name))),
        }
    }

    fn operation(&mut self, operation: Operation) {
        if let Some(facts) = self.hosts.iter_mut().find(|known| known.row.name == operation.host) {
            self.flux.note(&operation, &facts.inventory);
            facts.inventory = self.flux.shown(&operation.host, &facts.seen);
        }
        match self.operations.iter_mut().find(|known| known.id == operation.id) {
            Some(known) => *known = operation,
            None => self.operations.push(operation),
        }
        keep(&mut self.operations);
    }

    /// Whether a workload is updated without being asked for.
    pub(super) fn switched_on(&self, host: &str, name: &str) -> bool {
        // no allocation for the many that are not
        self.switches.iter().any(|(on, its)| on == host && its == name)
    }

    fn found(&mut self, finding: Finding) {
        if self.checking.remove(&finding.reference)
            && let Some(progress) = &mut self.check.running
        {
            progress.done += 1;
        }
        let before = self.findings.remove(&finding.reference);
        let last_good = match (&finding.answer, before) {
            (Ok(_), _) | (Err(_), None) => None,
            (Err(_), Some(before)) if before.latest.answer.is_ok() => Some(before.latest),
            (Err(_), Some(before)) => before.last_good,
        };
        self.findings.insert(finding.reference.clone(), Shared { latest: Arc::new(finding), last_good });
    }

    fn host(&mut self, name: String) -> &mut HostFacts {
        let at = self.hosts.iter().position(|host| host.row.name == name).unwrap_or_else(|| {
            let row = HostRow { name, state: HostState::Connecting, engine: None };
            self.hosts.push(HostFacts { row, seen: Arc::default(), inventory: Arc::default() });
            self.hosts.len() - 1
        });
        &mut self.hosts[at]
    }

    /// Every reference that a registry can be asked about: not what is pinned, built here, or no reference at all.
    pub(super) fn references(&self) -> BTreeSet<Reference> {
        let workloads = self.hosts.iter().flat_map(|host| &host.inventory.workloads);
        workloads
            .filter(|workload| !workload.local.built_here)
            .filter_map(|workload| match &workload.image {
                ImageName::Reference(reference) if reference.digest().is_none() => Some(reference.clone()),
                _ => None,
            })
            .collect()
    }

    /// Workloads by the text that names their group.
    pub(super) fn groups(&self) -> BTreeMap<String, Vec<(&str, &crate::fleet::Workload)>> {
        let mut groups = BTreeMap::<_, Vec<_>>::new();
        for host in &self.hosts {
            for workload in &host.inventory.workloads {
                let id = match &workload.image {
                    ImageName::Reference(reference) => reference.to_string(),
                    ImageName::Id(text) | ImageName::Invalid(text) => text.clone(),
                };
                groups.entry(id).or_default().push((host.row.name.as_str(), workload));
            }
        }
        groups
    }
}
