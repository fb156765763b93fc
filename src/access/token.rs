//! Tokens: 256 random bits, and their hash.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use super::AccessError;

/// Characters of a token.
const LENGTH: usize = 43;

/// Random bytes.
pub(super) fn bytes() -> Result<[u8; 32], AccessError> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| AccessError::Random(error.to_string()))?;
    Ok(bytes)
}

/// A new token.
pub(super) fn random() -> Result<SecretString, AccessError> {
    Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes()?).into())
}

/// Whether `text` may be a token at all.
pub(super) fn has_form(text: &str) -> bool {
    text.len() == LENGTH && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

/// The SHA-256 of a token in hexadecimal: what is stored and compared. To look for a hash tells nobody anything about the token.
pub(super) fn hash(token: &str) -> String {
    hex(&Sha256::digest(token))
}

/// Whether two tokens are the same, compared by their hashes.
pub(super) fn same(token: &SecretString, other: &str) -> bool {
    Sha256::digest(token.expose_secret()) == Sha256::digest(other)
}

/// SHA-256 of a text behind a salt.
pub(super) fn salted(salt: &[u8; 32], text: &str) -> [u8; 32] {
    Sha256::new().chain_update(salt).chain_update(text).finalize().into()
}

/// Bytes in hexadecimal.
fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a string cannot fail");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_its_form_and_a_known_hash() {
        let (token, other) = (random().unwrap(), random().unwrap());
        assert!(has_form(token.expose_secret()));
        assert!(same(&token, token.expose_secret()));
        assert!(!same(&token, other.expose_secret()));
        assert!(!has_form("abc") && !has_form(&" ".repeat(LENGTH)));
        assert_eq!(hash("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
