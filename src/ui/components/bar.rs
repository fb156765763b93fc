//! The bar on top of every page.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::{Mark, check::CheckNow, theme::ThemeSwitch};
use crate::{
    ui::{
        at_once::any,
        form::PostForm,
        kind::Kind,
        state::{Connection, use_state},
        text,
    },
    wire::LoginState,
};

/// The name, the pages, how live the page is, the theme, and the one thing that anyone may ask for.
#[component]
pub fn Bar() -> impl IntoView {
    let state = use_state();
    let viewer = state.viewer();
    let home = state.base().to("/");
    let here = use_location().pathname;
    let at_home = {
        let home = home.clone();
        move || (here.with(|here| here.trim_end_matches('/') == home.trim_end_matches('/'))).then_some("page")
    };
    let history = state.base().to("/history");
    let at_history = {
        let history = history.clone();
        move || (here.with(|here| here.trim_end_matches('/') == history)).then_some("page")
    };
    let pages = viewer.can_look.then(|| {
        view! {
            <a href=home.clone() aria-current=at_home>{text::IMAGES}</a>
            // another document: the server looks up what was stored
            <a href=history rel="external" aria-current=at_history>{text::HISTORY}</a>
        }
    });
    view! {
        <header class="bar">
            <a class="brand" href=home>
                <Mark kind=Kind::Current />
                <span class="wordmark">{text::NAME}</span>
            </a>
            <nav aria-label=text::NAVIGATION>{pages}</nav>
            <div class="tail">
                {viewer.can_look.then(|| view! { <Live /> })}
                <ThemeSwitch />
                <Login />
                {viewer.can_look.then(|| view! { <CheckNow /> })}
            </div>
        </header>
    }
}

/// How live the page is. Where nothing is live, because there is no JavaScript, a link asks for the page again.
#[component]
fn Live() -> impl IntoView {
    let connection = use_state().connection;
    let shown = move || match connection.get() {
        Connection::Still => ("still", text::CONNECTING, None),
        Connection::Live => ("live", text::LIVE, Some(text::LIVE_TITLE)),
        Connection::Lost { .. } => ("lost", text::OFFLINE, None),
    };
    view! {
        <span class="live" data-state=move || shown().0 title=move || shown().2>
            <i></i>
            <span>{move || shown().1}</span>
        </span>
        <a class="reload" href="">{text::RELOAD}</a>
    }
}

/// The way in, or out. Nothing, where no login is asked for.
#[component]
fn Login() -> impl IntoView {
    let state = use_state();
    let viewer = state.viewer();
    let out = |name: String| {
        view! {
            <PostForm action="/logout">
                <button class="quiet login" title=name>{text::LOG_OUT}</button>
            </PostForm>
        }
    };
    match (viewer.login, viewer.name) {
        (_, Some(name)) => any(out(name)),
        (LoginState::Password, None) => any(view! { <a class="quiet login" href=state.base().to("/login")>{text::LOG_IN}</a> }),
        (LoginState::Open | LoginState::Unset, None) => any(()),
    }
}
