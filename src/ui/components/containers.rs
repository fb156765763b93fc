//! The containers of an image.

use std::sync::Arc;

use leptos::prelude::*;

use super::{AutomaticSwitch, Progress, UpdateButton};
use crate::{
    ui::{
        ask::{Action, Reply},
        at_once::any,
        kind::Kind,
        operations::{is_ready, news},
        shape::short_digest,
        state::use_state,
        text,
    },
    wire::{GroupRow, Operation, WorkloadRow, WorkloadState},
};

/// Each container: where it belongs, how it is, what it runs, its own verdict, and its update. Holds no signals of its own, so that
/// what is in focus stays so when the list is drawn again.
#[component]
pub fn Containers(
    /// the group
    row: Arc<GroupRow>,
    /// the operations of the image, newest first
    operations: Vec<Operation>,
    /// what became of the last thing that was asked for the image
    reply: Option<Reply>,
    /// whether this is the image's page: with the switches and the layers
    #[prop(optional)]
    page: bool,
) -> impl IntoView {
    let state = use_state();
    let (hosts, acts, now) = (state.many_hosts.get(), state.viewer().can_operate, if operations.is_empty() { 0 } else { state.now.get() });
    let container = |workload: &WorkloadRow| {
        let button = (acts && is_ready(&operations, workload)).then(|| update(&row.id, workload, reply.clone()));
        let told = news(&operations, &row, workload, now).cloned().map(|operation| view! { <Progress operation layers=page /> });
        let automatic = switch(&row.id, workload, reply.clone(), acts && page && workload.allows.updates());
        let watched = (!workload.allows.updates() && workload.verdict.is_behind())
            .then(|| view! { <p class="reason">{text::monitor_only(workload.allows)}</p> });
        view! {
            <li data-level=Kind::of(&workload.verdict).slug()>
                <b>{workload.name.clone()}</b>
                <span class="place">{place(workload, hosts)}</span>
                <span class="state" data-health=health(workload)>{text::state_word(workload)}</span>
                <span class="runs">{runs(workload)} " " <span class="level">{text::verdict_word(&workload.verdict)}</span></span>
                {automatic}
                {problems(workload)}
                {watched}
                {button.map(|button| view! { <div class="act">{button}</div> })}
                {told}
            </li>
        }
    };
    let containers = row.workloads.iter().map(container).collect_view();
    view! { <ul class="containers" class:acts=acts aria-label=text::CONTAINERS>{containers}</ul> }
}

/// Labels whose values count for nothing.
fn problems(workload: &WorkloadRow) -> Vec<AnyView> {
    let problem = |problem| any(view! { <p class="reason">{text::label_problem(problem)}</p> });
    workload.label_problems.iter().map(problem).collect()
}

/// The button that updates one container.
fn update(image: &str, workload: &WorkloadRow, reply: Option<Reply>) -> impl IntoView + use<> {
    let action = Action::Update { host: workload.host.clone(), name: workload.name.clone() };
    view! { <UpdateButton image=image.to_owned() action n=1 of=workload.name.clone() reply /> }
}

/// The automatic switch; where it cannot be moved, a word if it is on.
fn switch(image: &str, workload: &WorkloadRow, reply: Option<Reply>, moves: bool) -> impl IntoView + use<> {
    let moves = moves && !workload.auto_update_by_label;
    let switch = moves.then(|| view! { <AutomaticSwitch image=image.to_owned() workload=workload.clone() reply /> });
    let word = (!moves && workload.auto_update).then_some(text::AUTOMATIC_ON);
    (switch.is_some() || word.is_some()).then(|| view! { <div class="automatic">{switch} {word}</div> })
}

/// The stack, and the host where there are several.
fn place(workload: &WorkloadRow, hosts: bool) -> String {
    let host = hosts.then(|| workload.host.clone());
    [workload.project.clone(), host].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// The digest that it runs.
fn runs(workload: &WorkloadRow) -> impl IntoView + use<> {
    workload.local_digests.first().map(|digest| {
        view! { <code class="local" title=digest.clone()>{short_digest(digest).to_owned()}</code> }
    })
}

/// How well a container is, for its colour.
fn health(workload: &WorkloadRow) -> &'static str {
    match (workload.state, workload.health.as_deref()) {
        (WorkloadState::Running, Some("unhealthy")) | (WorkloadState::Restarting, _) => "bad",
        (WorkloadState::Running, Some("healthy")) => "good",
        _ => "plain",
    }
}
