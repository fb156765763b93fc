//! The browser's program: takes over the page that the server rendered.

/// Called once by the hydration script of the page.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    plimsoll::hydrate();
}
