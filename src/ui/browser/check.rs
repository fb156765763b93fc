//! Sends the wish for a check.

use leptos::{prelude::*, task::spawn_local};

use super::post::{Answer, post};
use crate::ui::state::{State, Wish};

/// Posts to the address of the form whenever a check is wished for. That it runs is told by the event stream.
pub(super) fn check(state: State) {
    Effect::new(move |_| {
        if state.wish.get() == Wish::Sent {
            let address = state.base().to("/check");
            spawn_local(async move {
                let wish = match post(&address, None).await {
                    Some(Answer { ok: true, .. }) => Wish::None,
                    Some(Answer { status: 429, .. }) => Wish::Refused,
                    _ => Wish::Failed,
                };
                state.wish.set(wish);
            });
        }
    });
}
