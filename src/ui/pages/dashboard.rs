//! The dashboard: what has fallen behind, first.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::ui::{
    arrange::{Scope, Section, sections},
    at_once::AtOnce,
    components::{Chips, GroupBy, Headline, Notes, Search, SectionView},
    filter::Filter,
    state::use_state,
    text,
};

/// All images, as the address filters and groups them.
#[component]
pub fn Dashboard() -> impl IntoView {
    let state = use_state();
    let query = use_query_map();
    let filter = RwSignal::new(query.with_untracked(Filter::read));
    let asked = StoredValue::new(String::new());
    let base = state.base();
    Effect::new(move |_| {
        let read = query.with(Filter::read);
        let address = read.address(&base);
        // what was typed is ahead of the address that follows it
        let news = asked.with_value(|asked| *asked != address) && filter.with_untracked(|filter| filter.address(&base) != address);
        if news {
            filter.set(read);
        }
    });
    let arranged = Memo::new(move |_| {
        let rows: Vec<_> = state.groups.with(|groups| groups.iter().map(|group| group.row.get()).collect());
        filter.with(|filter| sections(rows.iter().map(AsRef::as_ref), filter))
    });
    let section = move |scope: Scope| {
        let empty = Section { scope: scope.clone(), rows: Vec::new(), behind: 0 };
        let find = move || arranged.with(|all| all.iter().find(|section| section.scope == scope).cloned());
        let section = Memo::new(move |_| find().unwrap_or_else(|| empty.clone()));
        view! { <SectionView section=section.into() /> }
    };
    let scopes = move || arranged.with(|all| all.iter().map(|section| section.scope.clone()).collect::<Vec<_>>());
    let any = Memo::new(move |_| state.groups.with(|groups| !groups.is_empty()));
    let nothing = Memo::new(move |_| any.get() && arranged.with(Vec::is_empty));
    AtOnce(view! {
        <Title text=move || text::title(state.tally.get().behind(), None) />
        <section class="summary" aria-label=text::SUMMARY>
            <Headline />
            <Chips filter=filter.into() />
        </section>
        <Notes />
        <div class="tools" hidden=move || !any.get()>
            <Search filter asked />
            <GroupBy filter=filter.into() />
        </div>
        <For each=scopes key=Clone::clone children=section />
        {move || nothing.get().then(|| view! { <Nothing filter /> })}
    })
}

/// What stands where a search or a filter leaves nothing.
#[component]
fn Nothing(
    /// what is shown now
    filter: RwSignal<Filter>,
) -> impl IntoView {
    let base = use_state().base();
    let words = move || filter.with(|filter| text::nothing_matches(filter.q.trim(), filter.show.map(text::kind_word)));
    let address = move || filter.with(|filter| filter.cleared().address(&base));
    view! {
        <p class="nothing">
            {words} " " <a href=address data-noscroll>{text::SHOW_ALL}</a>
        </p>
    }
}
