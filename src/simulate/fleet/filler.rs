//! More images than any house has, for benchmarks: made from a number, always the same.

use super::sample::Standing;
use crate::simulate::engine::{Health, State};

/// One image of many.
#[derive(Debug)]
pub(super) struct Filler {
    pub(super) image: String,
    pub(super) standing: Standing,
    pub(super) source: String,
    pub(super) project: String,
    pub(super) state: State,
    pub(super) health: Option<Health>,
    /// name and age in hours of each container
    pub(super) berths: Vec<(String, u32)>,
}

/// What the images are called.
const NAMES: [&str; 12] =
    ["anchor", "beacon", "compass", "dory", "ensign", "fathom", "galley", "hawser", "jetty", "keel", "lantern", "mooring"];

/// Where they come from.
const HOSTS: [&str; 4] = ["docker.io", "ghcr.io", "lscr.io", "quay.io"];

/// The image of a number.
pub(super) fn filler(number: usize) -> Filler {
    let base = format!("{}-{number:05}", NAMES[number % NAMES.len()]);
    let host = HOSTS[number / 3 % HOSTS.len()];
    let standing = match number % 10 {
        7 | 8 => Standing::Rebuilt,
        9 => Standing::Recreate,
        _ => Standing::Current,
    };
    let state = if number.is_multiple_of(17) { State::Exited(0) } else { State::Running };
    let hours = u32::try_from(number % 5000).unwrap_or_default() + 2;
    let mut berths = vec![(base.clone(), hours)];
    if number.is_multiple_of(5) {
        berths.push((format!("{base}-2"), hours + 24));
    }
    Filler {
        image: format!("{host}/harbour/{base}:1.{}", number % 40),
        standing,
        source: format!("https://example.com/harbour/{base}"),
        project: format!("quay-{:03}", number / 8),
        state,
        health: (number.is_multiple_of(3)).then_some(Health::Healthy),
        berths,
    }
}
