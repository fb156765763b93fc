//! The state of the fleet: one writer, many readers, and a log of what changed.
