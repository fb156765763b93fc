//! An Engine and a registry as HTTP servers inside the process, with faults and delays on demand.
//!
//! The demo is the ordinary program started on them; fault tests and benchmarks use them too. They answer as the real ones do, so that
//! nothing above this room needs to know which of the two it talks to.

pub mod engine;
pub mod fleet;
pub mod registry;
