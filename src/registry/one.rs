//! One registry: its place, its login, and its limit.

use std::{path::PathBuf, time::Duration};

use reqwest::Client;
use tokio::sync::{OnceCell, Semaphore, SemaphorePermit};

use super::{Credentials, Settings, auth::Login, credentials, place::Place, silence::Silence};

/// Requests under way to a registry on the internet.
const FAR: usize = 32;

/// Requests under way to a registry on this machine or in a private network.
const NEAR: usize = 256;

/// How long a credential helper may take.
const HELPER_WITHIN: Duration = Duration::from_secs(10);

/// One registry.
#[derive(Debug)]
pub(super) struct Registry {
    /// where it is
    pub(super) place: Place,
    /// the way there
    pub(super) client: Client,
    /// how long one request may take
    pub(super) timeout: Duration,
    /// what it wants to see, and what was got for that
    pub(super) login: Login,
    /// whether it answers at all
    pub(super) silence: Silence,
    /// a permit for each look-up that may be under way
    turns: Semaphore,
    /// the login in Plimsoll's configuration
    configured: Option<Credentials>,
    /// where Docker keeps logins
    docker_config: Option<PathBuf>,
    /// found when first needed
    credentials: OnceCell<Option<Credentials>>,
}

impl Registry {
    /// Knows it, and asks nothing yet.
    pub(super) fn new(place: Place, client: Client, configured: Option<Credentials>, settings: &Settings) -> Self {
        Self {
            turns: Semaphore::new(if place.is_near() { NEAR } else { FAR }),
            place,
            client,
            timeout: settings.timeout,
            login: Login::default(),
            silence: Silence::default(),
            configured,
            docker_config: settings.docker_config.clone(),
            credentials: OnceCell::new(),
        }
    }

    /// How people know it.
    pub(super) fn name(&self) -> &str {
        &self.place.name
    }

    /// Waits for a turn to ask.
    pub(super) async fn turn(&self) -> SemaphorePermit<'_> {
        self.turns.acquire().await.expect("the semaphore is never closed")
    }

    /// The login for it: as configured, else from Docker's own configuration.
    pub(super) async fn credentials(&self) -> Option<&Credentials> {
        let find = || async {
            if self.configured.is_some() {
                return self.configured.clone();
            }
            let (config, name) = (self.docker_config.clone()?, self.name().to_owned());
            let read = tokio::task::spawn_blocking(move || credentials::from_docker(&config, &name));
            tokio::time::timeout(HELPER_WITHIN, read).await.ok()?.ok()?
        };
        self.credentials.get_or_init(find).await.as_ref()
    }
}
