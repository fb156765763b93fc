//! One request: bounded, recorded, tried again once where the connection broke.

use std::time::{Duration, Instant};

use reqwest::{Response, StatusCode};

use super::{one::Registry, trouble};
use crate::{image::Step, wire::Reason};

/// Shortest pause before a second try; up to as much again is added by chance, so that many do not come back together.
const PAUSE_MS: u64 = 150;

impl Registry {
    /// Sends what `build` makes, and once more where the connection broke or a gateway failed. `shown` is how the request appears in steps.
    pub(super) async fn send(
        &self,
        shown: &str,
        steps: &mut Vec<Step>,
        build: impl Fn() -> reqwest::RequestBuilder,
    ) -> Result<Response, Reason> {
        let mut last = false;
        loop {
            let started = Instant::now();
            // should the whole look-up be over before this request is, it stays in the record like this
            steps.push(Step { request: shown.to_owned(), status: None, trouble: Some(trouble::GIVEN_UP.to_owned()), took_ms: 0 });
            let sent = build().send().await;
            let mut step = Step { request: shown.to_owned(), status: None, trouble: None, took_ms: milliseconds(started) };
            steps.pop();
            let again = match &sent {
                Ok(response) => {
                    step.status = Some(response.status().as_u16());
                    matches!(response.status(), StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT)
                }
                Err(error) => {
                    step.trouble = Some(trouble::words(error));
                    trouble::is_passing(error)
                }
            };
            steps.push(step);
            if !again || last {
                return sent.map_err(|error| trouble::reason(&error, self.name(), self.timeout));
            }
            last = true;
            // without chance the pause is the shortest one, which is still a pause
            let chance = getrandom::u32().unwrap_or_default();
            tokio::time::sleep(Duration::from_millis(PAUSE_MS + u64::from(chance) % PAUSE_MS)).await;
        }
    }
}

/// Milliseconds since `started`.
pub(super) fn milliseconds(started: Instant) -> u32 {
    u32::try_from(started.elapsed().as_millis()).unwrap_or(u32::MAX)
}
