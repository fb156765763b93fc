//! All that is known, as it was learnt.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

use crate::{
    fleet::{ImageName, Inventory, Workload},
    image::{Finding, Policies, Reference, policy::Labelled},
    wire::{Allows, CheckProgress, CheckState, HostRow, HostState, Operation, Quota, keep},
};

use super::{
    asking::Asking,
    flux::Flux,
    wishes::{self, Wishes},
};

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
    /// what a host lets Plimsoll do
    Allows {
        /// its name
        host: String,
        /// what
        allows: Allows,
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
    /// all that a check learnt, at once
    AllFound(Vec<Finding>),
    /// a check ended
    CheckEnded {
        /// when, in Unix seconds
        at: i64,
        /// whether it asked about everything, so that it counts as "the last check"
        whole: bool,
    },
    /// what the configuration says about images. Comes before any inventory
    Policies(Policies),
    /// what registries said of the pulls that are left
    Quotas(Vec<Quota>),
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
    /// what is wished for its workloads
    pub(super) wishes: Arc<Wishes>,
}

/// A workload of a group.
#[derive(Debug)]
pub(super) struct Member<'a> {
    /// the name of its host
    pub(super) host: &'a str,
    /// itself
    pub(super) workload: &'a Workload,
    /// what is wished for it
    pub(super) wishes: Arc<Labelled>,
    /// what its host lets Plimsoll do
    pub(super) allows: Allows,
}

impl Shared {
    /// The last one with an answer; the latest, where there is none.
    pub(super) fn good(&self) -> &Arc<Finding> {
        self.last_good.as_ref().unwrap_or(&self.latest)
    }
}

/// All that is known.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// in the order in which they were first heard of
    pub(super) hosts: Vec<HostFacts>,
    /// by reference
    pub(super) findings: Arc<HashMap<Reference, Shared>>,
    /// what the configuration says about images
    pub(super) policies: Arc<Policies>,
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
            Input::Allows { host, allows } => self.host(host).row.allows = allows,
            Input::Inventory { host, inventory } => {
                self.flux.listed(&host);
                let inventory = self.looked_at(&inventory);
                let shown = self.flux.shown(&host, &inventory);
                let policies = Arc::clone(&self.policies);
                let facts = self.host(host);
                Arc::make_mut(&mut facts.wishes).read(&inventory, &policies);
                facts.row.engine = Some(inventory.engine.clone()).filter(|engine| !engine.is_empty());
                facts.seen = inventory;
                facts.inventory = shown;
            }
            Input::Remembered(known) => {
                self.check.last = self.check.last.max(known.iter().map(|known| known.latest.at).max());
                for known in known {
                    let reference = known.latest.reference.clone();
                    let shared = Shared { latest: Arc::new(known.latest), last_good: known.last_good.map(Arc::new) };
                    Arc::make_mut(&mut self.findings).entry(reference).or_insert(shared);
                }
            }
            Input::CheckStarted { references, at } => {
                self.check.running = Some(CheckProgress { since: at, done: 0, total: u32::try_from(references.len()).unwrap_or(u32::MAX) });
                self.checking = references.into_iter().collect();
            }
            Input::Found(finding) => self.found(finding),
            Input::AllFound(findings) => findings.into_iter().for_each(|finding| self.found(finding)),
            Input::CheckEnded { at, whole } => {
                self.check.running = None;
                self.checking.clear();
                if whole {
                    self.check.last = Some(at);
                }
            }
            Input::Policies(policies) => self.policies = Arc::new(policies),
            Input::Quotas(quotas) => self.check.quotas = quotas,
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
        // copied only while a state that is no longer the newest one still holds it
        let findings = Arc::make_mut(&mut self.findings);
        let before = findings.remove(&finding.reference);
        let last_good = match (&finding.answer, before) {
            (Ok(_), _) | (Err(_), None) => None,
            (Err(_), Some(before)) if before.latest.answer.is_ok() => Some(before.latest),
            (Err(_), Some(before)) => before.last_good,
        };
        findings.insert(finding.reference.clone(), Shared { latest: Arc::new(finding), last_good });
    }

    fn host(&mut self, name: String) -> &mut HostFacts {
        let at = self.hosts.iter().position(|host| host.row.name == name).unwrap_or_else(|| {
            let row = HostRow { name, state: HostState::Connecting, engine: None, allows: Allows::default() };
            self.hosts.push(HostFacts { row, seen: Arc::default(), inventory: Arc::default(), wishes: Arc::default() });
            self.hosts.len() - 1
        });
        &mut self.hosts[at]
    }

    /// What questions are made from.
    pub(super) fn asking(&self) -> Asking {
        let hosts = self.hosts.iter().map(|host| (host.row.name.clone(), Arc::clone(&host.inventory), Arc::clone(&host.wishes))).collect();
        Asking { hosts, findings: Arc::clone(&self.findings), policies: Arc::clone(&self.policies) }
    }

    /// What of an inventory is looked at: not what the configuration or a label excludes.
    fn looked_at(&self, inventory: &Arc<Inventory>) -> Arc<Inventory> {
        let excluded = |workload: &Workload| {
            let excludes = matches!(&workload.image, ImageName::Reference(reference) if self.policies.excludes(reference));
            excludes || !wishes::of(workload, &self.policies).policy.enable
        };
        if !inventory.workloads.iter().any(excluded) {
            return Arc::clone(inventory);
        }
        let workloads = inventory.workloads.iter().filter(|workload| !excluded(workload)).cloned().collect();
        Arc::new(Inventory { engine: inventory.engine.clone(), workloads })
    }

    /// Members by the text that names their group; a reference that is checked although nothing runs it has none.
    pub(super) fn groups(&self) -> BTreeMap<String, Vec<Member<'_>>> {
        let mut groups: BTreeMap<_, _> = self.policies.extra.iter().map(|extra| (extra.to_string(), Vec::new())).collect();
        for host in &self.hosts {
            for workload in &host.inventory.workloads {
                let id = match &workload.image {
                    ImageName::Reference(reference) => reference.to_string(),
                    ImageName::Id(text) | ImageName::Invalid(text) => text.clone(),
                };
                let wishes = host.wishes.of(workload);
                groups.entry(id).or_default().push(Member { host: &host.row.name, workload, wishes, allows: host.row.allows });
            }
        }
        groups
    }
}
