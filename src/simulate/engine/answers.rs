//! The documents that an Engine answers, in the shapes of the version that was asked for.

mod container;
mod image;
mod log;
mod network;
mod ports;
mod system;
mod volume;

pub(super) use container::{container, containers};
pub(super) use image::{image, images};
pub(super) use log::log;
pub(super) use network::{network, networks};
pub(super) use system::{info, version};
pub(super) use volume::volumes;
