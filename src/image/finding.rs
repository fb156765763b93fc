//! What a check learnt of a reference.

use super::{Digest, Reference};
use crate::wire::Reason;
pub use crate::wire::Step;

/// What a check learnt of one reference. Stored; a verdict is derived from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// what was asked for
    pub reference: Reference,
    /// what was learnt, or why nothing was
    pub answer: Result<Answer, Reason>,
    /// when the answer came, in Unix seconds
    pub at: i64,
    /// how long it took, in milliseconds
    pub took_ms: u32,
    /// the requests that were made for it, in order
    pub steps: Vec<Step>,
}

/// What a registry says of a reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// what its tag stands for: the digest of the index, or of the manifest where there is no index
    pub digest: Digest,
}
