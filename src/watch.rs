//! Keeps the inventory of each host current.
