//! Why somebody is not let in.

use crate::store::StoreError;

/// What access itself cannot do.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// the database failed
    #[error(transparent)]
    Store(StoreError),
    /// the system gives no random numbers
    #[error("the system gives no random numbers: {0}")]
    Random(String),
    /// a password could not be hashed or compared
    #[error("a password cannot be compared with its hash: {0}")]
    Hash(String),
}

/// Why a login failed.
#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    /// no user or no password: 400
    #[error("user and password are needed")]
    Incomplete,
    /// not the user, or not the password: 401
    #[error("user or password is wrong")]
    Wrong,
    /// too many tries: 429
    #[error("too many tries: wait {seconds} s")]
    TooMany {
        /// how long to wait
        seconds: u32,
    },
    /// there is no password yet
    #[error("no password is set yet: use the one-time link in Plimsoll's log, or set PLIMSOLL_USER and PLIMSOLL_PASSWORD")]
    NoPassword,
    /// `auth = "none"`
    #[error("no login is needed: `auth` is \"none\"")]
    NotNeeded,
    /// it could not be tried: 500
    #[error(transparent)]
    Failed(#[from] AccessError),
}

/// Why no password was set.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    /// the link is not, or no longer, the one in the log: 403
    #[error("this link is no longer valid: the newest one is in Plimsoll's log")]
    Link,
    /// there is a password already, or none is needed: 409
    #[error("a password is set already")]
    Done,
    /// too many tries: 429
    #[error("too many tries: wait {seconds} s")]
    TooMany {
        /// how long to wait
        seconds: u32,
    },
    /// no name: 422
    #[error("a user name has 1 to 64 characters")]
    User,
    /// no password: 422
    #[error("a password has at least {} characters and at most 1024 bytes", crate::wire::PASSWORD_MIN)]
    Password,
    /// it could not be done: 500
    #[error(transparent)]
    Failed(#[from] AccessError),
}
