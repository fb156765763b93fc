//! The operator's password, plain or as a hash.

use argon2::password_hash::phc::PasswordHash;
use secrecy::{ExposeSecret, SecretString};

/// Longest password, in bytes.
const LENGTH_MAX: usize = 1024;

/// Most memory that a hash may ask for, in KiB: a verification must not exhaust a small machine.
const MEMORY_MAX: u32 = 256 * 1024;

/// Most rounds that a hash may ask for.
const ROUNDS_MAX: u32 = 64;

/// A password as it was configured.
#[derive(Debug, Clone)]
pub enum Password {
    /// itself
    Plain(SecretString),
    /// its argon2 hash in PHC form
    Hash(SecretString),
}

/// What is no password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// nothing
    #[error("empty")]
    Empty,
    /// too long
    #[error("longer than {LENGTH_MAX} bytes")]
    Long,
    /// a hash of another kind, or a broken one
    #[error("a hash, but no whole argon2 hash")]
    Hash,
    /// a hash that asks for too much
    #[error("an argon2 hash that needs more than {} MiB or {ROUNDS_MAX} rounds", MEMORY_MAX / 1024)]
    Costly,
    /// an argon2 hash without its dollars
    #[error("an argon2 hash whose `$` signs are gone (in a compose file write `$$` for each `$`)")]
    Dollars,
}

impl Password {
    /// Tells a hash from a plain password.
    pub fn parse(secret: SecretString) -> Result<Self, PasswordError> {
        let text = secret.expose_secret();
        if text.is_empty() {
            return Err(PasswordError::Empty);
        }
        if text.len() > LENGTH_MAX {
            return Err(PasswordError::Long);
        }
        if looks_like_hash(text) {
            affordable(text)?;
            return Ok(Self::Hash(secret));
        }
        // a compose file replaces `$argon2id` by the value of a variable of that name, which is empty
        if text.contains("m=") && text.contains(",t=") && text.contains(",p=") {
            return Err(PasswordError::Dollars);
        }
        Ok(Self::Plain(secret))
    }
}

/// Whether `text` has the form `$name$…` of hashes.
fn looks_like_hash(text: &str) -> bool {
    let name = text.strip_prefix('$').and_then(|rest| rest.split_once('$')).map(|(name, _)| name);
    name.is_some_and(|name| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'))
}

/// Whether `text` is an argon2 hash that can be verified at a bearable price.
fn affordable(text: &str) -> Result<(), PasswordError> {
    let hash = PasswordHash::new(text).map_err(|_| PasswordError::Hash)?;
    argon2::Algorithm::try_from(hash.algorithm.as_str()).map_err(|_| PasswordError::Hash)?;
    let params = argon2::Params::try_from(&hash).map_err(|_| PasswordError::Hash)?;
    if hash.hash.is_none() || hash.salt.is_none() {
        return Err(PasswordError::Hash);
    }
    if params.m_cost() > MEMORY_MAX || params.t_cost() > ROUNDS_MAX {
        return Err(PasswordError::Costly);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$S5m1Y9Dq8tT5m0pYcI3u0v4i6Xw0f7N9G2r1b8K3aQE";

    #[test]
    fn a_hash_is_told_from_a_password() {
        for (text, expected) in [
            ("hunter2", Ok("plain")),
            ("$ecret", Ok("plain")),
            ("$5", Ok("plain")),
            (HASH, Ok("hash")),
            ("", Err(PasswordError::Empty)),
            ("$2y$10$abcdefghijklmnopqrstuv", Err(PasswordError::Hash)),
            ("$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ", Err(PasswordError::Hash)),
            (
                "$argon2id$v=19$m=4194304,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$S5m1Y9Dq8tT5m0pYcI3u0v4i6Xw0f7N9G2r1b8K3aQE",
                Err(PasswordError::Costly),
            ),
            ("=19=19456,m=19456,t=2,p=1", Err(PasswordError::Dollars)),
        ] {
            let kind = Password::parse(text.into()).map(|password| match password {
                Password::Plain(_) => "plain",
                Password::Hash(_) => "hash",
            });
            assert_eq!(kind, expected, "{text}");
        }
        assert_eq!(Password::parse("x".repeat(1025).into()).err(), Some(PasswordError::Long));
        assert!(!format!("{:?}", Password::parse("hunter2".into())).contains("hunter2"));
    }
}
