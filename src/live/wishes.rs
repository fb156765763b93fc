//! What is wished for each workload: from its labels and the configuration. Pure.

use std::{collections::HashMap, sync::Arc};

use crate::{
    fleet::{ImageName, Inventory, Workload},
    image::{Policies, policy::Labelled},
};

/// The wishes about the workloads of one host, by their ids. Labels never change while a container lives: each is read once.
#[derive(Debug, Clone, Default)]
pub(super) struct Wishes(HashMap<String, Arc<Labelled>>);

impl Wishes {
    /// Reads those of what is new in `inventory`, and forgets those of what is gone.
    pub(super) fn read(&mut self, inventory: &Inventory, policies: &Policies) {
        let mut known = std::mem::take(&mut self.0);
        for workload in &inventory.workloads {
            let wishes = known.remove(&workload.id).unwrap_or_else(|| Arc::new(of(workload, policies)));
            self.0.insert(workload.id.clone(), wishes);
        }
    }

    /// The wishes about a workload; those of nobody where it was never seen.
    pub(super) fn of(&self, workload: &Workload) -> Arc<Labelled> {
        self.0.get(&workload.id).cloned().unwrap_or_default()
    }
}

/// The wishes about one workload.
pub(super) fn of(workload: &Workload, policies: &Policies) -> Labelled {
    let reference = match &workload.image {
        ImageName::Reference(reference) => Some(reference),
        ImageName::Id(_) | ImageName::Invalid(_) => None,
    };
    policies.of(reference, &workload.labels)
}
