//! The documents that an Engine answers, in the shapes of the version that was asked for.

mod container;
mod image;
mod system;

pub(super) use container::{container, containers};
pub(super) use image::{image, images};
pub(super) use system::{info, version};
