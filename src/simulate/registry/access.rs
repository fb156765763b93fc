//! Who may read: everyone, who has a password, or who has a token.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use base64::{Engine, prelude::BASE64_STANDARD};

use crate::image::Digest;

/// Tokens that are kept before those are looked for that have ended.
const GRANTS: usize = 10_000;

/// Who may read.
#[derive(Debug, Clone)]
pub enum Access {
    /// everyone
    Open,
    /// who logs in with each request
    Basic(Login),
    /// who shows a token for the repository; hidden ones are in a token only where the login was right
    Token {
        /// how long a token lives
        lifetime: Duration,
        /// who may see what is hidden
        login: Option<Login>,
    },
}

/// A user and a password: what a simulation knows, never one that guards anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// the name
    pub username: String,
    /// the password
    pub password: String,
}

impl Login {
    /// A login.
    pub fn new(username: &str, password: &str) -> Self {
        Self { username: username.to_owned(), password: password.to_owned() }
    }

    /// Reads the value of an `Authorization: Basic …`.
    pub(super) fn shown(authorization: &str) -> Option<Self> {
        let pair = BASE64_STANDARD.decode(authorization.strip_prefix("Basic ")?).ok()?;
        let (username, password) = std::str::from_utf8(&pair).ok()?.split_once(':')?;
        Some(Self::new(username, password))
    }
}

/// The tokens that were given.
#[derive(Debug, Default)]
pub(super) struct Grants {
    tokens: HashMap<String, Grant>,
    given: u64,
}

/// What a token is good for.
#[derive(Debug)]
struct Grant {
    repositories: Vec<String>,
    until: Instant,
}

impl Grants {
    /// Gives a token that is opaque, as GHCR's are. Without `lifetime` it is none that will be taken.
    pub(super) fn give(&mut self, repositories: Vec<String>, lifetime: Option<Duration>) -> String {
        let now = Instant::now();
        self.given += 1;
        let token = Digest::of(&self.given.to_le_bytes()).hex().to_owned();
        if let Some(lifetime) = lifetime {
            if self.tokens.len() >= GRANTS {
                self.tokens.retain(|_, grant| now < grant.until);
            }
            self.tokens.insert(token.clone(), Grant { repositories, until: now + lifetime });
        }
        token
    }

    /// Whether a token lets its bearer read, and why not.
    pub(super) fn check(&self, token: &str, repository: Option<&str>) -> Result<(), &'static str> {
        match self.tokens.get(token) {
            Some(grant) if Instant::now() < grant.until => {
                let good = repository.is_none_or(|name| grant.repositories.iter().any(|granted| granted == name));
                if good { Ok(()) } else { Err("insufficient_scope") }
            }
            _ => Err("invalid_token"),
        }
    }
}
