//! How many requests of which kind came, so that a test can say how many it takes.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use super::route::Route;

/// Requests by kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// `GET /v2/`
    pub ping: u64,
    /// `HEAD` of a manifest
    pub head: u64,
    /// `GET` of a manifest: what counts as a pull at Docker Hub
    pub get: u64,
    /// pages of tags
    pub tags: u64,
    /// configurations and layers
    pub blob: u64,
    /// requests for a token
    pub token: u64,
    /// requests to Docker Hub's own API, which are none to a registry
    pub hub: u64,
    /// anything else
    pub other: u64,
    /// those of all kinds that showed a user and a password
    pub logins: u64,
    /// those of all kinds with any `Authorization`
    pub authorized: u64,
    /// most requests that were under way at the same time
    pub peak: u64,
}

impl Counts {
    /// All requests.
    pub fn all(&self) -> u64 {
        self.ping + self.head + self.get + self.tags + self.blob + self.token + self.hub + self.other
    }
}

/// The counting. Numbers only ever grow, one by one, so that reading them in between does no harm.
#[derive(Debug, Default)]
pub(super) struct Counter {
    /// in the order of `Counts`
    kinds: [AtomicU64; 8],
    logins: AtomicU64,
    authorized: AtomicU64,
    under_way: AtomicU64,
    peak: AtomicU64,
}

/// A request under way, for as long as it lives.
#[derive(Debug)]
pub(super) struct UnderWay<'a> {
    counter: &'a Counter,
    /// how many there were when it came, itself among them
    pub(super) at_its_start: u64,
}

impl Counter {
    /// Counts a request, which is under way until the answer is dropped.
    pub(super) fn count(&self, route: &Route<'_>, head: bool, authorization: Option<&str>) -> UnderWay<'_> {
        let kind = match route {
            Route::Ping => 0,
            Route::Manifest { .. } if head => 1,
            Route::Manifest { .. } => 2,
            Route::Tags { .. } => 3,
            Route::Blob { .. } => 4,
            Route::Token => 5,
            Route::Hub { .. } => 6,
            Route::Other => 7,
        };
        self.kinds[kind].fetch_add(1, Relaxed);
        if let Some(authorization) = authorization {
            self.authorized.fetch_add(1, Relaxed);
            if authorization.starts_with("Basic ") {
                self.logins.fetch_add(1, Relaxed);
            }
        }
        let now = self.under_way.fetch_add(1, Relaxed) + 1;
        self.peak.fetch_max(now, Relaxed);
        UnderWay { counter: self, at_its_start: now }
    }

    /// What was counted.
    pub(super) fn counts(&self) -> Counts {
        let [ping, head, get, tags, blob, token, hub, other] = [0, 1, 2, 3, 4, 5, 6, 7].map(|kind: usize| self.kinds[kind].load(Relaxed));
        let (logins, authorized, peak) = (self.logins.load(Relaxed), self.authorized.load(Relaxed), self.peak.load(Relaxed));
        Counts { ping, head, get, tags, blob, token, hub, other, logins, authorized, peak }
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.counter.under_way.fetch_sub(1, Relaxed);
    }
}
