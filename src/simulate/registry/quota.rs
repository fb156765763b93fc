//! Pulls that are counted, as Docker Hub counts them: a `GET` of a manifest is one, a `HEAD` is none.

use http::{HeaderName, StatusCode};

use super::{
    Shared,
    reply::{self, Answer},
};

/// How long a pull is remembered, in seconds: Docker Hub's six hours. Here it is remembered for ever.
const WINDOW: u32 = 21_600;

/// The pulls that are allowed, and those that are left.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quota {
    pub(super) limit: u32,
    pub(super) remaining: u32,
}

/// Counts an answer about a manifest, and says what is left.
pub(super) fn count(shared: &Shared, answer: Answer, head: bool) -> Answer {
    let mut state = shared.state();
    let Some(quota) = &mut state.quota else { return answer };
    let mut answer = match (head, quota.remaining) {
        (false, 0) => reply::error(StatusCode::TOO_MANY_REQUESTS, "TOOMANYREQUESTS", "You have reached your pull rate limit.", None),
        _ => answer,
    };
    if !head {
        quota.remaining = quota.remaining.saturating_sub(1);
    }
    for (name, number) in [("ratelimit-limit", quota.limit), ("ratelimit-remaining", quota.remaining)] {
        reply::set(&mut answer, HeaderName::from_static(name), &format!("{number};w={WINDOW}"));
    }
    answer
}
