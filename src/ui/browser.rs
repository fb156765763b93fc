//! What only a browser can do: taking over the page, and connecting its signals to the stream, the clock, the keyboard and the tab.

mod announce;
mod ask;
mod check;
mod keys;
mod post;
mod tab;
mod theme;

use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::{App, START, Start, State, connection};
use crate::wire::read::read;
use check::check;

/// How often ages are told anew.
const TICK: Duration = Duration::from_secs(30);

/// A page that could not read what the server sent is not loaded anew more often than this, in seconds.
const RELOAD_SECONDS: i64 = 60;

/// What listens to an event of the window.
pub(super) type Handler = Box<dyn Fn(web_sys::Event)>;

/// Takes over the page that the server rendered. A page without a start was rendered for no browser, and stays as it is.
pub fn hydrate() {
    console_error_panic_hook::set_once();
    let Some(start) = start() else { return };
    leptos::mount::hydrate_body(move || {
        let state = State::new(start);
        attach(state);
        view! { <App state /> }
    });
}

/// The start that the page carries.
fn start() -> Option<Start> {
    let text = document().get_element_by_id(START)?.text_content()?;
    read(&text).ok()
}

/// Connects the signals to the browser, once the page is taken over.
fn attach(state: State) {
    let looks = state.viewer().can_look;
    Effect::new(move |_| {
        state.now.set(now());
        set_interval(move || state.now.set(now()), TICK);
        keys::listen_for_search();
        if looks {
            connection::connect(state);
        }
    });
    tab::follow(state);
    theme::follow(state);
    check(state);
    ask::send(state);
    announce::headline(state);
    announce::updates(state);
}

/// The time, in Unix seconds.
pub(super) fn now() -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "the clock's milliseconds are far below 2^63")]
    let milliseconds = js_sys::Date::now() as i64;
    milliseconds / 1000
}

/// Listens to an event of the window for as long as the page is open.
pub(super) fn listen(event: &str, handler: Handler) {
    let handle = window_event_listener_untyped(event, handler);
    std::mem::forget(handle);
}

/// Whether nobody sees the page.
pub(super) fn hidden() -> bool {
    document().visibility_state() == web_sys::VisibilityState::Hidden
}

/// Loads the page anew, unless that was done a moment ago and did not help.
pub(super) fn reload_once() {
    const KEY: &str = "reloaded";
    let Ok(Some(storage)) = window().session_storage() else { return };
    let last: i64 = storage.get_item(KEY).ok().flatten().and_then(|at| at.parse().ok()).unwrap_or(0);
    if now() - last > RELOAD_SECONDS && storage.set_item(KEY, &now().to_string()).is_ok() {
        let _ = window().location().reload();
    }
}

/// The element, if there is one and it is of this type.
fn element<T: JsCast>(selector: &str) -> Option<T> {
    document().query_selector(selector).ok()??.dyn_into().ok()
}
