//! Plimsoll shows which containers have fallen behind their registry, says what would change, and brings them up to date.
//!
//! # Layout
//! A room uses only the rooms below it in this list; `tests/house.rs` holds every `use crate::` line against it.
//! `ARCHITECTURE.md` tells what lives where and follows a check, an update and a page through the rooms.

#![recursion_limit = "256"]

#[cfg(all(feature = "ssr", feature = "hydrate"))]
compile_error!(
    "the features `ssr` and `hydrate` exclude each other: build with `-p plimsoll` or `-p plimsoll-client`, never `--workspace`"
);

// from top to bottom: a room uses only those below it
#[cfg(feature = "ssr")]
pub mod cli;
#[cfg(feature = "ssr")]
pub mod server;
pub mod ui;
#[cfg(feature = "ssr")]
pub mod app;
#[cfg(feature = "ssr")]
pub mod update;
#[cfg(feature = "ssr")]
pub mod check;
#[cfg(feature = "ssr")]
pub mod watch;
#[cfg(feature = "ssr")]
pub mod access;
#[cfg(feature = "ssr")]
pub mod live;
#[cfg(feature = "ssr")]
pub mod host;
#[cfg(feature = "ssr")]
pub mod registry;
#[cfg(feature = "ssr")]
pub mod compose;
#[cfg(feature = "ssr")]
pub mod store;
#[cfg(feature = "ssr")]
pub mod simulate;
#[cfg(feature = "ssr")]
pub mod config;
#[cfg(feature = "ssr")]
pub mod fleet;
#[cfg(feature = "ssr")]
pub mod image;
pub mod wire;

#[cfg(all(test, feature = "ssr"))]
#[path = "../tests/support/slack.rs"]
mod slack;

#[cfg(feature = "hydrate")]
pub use ui::hydrate;
