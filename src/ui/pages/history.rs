//! The history: every update, newest first.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    ui::{
        at_once::{AtOnce, any},
        components::Journal,
        operations::merged,
        state::use_state,
        text,
    },
    wire::Operation,
};

/// What was stored when the page was made, and what happens since.
#[component]
pub fn History() -> impl IntoView {
    let state = use_state();
    let past = state.past();
    let all = Memo::new(move |_| state.operations.with(|live| merged(&past, live).into_iter().map(without_bytes).collect::<Vec<_>>()));
    AtOnce(view! {
        <Title text=move || text::title(state.tally.get().behind(), Some(text::HISTORY)) />
        <article class="page">
            <h1 class="headline">
                <strong>{text::HISTORY}</strong>
            </h1>
            {move || match all.get() {
                none if none.is_empty() => any(view! { <p class="nothing">{text::HISTORY_EMPTY}</p> }),
                operations => {
                    any(view! {
                        <p class="sub">{text::HISTORY_MORE}</p>
                        <div class="sheet">
                            <Journal operations images=true />
                        </div>
                    })
                }
            }}
        </article>
    })
}

/// Without what changes many times a second, so that the list is drawn again only when an operation comes further.
pub(super) fn without_bytes(operation: Operation) -> Operation {
    Operation { pull: None, ..operation }
}
