//! How far a newer version is away.

use serde::Serialize;

/// How much of the version a candidate changes, smallest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "ssr", derive(serde::Deserialize))]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// the last number
    Patch,
    /// the second number
    Minor,
    /// the first number
    Major,
}
