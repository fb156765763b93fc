//! Adapters to the places that run containers.
