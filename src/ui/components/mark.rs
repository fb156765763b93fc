//! The mark: a circle, the load line through it, and water.

use leptos::prelude::*;

use crate::ui::kind::Kind;

/// The mark of a verdict. The line stays; the water rises with how far the image has fallen behind; what is unknown is dashed and empty.
/// It never stands alone: words are always beside it.
#[component]
pub fn Mark(
    /// what it shows
    kind: Kind,
) -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 24 24" aria-hidden="true">
            {water(kind).map(|path| view! { <path class="water" d=path /> })}
            <circle class="hull" cx="12" cy="12" r="7.25" />
            <path d="M1 12h22" />
        </svg>
    }
}

/// The part of the circle that is filled: a chord at some height, and the arc below it.
fn water(kind: Kind) -> Option<&'static str> {
    Some(match kind {
        Kind::Unknown => return None,
        Kind::Current | Kind::Pinned | Kind::Local => "M4.75 12a7.25 7.25 0 0 0 14.5 0Z",
        Kind::Recreate | Kind::Rebuilt => "M4.977 10.2a7.25 7.25 0 1 0 14.046 0Z",
        Kind::Patch => "M5.4 9a7.25 7.25 0 1 0 13.2 0Z",
        Kind::Minor => "M6.316 7.5a7.25 7.25 0 1 0 11.368 0Z",
        Kind::Major => "M4.75 12a7.25 7.25 0 1 0 14.5 0a7.25 7.25 0 1 0 -14.5 0Z",
    })
}
