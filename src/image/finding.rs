//! What a check learnt of a reference.

use serde::{Deserialize, Serialize};

use super::{Digest, Reference};
use crate::wire::Reason;

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

/// One request of a check, for the person who asks why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// method and address, without secrets
    pub request: String,
    /// the HTTP status, where there was an answer
    pub status: Option<u16>,
    /// what failed, where there was none
    pub trouble: Option<String>,
    /// how long it took, in milliseconds
    pub took_ms: u32,
}
