//! `/api/v1/updates`: operations, and what came of a wish for some.

use serde::{Deserialize, Serialize};

use crate::{
    server::api::{time, told},
    store::JournaledStep,
    update::Wished,
    wire::{self, Asker, ComposeLine, LayerState, Outcome, Phase, Target, UpdateTrouble},
};

/// One update of one container.
#[expect(clippy::struct_excessive_bools, reason = "a document for readers of JSON")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operation {
    /// its number; grows
    pub id: i64,
    /// the host's name
    pub host: String,
    /// the container's name
    pub name: String,
    /// the id of its group: the reference in full
    pub image: String,
    /// of another tag: which
    pub tag: Option<String>,
    /// whether it goes back to what ran before
    pub previous: bool,
    /// the names of those that are recreated with it, because they use what is its
    pub along: Vec<String>,
    /// who wished for it: `user`, `anyone`, `command_line`, `automatic`
    pub asker: Who,
    /// of `user`: the name
    pub user: Option<String>,
    /// when it was wished for
    pub begun: String,
    /// when it ended
    pub ended: Option<String>,
    /// whether it is under way
    pub running: bool,
    /// what it does, or did last
    pub phase: Phase,
    /// how much of the image was pulled, 0 to 100
    pub percent: Option<u8>,
    /// how it ended
    pub outcome: Option<End>,
    /// of `refused`: why
    pub refusal: Option<wire::Refusal>,
    /// of the other bad ends: why
    pub trouble: Option<UpdateTrouble>,
    /// of `left_over` and `stuck`: the name of the old container
    pub left: Option<String>,
    /// the digest that ran before
    pub from: Option<String>,
    /// the digest that was pulled
    pub to: Option<String>,
    /// whether the new container takes longer to become healthy than its health check says: `POST …/keep` keeps it as it is
    pub overdue: bool,
    /// whether what the new container wrote before it failed is kept: `GET …/log`
    pub log: bool,
    /// where a file of Compose pins the tag that it was moved away from
    pub compose: Option<ComposeLine>,
    /// until when the image is kept that it has replaced: a wish for `previous` goes back to it
    pub kept_until: Option<String>,
    /// the same in English, for a person to read; its wording may change
    pub text: String,
}

/// Who wished for an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// somebody who is logged in
    User,
    /// somebody, where no login is asked for
    Anyone,
    /// `plimsoll update`
    CommandLine,
    /// the automatic switch
    Automatic,
}

/// How an operation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// the new container runs, the old one is gone
    Updated,
    /// the newest ran already
    Unchanged,
    /// it was not begun
    Refused,
    /// it failed before anything was changed
    Failed,
    /// it failed, and the old container is back
    RolledBack,
    /// the new container runs, the old one is still there
    LeftOver,
    /// it failed, and the old container is not back yet
    Stuck,
}

/// An operation with all that was done for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Whole {
    /// the operation
    #[serde(flatten)]
    pub operation: Operation,
    /// while it runs: the layers of the pull
    pub layers: Vec<Layer>,
    /// the steps that were begun, in order
    pub steps: Vec<Step>,
}

/// A layer of the pull.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Layer {
    /// the Engine's short name of it
    pub id: String,
    /// `waiting`, `downloading`, `downloaded`, `extracting`, `done`
    pub state: LayerState,
    /// bytes that are done
    pub done: u64,
    /// bytes in all; 0 where that is not known
    pub total: u64,
}

/// A step that was begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// what it does
    pub phase: Phase,
    /// to which container: its name, or that of one that is recreated with it
    pub container: String,
    /// whether that was undone
    pub undo: bool,
    /// when it was begun, to the millisecond
    pub begun: String,
    /// when it ended, to the millisecond
    pub ended: Option<String>,
    /// why it failed
    pub trouble: Option<UpdateTrouble>,
    /// the same in English
    pub error: Option<String>,
}

/// `GET /api/v1/updates`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Updates {
    /// newest first
    pub operations: Vec<Operation>,
}

/// What came of a wish.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// what was begun, or waits for its turn
    pub operations: Vec<Operation>,
    /// what was not
    pub refused: Vec<Refused>,
}

/// A container that is not updated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// the host's name
    pub host: String,
    /// the container's name
    pub name: String,
    /// why
    pub refusal: wire::Refusal,
    /// the same in English
    pub text: String,
}

/// An operation as a document.
pub fn operation(operation: &wire::Operation) -> Operation {
    let (asker, user) = match &operation.asker {
        Asker::User { name } => (Who::User, Some(name.clone())),
        Asker::Anyone => (Who::Anyone, None),
        Asker::CommandLine => (Who::CommandLine, None),
        Asker::Automatic => (Who::Automatic, None),
    };
    let (mut refusal, mut trouble, mut left) = (None, None, None);
    let outcome = operation.outcome.as_ref().map(|outcome| match outcome {
        Outcome::Updated => End::Updated,
        Outcome::Unchanged => End::Unchanged,
        Outcome::Refused { refusal: why } => {
            refusal = Some(why.clone());
            End::Refused
        }
        Outcome::Failed { trouble: why } => {
            trouble = Some(why.clone());
            End::Failed
        }
        Outcome::RolledBack { trouble: why } => {
            trouble = Some(why.clone());
            End::RolledBack
        }
        Outcome::LeftOver { trouble: why, container } => {
            (trouble, left) = (Some(why.clone()), Some(container.clone()));
            End::LeftOver
        }
        Outcome::Stuck { trouble: why, container } => {
            (trouble, left) = (Some(why.clone()), Some(container.clone()));
            End::Stuck
        }
    });
    let tag = if let Target::Tag { tag } = &operation.target { Some(tag.clone()) } else { None };
    Operation {
        id: operation.id,
        host: operation.host.clone(),
        name: operation.name.clone(),
        image: operation.image.clone(),
        tag,
        previous: operation.target == Target::Previous,
        along: operation.along.clone(),
        asker,
        user,
        begun: time::rfc3339(operation.begun),
        ended: operation.ended.map(time::rfc3339),
        running: operation.is_running(),
        phase: operation.phase,
        percent: operation.pull.as_ref().map(|pull| pull.percent),
        outcome,
        refusal,
        trouble,
        left,
        from: operation.from.clone(),
        to: operation.to.clone(),
        overdue: operation.overdue,
        log: operation.log,
        compose: operation.compose.clone(),
        kept_until: operation.kept_until.map(time::rfc3339),
        text: told::operation(operation),
    }
}

/// An operation with its steps.
pub fn whole(of: &wire::Operation, steps: &[JournaledStep]) -> Whole {
    let layers = of.pull.iter().flat_map(|pull| &pull.layers);
    Whole {
        operation: operation(of),
        layers: layers
            .map(|wire::Layer { id, state, done, total }| Layer { id: id.clone(), state: *state, done: *done, total: *total })
            .collect(),
        steps: steps.iter().map(|journaled| step(of, journaled)).collect(),
    }
}

fn step(of: &wire::Operation, step: &JournaledStep) -> Step {
    let along = step.member.checked_sub(1).and_then(|at| of.along.get(at));
    Step {
        phase: step.phase,
        container: along.unwrap_or(&of.name).clone(),
        undo: step.undo,
        begun: time::rfc3339_ms(step.begun),
        ended: step.ended.map(time::rfc3339_ms),
        trouble: step.trouble.clone(),
        error: step.trouble.as_ref().map(told::trouble),
    }
}

/// Operations, as they come.
pub fn updates(operations: &[wire::Operation]) -> Updates {
    Updates { operations: operations.iter().map(operation).collect() }
}

/// What came of a wish.
pub fn accepted(wished: &[Wished]) -> Accepted {
    let refused = |wished: &Wished| {
        let refusal = wished.result.as_ref().err()?.clone();
        Some(Refused { host: wished.host.clone(), name: wished.name.clone(), text: told::refusal(&refusal), refusal })
    };
    Accepted {
        operations: wished.iter().filter_map(|wished| wished.result.as_ref().ok()).map(operation).collect(),
        refused: wished.iter().filter_map(refused).collect(),
    }
}
