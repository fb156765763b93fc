//! Whether Plimsoll is well, for those who watch it.

use axum::{Json, extract::State, response::IntoResponse};
use http::StatusCode;
use serde_json::json;

use crate::{app::App, wire::HostState};

/// `/health`: 200 and nothing else, whatever the method.
pub(super) async fn health() -> StatusCode {
    StatusCode::OK
}

/// `/livez`: the process answers. A health check of the container asks this: a missing Engine is no reason to restart Plimsoll.
pub(super) async fn livez() -> &'static str {
    "ok\n"
}

/// `/readyz`: 200 once every host was listed or has failed, and how the hosts are.
pub(super) async fn readyz(State(app): State<App>) -> impl IntoResponse {
    let state = app.live.state();
    let hosts = &state.snapshot.hosts;
    let connecting = hosts.iter().any(|host| host.state == HostState::Connecting);
    let connected = hosts.iter().filter(|host| host.state == HostState::Connected).count();
    let status = if connecting { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
    let age = state.snapshot.check.last.map(|last| jiff::Timestamp::now().as_second() - last);
    let body = json!({
        "status": if connecting { "starting" } else { "ready" },
        "hosts": hosts.len(),
        "hosts_connected": connected,
        "last_check_age_seconds": age,
    });
    (status, Json(body))
}
