//! Lists of tags, in pages.

use http::{HeaderName, StatusCode, header};
use serde_json::json;
use url::form_urlencoded;

use super::{
    Shared,
    reply::{self, Answer},
};

/// Tags of a page, where nothing else was set: the bound of distribution 3.
pub(super) const PAGE: usize = 1000;

/// Answers `GET /v2/<name>/tags/list?n=…&last=…`.
pub(super) fn list(shared: &Shared, name: &str, query: &str) -> Answer {
    let parameter =
        |wanted: &str| form_urlencoded::parse(query.as_bytes()).find_map(|(key, value)| (key == wanted).then(|| value.into_owned()));
    let last = parameter("last");
    let asked = parameter("n").map(|count| count.parse::<usize>());
    let state = shared.state();
    if !state.shelves.has(name) {
        return reply::error(StatusCode::NOT_FOUND, "NAME_UNKNOWN", "repository name not known to registry", Some(json!({ "name": name })));
    }
    let count = match asked {
        None => state.page,
        Some(Ok(count)) => count.min(state.page),
        Some(Err(_)) => return reply::error(StatusCode::BAD_REQUEST, "PAGINATION_NUMBER_INVALID", "invalid number of results", None),
    };
    let (tags, more) = state.shelves.page(name, last.as_deref(), count);
    let next = tags.last().filter(|_| more).map(|last| {
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("last", last).append_pair("n", &count.to_string()).finish();
        format!("</v2/{name}/tags/list?{query}>; rel=\"next\"")
    });
    let mut answer = reply::full(StatusCode::OK, json!({ "name": name, "tags": tags }).to_string());
    reply::set(&mut answer, header::CONTENT_TYPE, "application/json");
    if let Some(next) = next {
        reply::set(&mut answer, HeaderName::from_static("link"), &next);
    }
    answer
}
