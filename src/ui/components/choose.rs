//! What one can do about an update: stop it, keep what takes its time, go back, or take another version. Plain forms: each leads back to its page,
//! which is live again by then.

use leptos::prelude::*;

use crate::{
    ui::{at_once::any, form::PostForm, operations::newest, state::use_state, text},
    wire::{Candidate, GroupRow, Operation, Phase, WorkloadState},
};

/// A form with one button.
fn press(action: &'static str, fields: Vec<(&'static str, String)>, label: String, of: &str) -> AnyView {
    let fields = fields.into_iter().map(|(name, value)| any(view! { <input type="hidden" name=name value=value /> })).collect::<Vec<_>>();
    let of = text::update_of(of);
    any(view! {
        <PostForm action>
            {fields}
            <button class="plain">
                {label}
                <span class="unseen">{of}</span>
            </button>
        </PostForm>
    })
}

/// What one can do about an update that runs; nothing once old containers are being removed.
pub(super) fn running(operation: &Operation) -> Option<AnyView> {
    if operation.phase >= Phase::Removing {
        return None;
    }
    let choice = |choice: &str, label: &str| {
        press("/choice", vec![("id", operation.id.to_string()), ("choice", choice.to_owned())], label.to_owned(), &operation.name)
    };
    let back = if operation.phase < Phase::SettingAside { text::CANCEL } else { text::GO_BACK };
    let mut buttons = vec![choice("cancel", back)];
    if operation.overdue {
        buttons.insert(0, choice("keep", text::KEEP));
    }
    Some(any(view! { <div class="choices">{buttons}</div> }))
}

/// What one can do about an update that has ended: read what the new container wrote, or go back to what ran before.
pub(super) fn ended(operation: &Operation) -> Option<AnyView> {
    let state = use_state();
    let log = operation.log.then(|| {
        let address = state.base().to(&format!("/api/v1/updates/{}/log", operation.id));
        any(view! { <a class="more" href=address rel="external">{text::LAST_WORDS}</a> })
    });
    let is_last = state.operations.with(|all| newest(all, &operation.host, &operation.name).is_none_or(|newest| newest.id == operation.id));
    let back = operation.kept_until.filter(|until| is_last && *until > state.now.get_untracked()).map(|_| {
        let (host, name) = (operation.host.clone(), operation.name.clone());
        press("/update", vec![("host", host), ("name", name), ("previous", "true".to_owned())], text::PREVIOUS.to_owned(), &operation.name)
    });
    let all: Vec<_> = log.into_iter().chain(back).collect();
    (!all.is_empty()).then(|| any(view! { <div class="choices">{all}</div> }))
}

/// The way to another version: what will happen, and the button that does it.
pub(super) fn version(row: &GroupRow, candidate: &Candidate) -> Option<AnyView> {
    let runs = |state| matches!(state, WorkloadState::Running | WorkloadState::Paused | WorkloadState::Restarting);
    let names: Vec<_> = row.workloads.iter().filter(|workload| runs(workload.state)).map(|workload| workload.name.clone()).collect();
    if names.is_empty() || row.reference.digest.is_some() {
        return None;
    }
    let project = row.workloads.iter().find_map(|workload| workload.project.clone());
    let tag = candidate.tag.clone();
    let button = press("/update", vec![("image", row.id.clone()), ("to", tag.clone())], text::update_to(&tag), &names.join(", "));
    Some(any(view! {
        <details class="confirm">
            <summary>{text::update_to(&tag)} "…"</summary>
            <p>{text::moves_to(&names, &tag, project.as_deref())}</p>
            {button}
        </details>
    }))
}
