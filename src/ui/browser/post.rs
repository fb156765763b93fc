//! Posts a form without leaving the page.

use std::time::Duration;

use leptos::prelude::{set_timeout, window};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, RequestInit, RequestRedirect, Response, ResponseType};

/// How long an answer is waited for. What was asked for may come to pass all the same.
const PATIENCE: Duration = Duration::from_secs(30);

/// What the server answered.
pub(super) struct Answer {
    /// whether it agrees: a status of 2xx, or the redirect with which forms are answered
    pub(super) ok: bool,
    /// the HTTP status; 0 for a redirect
    pub(super) status: u16,
    /// the body
    pub(super) text: String,
}

/// Posts a form with these fields to `address`; none where the server did not answer in time. A redirect is not followed: it would fetch the page
/// that is open.
pub(super) async fn post(address: &str, body: Option<&str>) -> Option<Answer> {
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_redirect(RequestRedirect::Manual);
    let headers = js_sys::Object::new();
    // fails for no object that was just made
    let _ = js_sys::Reflect::set(&headers, &"accept".into(), &"application/json".into());
    if let Some(body) = body {
        let _ = js_sys::Reflect::set(&headers, &"content-type".into(), &"application/x-www-form-urlencoded".into());
        request.set_body(&body.into());
    }
    request.set_headers(&headers);
    let patience = AbortController::new().ok()?;
    request.set_signal(Some(&patience.signal()));
    // after the answer this does nothing
    set_timeout(move || patience.abort(), PATIENCE);
    let answer: Result<JsValue, JsValue> = JsFuture::from(window().fetch_with_str_and_init(address, &request)).await;
    let response: Response = answer.ok()?.unchecked_into();
    let ok = response.ok() || response.type_() == ResponseType::Opaqueredirect;
    let text = JsFuture::from(response.text().ok()?).await.ok()?.as_string().unwrap_or_default();
    Some(Answer { ok, status: response.status(), text })
}
