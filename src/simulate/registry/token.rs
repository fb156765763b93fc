//! The token server.

use http::{StatusCode, header};
use serde_json::{Map, Value, json};
use url::form_urlencoded;

use super::{
    Shared,
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
    let mut granted = Vec::new();
    for (key, scope) in form_urlencoded::parse(query.as_bytes()) {
        let name = scope.strip_prefix("repository:").and_then(|rest| rest.strip_suffix(":pull"));
        if let Some(name) = name.filter(|_| key == "scope")
            && (shown.is_some() || !state.shelves.is_hidden(name))
        {
            granted.push(name.to_owned());
        }
    }
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
