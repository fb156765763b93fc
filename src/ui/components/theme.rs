//! The switch between light, dark, and what the system prefers.

use leptos::{ev::SubmitEvent, prelude::*};

use super::icon::{Half, Moon, Sun};
use crate::{
    ui::{at_once::any, form::PostForm, state::use_state, text},
    wire::Theme,
};

/// Goes round: system, dark, light. A plain form; with JavaScript the page changes at once.
#[component]
pub fn ThemeSwitch() -> impl IntoView {
    let theme = use_state().theme;
    let next = move || match theme.get() {
        None => Some(Theme::Dark),
        Some(Theme::Dark) => Some(Theme::Light),
        Some(Theme::Light) => None,
    };
    let title = move || match theme.get() {
        None => text::THEME_SYSTEM,
        Some(Theme::Dark) => text::THEME_DARK,
        Some(Theme::Light) => text::THEME_LIGHT,
    };
    let icon = move || match theme.get() {
        None => any(view! { <Half /> }),
        Some(Theme::Dark) => any(view! { <Moon /> }),
        Some(Theme::Light) => any(view! { <Sun /> }),
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        theme.set(next());
    };
    view! {
        <PostForm action="/theme" on:submit=submit>
            <button class="quiet round" name="theme" value=move || next().map_or("", Theme::as_str) title=title aria-label=title>
                {icon}
            </button>
        </PostForm>
    }
}
