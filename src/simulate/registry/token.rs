//! The token server.

use std::{borrow::Cow, time::Duration};

use http::{StatusCode, header};
use serde_json::{Map, Value, json};
use url::form_urlencoded;

use super::{
    Shared, State,
    access::{Access, Login},
    fault::Fault,
    reply::{self, Answer},
};

/// Answers `GET /token?service=…&scope=…`.
///
/// Wrong credentials are refused. Who may not see a repository gets a token without it, as the distribution project specifies.
pub(super) fn give(shared: &Shared, query: &str, authorization: Option<&str>, faults: &[Fault]) -> Answer {
    let mut state = shared.state();
    let Access::Token { lifetime, login } = state.access.clone() else {
        return reply::error(StatusCode::NOT_FOUND, "UNSUPPORTED", "there are no tokens here", None);
    };
    let shown = authorization.map(Login::shown);
    if shown.as_ref().is_some_and(|shown| login.is_none() || *shown != login) {
        return reply::error(StatusCode::UNAUTHORIZED, "UNAUTHORIZED", "incorrect username or password", None);
    }
    let asked = form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key == "scope").map(|(_, scope)| scope);
    grant(&mut state, asked.collect(), shown.is_some(), lifetime, faults)
}

/// Answers `POST /token` with a form: exchanges an identity token, which is the password of the login here.
pub(super) fn exchange(shared: &Shared, form: &str, faults: &[Fault]) -> Answer {
    if faults.contains(&Fault::NoExchange) {
        return reply::error(StatusCode::METHOD_NOT_ALLOWED, "UNSUPPORTED", "the operation is unsupported", None);
    }
    let mut state = shared.state();
    let Access::Token { lifetime, login } = state.access.clone() else {
        return reply::error(StatusCode::NOT_FOUND, "UNSUPPORTED", "there are no tokens here", None);
    };
    let value = |wanted: &str| form_urlencoded::parse(form.as_bytes()).find(|(key, _)| key == wanted).map(|(_, value)| value);
    let known = login.as_ref().map(|login| login.password.as_str());
    let right = value("refresh_token").is_some_and(|shown| known == Some(&*shown));
    if value("grant_type").as_deref() != Some("refresh_token") || value("client_id").is_none() || !right {
        return reply::full(StatusCode::BAD_REQUEST, json!({ "error": "invalid_grant" }).to_string());
    }
    let scopes = value("scope").unwrap_or_default();
    grant(&mut state, scopes.split(' ').map(Cow::from).collect(), true, lifetime, faults)
}

/// The token for what is asked for, as far as who asks may see it.
fn grant(state: &mut State, mut asked: Vec<Cow<'_, str>>, logged_in: bool, lifetime: Duration, faults: &[Fault]) -> Answer {
    let refused = faults.iter().find_map(|fault| if let Fault::ManyScopes(status) = fault { Some(*status) } else { None });
    if let Some(status) = refused.filter(|_| asked.len() > 1) {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::FORBIDDEN);
        return reply::error(status, "DENIED", "requested access to the resource is denied", None);
    }
    if faults.contains(&Fault::FirstScopeOnly) {
        asked.truncate(1);
    }
    let names = asked.iter().filter_map(|scope| scope.strip_prefix("repository:")?.strip_suffix(":pull"));
    let granted = names.filter(|name| logged_in || !state.shelves.is_hidden(name)).map(str::to_owned).collect();
    let token = state.grants.give(granted, (!faults.contains(&Fault::UselessToken)).then_some(lifetime));
    let mut body = Map::new();
    if !faults.contains(&Fault::AccessTokenOnly) {
        body.insert("token".into(), Value::from(token.clone()));
    }
    body.insert("access_token".into(), Value::from(token));
    if !faults.contains(&Fault::NoExpiry) {
        body.insert("expires_in".into(), json!(lifetime.as_secs()));
    }
    let mut answer = reply::full(StatusCode::OK, Value::from(body).to_string());
    reply::set(&mut answer, header::CONTENT_TYPE, "application/json");
    answer
}
