//! Forms that work without JavaScript.

use leptos::prelude::*;

use super::state::use_state;

/// A form that is posted to an address of Plimsoll. The server answers with a redirect back to the page.
#[component]
pub fn PostForm<C: IntoView + 'static>(
    /// where it is posted: a path that begins with a slash, without the base
    action: &'static str,
    /// its fields and buttons
    children: TypedChildren<C>,
) -> impl IntoView {
    let action = use_state().base().to(action);
    view! { <form method="post" action=action>{children.into_inner()()}</form> }
}
