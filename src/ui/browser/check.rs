//! Sends the wish for a check.

use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{RequestInit, RequestRedirect, Response, ResponseType};

use crate::ui::state::{State, Wish};

/// Posts to the address of the form whenever a check is wished for. That it runs is told by the event stream.
pub(super) fn check(state: State) {
    Effect::new(move |_| {
        if state.wish.get() == Wish::Sent {
            let address = state.base().to("/check");
            spawn_local(async move { state.wish.set(post(&address).await) });
        }
    });
}

/// What became of it. The redirect with which forms are answered is not followed: it would fetch the page that is open.
async fn post(address: &str) -> Wish {
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_redirect(RequestRedirect::Manual);
    let headers = js_sys::Object::new();
    // fails for no object that was just made
    let _ = js_sys::Reflect::set(&headers, &"accept".into(), &"application/json".into());
    request.set_headers(&headers);
    let answer: Result<JsValue, JsValue> = JsFuture::from(window().fetch_with_str_and_init(address, &request)).await;
    match answer.map(Response::unchecked_from_js) {
        Ok(response) if response.ok() || response.type_() == ResponseType::Opaqueredirect => Wish::None,
        Ok(response) if response.status() == 429 => Wish::Refused,
        _ => Wish::Failed,
    }
}
