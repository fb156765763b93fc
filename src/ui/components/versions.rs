//! Newer versions of an image: what it could move to, and why not to others.

use std::sync::Arc;

use leptos::prelude::*;

use super::choose;
use crate::{
    ui::{at_once::any, shape::Shown, state::use_state, text},
    wire::{Candidate, GroupRow},
};

/// The candidates, and what was passed over.
#[component]
pub fn Newer(
    /// the group
    row: Arc<GroupRow>,
) -> impl IntoView {
    let now = use_state().now.get();
    let tag = row.reference.tag.clone().unwrap_or_else(|| Shown::of(&row.reference).text());
    let runs = row.runs_version.as_deref().map(text::runs_version);
    let sentence = row.versions.as_ref().and_then(|versions| text::versions(versions, &tag));
    let sentences = runs.into_iter().chain(sentence).map(|sentence| any(view! { <p class="good">{sentence}</p> })).collect_view();
    let lists = row.versions.as_ref().map(|versions| {
        // the newest first: it is what the verdict names
        let all = versions.candidates.iter().rev().chain(&versions.track);
        let acts = use_state().viewer().can_operate;
        let candidates: Vec<_> =
            all.map(|candidate| candidate_line(candidate, now, acts.then(|| choose::version(&row, candidate)).flatten())).collect();
        let passed = versions.passed_over.iter();
        let passed: Vec<_> = passed.map(|passed| line(text::PASSED, passed.tag.clone(), text::why_not(&passed.why), None)).collect();
        [list(text::NEWER_VERSIONS, candidates), list(text::PASSED_OVER, passed)]
    });
    view! {
        {sentences}
        {lists}
    }
}

/// A list under a name; nothing where it is empty.
fn list(name: &'static str, lines: Vec<AnyView>) -> Option<AnyView> {
    (!lines.is_empty()).then(|| any(view! { <ul class="versions" aria-label=name>{lines}</ul> }))
}

/// One candidate: when it was made, how large it is, and whether it is the one that is offered.
fn candidate_line(candidate: &Candidate, now: i64, act: Option<AnyView>) -> AnyView {
    let made = candidate.created.map(|at| text::ago(now - at));
    let parts = [made, candidate.size.map(text::size), candidate.offered.then(|| text::OFFERED.to_owned())];
    let rest = parts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    line(text::level_word(candidate.level), candidate.tag.clone(), rest, act)
}

/// One tag.
fn line(level: &'static str, tag: String, rest: String, act: Option<AnyView>) -> AnyView {
    any(view! {
        <li data-level=level>
            <span class="level">{level}</span>
            <code>{tag}</code>
            <span class="rest">{rest}</span>
            {act}
        </li>
    })
}
