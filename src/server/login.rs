//! Login, logout and the one-time link: as forms of the pages, and as Image Watch's contract has them.

use axum::{
    Extension, Form, Json,
    body::Bytes,
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use http::{HeaderMap, Method, StatusCode, header};
use percent_encoding::{NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::json;
use tracing::error;

use super::accept::Peer;
use crate::{
    access::{Choice, LoginError, SessionCookie, SetUpError},
    app::App,
    config::Anonymous,
    wire::LoginTrouble,
};

/// What the login form sends.
#[derive(Deserialize)]
pub(super) struct LoginForm {
    user: String,
    password: SecretString,
    /// the path to go to afterwards
    next: Option<String>,
}

/// What the form of the one-time link sends.
#[derive(Deserialize)]
pub(super) struct SetupForm {
    token: String,
    user: String,
    password: SecretString,
    anonymous: String,
}

/// What Image Watch's login takes.
#[derive(Deserialize)]
struct ContractLogin {
    user: String,
    pass: SecretString,
}

/// `POST /login`: to the page that was asked for, or back to the form with the reason.
pub(super) async fn form_login(
    State(app): State<App>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    Form(form): Form<LoginForm>,
) -> Response {
    match app.access.login(peer.ip(), &form.user, &form.password).await {
        Ok(session) => signed_in(&app, &headers, &session, form.next.as_deref()),
        Err(LoginError::NotNeeded) => Redirect::to(&app.config.base_path.with_slash()).into_response(),
        Err(error) => {
            let trouble = match &error {
                LoginError::TooMany { .. } => LoginTrouble::Blocked,
                LoginError::NoPassword => LoginTrouble::Unset,
                LoginError::Failed(error) => {
                    error!(%error, "A login could not be tried");
                    LoginTrouble::Failed
                }
                _ => LoginTrouble::Wrong,
            };
            // where to go afterwards goes back into the form, as it came
            let next = form.next.map(|next| format!("&next={}", escaped(&next))).unwrap_or_default();
            Redirect::to(&format!("{}login?error={}{next}", app.config.base_path.with_slash(), trouble.as_str())).into_response()
        }
    }
}

/// `POST /logout`: to the first page, which is the login where visitors see nothing.
pub(super) async fn form_logout(State(app): State<App>, headers: HeaderMap) -> Response {
    let cookie = forget(&app, &headers).await;
    ([(header::SET_COOKIE, cookie)], Redirect::to(&app.config.base_path.with_slash())).into_response()
}

/// `POST /setup`: sets the password once.
pub(super) async fn form_setup(
    State(app): State<App>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    Form(form): Form<SetupForm>,
) -> Response {
    let anonymous = form.anonymous.parse().unwrap_or(Anonymous::None);
    let choice = Choice { user: form.user, password: form.password, anonymous };
    match app.access.set_up(peer.ip(), &form.token, &choice).await {
        Ok(session) => signed_in(&app, &headers, &session, None),
        Err(SetUpError::Done) => Redirect::to(&format!("{}login", app.config.base_path.with_slash())).into_response(),
        Err(error) => {
            let trouble = match &error {
                SetUpError::TooMany { .. } => LoginTrouble::Blocked,
                SetUpError::Password => LoginTrouble::Short,
                SetUpError::User => LoginTrouble::User,
                SetUpError::Failed(error) => {
                    error!(%error, "A password could not be set");
                    LoginTrouble::Failed
                }
                _ => LoginTrouble::Expired,
            };
            // the token goes back into the form, as it came
            let token = escaped(&form.token);
            let base = app.config.base_path.with_slash();
            Redirect::to(&format!("{base}setup?token={token}&error={}", trouble.as_str())).into_response()
        }
    }
}

/// Image Watch's `/api/login`.
pub(super) async fn contract_login(
    State(app): State<App>,
    Extension(peer): Extension<Peer>,
    method: Method,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let refuse = |status, text: &str| (status, Json(json!({ "error": text }))).into_response();
    if method != Method::POST {
        return refuse(StatusCode::METHOD_NOT_ALLOWED, "method not allowed");
    }
    let Ok(login) = serde_json::from_slice::<ContractLogin>(&body) else { return refuse(StatusCode::BAD_REQUEST, "bad request") };
    let ok = Json(json!({ "status": "ok" }));
    match app.access.login(peer.ip(), &login.user, &login.pass).await {
        Ok(session) => {
            let cookie = session.header(&app.config.base_path, is_secure(&app, &headers));
            ([(header::SET_COOKIE, cookie)], ok).into_response()
        }
        // a script that logs in first is not stopped where everything is open
        Err(LoginError::NotNeeded) => ok.into_response(),
        Err(LoginError::Incomplete) => refuse(StatusCode::BAD_REQUEST, "bad request"),
        Err(LoginError::Wrong) => refuse(StatusCode::UNAUTHORIZED, "invalid credentials"),
        Err(LoginError::TooMany { .. }) => refuse(StatusCode::TOO_MANY_REQUESTS, "too many attempts, try later"),
        Err(error @ LoginError::NoPassword) => refuse(StatusCode::UNAUTHORIZED, &error.to_string()),
        Err(LoginError::Failed(error)) => {
            error!(%error, "A login could not be tried");
            refuse(StatusCode::INTERNAL_SERVER_ERROR, "the login could not be tried; the log says why")
        }
    }
}

/// Image Watch's `/api/logout`.
pub(super) async fn contract_logout(State(app): State<App>, method: Method, headers: HeaderMap) -> Response {
    if method != Method::POST {
        return (StatusCode::METHOD_NOT_ALLOWED, Json(json!({ "error": "method not allowed" }))).into_response();
    }
    let cookie = forget(&app, &headers).await;
    ([(header::SET_COOKIE, cookie)], Json(json!({ "status": "ok" }))).into_response()
}

/// Image Watch's `/api/auth/status`: whether a change needs a login.
pub(super) async fn status(State(app): State<App>) -> Response {
    Json(json!({ "enabled": app.access.enabled() })).into_response()
}

fn signed_in(app: &App, headers: &HeaderMap, session: &SessionCookie, next: Option<&str>) -> Response {
    let base = app.config.base_path.with_slash();
    // only a path of our own: an address elsewhere, also in the form `//elsewhere`, would make the login a springboard. What is not
    // plain ASCII cannot stand in the header
    let plain = |next: &str| next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let own = |next: &&str| next.starts_with(&base) && !next.starts_with("//") && plain(next) && !next.split('/').any(|part| part == "..");
    let to = next.filter(own).unwrap_or(&base).to_owned();
    let cookie = session.header(&app.config.base_path, is_secure(app, headers));
    ([(header::SET_COOKIE, cookie)], Redirect::to(&to)).into_response()
}

/// Text as the value of a parameter of an address.
fn escaped(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, NON_ALPHANUMERIC)
}

/// Ends the session and makes the browser forget it.
async fn forget(app: &App, headers: &HeaderMap) -> http::HeaderValue {
    if let Err(error) = app.access.logout(headers).await {
        error!(%error, "A session could not be ended");
    }
    SessionCookie::expired(&app.config.base_path, is_secure(app, headers))
}

/// Whether the browser came by https: it asked for the public address, and that is one. On the LAN's plain http a `Secure` cookie would
/// be dropped, and nobody could log in.
fn is_secure(app: &App, headers: &HeaderMap) -> bool {
    let Some(public) = app.config.public_url.as_ref().filter(|url| url.scheme() == "https") else { return false };
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
    public.host_str().is_some_and(|name| host.split(':').next() == Some(name))
}
