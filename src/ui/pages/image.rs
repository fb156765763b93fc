//! The page of one image.

use std::sync::Arc;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::{Missing, history::without_bytes};
use crate::{
    ui::{
        at_once::{AtOnce, any},
        components::{Containers, Facts, Headline, Journal, Mark, Move, Newer, OperateHint, RefusedNote, ReplyView, Why},
        kind::Kind,
        operations::merged,
        shape::Shown,
        situation::Situation,
        state::use_state,
        text,
    },
    wire::{GroupRow, Operation, Step},
};

/// Updates that the page of an image lists; older ones are in the history.
const UPDATES: usize = 10;

/// Everything that is known of one image.
#[component]
pub fn Image() -> impl IntoView {
    let state = use_state();
    let id = use_params_map().with_untracked(|parameters| parameters.get("id").unwrap_or_default());
    let row = Memo::new(move |_| {
        state.groups.track();
        state.row(&id).map(|row| row.get())
    });
    let there = Memo::new(move |_| row.with(Option::is_some));
    let looking = Memo::new(move |_| state.situation.get() == Situation::Looking);
    AtOnce(move || {
        // both are read each time, so that the page appears with its image
        let (there, looking) = (there.get(), looking.get());
        match row.get_untracked().filter(|_| there) {
            Some(first) => {
                let row = Signal::derive(move || row.get().unwrap_or_else(|| first.clone()));
                any(view! { <Found row /> })
            }
            None if looking => any(view! { <Headline /> }),
            None => any(view! { <Missing /> }),
        }
    })
}

/// The page, where the image is known. Each part is drawn again by itself, so that what is in focus stays so.
#[component]
fn Found(
    /// the group
    row: Signal<Arc<GroupRow>>,
) -> impl IntoView {
    let state = use_state();
    let shown = row.with_untracked(|row| Shown::of(&row.reference));
    let id = row.with_untracked(|row| row.id.clone());
    let name = shown.text();
    let kind = Memo::new(move |_| Kind::of(&row.read().verdict));
    let reply = {
        let id = id.clone();
        Memo::new(move |_| state.replied(&id))
    };
    let operations =
        Memo::new(move |_| state.operations.with(|all| all.iter().filter(|each| each.image == id).cloned().collect::<Vec<_>>()));
    view! {
        <Title text=move || text::title(state.tally.get().behind(), Some(&name)) />
        <p class="back">
            <a href=state.base().to("/")>{text::ALL_IMAGES}</a>
        </p>
        <article class="page" data-level=move || kind.get().slug()>
            <h1 class="headline image-name">
                {move || view! { <Mark kind=kind.get() /> }}
                <span class="repo">
                    <span class="ns">{shown.registry}</span>
                    <b>{shown.name}</b>
                    <span class="tag">{shown.tag}</span>
                </span>
            </h1>
            <RefusedNote />
            <div class="sheet">
                {move || {
                    let row = row.get();
                    view! {
                        <Move row=row.clone() />
                        <Why row=row.clone() />
                        <Newer row=row.clone() />
                        <Facts row />
                    }
                }}
            </div>
            <h2>{text::CONTAINERS}</h2>
            <div class="sheet">
                {move || view! { <ReplyView reply=reply.get() /> }}
                {move || view! { <Containers row=row.get() operations=operations.get() reply=reply.get() page=true /> }}
                <OperateHint />
                {state.viewer().can_operate.then(|| view! { <p class="hint">{text::AUTOMATIC_MORE}</p> })}
            </div>
            <Updates operations />
            {move || view! { <Steps row=row.get() /> }}
        </article>
    }
}

/// The last updates of the image.
#[component]
fn Updates(
    /// those that are live
    operations: Memo<Vec<Operation>>,
) -> impl IntoView {
    let state = use_state();
    let past = state.past();
    let history = state.base().to("/history");
    let all = Memo::new(move |_| {
        let all = operations.with(|live| merged(&past, live));
        all.into_iter().map(without_bytes).take(UPDATES).collect::<Vec<_>>()
    });
    let list = move || match all.get() {
        none if none.is_empty() => any(view! { <p>{text::NO_UPDATES}</p> }),
        operations => any(view! { <Journal operations images=false /> }),
    };
    view! {
        <h2>{text::LAST_UPDATES}</h2>
        <div class="sheet">
            {list} <a class="more" href=history rel="external">{text::HISTORY_ALL}</a>
        </div>
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
