//! The keyboard.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement, KeyboardEvent};

/// `/` leads into the search, as long as one is not writing already.
pub(super) fn listen_for_search() {
    super::listen(
        "keydown",
        Box::new(|event| {
            let event: KeyboardEvent = event.unchecked_into();
            let plain = !event.ctrl_key() && !event.meta_key() && !event.alt_key();
            if plain
                && event.key() == "/"
                && !writing()
                && let Some(search) = super::element::<HtmlInputElement>("#search")
            {
                event.prevent_default();
                let _ = search.focus();
                search.select();
            }
        }),
    );
}

/// Whether keys go into a field.
fn writing() -> bool {
    document().active_element().is_some_and(|element| {
        let field = matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT");
        field || element.dyn_ref::<HtmlElement>().is_some_and(HtmlElement::is_content_editable)
    })
}
