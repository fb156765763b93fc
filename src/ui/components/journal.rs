//! Updates as a list: what happened to which container, when, for whom.

use leptos::prelude::*;

use super::{Ago, choose, icon::Arrow};
use crate::{
    ui::{
        at_once::any,
        operations::tone,
        shape::{familiar, short_digest},
        state::{State, use_state},
        text,
    },
    wire::Operation,
};

/// The updates, in the order in which they are given.
#[component]
pub fn Journal(
    /// the updates
    operations: Vec<Operation>,
    /// whether their images are told
    images: bool,
) -> impl IntoView {
    let state = use_state();
    let hosts = state.many_hosts.get();
    let items = operations.into_iter().map(|operation| item(&state, operation, images, hosts)).collect_view();
    view! { <ol class="journal">{items}</ol> }
}

/// One update.
fn item(state: &State, operation: Operation, images: bool, hosts: bool) -> impl IntoView + use<> {
    let tone = tone(&operation);
    let word = operation.outcome.as_ref().map_or(text::RUNNING, text::outcome_word);
    let image = images.then(|| image(state, &operation.image));
    let place = hosts.then(|| text::on_host(&operation.host));
    let why = match &operation.outcome {
        None => text::running(&operation),
        Some(outcome) => {
            let text::Why { what, help } = text::outcome(outcome);
            help.map_or_else(|| what.clone(), |help| format!("{what} {help}"))
        }
    };
    let moved = operation.from.as_deref().zip(operation.to.as_deref()).filter(|(from, to)| from != to).map(|(from, to)| {
        view! {
            <span class="change">
                <span class="from">{short_digest(from).to_owned()}</span>
                <Arrow />
                <span class="unseen">{text::TO}</span>
                <span class="to">{short_digest(to).to_owned()}</span>
            </span>
        }
    });
    let compose = operation.compose.as_ref().map(text::compose).map(|words| view! { <p class="because">{words}</p> });
    let along = text::along(&operation.along).map(|along| view! { <p class="because">{along}</p> });
    let choices = state.viewer().can_operate.then(|| choose::ended(&operation));
    let target = text::target(&operation.target);
    let lasted = operation.ended.map(|ended| text::lasted_for(ended - operation.begun));
    view! {
        <li data-tone=tone>
            <p class="head">
                <b>{operation.name}</b>
                {place}
                " "
                <span class="outcome">{word}</span>
                " "
                {target}
                {moved}
            </p>
            {image}
            <p class="because">{why}</p>
            {along}
            {compose}
            <p class="when">
                <Ago at=operation.begun words=text::ago />
                " · "
                {text::asker(&operation.asker)}
                {lasted}
            </p>
            {choices}
        </li>
    }
}

/// The image; a link to its page, where it still has one.
fn image(state: &State, id: &str) -> impl IntoView + use<> {
    let name = familiar(id).to_owned();
    let inside = match state.row(id) {
        Some(_) => any(view! { <a href=state.base().image(id) rel="external">{name}</a> }),
        None => any(name),
    };
    view! { <p class="of">{inside}</p> }
}
