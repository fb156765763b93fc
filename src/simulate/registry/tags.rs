//! Lists of tags, in pages.

use std::hash::{DefaultHasher, Hash, Hasher};

use base64::{Engine, prelude::BASE64_STANDARD};
use http::{HeaderMap, HeaderName, StatusCode, header};
use serde_json::{Value, json};
use url::form_urlencoded::{self, Serializer};

use super::{
    Shared,
    fault::Fault,
    reply::{self, Answer},
};

/// Tags of a page, where nothing else was set: the bound of distribution 3.
pub(super) const PAGE: usize = 1000;

/// Tags of each page of a list without end.
const ENDLESS: usize = 2;

/// What is asked for, as the registry understands it.
struct Asked {
    count: usize,
    last: Option<String>,
}

/// A page, before it is written.
struct Page {
    tags: Vec<Value>,
    /// the query of the next one
    next: Option<String>,
}

/// Answers `GET /v2/<name>/tags/list?n=…&last=…`.
pub(super) fn list(shared: &Shared, name: &str, query: &str, headers: &HeaderMap, faults: &[Fault]) -> Answer {
    let state = shared.state();
    if !state.shelves.has(name) {
        return reply::error(StatusCode::NOT_FOUND, "NAME_UNKNOWN", "repository name not known to registry", Some(json!({ "name": name })));
    }
    let asked = match asked(query, state.page, faults) {
        Ok(asked) => asked,
        Err(refusal) => return *refusal,
    };
    let mut page = if faults.contains(&Fault::LinkEndless) {
        endless(&asked)
    } else {
        let (tags, more) = state.shelves.page(name, asked.last.as_deref(), asked.count);
        let more = more || (faults.contains(&Fault::LinkAlways) && !tags.is_empty());
        let next = tags.last().filter(|_| more).map(|last| next(last, asked.count, faults));
        Page { tags: tags.into_iter().map(Value::from).collect(), next }
    };
    drop(state);
    if faults.contains(&Fault::NoPages) {
        // in the order of nothing, as a directory has it
        let half = page.tags.len() / 2;
        page.tags.rotate_left(half);
    }
    let tags = match () {
        () if faults.contains(&Fault::NullTags) => Value::Null,
        () if faults.contains(&Fault::OddTags) => Value::from([odd(), page.tags].concat()),
        () => Value::from(page.tags),
    };
    let body = json!({ "name": name, "tags": tags }).to_string();
    let link = page.next.and_then(|next| link(shared, name, query, &next, faults));
    send(body, link, headers, faults)
}

/// Understands a query, or refuses it.
fn asked(query: &str, most: usize, faults: &[Fault]) -> Result<Asked, Box<Answer>> {
    let parameter =
        |wanted: &str| form_urlencoded::parse(query.as_bytes()).find_map(|(key, value)| (key == wanted).then(|| value.into_owned()));
    if faults.contains(&Fault::NoPages) {
        return Ok(Asked { count: usize::MAX, last: None });
    }
    let invalid = || Box::new(reply::error(StatusCode::BAD_REQUEST, "PAGINATION_NUMBER_INVALID", "invalid number of results", None));
    let mut count = match parameter("n").map(|count| count.parse::<usize>()) {
        None => most,
        Some(Ok(count)) => count,
        Some(Err(_)) => return Err(invalid()),
    };
    for fault in faults {
        match fault {
            Fault::CountRefused(bound) if count > *bound => {
                let message = format!("Member must have value less than or equal to {bound}");
                return Err(Box::new(reply::error(StatusCode::METHOD_NOT_ALLOWED, "UNSUPPORTED", &message, None)));
            }
            Fault::CountInvalid(bound) if count > *bound => return Err(invalid()),
            _ => {}
        }
    }
    count = count.min(most);
    let last = if faults.contains(&Fault::LinkOpaque) {
        parameter("next_page").and_then(|token| String::from_utf8(BASE64_STANDARD.decode(token).ok()?).ok())
    } else {
        parameter("last").filter(|_| !faults.contains(&Fault::LastIgnored))
    };
    Ok(Asked { count, last })
}

/// A page of a list without end.
fn endless(asked: &Asked) -> Page {
    let from = asked.last.as_ref().and_then(|last| last.parse::<usize>().ok()).unwrap_or(0);
    let tags: Vec<_> = (from + 1..=from + ENDLESS).map(|tag| Value::from(tag.to_string())).collect();
    Page { tags, next: Some(next(&(from + ENDLESS).to_string(), asked.count, &[])) }
}

/// The query of the page behind `last`.
fn next(last: &str, count: usize, faults: &[Fault]) -> String {
    let mut query = Serializer::new(String::new());
    if faults.contains(&Fault::LinkOpaque) {
        // such a token holds what must be encoded in a query
        query.append_pair("next_page", &BASE64_STANDARD.encode(last));
    } else {
        query.append_pair("last", last);
    }
    query.append_pair("n", &count.to_string()).finish()
}

/// What some lists have among their tags.
fn odd() -> Vec<Value> {
    let hex = "0123456789abcdef".repeat(4);
    let attached = |ending: &str| Value::from(format!("sha256-{hex}{ending}"));
    let digest = Value::from(format!("sha256:{hex}"));
    vec![
        Value::Null,
        Value::from(""),
        digest,
        json!(1),
        json!({ "a": [] }),
        attached(""),
        attached(".sig"),
        attached(".att"),
        attached(".sbom"),
    ]
}

/// The value of `Link`, as this registry writes it.
fn link(shared: &Shared, name: &str, query: &str, next: &str, faults: &[Fault]) -> Option<String> {
    let path = format!("/v2/{name}/tags/list");
    for fault in faults {
        return match fault {
            Fault::NoLink | Fault::NoPages => None,
            Fault::LinkAbsolute => Some(format!("<http://{}{path}?{next}>; rel=\"next\"", shared.address)),
            Fault::LinkElsewhere(origin) => Some(format!("<{origin}{path}?{next}>; rel=\"next\"")),
            Fault::LinkLoop => Some(format!("<{path}?{query}>; rel=\"next\"")),
            Fault::LinkSloppy => Some(format!("<{path}>; title=\"a, b\"; rel=first, <?{next}> ; type=json;REL = next")),
            Fault::LinkWithoutPrefix => {
                let name = name.rsplit('/').next().unwrap_or(name);
                Some(format!("</v2/{name}/tags/list?{next}>; rel=\"next\""))
            }
            _ => continue,
        };
    }
    Some(format!("<{path}?{next}>; rel=\"next\""))
}

/// Sends a page, or says that it is as it was.
fn send(body: String, link: Option<String>, headers: &HeaderMap, faults: &[Fault]) -> Answer {
    // no secret is in it: any hash that is always the same does
    let mut hasher = DefaultHasher::new();
    (&body, &link).hash(&mut hasher);
    let etag = format!("\"{:016x}\"", hasher.finish());
    let marked = !faults.contains(&Fault::NoEtag);
    let mut answer = if marked && reply::is_known(headers, &etag) {
        reply::full(StatusCode::NOT_MODIFIED, "")
    } else {
        let body = body.into_bytes();
        let mut answer = reply::full(StatusCode::OK, body.clone());
        reply::set(&mut answer, header::CONTENT_TYPE, "application/json");
        for fault in faults {
            reply::spoil(&mut answer, fault, &body);
        }
        if let Some(link) = link {
            reply::set(&mut answer, HeaderName::from_static("link"), &link);
        }
        answer
    };
    if marked {
        reply::set(&mut answer, header::ETAG, &etag);
    }
    answer
}
