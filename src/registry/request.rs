//! One request: at its turn, bounded, recorded, and tried again where that may help.

use std::time::{Duration, Instant};

use reqwest::{Response, StatusCode};

use super::{clock, one::Registry, pause, trouble};
use crate::{image::Step, wire::Reason};

/// How often one request is sent at most.
const TRIES: u32 = 3;

/// Shortest pause before a second try; before a third it is twice as long. Up to as much again is added by chance, so that many do not
/// come back together.
const PAUSE_MS: u64 = 100;

/// Requests that stay allowed where answers fail to come: fewer would not help a registry that is dead, and its silence would take
/// longer to be noticed.
const UNANSWERED: usize = 8;

/// Why a request gave no answer that is of use.
struct Failure {
    reason: Reason,
    /// whether the same request may succeed later
    passing: bool,
    /// when the registry wants to be asked again
    after: Option<Duration>,
}

impl Registry {
    /// Sends what `build` makes, and again where the registry was overrun, failed, or broke the connection, while the look-up has time.
    /// `shown` is how the request appears in steps.
    pub(super) async fn send(
        &self,
        shown: &str,
        steps: &mut Vec<Step>,
        build: impl Fn() -> reqwest::RequestBuilder,
    ) -> Result<Response, Reason> {
        let mut tries = 1;
        loop {
            let failure = match self.attempt(shown, steps, &build).await {
                Ok(response) => return Ok(response),
                Err(failure) => failure,
            };
            let pause = failure.after.unwrap_or_default().max(by_chance(tries));
            if !failure.passing || tries == TRIES || clock::left() <= pause {
                return Err(failure.reason);
            }
            tries += 1;
            tokio::time::sleep(pause).await;
        }
    }

    /// Sends what `build` makes, once. What comes of it has no bearing on anything else: a failure is none.
    pub(super) async fn send_once(
        &self,
        shown: &str,
        steps: &mut Vec<Step>,
        build: impl Fn() -> reqwest::RequestBuilder,
    ) -> Option<Response> {
        self.attempt(shown, steps, &build).await.ok()
    }

    /// One try.
    async fn attempt(&self, shown: &str, steps: &mut Vec<Step>, build: &impl Fn() -> reqwest::RequestBuilder) -> Result<Response, Failure> {
        let turn = self.turn_to_send().await.map_err(|(reason, told)| {
            steps.push(Step { request: shown.to_owned(), status: None, trouble: Some(told.to_owned()), took_ms: 0 });
            Failure { reason, passing: false, after: None }
        })?;
        let started = Instant::now();
        // should the whole look-up be over before this request is, it stays in the record like this
        steps.push(Step { request: shown.to_owned(), status: None, trouble: None, took_ms: 0 });
        let sent = build().send().await;
        if let Some(step) = steps.last_mut() {
            step.took_ms = milliseconds(started);
            step.status = sent.as_ref().ok().map(|response| response.status().as_u16());
            step.trouble = sent.as_ref().err().map(trouble::words);
        }
        let response = match sent {
            Ok(response) => response,
            Err(error) => {
                if error.is_timeout() {
                    turn.overrun(UNANSWERED);
                }
                let reason = trouble::reason(&error, self.name(), self.timeout);
                return Err(Failure { reason, passing: trouble::is_passing(&error), after: None });
            }
        };
        self.quota.heard(&response);
        match response.status() {
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => turn.overrun(1),
            StatusCode::REQUEST_TIMEOUT | StatusCode::INTERNAL_SERVER_ERROR | StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT => {}
            _ => {
                turn.answered();
                return Ok(response);
            }
        }
        Err(self.failed(response).await)
    }

    /// What an answer says that asks for patience.
    async fn failed(&self, response: Response) -> Failure {
        let mut reason = self.refusal(&response);
        let mut after = pause::of_header(&response);
        if let Reason::RateLimited { retry_after, .. } = &mut reason {
            if after.is_none() {
                after = pause::of_body(response).await;
            }
            *retry_after = after.map(pause::seconds);
        }
        if let Some(after) = after {
            self.limit.pause(after);
        }
        Failure { reason, passing: true, after }
    }

    /// Waits until one more request may be sent. Where that is not within this look-up, why, and how it is told.
    async fn turn_to_send(&self) -> Result<super::limit::Turn<'_>, (Reason, &'static str)> {
        loop {
            if let Some((until, said)) = self.limit.paused() {
                let now = tokio::time::Instant::now();
                if clock::left() <= until.saturating_duration_since(now) {
                    let retry_after = Some(pause::seconds(said.saturating_duration_since(now)));
                    let reason = Reason::RateLimited { registry: self.name().to_owned(), retry_after };
                    return Err((reason, trouble::PAUSED));
                }
                tokio::time::sleep_until(until).await;
            }
            let waits_since = Instant::now();
            let turn = clock::standing(self.limit.turn()).await;
            if let Some(reason) = self.silence.since(waits_since) {
                return Err((reason, trouble::NOT_SENT));
            }
            // the pause may have come while this one waited
            if self.limit.paused().is_none() {
                return Ok(turn);
            }
        }
    }
}

/// The pause behind the try of this number. Without chance it is the shortest one, which is still a pause.
fn by_chance(tries: u32) -> Duration {
    let least = PAUSE_MS << (tries - 1);
    let chance = getrandom::u32().unwrap_or_default();
    Duration::from_millis(least + u64::from(chance) % least)
}

/// Milliseconds since `started`.
fn milliseconds(started: Instant) -> u32 {
    u32::try_from(started.elapsed().as_millis()).unwrap_or(u32::MAX)
}
