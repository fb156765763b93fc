//! What is asked for an image: Update, and the automatic switch. Plain forms; with JavaScript they stay on the page, and the row
//! tells of the rest.

use leptos::{ev::SubmitEvent, prelude::*};

use crate::{
    ui::{
        ask::{Action, Ask, Reply},
        at_once::any,
        form::PostForm,
        state::use_state,
        text,
    },
    wire::{LoginState, WorkloadRow},
};

/// The form of something that is asked for. It is sent once, however often it is pressed.
#[component]
fn AskForm<V: IntoView + 'static>(
    /// what is asked for
    ask: Ask,
    /// its button
    button: V,
) -> impl IntoView {
    let state = use_state();
    let path = ask.path();
    let fields = ask.fields().into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value /> }).collect_view();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        state.send(ask.clone());
    };
    view! {
        <PostForm action=path on:submit=submit>
            {fields}
            {button}
        </PostForm>
    }
}

/// The button that updates one container, or all of an image.
#[component]
pub fn UpdateButton(
    /// the id of the group
    image: String,
    /// what is asked for
    action: Action,
    /// how many containers that is
    n: usize,
    /// what is updated, for those who hear the page
    of: String,
    /// what became of the last thing that was asked for the image
    reply: Option<Reply>,
) -> impl IntoView {
    let sent = matches!(reply, Some(Reply::Sent(Action::Update { .. } | Action::UpdateAll)));
    // others of the same image wait as well, but only the pressed one says so
    let asking = matches!(&reply, Some(Reply::Sent(sent)) if *sent == action);
    let label = match n {
        _ if asking => text::ASKING.to_owned(),
        1 => text::UPDATE.to_owned(),
        n => text::update_all(n),
    };
    let button = view! {
        <button class="plain" aria-disabled=sent.to_string()>
            {label}
            <span class="unseen">{text::update_of(&of)}</span>
        </button>
    };
    view! { <AskForm ask=Ask { image, action } button /> }
}

/// The switch of automatic updates. It shows at once what was asked for, and after that what the server says.
#[component]
pub fn AutomaticSwitch(
    /// the id of the group
    image: String,
    /// the container
    workload: WorkloadRow,
    /// what became of the last thing that was asked for the image
    reply: Option<Reply>,
) -> impl IntoView {
    let WorkloadRow { host, name, auto_update, .. } = workload;
    let asked = match reply {
        Some(Reply::Sent(Action::Switch { host: at, name: of, on })) if at == host && of == name => Some(on),
        _ => None,
    };
    let on = asked.unwrap_or(auto_update);
    let of = text::update_of(&name);
    let button = view! {
        <button class="switch" role="switch" aria-checked=on.to_string()>
            <i></i>
            {text::AUTOMATIC}
            <span class="unseen">{of}</span>
        </button>
    };
    view! { <AskForm ask=Ask { image, action: Action::Switch { host, name, on: !on } } button /> }
}

/// Why the last thing that was asked for an image was not done. Nothing, where it was.
#[component]
pub fn ReplyView(
    /// what became of it
    reply: Option<Reply>,
) -> impl IntoView {
    let words = match reply {
        None | Some(Reply::Sent(_)) => return None,
        Some(Reply::Login) => vec![(String::new(), text::UPDATE_LOGIN.to_owned())],
        Some(Reply::Failed) => vec![(String::new(), text::UPDATE_FAILED.to_owned())],
        Some(Reply::Refused(refused)) => refused
            .into_iter()
            .map(|(_, name, refusal)| {
                let text::Why { what, help } = text::refusal(&refusal);
                (text::not_updated(&name), [what, help.unwrap_or_default()].join(" "))
            })
            .collect(),
    };
    let line = |(strong, rest): (String, String)| view! { <p><strong>{strong}</strong> " " {rest}</p> };
    Some(view! { <div class="note trouble reply">{words.into_iter().map(line).collect_view()}</div> })
}

/// One line for who may not update: what to do about it.
#[component]
pub fn OperateHint() -> impl IntoView {
    let state = use_state();
    let viewer = state.viewer();
    if viewer.can_operate {
        return None;
    }
    let words = match (viewer.login, viewer.name) {
        (LoginState::Unset, _) => any(text::OPERATE_UNSET),
        (_, None) => any(view! { <a href=state.base().to("/login") rel="external">{text::LOG_IN}</a> {text::OPERATE_LOGIN} }),
        (_, Some(_)) => any(text::OPERATE_FORBIDDEN),
    };
    Some(view! { <p class="operate">{words}</p> })
}
