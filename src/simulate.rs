//! An Engine and a registry as HTTP servers inside the process, with faults and delays on demand.

pub mod engine;
