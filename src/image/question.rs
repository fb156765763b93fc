//! What a check is asked.

use std::{collections::BTreeSet, sync::Arc};

use super::{Digest, Finding, Platform, Policy, Reference};

/// One reference to be asked about, and what is known where it runs, so that no more is asked than answers need.
#[derive(Debug, Clone)]
pub struct Question {
    /// what is asked about
    pub reference: Reference,
    /// the digests that all have of which any is known: a tag that stands for another one is explained. None where nothing runs
    pub running: Option<BTreeSet<Digest>>,
    /// what it runs on
    pub platforms: BTreeSet<Platform>,
    /// when the oldest image that runs was made, in Unix seconds
    pub created: Option<i64>,
    /// the different wishes about it: for each of them its candidates are explained
    pub policies: Vec<Policy>,
    /// what was learnt last
    pub known: Option<Arc<Finding>>,
}

impl Question {
    /// A question about a reference that nothing runs.
    pub fn bare(reference: Reference, policy: Policy) -> Self {
        Self { reference, running: None, platforms: BTreeSet::new(), created: None, policies: vec![policy], known: None }
    }
}
