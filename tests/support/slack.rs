//! How much longer than promised something may take in a test: a promise in seconds is held on a quiet machine (`make test`), while the
//! noise of a shared one (`make ci` sets `PLIMSOLL_TEST_SLACK`) must not decide what lands.

use std::{env, time::Duration};

/// The promise, times the slack of this run.
pub(crate) fn within(promise: Duration) -> Duration {
    let slack = env::var("PLIMSOLL_TEST_SLACK").ok().and_then(|text| text.parse().ok()).unwrap_or(1);
    promise * slack
}
