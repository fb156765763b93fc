//! The fleet, purely: which workloads run on which hosts, and which image each of them uses.

mod order;
mod workload;

pub use order::{Order, needs, order};
pub use workload::{ImageName, Inventory, LocalImage, Workload};
