//! Wishes for updates, whichever door they come in by.

use std::time::Duration;

use http::StatusCode;
use tokio::time::timeout;
use tracing::error;

use crate::{
    access::{By, Identity},
    app::App,
    live::State,
    update::{Choice, Wish, Wished},
    wire::{Asker, Operation, Outcome, Phase, RefusedWish, Target, UpdateAnswer},
};

/// How long an answer waits for the host's first look at a container. Most refusals come with it, and who is told at once needs not ask again.
const LOOK: Duration = Duration::from_secs(1);

/// Wishes in the name of `identity` that these workloads, by host and name, be brought to what is targeted, one after another. When it returns, what
/// was begun is part of the state.
pub(super) async fn update(app: &App, identity: &Identity, workloads: Vec<(String, String)>, target: &Target) -> Vec<Wished> {
    let all = workloads.into_iter().map(|(host, name)| Wish { host, name, target: target.clone() });
    let mut wished = app.updates.wish_all(all.collect(), asker(identity)).await;
    app.live.settled().await;
    // what takes longer is told by the operation
    let _ = timeout(LOOK, look(app, &mut wished)).await;
    wished
}

/// Waits until the first workload was looked at, and brings to light what that refuses; then the turn is the next one's.
async fn look(app: &App, wished: &mut [Wished]) {
    for wished in wished {
        let Ok(operation) = &mut wished.result else { continue };
        let id = operation.id;
        let of = |state: &State| state.snapshot.operations.iter().find(|newer| newer.id == id).cloned();
        let waits = |operation: &Operation| operation.is_running() && operation.phase == Phase::Waiting;
        let mut changes = app.live.changes();
        let Ok(state) = changes.wait_for(|state| !of(state).is_some_and(|operation| waits(&operation))).await else { return };
        match of(&state) {
            Some(Operation { outcome: Some(Outcome::Refused { refusal }), .. }) => wished.result = Err(refusal),
            Some(newer) => {
                *operation = newer;
                return;
            }
            None => return,
        }
    }
}

/// Moves the automatic switch of a workload. When it returns, that is part of the state. The log says why where it fails.
pub(super) async fn switch(app: &App, host: &str, name: &str, on: bool) -> Result<(), StatusCode> {
    if let Err(error) = app.updates.switch(host, name, on).await {
        error!(%error, "An automatic switch could not be kept");
        return Err(StatusCode::INTERNAL_SERVER_ERROR);
    }
    app.live.settled().await;
    Ok(())
}

/// What a wish is for: `to` names a tag, `previous` goes back. Where both are said, that is no wish.
pub(super) fn target(to: Option<String>, previous: bool) -> Option<Target> {
    match (to.filter(|tag| !tag.is_empty()), previous) {
        (None, false) => Some(Target::Same),
        (None, true) => Some(Target::Previous),
        (Some(tag), false) => Some(Target::Tag { tag }),
        (Some(_), true) => None,
    }
}

/// A choice by its name.
pub(super) fn choice(name: &str) -> Option<Choice> {
    match name {
        "cancel" => Some(Choice::Cancel),
        "keep" => Some(Choice::Keep),
        _ => None,
    }
}

/// Who the journal says wished for it.
fn asker(identity: &Identity) -> Asker {
    match (identity.by, &identity.user) {
        (By::Token, _) => Asker::CommandLine,
        (_, Some(name)) => Asker::User { name: name.clone() },
        (_, None) => Asker::Anyone,
    }
}

/// An operation of the store, as the state of the moment has it while it runs: how far a pull is stands there alone.
pub(super) fn freshened(app: &App, stored: Operation) -> Operation {
    if !stored.is_running() {
        return stored;
    }
    let state = app.live.state();
    state.snapshot.operations.iter().find(|newer| newer.id == stored.id).cloned().unwrap_or(stored)
}

/// What came of a wish, as the page's own program reads it.
pub(super) fn answer(wished: Vec<Wished>) -> UpdateAnswer {
    let mut answer = UpdateAnswer::default();
    for Wished { host, name, result } in wished {
        match result {
            Ok(operation) => answer.operations.push(operation),
            Err(refusal) => answer.refused.push(RefusedWish { host, name, refusal }),
        }
    }
    answer
}

/// 202 where anything was begun, 409 where nothing was.
pub(super) fn status(wished: &[Wished]) -> StatusCode {
    if wished.iter().any(|wished| wished.result.is_ok()) { StatusCode::ACCEPTED } else { StatusCode::CONFLICT }
}
