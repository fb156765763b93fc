//! "Check now" and the choice of colours: forms that lead back to the page, so that they work without JavaScript.

use axum::{
    Extension, Form,
    extract::State,
    response::{AppendHeaders, IntoResponse, Redirect, Response},
};
use http::{HeaderMap, StatusCode, Uri, header};
use serde::Deserialize;

use super::{
    accept::Peer,
    readers::{Wished, wish},
};
use crate::{access::Identity, app::App, wire::Theme};

/// What the switch of colours sends.
#[derive(Deserialize)]
pub(super) struct ThemeForm {
    /// `light` or `dark`; anything else follows the system
    theme: String,
}

/// `POST /check`. The page's own program says `Accept: application/json` and stays where it is.
pub(super) async fn check(
    State(app): State<App>,
    Extension(identity): Extension<Identity>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
) -> Response {
    let wished = wish(&app, &identity, peer).await;
    let program = wants_json(&headers);
    match wished {
        Wished::Joined(_) if program => StatusCode::ACCEPTED.into_response(),
        Wished::TooOften if program => StatusCode::TOO_MANY_REQUESTS.into_response(),
        Wished::Joined(_) | Wished::TooOften => Redirect::to(&back(&app, &headers)).into_response(),
    }
}

/// `POST /theme`. The page's own program sets the same cookie without asking.
pub(super) async fn theme(State(app): State<App>, headers: HeaderMap, Form(form): Form<ThemeForm>) -> Response {
    let cookie = Theme::cookie(Theme::parse(&form.theme), &app.config.base_path.with_slash());
    (AppendHeaders([(header::SET_COOKIE, cookie)]), Redirect::to(&back(&app, &headers))).into_response()
}

/// Whether the page's own program asks, and not a form that leads to a page.
pub(super) fn wants_json(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).is_some_and(|accept| accept.contains("application/json"))
}

/// The page that the form stands on, by `Referer`: only its path, so that the way back never leads elsewhere.
pub(super) fn back(app: &App, headers: &HeaderMap) -> String {
    let base = app.config.base_path.with_slash();
    let referer = headers.get(header::REFERER).and_then(|value| value.to_str().ok()).and_then(|text| text.parse::<Uri>().ok());
    let path = referer.and_then(|uri| uri.path_and_query().map(ToString::to_string));
    path.filter(|path| path.starts_with(&base) && !path.starts_with("//")).unwrap_or(base)
}
