//! One request of a check.

use serde::Serialize;

/// One request of a check, for the person who asks why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ssr", derive(serde::Deserialize))]
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
