//! Updates against the simulated Engine: as they should go, with every fault at every step, and killed at every step.

mod batches;
mod end;
mod faults;
mod harbour;
mod kills;
mod plain;
mod proofs;
mod shapes;
mod targets;
mod wishes;
