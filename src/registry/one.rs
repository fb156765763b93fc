//! One registry: its place, its login, and its limit.

use std::{path::PathBuf, time::Duration};

use reqwest::Client;
use tokio::sync::{OnceCell, Semaphore, SemaphorePermit};

use super::{
    Credentials, RegistrySettings, Settings, clock, credentials::Known, limit::Limit, login::Login, place::Place, quota::Told,
    silence::Silence,
};
use crate::wire::Reason;

/// One registry.
#[derive(Debug)]
pub(super) struct Registry {
    /// where it is
    pub(super) place: Place,
    /// the way there
    pub(super) client: Client,
    /// how long one request may take
    pub(super) timeout: Duration,
    /// whether it is never asked
    pub(super) ignored: bool,
    /// what it wants to see, and what was got for that
    pub(super) login: Login,
    /// whether it answers at all
    pub(super) silence: Silence,
    /// how many requests it takes at once
    pub(super) limit: Limit,
    /// what it said of the pulls that are left
    pub(super) quota: Told,
    /// the login in Plimsoll's configuration
    pub(super) configured: Option<Credentials>,
    /// files with logins
    pub(super) logins: Vec<PathBuf>,
    /// found when first needed
    pub(super) known: OnceCell<Vec<Known>>,
    /// a permit for each look-up that may be under way
    turns: Semaphore,
}

impl Registry {
    /// Knows it, and asks nothing yet.
    pub(super) fn new(place: Place, client: Client, own: Option<&RegistrySettings>, settings: &Settings) -> Self {
        let limit = Limit::new(place.is_near(), own.and_then(|own| own.at_once));
        Self {
            turns: Semaphore::new(limit.most()),
            place,
            client,
            timeout: settings.timeout,
            ignored: own.is_some_and(|own| own.ignore),
            login: Login::default(),
            silence: Silence::default(),
            limit,
            quota: Told::default(),
            configured: own.and_then(|own| own.credentials.clone()),
            logins: settings.logins.clone(),
            known: OnceCell::new(),
        }
    }

    /// How people know it.
    pub(super) fn name(&self) -> &str {
        &self.place.name
    }

    /// Waits for a turn to ask, which costs the look-up none of its time.
    pub(super) async fn turn(&self) -> SemaphorePermit<'_> {
        clock::standing(self.turns.acquire()).await.expect("the semaphore is never closed")
    }

    /// An answer that no registry should give.
    pub(super) fn bad(&self, detail: &str) -> Reason {
        Reason::BadAnswer { registry: self.name().to_owned(), detail: detail.into() }
    }
}
