//! Which action a request of Image Watch's contract asks for, or the exact words that refuse it.
//!
//! The order of the refusals is part of the contract: the form of the path, then `progress`, then the method, then the container, and
//! the action last.

use http::{Method, StatusCode};
use percent_encoding::percent_decode_str;

/// Why a request is refused: plain text, with the line's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// the HTTP status
    pub status: StatusCode,
    /// the whole body, `text/plain; charset=utf-8`
    pub body: &'static str,
}

impl Refusal {
    /// not exactly an id and an action
    pub const BAD_PATH: Self = Self { status: StatusCode::BAD_REQUEST, body: "bad path: /api/images/{id}/{action}\n" };
    /// an action that does not exist
    pub const UNKNOWN_ACTION: Self = Self { status: StatusCode::BAD_REQUEST, body: "unknown action\n" };
    /// no running container has the id
    pub const NO_CONTAINER: Self = Self { status: StatusCode::NOT_FOUND, body: "container not found\n" };
    /// no update of the container is under way
    pub const NO_PROGRESS: Self = Self { status: StatusCode::NOT_FOUND, body: "no progress\n" };
    /// the wrong method
    pub const METHOD: Self = Self { status: StatusCode::METHOD_NOT_ALLOWED, body: "method not allowed\n" };
    /// a body that names no image
    pub const BAD_BODY: Self = Self { status: StatusCode::BAD_REQUEST, body: "bad request\n" };
    /// nothing behind `/api/groups/`
    pub const NOT_FOUND: Self = Self { status: StatusCode::NOT_FOUND, body: "not found\n" };
}

/// What is asked of one container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action<T> {
    /// how far its update is; the id as it was asked for, because the old container may be gone by then.
    /// Where none is under way, the answer is [`Refusal::NO_PROGRESS`]
    Progress(String),
    /// update it
    Update(T),
    /// switch its automatic updates
    AutoUpdate(T),
}

/// What is asked of all containers of an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Group {
    /// the image stands in the path
    Named(String),
    /// the image stands in the body: `{"image":"nginx:latest"}`
    InBody,
}

/// Reads what stands behind `/api/images/`. `known` finds a container by its id.
pub fn image<T>(method: &Method, rest: &str, known: &dyn Fn(&str) -> Option<T>) -> Result<Action<T>, Refusal> {
    let mut parts = rest.split('/');
    let (Some(id), Some(action), None) = (parts.next(), parts.next(), parts.next()) else { return Err(Refusal::BAD_PATH) };
    if id.is_empty() || action.is_empty() {
        return Err(Refusal::BAD_PATH);
    }
    if action == "progress" {
        return if method == Method::GET { Ok(Action::Progress(id.to_owned())) } else { Err(Refusal::METHOD) };
    }
    if method != Method::POST {
        return Err(Refusal::METHOD);
    }
    let container = known(id).ok_or(Refusal::NO_CONTAINER)?;
    match action {
        "update" => Ok(Action::Update(container)),
        "auto-update" => Ok(Action::AutoUpdate(container)),
        _ => Err(Refusal::UNKNOWN_ACTION),
    }
}

/// Reads what stands behind `/api/groups/`, still encoded. The contract shows the image in the path and Image Watch reads it from the
/// body: both are taken.
pub fn group(method: &Method, rest: &str) -> Result<Group, Refusal> {
    if rest.is_empty() {
        return Err(Refusal::NOT_FOUND);
    }
    let group = match rest.rsplit_once('/') {
        None if rest == "update" => Group::InBody,
        Some((image, "update")) if !image.is_empty() => {
            let image = percent_decode_str(image).decode_utf8().map_err(|_| Refusal::UNKNOWN_ACTION)?;
            Group::Named(image.into_owned())
        }
        _ => return Err(Refusal::UNKNOWN_ACTION),
    };
    if method == Method::POST { Ok(group) } else { Err(Refusal::METHOD) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One container is known.
    fn known(id: &str) -> Option<&'static str> {
        (id == "3d4c5b6a7f8e").then_some("nginx")
    }

    #[test]
    fn the_texts_are_those_of_the_contract() {
        for (refusal, status, body) in [
            (Refusal::BAD_PATH, 400, "bad path: /api/images/{id}/{action}\n"),
            (Refusal::UNKNOWN_ACTION, 400, "unknown action\n"),
            (Refusal::NO_CONTAINER, 404, "container not found\n"),
            (Refusal::NO_PROGRESS, 404, "no progress\n"),
            (Refusal::METHOD, 405, "method not allowed\n"),
            (Refusal::BAD_BODY, 400, "bad request\n"),
            (Refusal::NOT_FOUND, 404, "not found\n"),
        ] {
            assert_eq!((refusal.status.as_u16(), refusal.body), (status, body));
        }
    }

    #[test]
    fn requests_for_a_container_are_read_in_the_order_of_the_contract() {
        let id = "3d4c5b6a7f8e";
        for (method, rest, expected) in [
            (Method::POST, format!("{id}/update"), Ok(Action::Update("nginx"))),
            (Method::POST, format!("{id}/auto-update"), Ok(Action::AutoUpdate("nginx"))),
            (Method::GET, format!("{id}/progress"), Ok(Action::Progress(id.to_owned()))),
            // a container that was replaced has no entry any more, but its update has
            (Method::GET, "gone/progress".into(), Ok(Action::Progress("gone".into()))),
            // the path comes first, whatever the method
            (Method::GET, String::new(), Err(Refusal::BAD_PATH)),
            (Method::GET, id.into(), Err(Refusal::BAD_PATH)),
            (Method::POST, format!("{id}/"), Err(Refusal::BAD_PATH)),
            (Method::POST, "/update".into(), Err(Refusal::BAD_PATH)),
            (Method::POST, format!("{id}/update/"), Err(Refusal::BAD_PATH)),
            (Method::DELETE, format!("{id}/update/now"), Err(Refusal::BAD_PATH)),
            // then progress, which is read alone
            (Method::POST, format!("{id}/progress"), Err(Refusal::METHOD)),
            (Method::HEAD, "gone/progress".into(), Err(Refusal::METHOD)),
            // then the method, before container and action are looked at
            (Method::GET, format!("{id}/update"), Err(Refusal::METHOD)),
            (Method::PUT, "gone/auto-update".into(), Err(Refusal::METHOD)),
            (Method::GET, "gone/explode".into(), Err(Refusal::METHOD)),
            // then the container, and the action last
            (Method::POST, "gone/update".into(), Err(Refusal::NO_CONTAINER)),
            (Method::POST, "gone/explode".into(), Err(Refusal::NO_CONTAINER)),
            (Method::POST, format!("{id}/explode"), Err(Refusal::UNKNOWN_ACTION)),
        ] {
            assert_eq!(image(&method, &rest, &known), expected, "{method} {rest}");
        }
    }

    #[test]
    fn an_image_group_is_named_in_the_path_or_in_the_body() {
        for (method, rest, expected) in [
            (Method::POST, "update", Ok(Group::InBody)),
            (Method::POST, "nginx:latest/update", Ok(Group::Named("nginx:latest".into()))),
            (Method::POST, "ghcr.io/acme/app:1/update", Ok(Group::Named("ghcr.io/acme/app:1".into()))),
            (Method::POST, "ghcr.io%2Facme%2Fapp%3A1/update", Ok(Group::Named("ghcr.io/acme/app:1".into()))),
            (Method::GET, "nginx:latest/update", Err(Refusal::METHOD)),
            (Method::GET, "update", Err(Refusal::METHOD)),
            (Method::POST, "", Err(Refusal::NOT_FOUND)),
            (Method::POST, "/update", Err(Refusal::UNKNOWN_ACTION)),
            (Method::POST, "nginx:latest", Err(Refusal::UNKNOWN_ACTION)),
            (Method::POST, "nginx:latest/explode", Err(Refusal::UNKNOWN_ACTION)),
            (Method::POST, "%ff/update", Err(Refusal::UNKNOWN_ACTION)),
        ] {
            assert_eq!(group(&method, rest), expected, "{method} {rest}");
        }
    }
}
