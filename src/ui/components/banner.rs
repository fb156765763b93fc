//! The banner of a page that lost its server.

use leptos::prelude::*;

use super::Ago;
use crate::ui::{
    state::{Connection, use_state},
    text,
};

/// Says since when what one sees may be out of date. Short breaks show nothing: the stream is back before anyone reads.
#[component]
pub fn ConnectionBanner() -> impl IntoView {
    let connection = use_state().connection;
    let banner = move || match connection.get() {
        Connection::Still | Connection::Live => None,
        Connection::Lost { since } => Some(view! {
            <p class="banner">
                <strong>{text::LOST}</strong>
                " "
                <Ago at=since words=text::ago />
                {text::LOST_MORE}
            </p>
        }),
    };
    view! { <div role="alert">{banner}</div> }
}
