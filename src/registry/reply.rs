//! What the headers of an answer say.

use reqwest::{Response, StatusCode, header};

use super::{one::Registry, pause};
use crate::{image::Digest, wire::Reason};

impl Registry {
    /// The reason that a status other than 200 gives.
    pub(super) fn refusal(&self, response: &Response) -> Reason {
        let registry = self.name().to_owned();
        match response.status() {
            status @ (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::NOT_FOUND) => {
                Reason::NotFoundOrNoAccess { registry, status: status.as_u16() }
            }
            StatusCode::TOO_MANY_REQUESTS => Reason::RateLimited { registry, retry_after: pause::of_header(response).map(pause::seconds) },
            status if status.is_server_error() => Reason::ServerError { registry, status: status.as_u16() },
            status => Reason::BadAnswer { registry, detail: format!("status {}", status.as_u16()) },
        }
    }
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
