//! The adapter to OCI registries: asks what a reference stands for, without spending anybody's pull quota.
//!
//! `HEAD` of a manifest, a token where the registry wants one, and a `GET` only where the `HEAD` does not name the digest. Every request is
//! bounded in time, every registry in requests under way.

mod auth;
mod body;
mod challenge;
mod clients;
mod clock;
mod credentials;
mod details;
mod limit;
mod link;
pub mod listing;
mod login;
mod manifest;
mod one;
mod page;
mod pause;
mod place;
mod quota;
mod reply;
mod request;
mod settings;
mod silence;
mod tags;
#[cfg(test)]
mod tests;
mod token;
mod trouble;
mod trust;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use crate::{
    image::{Digest, Reference, Step, reference::DOCKER_HUB},
    wire::Reason,
};
#[doc(hidden)]
pub use challenge::read_challenge;
use clients::Clients;
use details::Hub;
#[doc(hidden)]
pub use link::next as next_link;
pub use listing::{Listed, Listing};
use one::Registry;
use place::Place;
pub use quota::Quota;
pub use settings::{Credentials, RegistrySettings, Settings};

/// How many times as long as one request a whole look-up may take. It has up to six, two of them tried again.
const LOOK_UP: u32 = 3;

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
    #[error("cannot set up the way to registries: {0}")]
    Client(#[source] reqwest::Error),
    /// the authorities or the certificate for a registry cannot be read
    #[error("the certificates for the registry {registry} cannot be used: {source}")]
    Certificates {
        /// which one
        registry: String,
        /// what is wrong with them
        source: reqwest::Error,
    },
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

impl Registries {
    /// Prepares everything; asks nobody yet.
    pub fn new(settings: Settings) -> Result<Self, RegistryError> {
        // a second call finds it done
        let _ = rustls::crypto::ring::default_provider().install_default();
        let clients = Clients::new(&settings)?;
        let hub = Hub::new(&settings, &clients);
        Ok(Self(Arc::new(Shared { settings, clients, hub, known: Mutex::default() })))
    }

    /// Asks what `reference` stands for. Returns within a bounded time, whatever the registry does.
    pub async fn look_up(&self, reference: &Reference) -> Lookup<Digest> {
        self.bounded(reference, true, async |registry, steps| registry.digest(reference, steps).await).await
    }

    /// Tells what will be asked about now, so that tokens are got for many at once. What is asked about without that costs a token each.
    pub fn announce<'a>(&self, references: impl IntoIterator<Item = &'a Reference>) {
        let mut by_registry: HashMap<&str, Vec<&str>> = HashMap::new();
        for reference in references {
            by_registry.entry(reference.registry()).or_default().push(reference.repository());
        }
        for (registry, repositories) in by_registry {
            self.registry(registry).login.announce(repositories.into_iter());
        }
    }

    /// What the registries said last of the pulls that are left, in the order of their names. Most say nothing.
    pub fn quotas(&self) -> Vec<Quota> {
        let known = self.0.known.lock().unwrap_or_else(PoisonError::into_inner);
        let mut quotas: Vec<_> = known.values().filter_map(|registry| registry.quota()).collect();
        drop(known);
        quotas.sort_unstable_by(|one, other| one.registry.cmp(&other.registry));
        quotas
    }

    /// Runs `ask` at the registry of `reference` once it is its turn, within a bounded time. Where a registry is silent, it is not run. With
    /// `prepared` the registry's token is got first, together with those of others; else only where `ask` needs it.
    async fn bounded<T>(
        &self,
        reference: &Reference,
        prepared: bool,
        ask: impl AsyncFnOnce(&Registry, &mut Vec<Step>) -> Result<T, Reason>,
    ) -> Lookup<T> {
        let registry = self.registry(reference.registry());
        if registry.ignored {
            let reason = Reason::RegistryIgnored { registry: registry.name().to_owned() };
            return Lookup { answer: Err(reason), steps: Vec::new(), took_ms: 0 };
        }
        // most take one request, and there may be thousands of them
        let mut steps = Vec::with_capacity(1);
        let limit = self.0.settings.timeout.saturating_mul(LOOK_UP);
        let asked = async {
            let waits_since = Instant::now();
            // in boxes, for as long as they are under way: a thousand may wait for their turn at the same time
            if prepared {
                Box::pin(registry.prepare(reference.repository(), &mut steps)).await?;
            }
            let _turn = registry.turn().await;
            if let Some(reason) = registry.silence.since(waits_since) {
                let request = format!("HEAD {}", registry.manifest_url(reference));
                steps.push(Step { request, status: None, trouble: Some(trouble::NOT_SENT.to_owned()), took_ms: 0 });
                return Err(reason);
            }
            let answer = Box::pin(ask(&registry, &mut steps)).await;
            registry.silence.heard(answer.as_ref().err());
            answer
        };
        let (answer, spent) = clock::within(limit, asked).await;
        let answer = answer.unwrap_or_else(|| {
            if let Some(step) = steps.last_mut().filter(|step| step.status.is_none() && step.trouble.is_none()) {
                step.trouble = Some(trouble::GIVEN_UP.to_owned());
            }
            let reason = trouble::timed_out(registry.name().to_owned(), limit);
            registry.silence.heard(Some(&reason));
            Err(reason)
        });
        if answer.is_err() && steps.is_empty() {
            let request = format!("HEAD {}", registry.manifest_url(reference));
            steps.push(Step { request, status: None, trouble: Some(trouble::NO_TOKEN.to_owned()), took_ms: 0 });
        }
        Lookup { answer, steps, took_ms: u32::try_from(spent.as_millis()).unwrap_or(u32::MAX) }
    }

    /// Whether Docker Hub stands behind a mirror, which is asked like any other registry.
    fn mirrors_hub(&self) -> bool {
        let Settings { registries, hub_api, .. } = &self.0.settings;
        hub_api.is_none() && registries.get(DOCKER_HUB).is_some_and(|hub| hub.address.is_some())
    }

    /// The login for pulls of `reference`: as configured, else from files with logins. An identity token is none that a pull could show.
    pub async fn login_for(&self, reference: &Reference) -> Option<Credentials> {
        let registry = self.registry(reference.registry());
        registry.known_for(reference.repository()).await?.password().cloned()
    }

    /// The registry of this name, made when it is first asked for.
    fn registry(&self, host: &str) -> Arc<Registry> {
        let Shared { settings, clients, known, .. } = &*self.0;
        // only whole entries are put in: a poisoned map is as good as any
        let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(registry) = known.get(host) {
            return Arc::clone(registry);
        }
        let own = settings.registries.get(host);
        let place = Place::of(host, own.is_some_and(|own| own.insecure), own.and_then(|own| own.address.as_deref()));
        let client = clients.of(host, place.is_near());
        let registry = Arc::new(Registry::new(place, client, own, settings));
        known.insert(host.to_owned(), Arc::clone(&registry));
        registry
    }
}
