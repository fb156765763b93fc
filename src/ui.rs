//! The pages, rendered on the server and taken over by the browser.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};

/// The whole application.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Title text="Plimsoll" />
        <main>
            <h1>"Plimsoll"</h1>
        </main>
    }
}

/// Takes over the page that the server rendered.
#[cfg(feature = "hydrate")]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(App);
}
