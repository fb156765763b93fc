//! Tables `operations` and `operation_steps`: the journal of updates.

use super::{Store, StoreError};
use crate::wire::{Asker, Operation, Outcome, Phase, UpdateTrouble};

/// An operation that has not ended, with what is needed to finish or undo it.
#[derive(Debug, Clone, PartialEq)]
pub struct Journaled {
    /// as everybody sees it
    pub operation: Operation,
    /// the plan in JSON, once there was one
    pub plan: Option<String>,
    /// what was done so far, in order
    pub steps: Vec<JournaledStep>,
}

/// A step that was begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournaledStep {
    /// which
    pub phase: Phase,
    /// whether it was undone rather than done
    pub undo: bool,
    /// when it was begun, in Unix milliseconds
    pub begun: i64,
    /// when it ended, in Unix milliseconds; none while it is under way
    pub ended: Option<i64>,
    /// why it failed, where it did
    pub trouble: Option<UpdateTrouble>,
}

impl Store {
    /// Writes down a wish; answers its number. `begun` in Unix seconds.
    pub async fn begin_operation(&self, _host: &str, _name: &str, _image: &str, _asker: &Asker, _begun: i64) -> Result<i64, StoreError> {
        todo!()
    }

    /// Writes down how far an operation is (`phase`, `from`, `to`) and, where there is one, its plan; all of it is on the disc when this returns.
    pub async fn journal_operation(&self, _operation: &Operation, _plan: Option<&str>) -> Result<(), StoreError> {
        todo!()
    }

    /// Writes down that a step begins; answers its place in the operation.
    pub async fn begin_step(&self, _operation: i64, _phase: Phase, _undo: bool, _begun_ms: i64) -> Result<i64, StoreError> {
        todo!()
    }

    /// Writes down that a step ended, how, and what the plan is now.
    pub async fn end_step(
        &self,
        _operation: i64,
        _n: i64,
        _ended_ms: i64,
        _trouble: Option<&UpdateTrouble>,
        _plan: Option<&str>,
    ) -> Result<(), StoreError> {
        todo!()
    }

    /// Writes down how an operation ended. The plan is forgotten, but for one that was stuck or left something over.
    pub async fn end_operation(&self, _id: i64, _outcome: &Outcome, _ended: i64) -> Result<(), StoreError> {
        todo!()
    }

    /// Operations that must be taken up: those that have not ended, and those that were stuck or left something over. Oldest first.
    pub async fn open_operations(&self) -> Result<Vec<Journaled>, StoreError> {
        todo!()
    }

    /// The newest operations, of one image where it is named. Newest first.
    pub async fn operations(&self, _image: Option<&str>, _limit: u32) -> Result<Vec<Operation>, StoreError> {
        todo!()
    }

    /// One operation and its steps.
    pub async fn operation(&self, _id: i64) -> Result<Option<(Operation, Vec<JournaledStep>)>, StoreError> {
        todo!()
    }

    /// The digests to which updates of a workload were rolled back, so that the automatic switch does not try them again.
    pub async fn rolled_back(&self, _host: &str, _name: &str) -> Result<Vec<String>, StoreError> {
        todo!()
    }
}
