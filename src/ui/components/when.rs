//! Moments as ages, which grow by themselves.

use leptos::prelude::*;

use crate::ui::{
    shape::{moment, stamp},
    state::use_state,
};

/// A moment, told by how far it is from now. The whole moment stands in its title.
#[component]
pub fn Ago(
    /// the moment, in Unix seconds
    at: i64,
    /// makes words of a number of seconds: those since then, or with `ahead` those until then
    words: fn(i64) -> String,
    /// whether the moment lies ahead
    #[prop(optional)]
    ahead: bool,
) -> impl IntoView {
    let now = use_state().now;
    let text = move || words(if ahead { at - now.get() } else { now.get() - at });
    view! { <time datetime=stamp(at) title=moment(at)>{text}</time> }
}
