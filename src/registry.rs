//! The adapter to OCI registries.
