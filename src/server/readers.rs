//! Handlers of the documents that other tools read. The documents themselves are made in `api`.

use axum::{
    Extension, Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::header;
use tokio::{sync::oneshot, time::timeout};

use super::{Patience, accept::Peer, api, headers::KeepLength};
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
