//! The login.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    ui::{at_once::AtOnce, form::PostForm, text},
    wire::LoginTrouble,
};

/// User and password. `?error=` tells why the last try was refused, `?next=` where to go afterwards.
#[component]
pub fn Login() -> impl IntoView {
    let query = use_query_map();
    let next = query.with_untracked(|query| query.get("next"));
    AtOnce(view! {
        <Title text=text::title(0, Some(text::LOGIN_TITLE)) />
        <section class="card">
            <h1 class="headline">{text::LOGIN_TITLE}</h1>
            <Trouble />
            <PostForm action="/login">
                <label>{text::USER} <input name="user" required=true autocomplete="username" autocapitalize="none" autofocus=true /></label>
                <label>{text::PASSWORD} <input name="password" type="password" required=true autocomplete="current-password" /></label>
                {next.map(|next| view! { <input type="hidden" name="next" value=next /> })}
                <button class="primary">{text::LOG_IN}</button>
            </PostForm>
        </section>
    })
}

/// Why the last try was refused.
#[component]
pub fn Trouble() -> impl IntoView {
    let trouble = use_query_map().with_untracked(|query| query.get_str("error").and_then(LoginTrouble::parse));
    trouble.map(|trouble| view! { <p class="note trouble" role="alert">{text::login_trouble(trouble)}</p> })
}
