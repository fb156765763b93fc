//! The first run: a password, and what visitors may see.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::login::Trouble;
use crate::{
    ui::{at_once::AtOnce, form::PostForm, text},
    wire::PASSWORD_MIN,
};

/// Reached by the one-time link in the log, whose `?token=` goes back with the form.
#[component]
pub fn Setup() -> impl IntoView {
    let token = use_query_map().with_untracked(|query| query.get("token")).unwrap_or_default();
    let choices = [("none", text::ANONYMOUS_NONE), ("counts", text::ANONYMOUS_COUNTS), ("viewer", text::ANONYMOUS_VIEWER)];
    let choices = choices.map(|(value, words)| {
        view! {
            <label class="choice">
                <input type="radio" name="anonymous" value=value checked=value == "none" />
                <span>{words}</span>
            </label>
        }
    });
    AtOnce(view! {
        <Title text=text::title(0, Some(text::SETUP_TITLE)) />
        <section class="card">
            <h1 class="headline">{text::SETUP_TITLE}</h1>
            <p class="sub">{text::setup_more()}</p>
            <Trouble />
            <PostForm action="/setup">
                <input type="hidden" name="token" value=token />
                <label>{text::USER} <input name="user" required=true autocomplete="username" autocapitalize="none" value="admin" /></label>
                <label>
                    {text::PASSWORD}
                    <input name="password" type="password" required=true minlength=PASSWORD_MIN autocomplete="new-password" autofocus=true />
                </label>
                <fieldset>
                    <legend>{text::ANONYMOUS}</legend>
                    {choices.collect_view()}
                </fieldset>
                <button class="primary">{text::SETUP_GO}</button>
            </PostForm>
        </section>
    })
}
