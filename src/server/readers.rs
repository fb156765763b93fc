//! Handlers of the documents that other tools read. The documents themselves are made in `api`.

use axum::{
    Extension, Json,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use http::{Method, StatusCode, header};
use tokio::{sync::oneshot, time::timeout};

use super::{
    Patience,
    accept::Peer,
    api::{self, image_watch::route},
    guard,
    headers::KeepLength,
};
use crate::{
    access::{Decision, Identity, Permit},
    app::App,
};

/// What came of a wish for a check.
pub(super) enum Wished {
    /// it joined a check; resolves when that has ended
    Joined(oneshot::Receiver<()>),
    /// this visitor wished too often: the last result must do
    TooOften,
}

/// Wishes for a check in the name of `identity`.
pub(super) async fn wish(app: &App, identity: &Identity, peer: Peer) -> Wished {
    if app.access.hears_wish(identity, peer.ip()) { Wished::Joined(app.checks.wish().await) } else { Wished::TooOften }
}

/// Whether all may be seen, or counts alone.
fn sees_all(app: &App, identity: &Identity) -> bool {
    app.access.allows(identity, Permit::View) == Decision::Yes
}

/// `/api/v1/fleet`.
pub(super) async fn fleet(State(app): State<App>) -> Response {
    Json(api::v1::fleet(&app.live.state().snapshot)).into_response()
}

/// Image Watch's `/api/images`.
pub(super) async fn images(State(app): State<App>, method: Method) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return refuse(route::Refusal::METHOD);
    }
    Json(api::image_watch::images(&app.live.state().snapshot, &|_, _| false)).into_response()
}

/// Image Watch's `/api/images/{id}/{action}`.
pub(super) async fn image(
    State(app): State<App>,
    Extension(identity): Extension<Identity>,
    method: Method,
    path: Option<Path<String>>,
) -> Response {
    let state = app.live.state();
    let rest = path.map(|Path(rest)| rest).unwrap_or_default();
    let known = |id: &str| api::image_watch::find(&state.snapshot, id).map(|workload| workload.name.clone());
    match route::image(&method, &rest, &known) {
        Err(refusal) => refuse(refusal),
        Ok(route::Action::Progress(_)) => refuse(route::Refusal::NO_PROGRESS),
        // the route asks for no more than to look, because `progress` needs no more
        Ok(route::Action::Update(_) | route::Action::AutoUpdate(_)) => match app.access.allows(&identity, Permit::Operate) {
            Decision::Yes => (StatusCode::NOT_IMPLEMENTED, "this version of Plimsoll looks, it does not update yet\n").into_response(),
            decision => guard::refusal(decision),
        },
    }
}

fn refuse(refusal: route::Refusal) -> Response {
    (refusal.status, refusal.body).into_response()
}

/// Cup's `/api/v3/json`. Its readers need a `Content-Length`.
pub(super) async fn cup(State(app): State<App>, Extension(identity): Extension<Identity>) -> Response {
    let state = app.live.state();
    let document = if sees_all(&app, &identity) { api::cup::document(&state.snapshot) } else { api::cup::counts(&state.snapshot) };
    (Extension(KeepLength), Json(document)).into_response()
}

/// Cup's `/api/v3/refresh`: joins a check, waits for its end, but never so long that its readers give up. Always `OK`.
pub(super) async fn refresh(
    State(app): State<App>,
    Extension(identity): Extension<Identity>,
    Extension(peer): Extension<Peer>,
    Extension(patience): Extension<Patience>,
) -> Response {
    if let Wished::Joined(ended) = wish(&app, &identity, peer).await {
        // too late, or the server stops: the answer is the same
        let _ = timeout(patience.refresh, ended).await;
    }
    (Extension(KeepLength), [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], "OK").into_response()
}

/// What's Up Docker's `/api/containers`.
pub(super) async fn containers(State(app): State<App>, Extension(identity): Extension<Identity>) -> Response {
    let state = app.live.state();
    if sees_all(&app, &identity) {
        Json(api::wud::containers(&state.snapshot)).into_response()
    } else {
        Json(api::wud::counts(&state.snapshot)).into_response()
    }
}
