//! The document around every page.

use leptos::{nonce::use_nonce, prelude::*};

use crate::{
    ui::{App, START, Start, State, text},
    wire::Theme,
};

/// Renders the page of the request's address. `version` changes whenever an asset does, so that assets may be kept for ever. A page that
/// `moves` loads itself anew where no JavaScript keeps it current.
pub(super) fn shell(start: Start, version: &str, moves: bool) -> impl IntoView + use<> {
    let base = start.base.trim_end_matches('/').to_owned();
    let asset = |name: &str| format!("{base}/pkg/plimsoll.{name}?v={version}");
    let (script, program, style) = (asset("js"), asset("wasm"), asset("css"));
    let hydrate = format!("import init, {{ hydrate }} from '{script}'; await init({{ module_or_path: '{program}' }}); hydrate();");
    let refresh = moves.then(|| view! { <noscript><meta http-equiv="refresh" content="3" /></noscript> });
    let carried = carried(&start);
    let theme = start.theme.map(Theme::as_str);
    let state = State::new(start);
    let public = |name: &str| format!("{base}/{name}");
    view! {
        <!DOCTYPE html>
        <html lang=text::LANGUAGE data-theme=theme>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content=theme.unwrap_or("light dark") />
                <meta name="description" content=text::DESCRIPTION />
                <meta name="theme-color" content="#ffffff" media="(prefers-color-scheme: light)" />
                <meta name="theme-color" content="#131c25" media="(prefers-color-scheme: dark)" />
                <link rel="stylesheet" href=style />
                <link rel="icon" href=public("favicon.svg") type="image/svg+xml" />
                <link rel="manifest" href=public("site.webmanifest") crossorigin="use-credentials" />
                <link rel="modulepreload" href=script nonce=use_nonce() />
                <link rel="preload" href=program r#as="fetch" r#type="application/wasm" crossorigin="anonymous" />
                <script type="module" nonce=use_nonce()>{hydrate}</script>
                {refresh}
                <leptos_meta::MetaTags />
            </head>
            <body>
                <App state />
                <script type="application/json" id=START>{carried}</script>
            </body>
        </html>
    }
}

/// The start of a page as JSON that cannot end the element it stands in.
fn carried(start: &Start) -> String {
    let json = serde_json::to_string(start).expect("no map with keys that are not text, and nothing that fails to serialise");
    json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}
