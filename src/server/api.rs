//! The documents that other tools read: pure functions from a snapshot to what is written as JSON, without HTTP.
//!
//! `image_watch`, `cup` and `wud` follow the contracts of the tools of those names to the letter, so that whatever reads them reads
//! Plimsoll with only the address changed; `v1` is Plimsoll's own. What each verdict becomes is one table (ARCHITECTURE.md). The files
//! in `golden/` hold each document in full for a fleet with every verdict. `target` reads which containers a wish means.

pub mod cup;
pub mod image_watch;
mod names;
pub mod target;
mod time;
pub(super) mod told;
pub mod v1;
pub mod wud;

#[cfg(test)]
mod golden;
#[cfg(test)]
pub(super) mod sample;
