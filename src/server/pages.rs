//! The pages, rendered whole from the state of the moment.

use axum::{
    Extension,
    extract::{OriginalUri, Request, State},
    response::{IntoResponse, Redirect, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use leptos::prelude::provide_context;
use tracing::error;

use super::{assets, headers, refused::Refusals, shell, wishes};
use crate::{
    access::{Decision, Identity, Permit, Standing},
    app::App,
    wire::{HostState, LoginState, Operation, Start, Steps, Theme, Viewer},
};

/// Updates on the page of the history.
const HISTORY: u32 = 100;

/// Updates on the page of an image.
const HISTORY_OF_IMAGE: u32 = 20;

/// The page of an image: not found where no container uses the image, or none does any more. While the first list is on its way, nobody
/// knows.
pub(super) async fn image(app: State<App>, identity: Extension<Identity>, request: Request) -> Response {
    let path = request.uri().path().strip_prefix(app.config.base_path.prefix()).unwrap_or_default();
    let state = app.live.state();
    let groups = &state.snapshot.groups;
    let known = group(path).is_some_and(|id| groups.iter().any(|group| group.id == id));
    let looking = groups.is_empty() && state.snapshot.hosts.iter().any(|host| host.state == HostState::Connecting);
    let mut response = page(app, identity, request).await;
    if !known && !looking {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    response
}

/// Renders the page of the request's path.
pub(super) async fn page(State(app): State<App>, Extension(identity): Extension<Identity>, request: Request) -> Response {
    let path = request.uri().path().strip_prefix(app.config.base_path.prefix()).unwrap_or_default();
    let mut start = start(&app, &identity, path, request.headers());
    if start.viewer.can_look {
        start.past = past(&app, path).await;
        start.refused = request.extensions().get::<Refusals>().and_then(|refusals| refusals.told(request.uri()));
    }
    let moves = moves(&start, path);
    let context = {
        let start = start.clone();
        move || provide_context(start.clone())
    };
    let document = move || {
        headers::content_security_policy();
        shell::shell(start.clone(), assets::version(), moves)
    };
    let mut response = leptos_axum::render_app_async_with_context(context, document)(request).await;
    // a page shows who looks, and the state of this second
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response
}

/// The answer to a path that is not in the table: JSON for programs, a page for people.
pub(super) async fn not_found(app: State<App>, identity: Extension<Identity>, uri: OriginalUri, request: Request) -> Response {
    let base = app.config.base_path.prefix();
    if uri.path().strip_prefix(base).is_some_and(|path| path.starts_with("/api/")) {
        let body = axum::Json(serde_json::json!({ "error": format!("there is no {}", uri.path()) }));
        return (StatusCode::NOT_FOUND, body).into_response();
    }
    let mut response = page(app, identity, request).await;
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

/// From the base path without its slash to the one with it.
pub(super) async fn to_base(State(app): State<App>) -> Redirect {
    Redirect::permanent(&app.config.base_path.with_slash())
}

/// What the page of `path` starts from, but for what is read from the disc or was refused. Whoever may not look gets no word about the fleet.
fn start(app: &App, identity: &Identity, path: &str, headers: &HeaderMap) -> Start {
    let state = app.live.state();
    let may = |permit| app.access.allows(identity, permit) == Decision::Yes;
    let can_look = may(Permit::View);
    let base = app.config.base_path.prefix().to_owned();
    let id = group(path);
    let finding = id.filter(|_| can_look).and_then(|id| state.finding(&id));
    Start {
        past: Vec::new(),
        refused: None,
        base,
        snapshot: if can_look { state.snapshot.clone() } else { state.veiled() },
        viewer: Viewer {
            name: identity.user.clone(),
            can_look,
            can_operate: may(Permit::Operate),
            login: match app.access.standing() {
                Standing::Open => LoginState::Open,
                Standing::NoPassword => LoginState::Unset,
                Standing::Password(_) => LoginState::Password,
            },
        },
        theme: theme(headers),
        now: jiff::Timestamp::now().as_second(),
        steps: finding.map(|finding| Steps { at: finding.at, steps: finding.steps.clone() }),
    }
}

/// The updates of earlier that the page of `path` shows, newest first. A page is worth more than its history.
async fn past(app: &App, path: &str) -> Vec<Operation> {
    let operations = match group(path) {
        Some(id) => app.store.operations(Some(&id), HISTORY_OF_IMAGE).await,
        None if path == "/history" => app.store.operations(None, HISTORY).await,
        None => return Vec::new(),
    };
    let operations = operations.inspect_err(|error| error!(%error, "The journal of updates could not be read")).unwrap_or_default();
    operations.into_iter().map(|operation| wishes::freshened(app, operation)).collect()
}

/// Whether the page of `path` shows an update that runs: where there is no JavaScript, it has to be loaded anew to show the next moment.
fn moves(start: &Start, path: &str) -> bool {
    let image = group(path);
    let shown = |operation: &&Operation| image.as_ref().map_or(matches!(path, "/" | "/history"), |image| operation.image == *image);
    start.snapshot.operations.iter().filter(shown).any(Operation::is_running)
}

/// The id of the image whose page has this path, which stands without the base path.
fn group(path: &str) -> Option<String> {
    let id = path.strip_prefix("/image/")?;
    Some(percent_encoding::percent_decode_str(id).decode_utf8_lossy().into_owned())
}

/// The theme that the visitor chose.
fn theme(headers: &HeaderMap) -> Option<Theme> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut parsed = cookies.flat_map(cookie::Cookie::split_parse).flatten();
    parsed.find(|cookie| cookie.name() == "theme").and_then(|cookie| Theme::parse(cookie.value()))
}
