//! The answer to a wish for updates.

use serde::Serialize;

use super::{Operation, Refusal};

/// What came of a wish for updates: what `POST /update` answers to a program.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ssr", derive(serde::Deserialize))]
pub struct UpdateAnswer {
    /// the updates that were accepted
    pub operations: Vec<Operation>,
    /// the workloads that are not updated
    pub refused: Vec<RefusedWish>,
}

/// A workload that is not updated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ssr", derive(serde::Deserialize))]
pub struct RefusedWish {
    /// the host's name
    pub host: String,
    /// the workload's name
    pub name: String,
    /// why
    pub refusal: Refusal,
}
