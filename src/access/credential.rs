//! The operator's name and password, as an argon2 hash.

use std::time::Duration;

use argon2::{Argon2, PasswordHasher, PasswordVerifier, password_hash};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use tokio::{sync::Semaphore, task::spawn_blocking, time::timeout};

use super::AccessError;
use crate::config::Password;

/// How long to wait for the one thread that compares.
const PATIENCE: Duration = Duration::from_secs(10);

/// Name and hash. It has no `Debug`: a hash is a secret too.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Credential {
    pub(super) user: String,
    /// in PHC form
    pub(super) hash: String,
}

/// Compares passwords with hashes, one at a time: each needs some 20 MB and some 20 ms of a core.
pub(super) struct Verifier(Semaphore);

/// The argon2id hash of a password in PHC form. It takes its time: never call it on a thread that serves.
pub fn hash(password: &SecretString) -> Result<String, AccessError> {
    let hash = Argon2::default().hash_password(password.expose_secret().as_bytes());
    hash.map(|hash: password_hash::phc::PasswordHash| hash.to_string()).map_err(|error| AccessError::Hash(error.to_string()))
}

impl Verifier {
    /// One that is free.
    pub(super) fn new() -> Self {
        Self(Semaphore::new(1))
    }

    /// Whether `password` is the one that `hash` was made of.
    pub(super) async fn verify(&self, password: &SecretString, hash: &str) -> Result<bool, AccessError> {
        let (password, hash) = (password.clone(), hash.to_owned());
        self.aside(move || match Argon2::default().verify_password(password.expose_secret().as_bytes(), hash.as_str()) {
            Ok(()) => Ok(true),
            Err(password_hash::Error::PasswordInvalid) => Ok(false),
            Err(error) => Err(AccessError::Hash(error.to_string())),
        })
        .await
    }

    /// The hash of a password.
    pub(super) async fn hash(&self, password: &SecretString) -> Result<String, AccessError> {
        let password = password.clone();
        self.aside(move || hash(&password)).await
    }

    /// The configured credential. A plain password keeps the hash that was made of it before, so that it can be told whether it changed.
    pub(super) async fn adopt(&self, user: &str, password: &Password, seen: Option<&Credential>) -> Result<Credential, AccessError> {
        let hash = match password {
            Password::Hash(hash) => hash.expose_secret().to_owned(),
            Password::Plain(plain) => match seen.filter(|seen| seen.user == user) {
                Some(seen) if self.verify(plain, &seen.hash).await.unwrap_or(false) => seen.hash.clone(),
                _ => self.hash(plain).await?,
            },
        };
        Ok(Credential { user: user.to_owned(), hash })
    }

    /// Runs `work` on a thread where it holds nobody up.
    async fn aside<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T, AccessError> + Send + 'static) -> Result<T, AccessError> {
        let busy = |_| AccessError::Hash("too many logins at once".to_owned());
        let permit = timeout(PATIENCE, self.0.acquire()).await.map_err(busy)?;
        let done = spawn_blocking(work).await;
        drop(permit);
        done.map_err(|error| AccessError::Hash(error.to_string()))?
    }
}
