//! The adapter to OCI registries: asks what a reference stands for, without spending anybody's pull quota.
//!
//! `HEAD` of a manifest, a token where the registry wants one, and a `GET` only where the `HEAD` does not name the digest. Every request is
//! bounded in time, every registry in requests under way.

mod auth;
mod body;
mod challenge;
mod credentials;
mod details;
mod link;
pub mod listing;
mod manifest;
mod one;
mod page;
mod place;
mod reply;
mod request;
mod silence;
mod tags;
#[cfg(test)]
mod tests;
mod trouble;

use std::{
    collections::{BTreeMap, HashMap},
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use reqwest::{Client, redirect};
use secrecy::SecretString;

use crate::{
    image::{Digest, Reference, Step},
    wire::Reason,
};
use details::Hub;
#[doc(hidden)]
pub use link::next as next_link;
pub use listing::{Listed, Listing, PageMark};
use one::Registry;
use place::Place;

/// How many times as long as one request a whole look-up may take. It has up to six, two of them tried again.
const LOOK_UP: u32 = 3;

/// How the registries are reached.
#[derive(Debug, Clone)]
pub struct Settings {
    /// what is known of single registries, by the host that stands in references (`docker.io` for Docker Hub)
    pub registries: BTreeMap<String, RegistrySettings>,
    /// Docker's `config.json`, whose logins are used where `registries` has none
    pub docker_config: Option<PathBuf>,
    /// how long one request may take
    pub timeout: Duration,
    /// how Plimsoll introduces itself
    pub user_agent: String,
    /// where Docker Hub's own API is, where that is not `https://hub.docker.com`
    pub hub_api: Option<String>,
}

/// What is known of one registry.
#[derive(Debug, Clone, Default)]
pub struct RegistrySettings {
    /// whether it speaks plain http. Loopback always may
    pub insecure: bool,
    /// host and port to connect to, where that is not the host of the reference
    pub address: Option<String>,
    /// the login for it
    pub credentials: Option<Credentials>,
}

/// A user and a password or token.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// the user's name
    pub username: String,
    /// the password, or a token that is used as one
    pub password: SecretString,
}

/// What asking about one reference gave: what was wanted of it, such as its digest.
#[derive(Debug)]
pub struct Lookup<T> {
    /// what was learnt, or why nothing was
    pub answer: Result<T, Reason>,
    /// the requests that were made, in order
    pub steps: Vec<Step>,
    /// how long it took, in milliseconds, without waiting for a turn
    pub took_ms: u32,
}

/// Why no registry can be asked.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// the HTTP client could not be made
    #[error("cannot set up TLS: {0}; is there a CA bundle, such as the package ca-certificates?")]
    Client(#[source] reqwest::Error),
}

/// All registries. Cheap to clone: clones share connections, tokens and limits.
#[derive(Debug, Clone)]
pub struct Registries(Arc<Shared>);

/// What clones share.
#[derive(Debug)]
struct Shared {
    settings: Settings,
    clients: Clients,
    hub: Hub,
    /// by host of the reference; never more than the references that are checked
    known: Mutex<HashMap<String, Arc<Registry>>>,
}

/// The two ways out.
#[derive(Debug)]
struct Clients {
    /// for the internet: through the proxy of the environment
    proxied: Client,
    /// for loopback and private addresses
    direct: Client,
}

impl Registries {
    /// Prepares everything; asks nobody yet.
    pub fn new(settings: Settings) -> Result<Self, RegistryError> {
        // a second call finds it done
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = || {
            Client::builder()
                .user_agent(&settings.user_agent)
                .timeout(settings.timeout)
                .connect_timeout(settings.timeout.min(Duration::from_secs(5)))
                .pool_idle_timeout(Duration::from_secs(20))
                .redirect(redirect::Policy::custom(place::redirect))
        };
        let clients = Clients {
            proxied: builder().build().map_err(RegistryError::Client)?,
            direct: builder().no_proxy().build().map_err(RegistryError::Client)?,
        };
        let hub = Hub::new(&settings, &clients);
        Ok(Self(Arc::new(Shared { settings, clients, hub, known: Mutex::default() })))
    }

    /// Asks what `reference` stands for. Returns within a bounded time, whatever the registry does.
    pub async fn look_up(&self, reference: &Reference) -> Lookup<Digest> {
        self.bounded(reference, async |registry, steps| registry.digest(reference, steps).await).await
    }

    /// Runs `ask` at the registry of `reference` once it is its turn, within a bounded time. Where a registry is silent, it is not run.
    async fn bounded<T>(&self, reference: &Reference, ask: impl AsyncFnOnce(&Registry, &mut Vec<Step>) -> Result<T, Reason>) -> Lookup<T> {
        let registry = self.registry(reference.registry());
        let waits_since = Instant::now();
        let _turn = registry.turn().await;
        if let Some(reason) = registry.silence.since(waits_since) {
            let request = format!("HEAD {}", registry.manifest_url(reference));
            let step = Step { request, status: None, trouble: Some(trouble::NOT_SENT.to_owned()), took_ms: 0 };
            return Lookup { answer: Err(reason), steps: vec![step], took_ms: 0 };
        }
        let started = Instant::now();
        let mut steps = Vec::new();
        let limit = self.0.settings.timeout.saturating_mul(LOOK_UP);
        let answer = tokio::time::timeout(limit, ask(&registry, &mut steps)).await;
        let answer = answer.unwrap_or_else(|_| Err(trouble::timed_out(registry.name().to_owned(), limit)));
        registry.silence.heard(answer.as_ref().err());
        Lookup { answer, steps, took_ms: request::milliseconds(started) }
    }

    /// The login for pulls of `reference`: as configured, else from Docker's own configuration.
    pub async fn login_for(&self, reference: &Reference) -> Option<Credentials> {
        self.registry(reference.registry()).credentials().await.cloned()
    }

    /// The registry of this name, made when it is first asked for.
    fn registry(&self, host: &str) -> Arc<Registry> {
        let Shared { settings, clients, known, .. } = &*self.0;
        // only whole entries are put in: a poisoned map is as good as any
        let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(registry) = known.get(host) {
            return Arc::clone(registry);
        }
        let own = settings.registries.get(host).cloned().unwrap_or_default();
        let place = Place::of(host, own.insecure, own.address.as_deref());
        let client = if place.is_near() { &clients.direct } else { &clients.proxied };
        let registry = Arc::new(Registry::new(place, client.clone(), own.credentials, settings));
        known.insert(host.to_owned(), Arc::clone(&registry));
        registry
    }
}
