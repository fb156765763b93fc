//! What the registries can be asked about. Pure.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use super::{facts::Shared, wishes::Wishes};
use crate::{
    fleet::{ImageName, Inventory, Workload},
    image::{Policies, Policy, Question, Reference, policy::Labelled},
};

/// All that questions are made from, shared with the facts of the moment.
#[derive(Debug, Default)]
pub(super) struct Asking {
    /// what runs on each host, by name, and what is wished for it
    pub(super) hosts: Vec<(String, Arc<Inventory>, Arc<Wishes>)>,
    /// what is known
    pub(super) findings: Arc<HashMap<Reference, Shared>>,
    /// what the configuration says
    pub(super) policies: Arc<Policies>,
}

impl Asking {
    /// Every reference that a registry can be asked about: not what is pinned, built here, excluded, or no reference at all.
    pub(super) fn references(&self) -> BTreeSet<Reference> {
        let running = self.workloads().map(|(reference, ..)| reference.clone());
        running.chain(self.policies.extra.iter().cloned()).collect()
    }

    /// A question for each of them.
    pub(super) fn questions(&self) -> BTreeMap<Reference, Question> {
        let mut questions = BTreeMap::<Reference, Question>::new();
        for (reference, workload, wishes) in self.workloads() {
            let question = questions.entry(reference.clone()).or_insert_with(|| self.question(reference));
            let local = &workload.local;
            match &mut question.running {
                _ if local.digests.is_empty() => {}
                Some(running) => running.retain(|digest| local.digests.contains(digest)),
                running @ None => *running = Some(local.digests.clone()),
            }
            question.platforms.extend(local.platform.clone());
            question.created = question.created.into_iter().chain(local.created).min();
            if !question.policies.contains(&wishes.policy) {
                question.policies.push(wishes.policy.clone());
            }
        }
        for reference in &self.policies.extra {
            let extra = || Question { policies: vec![self.policies.base(reference).clone()], ..self.question(reference) };
            questions.entry(reference.clone()).or_insert_with(extra);
        }
        questions
    }

    fn question(&self, reference: &Reference) -> Question {
        let known = self.findings.get(reference).map(|known| Arc::clone(known.good()));
        Question { policies: Vec::new(), known, ..Question::bare(reference.clone(), Policy::default()) }
    }

    /// What can be asked about, with its reference and what is wished for it.
    fn workloads(&self) -> impl Iterator<Item = (&Reference, &Workload, Arc<Labelled>)> {
        self.hosts.iter().flat_map(|(_, inventory, wishes)| {
            inventory.workloads.iter().filter_map(|workload| {
                let ImageName::Reference(reference) = &workload.image else { return None };
                let wishes = wishes.of(workload);
                let asked = reference.digest().is_none() && !workload.local.built_here && !wishes.policy.pin;
                asked.then_some((reference, workload, wishes))
            })
        })
    }
}
