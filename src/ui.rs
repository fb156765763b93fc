//! The pages, rendered on the server and taken over by the browser.
//!
//! Both sides render from the same [`Start`], which the page carries; `browser` then connects it to the event stream, the clock and
//! the keyboard. Words come from `text` alone, addresses from `link`.

pub mod arrange;
pub mod ask;
pub mod at_once;
#[cfg(feature = "hydrate")]
mod browser;
pub mod components;
#[cfg(feature = "hydrate")]
mod connection;
pub mod filter;
pub mod form;
pub mod kind;
pub mod link;
pub mod operations;
pub mod pages;
#[cfg(test)]
mod sample;
pub mod shape;
pub mod situation;
pub mod state;
#[cfg(test)]
mod tests;
pub mod text;

use std::borrow::Cow;

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::{
    components::{FlatRoutes, Route, Router},
    path,
};

pub use crate::wire::Start;
#[cfg(feature = "hydrate")]
pub use browser::hydrate;
pub use state::State;

use components::{Bar, ConnectionBanner};
use pages::{Dashboard, History, Image, Login, Missing, Setup};

/// The element of the page that carries its [`Start`].
pub const START: &str = "start";

/// The whole application.
#[component]
pub fn App(
    /// what it shows
    state: State,
) -> impl IntoView {
    provide_meta_context();
    provide_context(state);
    let base: Cow<'static, str> = state.base().as_str().to_owned().into();
    view! {
        <Router base>
            <a class="skip" href="#content" rel="external">{text::SKIP}</a>
            <Bar />
            <ConnectionBanner />
            <main id="content">
                <FlatRoutes fallback=|| view! { <Missing /> }>
                    <Route path=path!("/") view=Dashboard />
                    <Route path=path!("/image/*id") view=Image />
                    <Route path=path!("/history") view=History />
                    <Route path=path!("/login") view=Login />
                    <Route path=path!("/setup") view=Setup />
                </FlatRoutes>
            </main>
            <p class="unseen" role="status">{state.announcement}</p>
            <p class="unseen" role="status">{state.news}</p>
        </Router>
    }
}
