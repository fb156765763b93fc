//! What a registry says of the pulls that are left: Docker Hub does, with every answer about a manifest
//! (<https://docs.docker.com/docker-hub/usage/pulls/>).
//!
//! A `HEAD` costs nothing there, a `GET` of a manifest is a pull. The pulls belong to the user: the last of them are not spent on looking.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use jiff::Timestamp;
use reqwest::{Response, header::HeaderName};

use super::one::Registry;
use crate::wire::Reason;

/// So many pulls are left to the user in any case.
const LEAST: u32 = 5;

/// The part of all pulls that is left to the user: a tenth.
const PART: u32 = 10;

/// How long a number counts where no window is named, in seconds: Docker Hub's six hours.
const WINDOW: u32 = 21_600;

/// The pulls that a registry allows and those that are left, as it said last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quota {
    /// the registry, as it stands in references
    pub registry: String,
    /// pulls that are allowed in one window
    pub limit: u32,
    /// pulls that are left
    pub remaining: u32,
    /// how long the window is, in seconds
    pub window_s: u32,
    /// when the registry said so, in Unix seconds
    pub at: i64,
}

/// What one registry said last, if it ever said anything.
#[derive(Debug, Default)]
pub(super) struct Told(Mutex<Option<Numbers>>);

/// What it said.
#[derive(Debug, Clone, Copy)]
struct Numbers {
    limit: u32,
    remaining: u32,
    window_s: u32,
    at: i64,
    heard: Instant,
}

impl Numbers {
    /// Whether what is left belongs to the user. What was said longer than a window ago no longer counts.
    fn is_low(&self) -> bool {
        let fresh = self.heard.elapsed() < Duration::from_secs(self.window_s.into());
        fresh && (self.remaining <= LEAST || self.remaining < self.limit / PART)
    }
}

impl Told {
    /// Takes note of what an answer says, if it says anything.
    pub(super) fn heard(&self, response: &Response) {
        let number = |name: &'static str| read(response.headers().get(HeaderName::from_static(name))?.to_str().ok()?);
        let Some((remaining, window)) = number("ratelimit-remaining") else { return };
        let Some((limit, limit_window)) = number("ratelimit-limit") else { return };
        let window_s = window.or(limit_window).unwrap_or(WINDOW);
        let numbers = Numbers { limit, remaining, window_s, at: Timestamp::now().as_second(), heard: Instant::now() };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(numbers);
    }

    /// What was said last.
    fn numbers(&self) -> Option<Numbers> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Registry {
    /// What it said last of the pulls that are left, if it ever did.
    pub(super) fn quota(&self) -> Option<Quota> {
        let Numbers { limit, remaining, window_s, at, .. } = self.quota.numbers()?;
        Some(Quota { registry: self.name().to_owned(), limit, remaining, window_s, at })
    }

    /// Whether a request may be sent that counts as a pull.
    pub(super) fn affords_a_pull(&self) -> Result<(), Reason> {
        match self.quota.numbers().filter(Numbers::is_low) {
            Some(Numbers { remaining, limit, .. }) => Err(Reason::QuotaLow { registry: self.name().to_owned(), remaining, limit }),
            None => Ok(()),
        }
    }
}

/// `100;w=21600`: a number, and the seconds that it is good for.
fn read(text: &str) -> Option<(u32, Option<u32>)> {
    let mut parts = text.split(';').map(str::trim);
    let number = parts.next()?.parse().ok()?;
    Some((number, parts.find_map(|part| part.strip_prefix("w=")?.parse().ok())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_docker_hub_writes_them() {
        for (text, expected) in [
            ("100;w=21600", Some((100, Some(21_600)))),
            ("0;w=3600", Some((0, Some(3600)))),
            (" 200 ; burst=1 ; w=60", Some((200, Some(60)))),
            ("100", Some((100, None))),
            ("100;w=long", Some((100, None))),
            ("-1;w=60", None),
            ("many", None),
            ("", None),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn the_last_pulls_are_left_to_the_user() {
        for (limit, remaining, low) in [
            (100, 100, false),
            (100, 10, false),
            (100, 9, true),
            (40, 6, false),
            (40, 5, true),
            (200, 19, true),
            (200, 20, false),
            (1, 1, true),
        ] {
            let numbers = Numbers { limit, remaining, window_s: 21_600, at: 0, heard: Instant::now() };
            assert_eq!(numbers.is_low(), low, "{remaining} of {limit}");
            assert!(!Numbers { window_s: 0, ..numbers }.is_low(), "what was said in another window");
        }
    }
}
