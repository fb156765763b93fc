//! Rows under one heading.

use std::sync::Arc;

use leptos::prelude::*;

use super::{Containers, Doing, Facts, Mark, Move, Name, Newer, ReplyView, UpdateButton, Why, face::Age, icon::Chevron};
use crate::{
    ui::{
        arrange::{Scope, Section},
        at_once::any,
        kind::Kind,
        operations::{offer, told},
        shape::Shown,
        state::use_state,
        text::{self, Places},
    },
    wire::{GroupRow, Operation},
};

/// A list of rows; with a heading, unless it is the only list.
#[component]
pub fn SectionView(
    /// what stands here; its scope never changes
    section: Signal<Section>,
) -> impl IntoView {
    let scope = section.with_untracked(|section| section.scope.clone());
    let title = match &scope {
        Scope::Whole => None,
        Scope::Stack(Some(name)) | Scope::Host(name) => Some(name.clone()),
        Scope::Stack(None) => Some(text::NO_STACK.to_owned()),
        Scope::Stopped => Some(text::NOT_RUNNING.to_owned()),
    };
    let count = move || section.with(|section| text::section_count(section.behind, u32::try_from(section.rows.len()).unwrap_or(u32::MAX)));
    let quiet = scope == Scope::Stopped;
    let aside = match &scope {
        Scope::Host(name) => Some(host_aside(name.clone())),
        _ => None,
    };
    let acts = use_state().viewer().can_operate;
    let row = move |id: String| view! { <Row id scope=scope.clone() /> };
    view! {
        <section class="section" class:stopped=quiet>
            {title
                .map(|title| {
                    view! {
                        <h2>
                            {title} " " <span class="count">{count} {aside}</span>
                        </h2>
                    }
                })}
            <ul class="images" class:acts=acts>
                <For each=move || section.with(|section| section.rows.clone()) key=Clone::clone children=row />
            </ul>
        </section>
    }
}

/// What keeps a host from being shown as it is, behind the count under its heading.
fn host_aside(name: String) -> impl Fn() -> Option<String> + Send {
    let hosts = use_state().hosts;
    move || hosts.with(|hosts| text::host_aside(hosts.iter().find(|host| host.name == name)?)).map(|aside| format!(" · {aside}"))
}

/// A row, which opens in place. It stands still while its content changes, so that it stays open and focused.
#[component]
fn Row(
    /// the group
    id: String,
    /// which part of it stands here
    scope: Scope,
) -> impl IntoView {
    let state = use_state();
    let whole = state.row(&id)?;
    let stacks = !matches!(scope, Scope::Stack(_));
    let hosts = !matches!(scope, Scope::Host(_));
    let places = move || Places { stacks, hosts: hosts && state.many_hosts.get() };
    let row: Signal<Arc<GroupRow>> = {
        let whole = whole.clone();
        match scope {
            Scope::Whole | Scope::Stopped => Signal::derive(move || whole.get()),
            scope => Memo::new(move |_| Arc::new(scope.narrow(&whole.read()))).into(),
        }
    };
    let kind = Memo::new(move |_| Kind::of(&row.read().verdict));
    let checking = Memo::new(move |_| row.read().checking);
    let operations = {
        let id = id.clone();
        Memo::new(move |_| state.operations.with(|all| all.iter().filter(|each| each.image == id).cloned().collect::<Vec<_>>()))
    };
    let reply = Memo::new(move |_| state.replied(&id));
    let told = {
        let whole = whole.clone();
        Memo::new(move |_| {
            let operations = operations.read();
            let now = if operations.is_empty() { 0 } else { state.now.get() };
            told(&operations, &row.read(), &whole.read(), now)
        })
    };
    let acts = state.viewer().can_operate;
    let button = move || {
        let (action, n) = offer(&operations.read(), &row.read(), &whole.read()).filter(|_| acts)?;
        let row = row.get();
        let many = n > 1;
        let of = Shown::of(&row.reference).text();
        Some(view! {
            <div class="act" class:many=many>
                <UpdateButton image=row.id.clone() action n of reply=reply.get() />
            </div>
        })
    };
    Some(view! {
        <li class="image" class:checking=checking data-level=move || kind.get().slug()>
            <details>
                <summary class="row">
                    {move || view! { <Mark kind=kind.get() /> }}
                    {move || view! { <Name row=row.get() places=places() /> }}
                    {move || face(row.get(), told.get())}
                    {move || view! { <Age row=row.get() /> }}
                    <Chevron />
                </summary>
                <div class="detail">
                    {move || {
                        let row = row.get();
                        view! {
                            <div class="why">
                                <Why row=row.clone() />
                                <Newer row=row.clone() />
                                <Facts row page=true />
                            </div>
                        }
                    }} {move || view! { <Containers row=row.get() operations=operations.get() reply=reply.get() /> }}
                </div>
            </details>
            {button}
            {move || view! { <ReplyView reply=reply.get() /> }}
        </li>
    })
}

/// What stands in the middle of a closed row: the update that runs, or the verdict and the last outcome.
fn face(row: Arc<GroupRow>, mut told: Vec<Operation>) -> AnyView {
    if told.is_empty() {
        return any(view! { <Move row /> });
    }
    let more = told.iter().skip(1).filter(|operation| operation.is_running()).count();
    let operation = told.swap_remove(0);
    if operation.is_running() {
        let named = row.workloads.len() > 1;
        any(view! { <Doing operation named more /> })
    } else {
        any(view! { <Move row news=Some(operation) /> })
    }
}
