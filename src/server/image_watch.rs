//! Image Watch's contract over HTTP. Its documents, and the order and words of its refusals, are in `api::image_watch`.

mod ids;

use axum::{
    Extension, Json,
    body::Bytes,
    extract::{OriginalUri, Path, State},
    response::{IntoResponse, Response},
};
use http::{Method, StatusCode};
use serde::Deserialize;
use serde_json::json;

use super::{
    api::{
        image_watch::{self, route},
        target, told,
    },
    guard, wishes,
};
use crate::{
    access::{Decision, Identity, Permit},
    app::App,
    update::Wished,
    wire::{Refusal, Target},
};

pub(super) use ids::Ids;

/// What a group's update takes.
#[derive(Deserialize)]
struct GroupBody {
    image: String,
}

/// `/api/images`.
pub(super) async fn images(State(app): State<App>, Extension(ids): Extension<Ids>, method: Method) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return refuse(route::Refusal::METHOD);
    }
    let state = app.live.state();
    ids.note(image_watch::listed(&state.snapshot));
    Json(image_watch::images(&state.snapshot)).into_response()
}

/// `/api/images/{id}/{action}`.
pub(super) async fn image(
    State(app): State<App>,
    Extension(identity): Extension<Identity>,
    Extension(ids): Extension<Ids>,
    method: Method,
    path: Option<Path<String>>,
) -> Response {
    let state = app.live.state();
    let rest = path.map(|Path(rest)| rest).unwrap_or_default();
    let action = match route::image(&method, &rest, &|id| ids.find(&state.snapshot, id)) {
        Err(refusal) => return refuse(refusal),
        Ok(route::Action::Progress(id)) => {
            let progress = ids.operation(&state.snapshot, &id).and_then(image_watch::progress);
            return progress.map_or_else(|| refuse(route::Refusal::NO_PROGRESS), |progress| Json(progress).into_response());
        }
        Ok(action) => action,
    };
    // the route asks for no more than to look, because `progress` needs no more
    match (app.access.allows(&identity, Permit::Operate), action) {
        (Decision::Yes, route::Action::Update(place)) => updating(&wishes::update(&app, &identity, vec![place], &Target::Same).await),
        (Decision::Yes, route::Action::AutoUpdate((host, name))) => toggle(&app, &ids, &host, &name).await,
        (Decision::Yes, route::Action::Progress(_)) => refuse(route::Refusal::NO_PROGRESS),
        (decision, _) => guard::refusal(decision),
    }
}

/// `/api/groups/…`: all containers of an image, one after another. The image stands in the path or in the body.
pub(super) async fn group(
    State(app): State<App>,
    Extension(identity): Extension<Identity>,
    OriginalUri(uri): OriginalUri,
    method: Method,
    body: Bytes,
) -> Response {
    let path = uri.path().strip_prefix(app.config.base_path.prefix()).unwrap_or_default();
    let image = match route::group(&method, path.strip_prefix("/api/groups/").unwrap_or_default()) {
        Err(refusal) => return refuse(refusal),
        Ok(route::Group::Named(image)) => image,
        Ok(route::Group::InBody) => match serde_json::from_slice::<GroupBody>(&body) {
            Ok(GroupBody { image }) if !image.is_empty() => image,
            _ => return refuse(route::Refusal::BAD_BODY),
        },
    };
    let workloads = target::image(&app.live.state().snapshot, &image);
    // of an image that nothing runs the contract says no more than of any other
    let wished = if workloads.is_empty() { Vec::new() } else { wishes::update(&app, &identity, workloads, &Target::Same).await };
    updating(&wished)
}

/// The contract's answer to a wish. It knows no refusal: the reason stands in a line that a person finds, under a status that a script takes
/// for a failure.
fn updating(wished: &[Wished]) -> Response {
    let runs = |wished: &Wished| matches!(wished.result, Ok(_) | Err(Refusal::Updating));
    match wished.iter().find_map(|wished| Some((&wished.name, wished.result.as_ref().err()?))) {
        Some((_, Refusal::NotFound)) if !wished.iter().any(runs) => refuse(route::Refusal::NO_CONTAINER),
        Some((name, refusal)) if !wished.iter().any(runs) => {
            (StatusCode::CONFLICT, format!("{name} is not updated: {}\n", told::refusal(refusal))).into_response()
        }
        _ => Json(json!({ "status": "updating" })).into_response(),
    }
}

/// Moves the automatic switch of a container to where it does not stand.
async fn toggle(app: &App, ids: &Ids, host: &str, name: &str) -> Response {
    let _alone = ids.toggling().await;
    let on = target::workload(&app.live.state().snapshot, Some(host), name).is_ok_and(|row| row.auto_update);
    match wishes::switch(app, host, name, !on).await {
        Ok(()) => Json(json!({ "auto_update": !on })).into_response(),
        Err(status) => (status, "the switch could not be kept; Plimsoll's log says why\n").into_response(),
    }
}

fn refuse(refusal: route::Refusal) -> Response {
    (refusal.status, refusal.body).into_response()
}
