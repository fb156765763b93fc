//! How rows are grouped.

use leptos::prelude::*;

use crate::ui::{
    filter::{By, Filter},
    state::use_state,
    text,
};

/// Three links, of which one is the present one.
#[component]
pub fn GroupBy(
    /// what is shown now
    filter: Signal<Filter>,
) -> impl IntoView {
    let base = use_state().base();
    let choices = By::ALL.map(|by| {
        let base = base.clone();
        let word = match by {
            By::Image => text::BY_IMAGE,
            By::Stack => text::BY_STACK,
            By::Host => text::BY_HOST,
        };
        let address = move || filter.with(|filter| filter.grouped(by).address(&base));
        let current = move || filter.with(|filter| filter.by == by).then_some("true");
        view! { <a href=address data-noscroll aria-current=current>{word}</a> }
    });
    view! { <div class="seg" role="group" aria-label=text::GROUP_BY>{choices.collect_view()}</div> }
}
