//! Logins: which there are for a registry, and whether they were ever good.

mod files;
mod helper;

use std::{
    path::PathBuf,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use secrecy::SecretString;
use tokio::sync::MutexGuard;

use super::{Credentials, one::Registry};
use files::Stored;

/// How long refused credentials are not tried again: registries block whoever keeps trying.
const REFUSED_FOR: Duration = Duration::from_mins(10);

/// A login that is known for a registry, or for a part of it.
#[derive(Debug)]
pub(super) struct Known {
    /// the first parts of the repositories that it is for: `acme`. Empty where it is for all
    pub(super) namespace: String,
    /// what is shown
    pub(super) shown: Secret,
    /// how it fared
    pub(super) trial: Trial,
}

/// What is shown to prove who asks.
#[derive(Debug, Clone)]
pub(super) enum Secret {
    /// a user and a password
    Password(Credentials),
    /// an identity token, which is exchanged for others
    Identity(SecretString),
}

/// Whether credentials are good.
#[derive(Debug, Default)]
pub(super) struct Trial {
    /// whether they were accepted once
    accepted: AtomicBool,
    /// when they were refused last
    refused: Mutex<Option<Instant>>,
    /// held while they are tried that were never accepted yet, so that wrong ones are tried once and not by everyone at once
    first: tokio::sync::Mutex<()>,
}

impl Known {
    /// A login that was never tried.
    pub(super) fn new(namespace: String, secret: Secret) -> Self {
        Self { namespace, shown: secret, trial: Trial::default() }
    }

    /// The place of the login for `repository` among `all`: of several that fit, the most specific one.
    pub(super) fn of(all: &[Self], repository: &str) -> Option<usize> {
        let fits = |known: &Self| files::is_within(repository, &known.namespace);
        let fitting = all.iter().enumerate().filter(|(_, known)| fits(known));
        // of two that are as specific the first counts
        fitting.rev().max_by_key(|(_, known)| known.namespace.len()).map(|(place, _)| place)
    }

    /// The user and the password, where it is these that are known.
    pub(super) fn password(&self) -> Option<&Credentials> {
        match &self.shown {
            Secret::Password(credentials) => Some(credentials),
            Secret::Identity(_) => None,
        }
    }
}

impl Trial {
    /// Waits until nobody else tries them for the first time. None where they were accepted before.
    pub(super) async fn careful(&self) -> Option<MutexGuard<'_, ()>> {
        if self.accepted.load(Relaxed) {
            return None;
        }
        let first = self.first.lock().await;
        // while this one waited another may have found them good
        (!self.accepted.load(Relaxed)).then_some(first)
    }

    /// They are good.
    pub(super) fn accepted(&self) {
        self.accepted.store(true, Relaxed);
    }

    /// They are not.
    pub(super) fn refused(&self) {
        *self.refused.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// Whether they were refused not long ago.
    pub(super) fn was_refused(&self) -> bool {
        let refused = *self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        refused.is_some_and(|at| at.elapsed() < REFUSED_FOR)
    }
}

impl Registry {
    /// The logins for it: as configured, else from files. Found when first needed.
    pub(super) async fn known(&self) -> &[Known] {
        let find = async || match &self.configured {
            Some(credentials) => vec![Known::new(String::new(), Secret::Password(credentials.clone()))],
            None => find(self.logins.clone(), self.name().to_owned()).await,
        };
        self.known.get_or_init(find).await
    }

    /// The login for a repository.
    pub(super) async fn known_for(&self, repository: &str) -> Option<&Known> {
        let all = self.known().await;
        all.get(Known::of(all, repository)?)
    }
}

/// The logins that `paths` have for `registry`.
///
/// A file that is absent or broken, and a helper that fails, are as no login: most images are public, and one that is not says so itself.
async fn find(paths: Vec<PathBuf>, registry: String) -> Vec<Known> {
    let read = tokio::task::spawn_blocking(move || files::read(&paths, &registry));
    let mut known = Vec::new();
    for (namespace, stored) in read.await.unwrap_or_default() {
        let secret = match stored {
            Stored::Secret(secret) => Some(secret),
            Stored::Helper { name, server } => helper::ask(&helper::program(&name), &server).await,
        };
        known.extend(secret.map(|secret| Known::new(namespace, secret)));
    }
    known
}
