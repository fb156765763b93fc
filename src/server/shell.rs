//! The document around every page.

use leptos::nonce::use_nonce;
use leptos::prelude::*;

/// Wraps `app` into the document.
pub(super) fn shell<V: IntoView + 'static>(app: fn() -> V) -> impl IntoView {
    let start = "import init, { hydrate } from '/pkg/plimsoll.js'; await init('/pkg/plimsoll.wasm'); hydrate();";
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <link rel="stylesheet" href="/pkg/plimsoll.css" />
                <script type="module" nonce=use_nonce()>{start}</script>
                <leptos_meta::MetaTags />
            </head>
            <body>{app()}</body>
        </html>
    }
}
