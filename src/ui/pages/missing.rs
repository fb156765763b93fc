//! The page of an address that leads nowhere.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::ui::{at_once::AtOnce, state::use_state, text};

/// Says so, and leads back.
#[component]
pub fn Missing() -> impl IntoView {
    let home = use_state().base().to("/");
    AtOnce(view! {
        <Title text=text::title(0, Some(text::MISSING)) />
        <section class="card">
            <h1 class="headline">{text::MISSING}</h1>
            <p class="sub">{text::MISSING_MORE}</p>
            <p>
                <a class="primary" href=home>{text::ALL_IMAGES}</a>
            </p>
        </section>
    })
}
