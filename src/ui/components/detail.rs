//! What an opened row tells, and an image's page.

use std::sync::Arc;

use leptos::prelude::*;

use super::Ago;
use crate::{
    ui::{shape::Shown, state::use_state, text},
    wire::GroupRow,
};

/// The verdict in sentences; what was known before, where it is unknown now.
#[component]
pub fn Why(
    /// the group
    row: Arc<GroupRow>,
) -> impl IntoView {
    let now = use_state().now;
    let tag = row.reference.tag.clone().unwrap_or_else(|| Shown::of(&row.reference).text());
    let good = row.last_good.clone().map(|good| view! { <p class="good">{move || text::last_good(&good, now.get())}</p> });
    view! {
        <p>{text::verdict(&row.verdict, &tag)}</p>
        {good}
    }
}

/// What there is to know of an image.
#[component]
pub fn Facts(
    /// the group
    row: Arc<GroupRow>,
    /// whether the image's page is offered
    #[prop(optional)]
    page: bool,
) -> impl IntoView {
    let address = page.then(|| use_state().base().image(&row.id));
    let took = row.took_ms.map(|took| format!(", {}", text::took(took)));
    view! {
        <dl class="facts">
            <dt>{text::REFERENCE}</dt>
            <dd>
                <code>{row.id.clone()}</code>
            </dd>
            {row
                .remote_digest
                .clone()
                .map(|digest| {
                    view! {
                        <dt>{text::IN_REGISTRY}</dt>
                        <dd>
                            <code class="digest">{digest}</code>
                        </dd>
                    }
                })}
            {row
                .checked_at
                .map(|at| {
                    view! {
                        <dt>{text::ASKED}</dt>
                        <dd>
                            <Ago at words=text::ago />
                            {took}
                        </dd>
                    }
                })}
            {row
                .url
                .clone()
                .map(|url| {
                    view! {
                        <dt>{text::SOURCE}</dt>
                        <dd>
                            <a href=url.clone() rel="external noreferrer">{url.clone()}</a>
                        </dd>
                    }
                })}
        </dl>
        {address.map(|address| view! { <a class="more" href=address rel="external">{text::DETAILS}</a> })}
    }
}
