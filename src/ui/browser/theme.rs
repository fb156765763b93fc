//! The theme: an attribute of the document, and a cookie that tells the server.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::{ui::state::State, wire::Theme};

/// Follows the choice. Nothing is written before one is made.
pub(super) fn follow(state: State) {
    let path = state.base().to("/");
    Effect::new(move |before: Option<()>| {
        let theme = state.theme.get();
        if before.is_some() {
            show(theme);
            keep(theme, &path);
        }
    });
}

fn show(theme: Option<Theme>) {
    let Some(root) = document().document_element() else { return };
    let _ = match theme {
        Some(theme) => root.set_attribute("data-theme", theme.as_str()),
        None => root.remove_attribute("data-theme"),
    };
}

fn keep(theme: Option<Theme>, path: &str) {
    let document: web_sys::HtmlDocument = document().unchecked_into();
    let _ = document.set_cookie(&Theme::cookie(theme, path));
}
