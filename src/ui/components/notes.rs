//! What a person should know before reading the list: troubles of hosts, the first run, sample data.

use leptos::prelude::*;

use crate::{
    ui::{
        operations,
        state::{Wish, use_state},
        text::{self, HostHelp},
    },
    wire::LoginState,
};

/// All notes that apply.
#[component]
pub fn Notes() -> impl IntoView {
    let state = use_state();
    let unset = state.viewer().login == LoginState::Unset && !state.sample;
    let first_run = unset.then(|| {
        let (strong, rest) = text::first_run();
        note("hint", strong.to_owned(), rest.to_owned(), Vec::new())
    });
    let sample = state.sample.then(|| note("hint", text::SAMPLE.to_owned(), text::SAMPLE_MORE.to_owned(), Vec::new()));
    let hosts = move || {
        let now = state.now.get();
        let help = state.hosts.with(|hosts| hosts.iter().filter_map(|host| text::host_help(host, now)).collect::<Vec<_>>());
        help.into_iter().map(|HostHelp { what, more, lines }| note("trouble", what, more, lines)).collect_view()
    };
    let stuck = move || {
        let stuck = state.operations.with(|all| operations::stuck(all)).into_iter();
        stuck
            .filter_map(|operation| {
                let text::Why { what, help } = text::outcome(operation.outcome.as_ref()?);
                let words = [what, help.unwrap_or_default()].join(" ");
                Some(note("trouble", text::stuck(&operation.name), words, Vec::new()))
            })
            .collect_view()
    };
    let wish = move || match state.wish.get() {
        Wish::None | Wish::Sent => None,
        Wish::Refused => Some(note("hint", String::new(), text::CHECK_REFUSED.to_owned(), Vec::new())),
        Wish::Failed => Some(note("trouble", String::new(), text::CHECK_FAILED.to_owned(), Vec::new())),
    };
    view! {
        <div class="notes">
            <RefusedNote /> {sample} {first_run} {hosts} {stuck} <div role="status">{wish}</div>
        </div>
    }
}

/// The wish that was refused, after which the server rendered the page: where there is no JavaScript.
#[component]
pub fn RefusedNote() -> impl IntoView {
    use_state().refused().map(|refused| {
        let text::Why { what, help } = text::refusal(&refused.refusal);
        let words = [what, help.unwrap_or_default()].join(" ");
        view! { <div role="alert">{note("trouble", text::not_updated(&refused.name), words, Vec::new())}</div> }
    })
}

/// One note: strong words, what follows from them, and lines to copy.
fn note(class: &'static str, strong: String, rest: String, lines: Vec<String>) -> impl IntoView + use<> {
    let lines = lines.into_iter().map(|line| view! { <code class="line">{line}</code> }).collect_view();
    view! {
        <div class=format!("note {class}")>
            <p>
                <strong>{strong}</strong>
                " "
                {rest}
            </p>
            {lines}
        </div>
    }
}
