//! Forms that change the fleet: Update, and the automatic switch. They lead back to their page, so that they work without JavaScript; the
//! page's own program says `Accept: application/json` and stays where it is.

use axum::{
    Extension, Form, Json,
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;

use super::{
    api,
    forms::{back, wants_json},
    refused::Refusals,
    wishes,
};
use crate::{
    access::Identity,
    app::App,
    update::Wished,
    wire::{Refusal, Refused},
};

/// What a button Update sends: a container by host and name, or an image.
#[derive(Deserialize)]
pub(super) struct UpdateForm {
    host: Option<String>,
    name: Option<String>,
    image: Option<String>,
    /// another tag, in place of its own
    to: Option<String>,
    /// `true`: back to what ran before
    #[serde(default)]
    previous: bool,
}

/// What a button at an update that is under way sends.
#[derive(Deserialize)]
pub(super) struct ChoiceForm {
    id: i64,
    /// `cancel` or `keep`
    choice: String,
}

/// What a switch sends.
#[derive(Deserialize)]
pub(super) struct SwitchForm {
    host: String,
    name: String,
    /// `true` or `false`
    on: bool,
}

/// `POST /update`.
pub(super) async fn update(
    State(app): State<App>,
    Extension(identity): Extension<Identity>,
    Extension(refusals): Extension<Refusals>,
    headers: HeaderMap,
    Form(UpdateForm { host, name, image, to, previous }): Form<UpdateForm>,
) -> Response {
    let Some(target) = wishes::target(to, previous) else {
        return (StatusCode::UNPROCESSABLE_ENTITY, "`to` or `previous`, not both\n").into_response();
    };
    let given = |text: Option<String>| text.filter(|text| !text.is_empty());
    let snapshot = &app.live.state().snapshot;
    let (host, name, workloads) = match (given(host), given(name), given(image)) {
        (Some(host), Some(name), None) => {
            let known = api::target::workload(snapshot, Some(&host), &name).is_ok();
            let workloads = if known { vec![(host.clone(), name.clone())] } else { Vec::new() };
            (host, name, workloads)
        }
        (None, None, Some(image)) => {
            let workloads = api::target::image(snapshot, &image);
            (String::new(), image, workloads)
        }
        _ => return (StatusCode::UNPROCESSABLE_ENTITY, "which container? `host` and `name`, or `image`\n").into_response(),
    };
    let wished = if workloads.is_empty() {
        vec![Wished { host, name, result: Err(Refusal::NotFound) }]
    } else {
        wishes::update(&app, &identity, workloads, &target).await
    };
    if wants_json(&headers) {
        return (wishes::status(&wished), Json(wishes::answer(wished))).into_response();
    }
    let refused = wished.iter().find_map(|wished| Some((&wished.name, wished.result.as_ref().err()?)));
    let back = back(&app, &headers);
    Redirect::to(&match refused {
        Some((name, refusal)) => refusals.keep(Refused { name: name.clone(), refusal: refusal.clone() }, &back),
        None => back,
    })
    .into_response()
}

/// `POST /choice`.
pub(super) async fn choice(State(app): State<App>, headers: HeaderMap, Form(ChoiceForm { id, choice }): Form<ChoiceForm>) -> Response {
    let Some(choice) = wishes::choice(&choice) else {
        return (StatusCode::UNPROCESSABLE_ENTITY, "`choice` is `cancel` or `keep`\n").into_response();
    };
    // what has ended meanwhile needs no more choosing: the page shows how
    app.updates.choose(id, choice);
    if wants_json(&headers) { StatusCode::NO_CONTENT.into_response() } else { Redirect::to(&back(&app, &headers)).into_response() }
}

/// `POST /switch`.
pub(super) async fn switch(
    State(app): State<App>,
    Extension(refusals): Extension<Refusals>,
    headers: HeaderMap,
    Form(SwitchForm { host, name, on }): Form<SwitchForm>,
) -> Response {
    let json = wants_json(&headers);
    let back = back(&app, &headers);
    if api::target::workload(&app.live.state().snapshot, Some(&host), &name).is_err() {
        if json {
            return StatusCode::NOT_FOUND.into_response();
        }
        return Redirect::to(&refusals.keep(Refused { name, refusal: Refusal::NotFound }, &back)).into_response();
    }
    match wishes::switch(&app, &host, &name, on).await {
        Err(status) => (status, "the switch could not be kept; Plimsoll's log says why\n").into_response(),
        Ok(()) if json => StatusCode::NO_CONTENT.into_response(),
        Ok(()) => Redirect::to(&back).into_response(),
    }
}
