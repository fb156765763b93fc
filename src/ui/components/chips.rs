//! The counts, which filter when pressed.

use leptos::prelude::*;

use crate::ui::{filter::Filter, kind::Kind, state::use_state, text};

/// A count for each kind that there is. Each is a link, so that it works without JavaScript and can be shared.
#[component]
pub fn Chips(
    /// what is shown now
    filter: Signal<Filter>,
) -> impl IntoView {
    let state = use_state();
    let chip = move |kind: Kind| {
        let count = Memo::new(move |_| kind.count(&state.tally.get()));
        let shown = Memo::new(move |_| filter.with(|filter| filter.show == Some(kind)));
        let base = state.base();
        let address = move || filter.with(|filter| filter.toggled(kind).address(&base));
        move || {
            let address = address.clone();
            // the kind that is shown keeps its place when its last image leaves, so that it can be pressed again
            (count.get() > 0 || shown.get()).then(|| {
                view! {
                    <li>
                        <a class="chip" data-level=kind.slug() href=address data-noscroll aria-current=move || shown.get().then_some("true")>
                            <b>{count}</b>
                            " "
                            {text::kind_word(kind)}
                        </a>
                    </li>
                }
            })
        }
    };
    view! { <ul class="tally" aria-label=text::FILTER>{Kind::ALL.map(chip).collect_view()}</ul> }
}
