//! The page of one image.

use std::sync::Arc;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::Missing;
use crate::{
    ui::{
        at_once::{AtOnce, any},
        components::{Containers, Facts, Mark, Move, Why},
        kind::Kind,
        shape::Shown,
        state::use_state,
        text,
    },
    wire::{GroupRow, Step},
};

/// Everything that is known of one image.
#[component]
pub fn Image() -> impl IntoView {
    let state = use_state();
    let id = use_params_map().with_untracked(|parameters| parameters.get("id").unwrap_or_default());
    let row = Memo::new(move |_| {
        state.groups.track();
        state.row(&id).map(|row| row.get())
    });
    AtOnce(move || match row.get() {
        Some(row) => any(view! { <Found row /> }),
        None => any(view! { <Missing /> }),
    })
}

/// The page, where the image is known.
#[component]
fn Found(
    /// the group
    row: Arc<GroupRow>,
) -> impl IntoView {
    let state = use_state();
    let shown = Shown::of(&row.reference);
    let name = shown.text();
    let kind = Kind::of(&row.verdict);
    view! {
        <Title text=move || text::title(state.tally.get().behind(), Some(&name)) />
        <p class="back">
            <a href=state.base().to("/")>{text::ALL_IMAGES}</a>
        </p>
        <article class="page" data-level=kind.slug()>
            <h1 class="headline image-name">
                <Mark kind />
                <span class="repo">
                    <span class="ns">{shown.registry}</span>
                    <b>{shown.name}</b>
                    <span class="tag">{shown.tag}</span>
                </span>
            </h1>
            <div class="sheet">
                <Move row=row.clone() />
                <Why row=row.clone() />
                <Facts row=row.clone() />
            </div>
            <h2>{text::CONTAINERS}</h2>
            <div class="sheet">
                {
                    let row = row.clone();
                    move || view! { <Containers row=row.clone() many_hosts=state.many_hosts.get() /> }
                }
            </div>
            <Steps row />
        </article>
    }
}

/// The requests of the last check.
#[component]
fn Steps(
    /// the group
    row: Arc<GroupRow>,
) -> impl IntoView {
    let steps = use_state().steps()?;
    let fresh = row.checked_at == Some(steps.at);
    let list = if fresh {
        let steps = steps.steps.into_iter().map(step).collect_view();
        any(view! { <ol class="steps">{steps}</ol> })
    } else {
        any(view! { <p>{text::STEPS_OLD}</p> })
    };
    Some(view! {
        <h2>{text::LAST_CHECK}</h2>
        <div class="sheet">{list}</div>
    })
}

/// One request.
fn step(step: Step) -> impl IntoView {
    let outcome = step.status.map(|status| status.to_string()).or(step.trouble).unwrap_or_default();
    view! {
        <li>
            <code>{step.request}</code>
            <span>{outcome}</span>
            <span class="took">{text::took(step.took_ms)}</span>
        </li>
    }
}
