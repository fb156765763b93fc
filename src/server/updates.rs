//! `/api/v1`: wishes for updates, the journal of operations, and the automatic switch.

use axum::{
    Extension, Json,
    body::Bytes,
    extract::{Path, Query, State},
    response::{IntoResponse, Response},
};
use http::StatusCode;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::json;
use tracing::error;

use super::{
    api::{target, v1},
    wishes,
};
use crate::{access::Identity, app::App, image::Reference, store::StoreError};

/// Operations in one answer, where nothing else is asked for.
const LIMIT: u32 = 50;

/// Operations in one answer, at most.
const LIMIT_MAX: u32 = 500;

/// Which containers.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    host: Option<String>,
    name: Option<String>,
    image: Option<String>,
    /// another tag, in place of its own
    to: Option<String>,
    /// back to what ran before
    #[serde(default)]
    previous: bool,
}

/// What a wish for one container says beside its path.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Only {
    to: Option<String>,
    previous: bool,
}

/// Where a switch is to stand.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Switch {
    host: Option<String>,
    name: String,
    on: bool,
}

/// Which operations.
#[derive(Deserialize)]
pub(super) struct Wanted {
    image: Option<String>,
    limit: Option<String>,
}

/// `POST /api/v1/updates`.
pub(super) async fn wish(State(app): State<App>, Extension(identity): Extension<Identity>, body: Bytes) -> Response {
    let wish: Wish = match read(&body) {
        Ok(wish) => wish,
        Err(text) => return refuse(StatusCode::UNPROCESSABLE_ENTITY, &text),
    };
    let state = app.live.state();
    let workloads = match &wish {
        Wish { host, name: Some(name), image: None, .. } => match target::workload(&state.snapshot, host.as_deref(), name) {
            Ok(row) => vec![(row.host.clone(), row.name.clone())],
            Err(missing) => return not_there(&missing, name),
        },
        Wish { host: None, name: None, image: Some(image), .. } => target::image(&state.snapshot, image),
        _ => return refuse(StatusCode::UNPROCESSABLE_ENTITY, "the body has `name`, with `host` where several have it, or `image` alone"),
    };
    if workloads.is_empty() {
        let image = wish.image.unwrap_or_default();
        return refuse(StatusCode::NOT_FOUND, &format!("no running container has the image `{image}`"));
    }
    accepted(&app, &identity, workloads, wish.to, wish.previous).await
}

/// `POST /api/v1/workloads/{host}/{name}/update`.
pub(super) async fn wish_one(
    State(app): State<App>,
    Extension(identity): Extension<Identity>,
    Path((host, name)): Path<(String, String)>,
    body: Bytes,
) -> Response {
    let only: Only = match if body.is_empty() { Ok(Only::default()) } else { read(&body) } {
        Ok(only) => only,
        Err(text) => return refuse(StatusCode::UNPROCESSABLE_ENTITY, &text),
    };
    let workloads = match target::workload(&app.live.state().snapshot, Some(&host), &name) {
        Ok(row) => vec![(row.host.clone(), row.name.clone())],
        Err(missing) => return not_there(&missing, &name),
    };
    accepted(&app, &identity, workloads, only.to, only.previous).await
}

async fn accepted(app: &App, identity: &Identity, workloads: Vec<(String, String)>, to: Option<String>, previous: bool) -> Response {
    let Some(target) = wishes::target(to, previous) else {
        return refuse(StatusCode::UNPROCESSABLE_ENTITY, "the body has `to` or `previous`, not both");
    };
    let wished = wishes::update(app, identity, workloads, &target).await;
    (wishes::status(&wished), Json(v1::accepted(&wished))).into_response()
}

/// `POST /api/v1/updates/{id}/{choice}`.
pub(super) async fn choose(State(app): State<App>, Path((id, choice)): Path<(String, String)>) -> Response {
    let Some(choice) = wishes::choice(&choice) else {
        return refuse(StatusCode::NOT_FOUND, "an update that is under way can be sent `cancel` or `keep`");
    };
    match id.parse() {
        Ok(number) if app.updates.choose(number, choice) => StatusCode::ACCEPTED.into_response(),
        _ => refuse(StatusCode::NOT_FOUND, &format!("no update `{id}` is under way")),
    }
}

/// `GET /api/v1/updates/{id}/log`: what the new container wrote before it failed. It may hold secrets.
pub(super) async fn log(State(app): State<App>, Path(id): Path<String>) -> Response {
    let found = match id.parse() {
        Ok(number) => app.store.log(number).await,
        Err(_) => Ok(None),
    };
    match found {
        Ok(Some(log)) => log.into_response(),
        Ok(None) => refuse(StatusCode::NOT_FOUND, &format!("no log of an update `{id}` is kept")),
        Err(error) => failed(&error),
    }
}

/// `GET /api/v1/updates`.
pub(super) async fn list(State(app): State<App>, Query(wanted): Query<Wanted>) -> Response {
    let Ok(limit @ 1..=LIMIT_MAX) = wanted.limit.as_deref().map_or(Ok(LIMIT), str::parse) else {
        return refuse(StatusCode::UNPROCESSABLE_ENTITY, &format!("`limit` is a number from 1 to {LIMIT_MAX}"));
    };
    // as Docker writes it, or in full
    let image = wanted.image.map(|image| image.parse::<Reference>().map_or(image, |reference| reference.to_string()));
    match app.store.operations(image.as_deref(), limit).await {
        Ok(operations) => {
            let operations: Vec<_> = operations.into_iter().map(|operation| wishes::freshened(&app, operation)).collect();
            Json(v1::updates(&operations)).into_response()
        }
        Err(error) => failed(&error),
    }
}

/// `GET /api/v1/updates/{id}`.
pub(super) async fn one(State(app): State<App>, Path(id): Path<String>) -> Response {
    let stored = match id.parse() {
        Ok(number) => app.store.operation(number).await,
        Err(_) => Ok(None),
    };
    match stored {
        Ok(Some((operation, steps))) => Json(v1::whole(&wishes::freshened(&app, operation), &steps)).into_response(),
        Ok(None) => refuse(StatusCode::NOT_FOUND, &format!("there is no update `{id}`")),
        Err(error) => failed(&error),
    }
}

/// `PUT /api/v1/auto-update`.
pub(super) async fn switch(State(app): State<App>, body: Bytes) -> Response {
    let Switch { host, name, on } = match read(&body) {
        Ok(switch) => switch,
        Err(text) => return refuse(StatusCode::UNPROCESSABLE_ENTITY, &text),
    };
    let host = match target::workload(&app.live.state().snapshot, host.as_deref(), &name) {
        Ok(row) => row.host.clone(),
        Err(missing) => return not_there(&missing, &name),
    };
    match wishes::switch(&app, &host, &name, on).await {
        Ok(()) => Json(json!({ "host": host, "name": name, "on": on })).into_response(),
        Err(status) => refuse(status, "the switch could not be kept; Plimsoll's log says why"),
    }
}

/// The body, or what is wrong with it.
fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, String> {
    serde_json::from_slice(body).map_err(|error| format!("the body cannot be read: {error}"))
}

/// The answer where a name means no container.
fn not_there(missing: &target::Missing, name: &str) -> Response {
    let status = match missing {
        target::Missing::Nowhere => StatusCode::NOT_FOUND,
        target::Missing::Several(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    refuse(status, &missing.text(name))
}

/// The answer where the journal cannot be read.
fn failed(error: &StoreError) -> Response {
    error!(%error, "The journal of updates could not be read");
    refuse(StatusCode::INTERNAL_SERVER_ERROR, "the journal could not be read; Plimsoll's log says why")
}

fn refuse(status: StatusCode, text: &str) -> Response {
    (status, Json(json!({ "error": text }))).into_response()
}
