//! The search field.

use std::time::Duration;

use leptos::{ev::SubmitEvent, leptos_dom::helpers::TimeoutHandle, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::icon::Glass;
use crate::ui::{
    filter::{By, Filter},
    kind::Kind,
    state::use_state,
    text,
};

/// How long the address waits for the next letter.
const PAUSE: Duration = Duration::from_millis(250);

/// Finds as one types; without JavaScript it is a form. The address follows, so that a search can be shared.
#[component]
pub fn Search(
    /// what is shown now
    filter: RwSignal<Filter>,
    /// the address that was last asked for from here: its arrival is no news
    asked: StoredValue<String>,
) -> impl IntoView {
    let base = use_state().base();
    let action = base.to("/");
    let navigate = use_navigate();
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let follow = move || {
        let address = filter.with_untracked(|filter| filter.address(&base));
        asked.set_value(address.clone());
        navigate(&address, NavigateOptions { resolve: false, replace: true, scroll: false, ..NavigateOptions::default() });
    };
    let typed = {
        let follow = follow.clone();
        move |event| {
            filter.update(|filter| filter.q = event_target_value(&event));
            if let Some(handle) = waiting.get_value() {
                handle.clear();
            }
            waiting.set_value(set_timeout_with_handle(follow.clone(), PAUSE).ok());
        }
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        follow();
    };
    let show = move || filter.with(|filter| filter.show.map(Kind::slug));
    let by = move || filter.with(|filter| Some(filter.by).filter(|by| *by != By::Image).map(By::slug));
    view! {
        <form class="search" method="get" action=action role="search" on:submit=submit>
            <Glass />
            <input
                id="search"
                type="search"
                name="q"
                maxlength="200"
                autocomplete="off"
                placeholder=text::SEARCH
                aria-label=text::SEARCH
                value=filter.with_untracked(|filter| filter.q.clone())
                prop:value=move || filter.with(|filter| filter.q.clone())
                on:input=typed
            />
            <kbd aria-hidden="true">"/"</kbd>
            {move || show().map(|show| view! { <input type="hidden" name="show" value=show /> })}
            {move || by().map(|by| view! { <input type="hidden" name="by" value=by /> })}
            <button class="go">{text::SEARCH_GO}</button>
        </form>
    }
}
