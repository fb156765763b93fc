//! The API that Docker Hub has beside its registry, as far as it tells of tags.

use http::{HeaderName, StatusCode, header};
use jiff::Timestamp;
use serde_json::json;

use super::{
    Shared,
    content::Image,
    fault::Fault,
    reply::{self, Answer},
};
use crate::image::Digest;

/// Requests a minute.
const LIMIT: u32 = 180;

/// Seconds from now until the limit starts over.
const RESET: i64 = 30;

/// Answers `GET /v2/repositories/<name>/tags/<tag>`. What is hidden is not there for who has no login, and nobody has one here.
pub(super) fn tag(shared: &Shared, name: &str, tag: &str, faults: &[Fault]) -> Answer {
    let mut state = shared.state();
    let known = if state.shelves.is_hidden(name) { None } else { state.shelves.recipe(name, tag).cloned() };
    let found = known.and_then(|recipe| Some((recipe, state.shelves.tagged(name, tag)?)));
    drop(state);
    let (status, body) = match &found {
        Some((recipe, image)) => (StatusCode::OK, body(tag, &recipe.created(), image, faults)),
        None => (StatusCode::NOT_FOUND, json!({ "message": "object not found", "errinfo": {} }).to_string()),
    };
    let mut answer = reply::full(status, body);
    reply::set(&mut answer, header::CONTENT_TYPE, "application/json");
    let left = faults.iter().find_map(|fault| if let Fault::HubRemaining(left) = fault { Some(*left) } else { None });
    let reset = Timestamp::now().as_second() + RESET;
    for (name, value) in [
        ("x-ratelimit-limit", LIMIT.to_string()),
        ("x-ratelimit-remaining", left.unwrap_or(LIMIT).to_string()),
        ("x-ratelimit-reset", reset.to_string()),
    ] {
        reply::set(&mut answer, HeaderName::from_static(name), &value);
    }
    answer
}

/// What it tells of a tag.
fn body(tag: &str, pushed: &str, image: &Image, faults: &[Fault]) -> String {
    let mut images: Vec<_> = image
        .children
        .iter()
        .map(|child| {
            json!({
                "architecture": child.platform.architecture,
                "os": child.platform.os,
                "variant": child.platform.variant,
                "digest": Digest::of(&child.manifest).as_str(),
                "size": child.size(),
                "status": "active",
                "last_pushed": pushed,
            })
        })
        .collect();
    // attestations are among them
    images.push(
        json!({ "architecture": "unknown", "os": "unknown", "variant": null, "digest": Digest::of(b"attestation").as_str(), "size": 1 }),
    );
    let mut body = json!({ "name": tag, "images": images, "last_updated": pushed, "tag_last_pushed": pushed, "tag_status": "active" });
    if !faults.contains(&Fault::HubNoDigest) {
        body["digest"] = json!(Digest::of(image.top().1).as_str());
    }
    body.to_string()
}
