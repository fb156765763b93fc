//! The fleet, purely: which workloads run on which hosts, and which image each of them uses.

mod workload;

pub use workload::{ImageName, Inventory, LocalImage, Workload};
