//! How far an update is, and how it ended.

use leptos::prelude::*;

use super::{Ago, choose};
use crate::{
    ui::{
        operations::{Standing, stages, tone},
        state::use_state,
        text,
    },
    wire::{Layer, Operation, Outcome, Phase},
};

/// The bar of a pull. Only while it pulls: nothing else has a measure.
#[component]
fn Bar(
    /// the operation
    operation: Operation,
) -> impl IntoView {
    let percent = match operation.phase {
        Phase::Pulling => operation.pull.map_or(0, |pull| pull.percent),
        _ => return None,
    };
    let name = text::pulling_of(&operation.name);
    Some(view! {
        <span class="pull">
            <progress max="100" value=percent.to_string() aria-label=name></progress>
            <span class="percent">{text::percent(percent)}</span>
        </span>
    })
}

/// What a closed row tells of an update that runs, in place of the verdict.
#[component]
pub fn Doing(
    /// the operation
    operation: Operation,
    /// whether its container must be named
    named: bool,
    /// how many more of the row run
    more: usize,
) -> impl IntoView {
    let name = named.then(|| view! { <b>{operation.name.clone()}</b> " " });
    let words = text::running(&operation);
    let more = (more > 0).then(|| text::more_updates(more));
    view! {
        <span class="move doing">
            <Bar operation />
            <span>{name} {words} {more}</span>
        </span>
    }
}

/// What a closed row tells of an update that ended.
#[component]
pub fn Ended(
    /// the operation
    operation: Operation,
    /// whether its container must be named
    named: bool,
) -> impl IntoView {
    let tone = tone(&operation);
    let at = operation.ended.unwrap_or(operation.begun);
    let name = named.then(|| view! { <b>{operation.name}</b> " " });
    operation.outcome.map(|outcome| {
        // what went well needs no reason
        let why = (!matches!(outcome, Outcome::Updated)).then(|| text::outcome(&outcome).what);
        view! {
            <span class="ended" data-tone=tone>
                {name}
                <span class="outcome">{text::outcome_word(&outcome)}</span>
                " "
                <Ago at words=text::ago />
                {why.map(|why| view! { <span class="because">{why}</span> })}
            </span>
        }
    })
}

/// Everything that there is to tell of an operation: the stages, the pull and its layers while it runs; then how it ended and what to do.
#[component]
pub fn Progress(
    /// the operation
    operation: Operation,
    /// whether the layers are listed
    layers: bool,
) -> impl IntoView {
    let tone = tone(&operation);
    let acts = use_state().viewer().can_operate;
    let choices = acts.then(|| if operation.is_running() { choose::running(&operation) } else { choose::ended(&operation) });
    let compose = operation.compose.as_ref().map(text::compose).map(|words| view! { <p class="because">{words}</p> });
    let along = text::along(&operation.along);
    let told = operation.outcome.clone().map(|outcome| {
        let text::Why { what, help } = text::outcome(&outcome);
        let at = operation.ended.unwrap_or(operation.begun);
        view! {
            <p>
                <span class="outcome">{text::outcome_word(&outcome)}</span>
                " "
                <Ago at words=text::ago />
                ". "
                {what}
                {help.map(|help| view! { " " <span class="help">{help}</span> })}
            </p>
        }
    });
    let runs = operation.is_running().then(|| {
        let list = operation.pull.as_ref().filter(|pull| layers && !pull.layers.is_empty()).map(|pull| layer_list(&pull.layers));
        let words = text::running(&operation);
        let overdue = operation.overdue.then(|| view! { <p>{text::OVERDUE}</p> });
        view! {
            {stage_list(operation.phase)}
            <p class="doing">
                <Bar operation />
                <span>{words}</span>
            </p>
            {overdue}
            {list}
        }
    });
    view! {
        <div class="update" data-tone=tone>
            {runs}
            {told}
            {along.map(|along| view! { <p class="because">{along}</p> })}
            {compose}
            {choices}
        </div>
    }
}

/// The stages, each with its mark.
fn stage_list(phase: Phase) -> impl IntoView {
    let item = |(stage, standing)| {
        let (slug, unseen) = match standing {
            Standing::Done => ("done", text::STAGE_DONE),
            Standing::Now => ("now", text::STAGE_NOW),
            Standing::Next => ("next", text::STAGE_NEXT),
        };
        view! {
            <li data-stage=slug aria-current=(standing == Standing::Now).then_some("step")>
                <span class="unseen">{unseen}</span>
                {text::stage(stage)}
            </li>
        }
    };
    view! { <ol class="stages" aria-label=text::STAGES>{stages(phase).into_iter().map(item).collect_view()}</ol> }
}

/// The layers of a pull.
fn layer_list(layers: &[Layer]) -> impl IntoView + use<> {
    let item = |layer: &Layer| {
        view! {
            <li>
                <code>{layer.id.clone()}</code>
                <span>{text::layer(layer)}</span>
            </li>
        }
    };
    view! { <ul class="layers" aria-label=text::LAYERS>{layers.iter().map(item).collect_view()}</ul> }
}
