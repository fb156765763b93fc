//! Files inside the program: the browser's program, the style sheet, the favicon.

use std::{fmt::Write, sync::OnceLock};

use axum::{
    body::Body,
    extract::{OriginalUri, Path},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use rust_embed::{EmbeddedFile, RustEmbed};
use sha2::{Digest, Sha256};

/// What the client's build left. In a debug build the files are read from the folder at run time.
#[derive(RustEmbed)]
#[folder = "target/site"]
#[allow_missing = true]
struct Site;

/// For files whose address carries the version: they never change.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// Names the content of `/pkg` in addresses, so that a browser may keep it for ever and still gets the next one.
pub(super) fn version() -> &'static str {
    static VERSION: OnceLock<String> = OnceLock::new();
    VERSION.get_or_init(|| {
        let mut hash = Sha256::new();
        for name in Site::iter().filter(|name| name.starts_with("pkg/")) {
            hash.update(name.as_bytes());
            hash.update(Site::get(&name).map(|file| file.metadata.sha256_hash()).unwrap_or_default());
        }
        hex(&hash.finalize()[..6])
    })
}

/// `/pkg/{name}`.
pub(super) async fn package(Path(name): Path<String>, OriginalUri(uri): OriginalUri, headers: HeaderMap) -> Response {
    let current = uri.query().and_then(|query| query.strip_prefix("v=")) == Some(version());
    let mut response = file(&format!("pkg/{name}"), &headers);
    if current && response.status().is_success() {
        response.headers_mut().insert(header::CACHE_CONTROL, FOR_EVER);
    }
    response
}

/// A file of `public/`, by the last part of its path.
pub(super) async fn public(OriginalUri(uri): OriginalUri, headers: HeaderMap) -> Response {
    file(uri.path().rsplit('/').next().unwrap_or_default(), &headers)
}

/// The file of that name, compressed beforehand where the client takes that, or 304 where it has it.
fn file(name: &str, headers: &HeaderMap) -> Response {
    let Some((file, encoding)) = find(name, headers) else { return StatusCode::NOT_FOUND.into_response() };
    let tag = format!("\"{}\"", hex(&file.metadata.sha256_hash()[..12]));
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == tag.as_bytes());
    let mut response = if known { StatusCode::NOT_MODIFIED.into_response() } else { Body::from(file.data).into_response() };
    let headers = response.headers_mut();
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    if let Ok(mime) = HeaderValue::from_str(mime_guess::from_path(name).first_or_octet_stream().essence_str()) {
        headers.insert(header::CONTENT_TYPE, mime);
    }
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

/// The smallest form of a file that the client takes, and its encoding.
fn find(name: &str, headers: &HeaderMap) -> Option<(EmbeddedFile, Option<&'static str>)> {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    for (coding, suffix) in [("br", "br"), ("gzip", "gz")] {
        let taken = accepted.split(',').any(|part| part.split(';').next().map(str::trim) == Some(coding));
        if taken && let Some(file) = Site::get(&format!("{name}.{suffix}")) {
            return Some((file, Some(coding)));
        }
    }
    Site::get(name).map(|file| (file, None))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // writing to a string cannot fail
        let _ = write!(text, "{byte:02x}");
        text
    })
}
