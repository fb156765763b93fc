//! What the headers of an answer say.

use jiff::Timestamp;
use reqwest::{Response, StatusCode, header};

use super::one::Registry;
use crate::{image::Digest, wire::Reason};

/// Longest pause that a registry may ask for, in seconds: a day.
const RETRY_AFTER_MAX: i64 = 86_400;

impl Registry {
    /// The reason that a status other than 200 gives.
    pub(super) fn refusal(&self, response: &Response) -> Reason {
        let registry = self.name().to_owned();
        match response.status() {
            status @ (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::NOT_FOUND) => {
                Reason::NotFoundOrNoAccess { registry, status: status.as_u16() }
            }
            StatusCode::TOO_MANY_REQUESTS => Reason::RateLimited { registry, retry_after: retry_after(response) },
            status if status.is_server_error() => Reason::ServerError { registry, status: status.as_u16() },
            status => Reason::BadAnswer { registry, detail: format!("status {}", status.as_u16()) },
        }
    }
}

/// Seconds until the registry wants to be asked again: `Retry-After` as a number or as a date.
fn retry_after(response: &Response) -> Option<u32> {
    let text = text(response, header::RETRY_AFTER)?.trim();
    let seconds = match text.parse::<i64>() {
        Ok(seconds) => seconds,
        Err(_) => jiff::fmt::rfc2822::parse(text).ok()?.timestamp().as_second() - Timestamp::now().as_second(),
    };
    u32::try_from(seconds.clamp(0, RETRY_AFTER_MAX)).ok()
}

/// The digest that the registry names, if it names one.
pub(super) fn digest(response: &Response) -> Option<Digest> {
    text(response, header::HeaderName::from_static("docker-content-digest"))?.parse().ok()
}

/// Whether the body is compressed, although nobody asked for that.
pub(super) fn is_encoded(response: &Response) -> bool {
    text(response, header::CONTENT_ENCODING).is_some_and(|encoding| !encoding.trim().eq_ignore_ascii_case("identity"))
}

/// The media type without its parameters, in lower case.
pub(super) fn media_type(response: &Response) -> Option<String> {
    let text = text(response, header::CONTENT_TYPE)?;
    Some(text.split(';').next().unwrap_or(text).trim().to_ascii_lowercase())
}

/// The value of a header, where it is readable.
fn text(response: &Response, name: header::HeaderName) -> Option<&str> {
    response.headers().get(name)?.to_str().ok()
}
