//! Forms that work without JavaScript.

use leptos::prelude::*;

use super::state::use_state;

/// A form that is posted to an address of Plimsoll. The server answers with a redirect back to the page.
#[component]
pub fn PostForm(
    /// where it is posted: a path that begins with a slash, without the base
    action: &'static str,
    /// its fields and buttons
    children: Children,
) -> impl IntoView {
    let action = use_state().base().to(action);
    view! { <form method="post" action=action>{children()}</form> }
}
