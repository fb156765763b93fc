//! Manifests and blobs, as docker-registry 2.8.2 answers for them.

use http::{HeaderMap, HeaderName, StatusCode, header};
use serde_json::json;

use super::{
    Shared,
    content::Image,
    fault::Fault,
    reply::{self, Answer},
};
use crate::image::Digest;

/// The header that names a digest.
const DIGEST: HeaderName = HeaderName::from_static("docker-content-digest");

/// Answers `HEAD` and `GET /v2/<name>/manifests/<tag or digest>`.
pub(super) fn manifest(shared: &Shared, name: &str, reference: &str, head: bool, asked: &HeaderMap, faults: &[Fault]) -> Answer {
    if head && faults.contains(&Fault::HeadRefused) {
        return reply::error(StatusCode::METHOD_NOT_ALLOWED, "UNSUPPORTED", "the operation is unsupported", None);
    }
    // of a repository that is not there it says no more than of a tag that is not there
    let mut state = shared.state();
    let by_digest: Option<Digest> = reference.parse().ok();
    let image = match &by_digest {
        Some(digest) => state.shelves.holding(name, digest),
        None => state.shelves.tagged(name, reference),
    };
    drop(state);
    let unknown = || {
        let detail = match &by_digest {
            Some(digest) => json!({ "Name": name, "Revision": digest.as_str() }),
            None => json!({ "Tag": reference }),
        };
        reply::error(StatusCode::NOT_FOUND, "MANIFEST_UNKNOWN", "manifest unknown", Some(detail))
    };
    let Some(image) = image else { return unknown() };
    let found = match &by_digest {
        Some(digest) => image.manifest(digest),
        None => Some(image.top()),
    };
    match found {
        // an index is not turned into a manifest for who cannot read indexes: that one gets 404
        Some((media_type, content)) if accepts(asked, media_type) => send(media_type, content, head, asked, faults),
        _ => unknown(),
    }
}

/// Answers `GET /v2/<name>/blobs/<digest>`.
pub(super) fn blob(shared: &Shared, name: &str, digest: &str, faults: &[Fault]) -> Answer {
    for fault in faults {
        if let Fault::BlobsElsewhere(origin) = fault {
            let mut answer = reply::full(StatusCode::TEMPORARY_REDIRECT, "");
            reply::set(&mut answer, header::LOCATION, &format!("{origin}/v2/{name}/blobs/{digest}"));
            return answer;
        }
    }
    let parsed: Option<Digest> = digest.parse().ok();
    let image: Option<Image> = parsed.as_ref().and_then(|digest| shared.state().shelves.holding(name, digest));
    match (&parsed, &image) {
        (Some(digest), Some(image)) if let Some(content) = image.blob(digest) => {
            let mut answer = reply::full(StatusCode::OK, content.to_vec());
            reply::set(&mut answer, header::CONTENT_TYPE, "application/octet-stream");
            reply::set(&mut answer, DIGEST, digest.as_str());
            for fault in faults {
                reply::spoil(&mut answer, fault, content);
            }
            answer
        }
        _ => reply::error(StatusCode::NOT_FOUND, "BLOB_UNKNOWN", "blob unknown to registry", Some(json!({ "digest": digest }))),
    }
}

/// The answer that carries a manifest, with what is wrong with it.
fn send(media_type: &str, content: &[u8], head: bool, asked: &HeaderMap, faults: &[Fault]) -> Answer {
    let digest = Digest::of(content);
    let tag = format!("\"{digest}\"");
    if reply::is_known(asked, &tag) {
        let mut answer = reply::full(StatusCode::NOT_MODIFIED, "");
        reply::set(&mut answer, header::ETAG, &tag);
        return answer;
    }
    let mut answer = reply::full(StatusCode::OK, content.to_vec());
    reply::set(&mut answer, header::CONTENT_TYPE, media_type);
    reply::set(&mut answer, header::CONTENT_LENGTH, &content.len().to_string());
    reply::set(&mut answer, DIGEST, digest.as_str());
    reply::set(&mut answer, header::ETAG, &tag);
    for fault in faults {
        spoil(&mut answer, fault, content, head);
    }
    answer
}

/// Does to an answer what a fault does.
fn spoil(answer: &mut Answer, fault: &Fault, content: &[u8], head: bool) {
    match fault {
        Fault::NoDigestOfHead if !head => return,
        Fault::Digest(text) => return reply::set(answer, DIGEST, text),
        Fault::Schema1 => {
            return reply::set(answer, header::CONTENT_TYPE, "application/vnd.docker.distribution.manifest.v1+prettyjws");
        }
        Fault::Gzip if head => reply::set(answer, header::CONTENT_ENCODING, "gzip"),
        Fault::NoDigestOfHead | Fault::NoDigest => {}
        _ if head && reply::has_body(fault) => {}
        _ if head || !reply::spoil(answer, fault, content) => return,
        _ => {}
    }
    answer.headers_mut().remove(DIGEST);
    answer.headers_mut().remove(header::ETAG);
}

/// Whether a request names a media type. A wildcard is not enough, as with docker-registry.
fn accepts(asked: &HeaderMap, media_type: &str) -> bool {
    let values = asked.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|value| value.split(';').next().is_some_and(|value| value.trim() == media_type))
}
