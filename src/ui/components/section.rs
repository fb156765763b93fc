//! Rows under one heading.

use std::sync::Arc;

use leptos::prelude::*;

use super::{Containers, Facts, Mark, Move, Name, Why, face::Age, icon::Chevron};
use crate::{
    ui::{
        arrange::{Scope, Section},
        kind::Kind,
        state::use_state,
        text::{self, Places},
    },
    wire::GroupRow,
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
    let row = move |id: String| view! { <Row id scope=scope.clone() /> };
    view! {
        <section class="section" class:stopped=quiet>
            {title
                .map(|title| {
                    view! {
                        <h2>
                            {title} " " <span class="count">{count}</span>
                        </h2>
                    }
                })}
            <ul class="images">
                <For each=move || section.with(|section| section.rows.clone()) key=Clone::clone children=row />
            </ul>
        </section>
    }
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
    let row = state.row(&id)?;
    let stacks = !matches!(scope, Scope::Stack(_));
    let hosts = !matches!(scope, Scope::Host(_));
    let places = move || Places { stacks, hosts: hosts && state.many_hosts.get() };
    let row: Signal<Arc<GroupRow>> = match scope {
        Scope::Whole | Scope::Stopped => Signal::derive(move || row.get()),
        scope => Memo::new(move |_| Arc::new(scope.narrow(&row.read()))).into(),
    };
    let kind = Memo::new(move |_| Kind::of(&row.read().verdict));
    let checking = Memo::new(move |_| row.read().checking);
    Some(view! {
        <li class="image" class:checking=checking data-level=move || kind.get().slug()>
            <details>
                <summary class="row">
                    {move || view! { <Mark kind=kind.get() /> }}
                    {move || view! { <Name row=row.get() places=places() /> }}
                    {move || view! { <Move row=row.get() /> }}
                    {move || view! { <Age row=row.get() /> }}
                    <Chevron />
                </summary>
                <div class="detail">
                    {move || {
                        let row = row.get();
                        view! {
                            <div class="why">
                                <Why row=row.clone() />
                                <Facts row=row.clone() page=true />
                            </div>
                            <Containers row many_hosts=state.many_hosts.get() />
                        }
                    }}
                </div>
            </details>
        </li>
    })
}
