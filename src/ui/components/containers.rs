//! The containers of an image.

use std::sync::Arc;

use leptos::prelude::*;

use crate::{
    ui::{kind::Kind, shape::short_digest, text},
    wire::{GroupRow, WorkloadRow, WorkloadState},
};

/// Each container: where it belongs, how it is, what it runs, and its own verdict.
#[component]
pub fn Containers(
    /// the group
    row: Arc<GroupRow>,
    /// whether hosts must be told apart
    many_hosts: bool,
) -> impl IntoView {
    let containers = row.workloads.iter().map(|workload| container(workload, many_hosts)).collect_view();
    view! { <ul class="containers" aria-label=text::CONTAINERS>{containers}</ul> }
}

/// One container.
fn container(workload: &WorkloadRow, many_hosts: bool) -> impl IntoView + use<> {
    let project = workload.project.clone();
    let host = many_hosts.then(|| workload.host.clone());
    let place = [project, host].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let digest = workload.local_digests.first().map(|digest| {
        view! { <code class="local" title=digest.clone()>{short_digest(digest).to_owned()}</code> }
    });
    view! {
        <li data-level=Kind::of(&workload.verdict).slug()>
            <b>{workload.name.clone()}</b>
            <span class="place">{place}</span>
            <span class="state" data-health=health(workload)>{text::state_word(workload)}</span>
            <span class="runs">{digest} " " <span class="level">{text::verdict_word(&workload.verdict)}</span></span>
        </li>
    }
}

/// How well a container is, for its colour.
fn health(workload: &WorkloadRow) -> &'static str {
    match (workload.state, workload.health.as_deref()) {
        (WorkloadState::Running, Some("unhealthy")) | (WorkloadState::Restarting, _) => "bad",
        (WorkloadState::Running, Some("healthy")) => "good",
        _ => "plain",
    }
}
