//! Reads out what changes, to those who hear the page: the headline, and where updates begin and end. Not each percent.

use leptos::prelude::*;

use crate::ui::{ask::Reply, state::State, text};

/// Sentences that are read out at once; more are only counted.
const SENTENCES: usize = 3;

/// Reads the headline out where it changes.
pub(super) fn headline(state: State) {
    Effect::new(move |before: Option<()>| {
        let (strong, rest) = text::headline(state.situation.get());
        if before.is_some() {
            state.announcement.set(format!("{strong}{rest}"));
        }
    });
}

/// Reads out which updates began and how they ended.
pub(super) fn updates(state: State) {
    Effect::new(move |before: Option<Vec<(i64, bool)>>| {
        let now: Vec<_> = state.operations.with(|all| all.iter().map(|operation| (operation.id, operation.is_running())).collect());
        if let Some(before) = before {
            let changed = |operation: &&crate::wire::Operation| !before.contains(&(operation.id, operation.is_running()));
            let sentences: Vec<_> = state.operations.with(|all| {
                let changed = all.iter().filter(changed);
                changed
                    .map(|operation| match &operation.outcome {
                        None => text::begun(&operation.name),
                        Some(outcome) => text::ended(&operation.name, outcome),
                    })
                    .collect()
            });
            say(state, sentences);
        }
        now
    });
    Effect::new(move |before: Option<()>| {
        let sentences = state.replies.with(|replies| replies.iter().flat_map(|(_, each)| reply(each)).collect());
        if before.is_some() {
            say(state, sentences);
        }
    });
}

/// Why something was not done.
fn reply(reply: &Reply) -> Vec<String> {
    match reply {
        Reply::Sent(_) => Vec::new(),
        Reply::Login => vec![text::UPDATE_LOGIN.to_owned()],
        Reply::Failed => vec![text::UPDATE_FAILED.to_owned()],
        Reply::Refused(refused) => {
            refused.iter().map(|(_, name, refusal)| format!("{} {}", text::not_updated(name), text::refusal(refusal).what)).collect()
        }
    }
}

/// Says the first of these, and how many more there are. Nothing new leaves what was said.
fn say(state: State, mut sentences: Vec<String>) {
    if sentences.is_empty() {
        return;
    }
    let more = sentences.len().saturating_sub(SENTENCES);
    sentences.truncate(SENTENCES);
    let mut words = sentences.join(" ");
    if more > 0 {
        words.push_str(&text::more_updates(more));
    }
    state.news.set(words);
}
