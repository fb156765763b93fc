//! The number of a state of the fleet.

use std::{fmt, str::FromStr};

use serde::Serialize;

/// Names one state of the fleet: `<boot>-<n>`. `n` grows with each change, `boot` names the process, so that numbers of two
/// processes are never compared.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "ssr", derive(serde::Deserialize))]
#[serde(try_from = "String", into = "String")]
pub struct Revision {
    /// names the process; letters and digits
    pub boot: String,
    /// grows by one with each change
    pub n: u64,
}

/// A revision that is not `<boot>-<n>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a revision is `<boot>-<n>`")]
pub struct NotARevision;

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.boot, self.n)
    }
}

impl FromStr for Revision {
    type Err = NotARevision;

    fn from_str(text: &str) -> Result<Self, NotARevision> {
        let (boot, n) = text.split_once('-').ok_or(NotARevision)?;
        let known = !boot.is_empty() && boot.len() <= 32 && boot.bytes().all(|b| b.is_ascii_alphanumeric());
        // `parse` alone would take "+1"
        let plain = n.bytes().all(|b| b.is_ascii_digit());
        if !known || !plain {
            return Err(NotARevision);
        }
        Ok(Self { boot: boot.to_owned(), n: n.parse().map_err(|_| NotARevision)? })
    }
}

impl TryFrom<String> for Revision {
    type Error = NotARevision;

    fn try_from(text: String) -> Result<Self, NotARevision> {
        text.parse()
    }
}

impl From<Revision> for String {
    fn from(revision: Revision) -> Self {
        revision.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_revision_survives_its_text() {
        let revision = Revision { boot: "k3x9".into(), n: 12 };
        assert_eq!(revision.to_string(), "k3x9-12");
        assert_eq!("k3x9-12".parse(), Ok(revision));
    }

    #[test]
    fn what_is_not_a_revision_is_refused() {
        for text in ["", "-", "a-", "-1", "a-+1", "a-1-2", "a b-1", "a-18446744073709551616", "é-1"] {
            assert_eq!(text.parse::<Revision>(), Err(NotARevision), "{text}");
        }
    }
}
