//! Digests: the name of a content by its hash.

use std::{
    fmt::{self, Write},
    str::FromStr,
};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256, Sha512};

#[cfg(test)]
mod tests;

/// `sha256:` and 64 lower-case hexadecimal digits, or `sha512:` and 128; the two algorithms that the OCI image specification registers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest(String);

/// What is no digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DigestError {
    /// not `algorithm:hexadecimal`
    #[error("a digest is `sha256:` and 64 hexadecimal digits")]
    Form,
    /// an algorithm that is not registered
    #[error("the algorithm of a digest is `sha256` or `sha512`")]
    Algorithm,
    /// too short or too long for its algorithm
    #[error("a digest has 64 hexadecimal digits (sha256) or 128 (sha512)")]
    Length,
}

impl TryFrom<String> for Digest {
    type Error = DigestError;

    fn try_from(text: String) -> Result<Self, DigestError> {
        text.parse()
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.0
    }
}

impl Digest {
    /// The `sha256` digest of a content, byte for byte as it came.
    pub fn of(content: &[u8]) -> Self {
        Self::written("sha256:", &Sha256::digest(content))
    }

    /// Whether this is the digest of `content`, by its own algorithm.
    pub fn fits(&self, content: &[u8]) -> bool {
        if self.0.starts_with("sha512:") { *self == Self::written("sha512:", &Sha512::digest(content)) } else { *self == Self::of(content) }
    }

    /// An algorithm with its colon, and a hash in hexadecimal.
    fn written(algorithm: &str, hash: &[u8]) -> Self {
        let mut text = String::with_capacity(algorithm.len() + 2 * hash.len());
        text.push_str(algorithm);
        for byte in hash {
            write!(text, "{byte:02x}").expect("writing to a string cannot fail");
        }
        Self(text)
    }

    /// The whole text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The hexadecimal part.
    pub fn hex(&self) -> &str {
        self.0.split_once(':').map_or("", |(_, hex)| hex)
    }
}

impl FromStr for Digest {
    type Err = DigestError;

    fn from_str(text: &str) -> Result<Self, DigestError> {
        let (algorithm, hex) = text.split_once(':').ok_or(DigestError::Form)?;
        let length = match algorithm {
            "sha256" => 64,
            "sha512" => 128,
            _ => return Err(DigestError::Algorithm),
        };
        if !hex.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(DigestError::Form);
        }
        if hex.len() != length {
            return Err(DigestError::Length);
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
