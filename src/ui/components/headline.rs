//! The headline, and when and where was checked.

use leptos::prelude::*;

use super::Ago;
use crate::{
    ui::{at_once::any, state::use_state, text},
    wire::{CheckProgress, HostRow, HostState},
};

/// The state of the fleet in one sentence, and how fresh it is.
#[component]
pub fn Headline() -> impl IntoView {
    let state = use_state();
    let running = Memo::new(move |_| state.check.with(|check| check.running.is_some()));
    view! {
        <h1 class="headline">
            {move || {
                let (strong, rest) = text::headline(state.situation.get());
                view! { <strong>{strong}</strong>{rest} }
            }}
        </h1>
        {move || if running.get() { any(view! { <Progress /> }) } else { any(view! { <Checked /> }) }}
    }
}

/// How far the running check is.
#[component]
fn Progress() -> impl IntoView {
    let check = use_state().check;
    let progress = move || check.with(|check| check.running).unwrap_or(CheckProgress { since: 0, done: 0, total: 0 });
    let label = move || text::checking(progress().done, progress().total);
    view! {
        <p class="sub">
            <progress max=move || progress().total.max(1) value=move || progress().done aria-label=text::CHECKING></progress>
            {label}
        </p>
    }
}

/// When the last check was, on which hosts, and when the next one is. Nothing, where there is nothing to check.
#[component]
fn Checked() -> impl IntoView {
    let state = use_state();
    let nothing = move || state.groups.with(Vec::is_empty);
    view! {
        <p class="sub" hidden=nothing>
            {move || match state.check.with(|check| check.last) {
                Some(at) => {
                    any(view! {
                        {text::CHECKED}
                        " "
                        <Ago at words=text::ago />
                        {state.hosts.with(|hosts| names(hosts))}
                    })
                }
                None => any(text::NEVER_CHECKED),
            }}
            {move || {
                state.check.with(|check| check.next).map(|at| view! { " · " {text::NEXT} " " <Ago at words=text::ahead ahead=true /> })
            }}
            {move || state.check.with(|check| text::quotas(&check.quotas))}
        </p>
    }
}

/// The hosts that answer, by name; then those that do not, and why.
fn names(hosts: &[HostRow]) -> impl IntoView + use<> {
    let (well, ill): (Vec<_>, Vec<_>) = hosts.iter().partition(|host| host.state == HostState::Connected);
    let away = ill.into_iter().map(|host| view! { " · " <b>{host.name.clone()}</b> " " {text::host_aside(host)} }).collect_view();
    let last = well.len().saturating_sub(1);
    let well = well
        .iter()
        .enumerate()
        .map(|(at, host)| {
            let before = match at {
                0 => text::ON_FIRST,
                _ if at == last => text::AND,
                _ => ", ",
            };
            let aside = text::host_aside(host).map(|aside| format!(" ({aside})"));
            view! { {before} <b title=text::host_name(host)>{host.name.clone()}</b> {aside} }
        })
        .collect_view();
    view! { {well} {away} }
}
