//! What every request passes before its handler: who asks, from which `Host`, and whether the route's permit covers it.

use std::any::Any;

use axum::{
    Extension, Json,
    extract::{OriginalUri, Request, State},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use http::{HeaderMap, StatusCode, header};
use serde_json::json;
use tower_http::csrf::ProtectionError;
use tracing::error;

use super::accept::Peer;
use crate::{
    access::{Decision, HostRule, Permit},
    app::App,
};

/// Learns who asks, and refuses a `Host` that this Plimsoll does not answer to: a page elsewhere could otherwise reach it through a
/// name that it points here.
pub(super) async fn identify(State(app): State<App>, Extension(peer): Extension<Peer>, mut request: Request, next: Next) -> Response {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let host = hosts.next().map(|host| host.to_str().map(str::to_owned));
    let (Ok(host), None) = (host.transpose(), hosts.next()) else {
        // a proxy in front might have looked at the other one
        return (StatusCode::BAD_REQUEST, "a request has one Host, and that is plain text\n").into_response();
    };
    let host = request.uri().authority().map(ToString::to_string).or(host);
    let identity = app.access.identify(request.headers(), peer.ip()).await;
    if !identity.is_known() && !app.hosts.accepts(host.as_deref()) {
        let line = host.as_deref().and_then(HostRule::line_for).unwrap_or_else(|| "PLIMSOLL_HOSTS=<its name>".into());
        let help = format!("Plimsoll does not answer to this name. If it should, set {line}\n");
        return (StatusCode::MISDIRECTED_REQUEST, help).into_response();
    }
    request.extensions_mut().insert(identity);
    next.run(request).await
}

/// Holds the permit of a route against who asks.
pub(super) async fn permit(
    State((app, permit)): State<(App, Permit)>,
    Extension(identity): Extension<crate::access::Identity>,
    OriginalUri(uri): OriginalUri,
    request: Request,
    next: Next,
) -> Response {
    let decision = app.access.allows(&identity, permit);
    if decision == Decision::Yes {
        return next.run(request).await;
    }
    let base = &app.config.base_path;
    let path = uri.path().strip_prefix(base.prefix()).unwrap_or_default();
    // programs get a status and a text, and never the page of a login; a browser that wants a page gets that
    if decision == Decision::LoginFirst && !path.starts_with("/api/") && wants_page(request.headers()) {
        let login = format!("{}login", base.with_slash());
        // the address of a form is no page to come back to
        let page = uri.path_and_query().filter(|_| request.method().is_safe());
        let next = page.map(|page| percent_encoding::utf8_percent_encode(page.as_str(), percent_encoding::NON_ALPHANUMERIC));
        return Redirect::to(&next.map_or(login.clone(), |next| format!("{login}?next={next}"))).into_response();
    }
    refusal(decision)
}

/// The answer to a program that may not do what it asks for; the text says what to do.
pub(super) fn refusal(decision: Decision) -> Response {
    let (status, text) = match decision {
        // without `WWW-Authenticate`, at which a browser would open a window of its own
        Decision::Yes | Decision::LoginFirst => (StatusCode::UNAUTHORIZED, "unauthorized"),
        Decision::SetUpFirst => (
            StatusCode::FORBIDDEN,
            "nobody may change anything before a password is set: open the one-time link in Plimsoll's log, or set PLIMSOLL_USER and PLIMSOLL_PASSWORD",
        ),
        Decision::Forbidden => (
            StatusCode::FORBIDDEN,
            "this needs a session: log in on the page or with POST /api/login; `Authorization: Basic` lets nobody change anything",
        ),
    };
    (status, Json(json!({ "error": text }))).into_response()
}

/// The answer where a handler panicked: the fault is logged, the server goes on.
pub(super) fn panicked(cause: Box<dyn Any + Send + 'static>) -> Response {
    let message = cause.downcast_ref::<&str>().copied().or_else(|| cause.downcast_ref::<String>().map(String::as_str));
    error!(message, "A request met a fault in Plimsoll");
    (StatusCode::INTERNAL_SERVER_ERROR, "Plimsoll made a mistake; its log says which\n").into_response()
}

/// The answer to what another site asks a browser to send here.
pub(super) fn cross_site(_: ProtectionError) -> Response {
    let help = "this came from a page of another site. If it came from a page of Plimsoll, the proxy in front changes the Host: let it keep \
                that, or set PLIMSOLL_PUBLIC_URL to the address that the browser shows\n";
    (StatusCode::FORBIDDEN, help).into_response()
}

fn wants_page(headers: &HeaderMap) -> bool {
    text(headers, header::ACCEPT).is_some_and(|accept| accept.contains("text/html"))
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<String> {
    Some(headers.get(name)?.to_str().ok()?.to_owned())
}
