//! The icon of the tab, which counts what has fallen behind.

use leptos::prelude::*;
use web_sys::Element;

use crate::{ui::state::State, wire::Tally};

/// Above this, the badge has room for no more than "9+".
const BADGE_MAX: u32 = 9;

/// Draws the icon anew whenever the count changes.
pub(super) fn follow(state: State) {
    let still = state.base().to("/favicon.svg");
    Effect::new(move |_| {
        let behind = state.tally.with(Tally::behind);
        let Some(link) = super::element::<Element>("link[rel=icon]") else { return };
        let address = if behind == 0 { still.clone() } else { counting(behind) };
        // setting what is set already would fetch it again
        if link.get_attribute("href").as_deref() != Some(address.as_str()) {
            let _ = link.set_attribute("href", &address);
        }
    });
}

/// The mark with a badge, as an address that holds the whole drawing.
fn counting(behind: u32) -> String {
    let badge = if behind > BADGE_MAX { format!("{BADGE_MAX}+") } else { behind.to_string() };
    let svg = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><g fill="none" stroke="#2b86a8" stroke-width="2.6"><path d="M6 16a10 10 0 0 0 20 0Z" fill="#2b86a8" fill-opacity=".45" stroke="none"/><circle cx="16" cy="16" r="10"/><path d="M1.5 16h29" stroke-linecap="round"/></g><circle cx="22.5" cy="9.5" r="9.5" fill="#c8402f"/><text x="22.5" y="14.4" font-family="system-ui,sans-serif" font-size="14" font-weight="700" fill="#fff" text-anchor="middle">{badge}</text></svg>"##
    );
    format!("data:image/svg+xml,{}", js_sys::encode_uri_component(&svg))
}
