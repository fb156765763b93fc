//! Small drawings. All of them are decoration: what they mean stands beside them in words.

use leptos::prelude::*;

/// From one version to another.
#[component]
pub fn Arrow() -> impl IntoView {
    view! { <svg class="arrow" viewBox="0 0 20 10" aria-hidden="true"><path d="M1 5h16m-4-4 4 4-4 4" /></svg> }
}

/// Something can be opened.
#[component]
pub fn Chevron() -> impl IntoView {
    view! { <svg class="chevron" viewBox="0 0 12 12" aria-hidden="true"><path d="m2.5 4.5 3.5 3.5 3.5-3.5" /></svg> }
}

/// A search.
#[component]
pub fn Glass() -> impl IntoView {
    view! { <svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><circle cx="9" cy="9" r="5.5" /><path d="m13.2 13.2 4 4" /></svg> }
}

/// Colours as the system has them: a disc, half of it filled.
#[component]
pub fn Half() -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
            <circle cx="10" cy="10" r="6.75" />
            <path class="full" d="M10 3.25a6.75 6.75 0 0 0 0 13.5Z" />
        </svg>
    }
}

/// Light colours.
#[component]
pub fn Sun() -> impl IntoView {
    let rays = "M10 1.8v1.9m0 12.6v1.9M1.8 10h1.9m12.6 0h1.9M4.2 4.2l1.35 1.35m8.9 8.9 1.35 1.35m0-11.6-1.35 1.35m-8.9 8.9L4.2 15.8";
    view! { <svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><circle cx="10" cy="10" r="3.6" /><path d=rays /></svg> }
}

/// Dark colours.
#[component]
pub fn Moon() -> impl IntoView {
    view! { <svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d="M10 3a7 7 0 1 0 7 7 5.5 5.5 0 0 1-7-7Z" /></svg> }
}
