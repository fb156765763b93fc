//! Plimsoll's own documents, under `/api/v1`. Fields are added, never renamed or removed.

mod fleet;
mod standing;
mod updates;
mod versions;

pub use fleet::{Counts, Fleet, Group, Host, LastGood, Update, Workload, fleet};
pub use standing::{Standing, Word};
pub use updates::{Accepted, End, Layer, Operation, Refused, Step, Updates, Who, Whole, accepted, operation, updates, whole};
pub use versions::{Candidate, PassedOver, Versions};

#[cfg(test)]
mod tests;
