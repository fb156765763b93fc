//! The configuration: read once, checked whole before a port opens.
