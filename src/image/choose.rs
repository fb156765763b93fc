//! From an outlook to candidates, under a policy.

use std::collections::{BTreeMap, BTreeSet};

use super::{Details, Outlook, Platform, Policy};
use crate::wire::{Candidate, PassedOver};

/// What a choice needs to know beside outlook and policy.
#[derive(Debug, Clone, Copy)]
pub struct Around<'a> {
    /// what the image runs on here; a candidate must be there for all of them. Nothing where that is not known
    pub platforms: &'a BTreeSet<Platform>,
    /// what is known of candidates and of the tag itself, by tag
    pub details: &'a BTreeMap<String, Details>,
    /// when the image that runs was made, in Unix seconds
    pub running_since: Option<i64>,
    /// the time, in Unix seconds
    pub now: i64,
}

/// What may be moved to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    /// the best of each level, lowest level first, and of every major version between; at most one of them is `offered`
    pub candidates: Vec<Candidate>,
    /// what looks newer and is not among them, and why
    pub passed_over: Vec<PassedOver>,
    /// candidates of which nothing is known yet beyond their tag: to be asked about, and then chosen anew
    pub unexplained: Vec<String>,
}

/// The candidates that `outlook` has under `policy`.
pub fn choose(_outlook: &Outlook, _policy: &Policy, _around: Around<'_>) -> Choice {
    Choice::default()
}
