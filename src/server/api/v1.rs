//! Plimsoll's own documents, under `/api/v1`. Fields are added, never renamed or removed.

mod fleet;
mod standing;

pub use fleet::{Counts, Fleet, Group, Host, LastGood, Update, Workload, fleet};
pub use standing::{Standing, Word};

#[cfg(test)]
mod tests;
