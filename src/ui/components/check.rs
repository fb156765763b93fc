//! The button that asks the registries.

use leptos::{ev::SubmitEvent, prelude::*};

use crate::ui::{
    form::PostForm,
    state::{Wish, use_state},
    text,
};

/// "Check now". A plain form; with JavaScript it stays on the page, and the live state tells of the progress. While a check runs,
/// another wish would only join it, so the button tells how far it is.
#[component]
pub fn CheckNow() -> impl IntoView {
    let state = use_state();
    let running = move || state.check.with(|check| check.running);
    let busy = move || running().is_some() || state.wish.get() == Wish::Sent;
    let label = move || match running() {
        Some(progress) => text::progress_short(progress.done, progress.total),
        None if busy() => text::progress_short(0, 0),
        None => text::CHECK_NOW.to_owned(),
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !busy() {
            state.wish.set(Wish::Sent);
        }
    };
    view! {
        <PostForm action="/check" on:submit=submit>
            <button class="primary" aria-disabled=move || busy().to_string()>{label}</button>
        </PostForm>
    }
}
