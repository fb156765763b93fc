//! What a row shows while it is closed.

use std::sync::Arc;

use leptos::prelude::*;

use super::{Ago, Ended, icon::Arrow};
use crate::{
    ui::{
        at_once::any,
        shape::{Shown, movement},
        text::{self, Places},
    },
    wire::{GroupRow, Operation, Verdict},
};

/// The image, and who uses it.
#[component]
pub fn Name(
    /// the group
    row: Arc<GroupRow>,
    /// which places of its containers are told
    places: Places,
) -> impl IntoView {
    let Shown { registry, name, tag } = Shown::of(&row.reference);
    let used = text::used_by(&row, places)
        .into_iter()
        .map(|piece| if piece.name { any(view! { <b>{piece.text}</b> }) } else { any(piece.text) })
        .collect_view();
    view! {
        <span class="name">
            <span class="repo" title=row.id.clone()>
                <span class="ns">{registry}</span>
                <b>{name}</b>
                <span class="tag">{tag}</span>
            </span>
            <span class="where">{used}</span>
        </span>
    }
}

/// The verdict in a word, and from what to what it would move; or why it is unknown.
#[component]
pub fn Move(
    /// the group
    row: Arc<GroupRow>,
    /// an update of it that ended a while ago
    #[prop(optional_no_strip)]
    news: Option<Operation>,
) -> impl IntoView {
    let named = row.workloads.len() > 1;
    let word = text::verdict_word(&row.verdict);
    let reason = match &row.verdict {
        Verdict::Unknown { reason } => Some(text::reason(reason).what),
        _ => None,
    };
    let change = movement(&row).map(|(from, to)| {
        view! {
            <span class="change">
                <span class="from">{from}</span>
                <Arrow />
                <span class="unseen">{text::TO}</span>
                <span class="to">{to}</span>
            </span>
        }
    });
    view! {
        <span class="move">
            <span class="level">{word}</span>
            {change}
            {reason.map(|reason| view! { <span class="reason">{reason}</span> })}
            {text::aside(&row).map(|aside| view! { <span class="aside">{aside}</span> })}
            {news.map(|operation| view! { <Ended operation named /> })}
        </span>
    }
}

/// How old the verdict is; or that it is being found just now.
#[component]
pub fn Age(
    /// the group
    row: Arc<GroupRow>,
) -> impl IntoView {
    let age = match row.checked_at {
        _ if row.checking => any(text::CHECKING),
        Some(at) => any(view! { <span class="unseen">{text::CHECKED} " "</span> <Ago at words=text::ago_short /> }),
        None => any(()),
    };
    view! { <span class="age">{age}</span> }
}
