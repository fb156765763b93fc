//! Plimsoll's own documents, under `/api/v1`. Fields are added, never renamed or removed.

mod fleet;
mod standing;
mod updates;

pub use fleet::{Counts, Fleet, Group, Host, LastGood, Update, Workload, fleet};
pub use standing::{Standing, Word};
pub use updates::{Accepted, End, Layer, Operation, Refused, Step, Updates, Who, Whole, accepted, operation, updates, whole};

#[cfg(test)]
mod tests;
