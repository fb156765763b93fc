//! Sends what is asked for an image.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};

use super::post::{Answer, post};
use crate::{
    ui::{
        ask::{Action, Ask, Reply},
        state::State,
    },
    wire::{UpdateAnswer, read::read},
};

/// How long a switch shows what was asked for after the server has agreed: the change itself comes by the stream.
const AGREED: Duration = Duration::from_secs(2);

/// Sends whatever is laid into the outbox.
pub(super) fn send(state: State) {
    Effect::new(move |_| {
        if state.outbox.with(|outbox| !outbox.is_empty()) {
            let asks = state.outbox.try_update(std::mem::take).unwrap_or_default();
            for ask in asks {
                spawn_local(one(state, ask));
            }
        }
    });
}

/// Sends one thing, and takes over what the server says to it.
async fn one(state: State, ask: Ask) {
    let answer = post(&state.base().to(ask.path()), Some(&ask.body())).await;
    let reply = match (&ask.action, answer) {
        (_, Some(Answer { status: 401 | 403, .. })) => Some(Reply::Login),
        (Action::Switch { .. }, Some(Answer { ok: true, .. })) => {
            set_timeout(move || state.reply(&ask.image, None), AGREED);
            return;
        }
        (_, None) | (Action::Switch { .. }, Some(_)) => Some(Reply::Failed),
        (_, Some(Answer { text, .. })) => match read::<UpdateAnswer>(&text) {
            Ok(UpdateAnswer { operations, refused }) => {
                state.learn(operations);
                let refused: Vec<_> = refused.into_iter().map(|wish| (wish.host, wish.name, wish.refusal)).collect();
                (!refused.is_empty()).then_some(Reply::Refused(refused))
            }
            Err(_) => Some(Reply::Failed),
        },
    };
    state.reply(&ask.image, reply);
}
