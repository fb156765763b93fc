//! The inventory: one list, and then only what the list leaves open.
//!
//! Docker's list names the reference that a container was started from while that still stands for the container's image, and the image
//! id where it does not. So of a container nothing more is asked but in the second case; of each image once, until something changes.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, Mutex},
    time::Duration,
};

use futures_util::{StreamExt, TryStreamExt, stream};
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use super::{
    answers::{Container, Image, Listed},
    api::{self, ALL, ONE},
    aside,
    images::{Facts, Images, full_id},
    lock,
    session::{Flavour, Session},
    transport::Transport,
    workload::{Dialect, Seen, store_by_images, workload},
};
use crate::{fleet::Inventory, host::HostError, image::Reference};

/// Requests in flight at once.
const AT_ONCE: usize = 16;

/// Longest time for all of it.
const WHOLE: Duration = Duration::from_mins(2);

/// The inventory of the Engine behind `transport`.
pub(super) async fn take(transport: &Transport, session: &Session, images: &Mutex<Images>, all: bool) -> Result<Inventory, HostError> {
    timeout(WHOLE, Gathering { transport, session, images }.take(all)).await.unwrap_or_else(|_| {
        let request = "the whole inventory".to_owned();
        Err(HostError::TimedOut { address: transport.address(), request, seconds: WHOLE.as_secs() })
    })
}

/// What gathering an inventory needs.
struct Gathering<'a> {
    transport: &'a Transport,
    session: &'a Session,
    images: &'a Mutex<Images>,
}

impl Gathering<'_> {
    async fn take(&self, all: bool) -> Result<Inventory, HostError> {
        let generation = lock(self.images).generation();
        let path = self.session.path(if all { "/containers/json?all=1" } else { "/containers/json" });
        let listed: Vec<Listed> = api::get(self.transport, &path, ALL).await?;
        let details = self.details(&listed).await?;
        let facts = self.facts(&listed).await?;
        let named = self.named(&listed, &details).await?;

        let store = self.session.store.or_else(|| store_by_images(facts.values().map(Arc::as_ref)));
        let dialect = Dialect { flavour: self.session.flavour, store };
        let mut workloads: Vec<_> = listed
            .iter()
            // gone between the list and the question
            .filter(|listed| !matches!(details.get(&listed.id), Some(Detail::Gone)))
            .map(|listed| {
                let (written, health) = match details.get(&listed.id) {
                    Some(Detail::Known { written, health }) => (written.as_str(), health.as_deref()),
                    _ => (listed.image.as_str(), None),
                };
                let image = facts.get(&full_id(&listed.image_id)).map(Arc::as_ref);
                workload(dialect, Seen { listed, written, health, image, named: named.get(written) })
            })
            .collect();
        workloads = aside::settle(workloads);
        workloads.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.id.cmp(&b.id)));

        let written = details.into_iter().filter_map(|(id, detail)| Some((id, detail.written()?))).collect();
        lock(self.images).remember(generation, facts, written);
        Ok(Inventory { engine: self.session.text.clone(), workloads })
    }

    /// What the list leaves open of containers, by container id.
    async fn details(&self, listed: &[Listed]) -> Result<HashMap<String, Detail>, HostError> {
        let podman = self.session.flavour == Flavour::Podman;
        // Podman's list says nothing of health, and keeps the name when it stands for another image
        let open = |listed: &&Listed| podman || listed.image.is_empty() || listed.image.starts_with("sha256:");
        let open: Vec<String> = listed.iter().filter(open).map(|listed| listed.id.clone()).collect();
        stream::iter(open).map(|id| self.detail(id, podman)).buffer_unordered(AT_ONCE).try_collect().await
    }

    /// What the list leaves open of one container.
    async fn detail(&self, id: String, podman: bool) -> Result<(String, Detail), HostError> {
        if let Some(written) = lock(self.images).written(&id).filter(|_| !podman) {
            return Ok((id, Detail::Known { written, health: None }));
        }
        let detail = match self.ask::<Container>(&format!("/containers/{}/json", api::path(&id))).await? {
            Asked::Answered(container) if !container.config.image.is_empty() => {
                let health = podman.then_some(container.state.health.status);
                Detail::Known { written: container.config.image, health }
            }
            Asked::Answered(_) | Asked::Withheld => Detail::Unknown,
            Asked::Missing => Detail::Gone,
        };
        Ok((id, detail))
    }

    /// The images that containers run, by image id.
    async fn facts(&self, listed: &[Listed]) -> Result<HashMap<String, Arc<Facts>>, HostError> {
        let ids: BTreeSet<String> = listed.iter().map(|listed| full_id(&listed.image_id)).filter(|id| !id.is_empty()).collect();
        let found: Vec<Option<(String, Arc<Facts>)>> = stream::iter(ids)
            .map(|id| async move {
                if let Some(facts) = lock(self.images).facts(&id) {
                    return Ok(Some((id, facts)));
                }
                Ok::<_, HostError>(self.image(&id).await?.map(|facts| (id, Arc::new(facts))))
            })
            .buffer_unordered(AT_ONCE)
            .try_collect()
            .await?;
        Ok(found.into_iter().flatten().collect())
    }

    /// What names stand for that may stand for another image than their container runs, by the name as written.
    async fn named(&self, listed: &[Listed], details: &HashMap<String, Detail>) -> Result<BTreeMap<String, Facts>, HostError> {
        let written: BTreeSet<&str> = listed
            .iter()
            .filter_map(|listed| match details.get(&listed.id) {
                Some(Detail::Known { written, .. }) => Some(written.as_str()),
                _ => None,
            })
            .collect();
        let mut open: Vec<(String, Reference)> = Vec::new();
        for written in written {
            // a digest stands for what it stands for
            if let Some(reference) = written.parse().ok().filter(|reference: &Reference| reference.digest().is_none()) {
                open.push((written.to_owned(), reference));
            }
        }
        let found: Vec<Option<(String, Facts)>> = stream::iter(open)
            // in full: Podman asks its configuration what a short name means
            .map(|(written, reference)| async move {
                let facts = self.image(&reference.to_string()).await?;
                Ok::<_, HostError>(facts.map(|facts| (written, facts)))
            })
            .buffer_unordered(AT_ONCE)
            .try_collect()
            .await?;
        Ok(found.into_iter().flatten().collect())
    }

    /// The image of this id or name.
    async fn image(&self, name: &str) -> Result<Option<Facts>, HostError> {
        match self.ask::<Image>(&format!("/images/{}/json", api::path(name))).await? {
            Asked::Answered(image) => Ok(Some(image.into())),
            Asked::Missing | Asked::Withheld => Ok(None),
        }
    }

    /// Asks for one thing. That the Engine stumbles over it must not spoil the others; that the connection breaks must.
    async fn ask<T: DeserializeOwned>(&self, path: &str) -> Result<Asked<T>, HostError> {
        match api::find(self.transport, &self.session.path(path), ONE).await {
            Ok(Some(answer)) => Ok(Asked::Answered(answer)),
            Ok(None) => Ok(Asked::Missing),
            Err(error @ (HostError::Refused { .. } | HostError::BadAnswer { .. } | HostError::TimedOut { .. })) => {
                tracing::warn!(%error, "left open what could not be asked");
                Ok(Asked::Withheld)
            }
            Err(error) => Err(error),
        }
    }
}

/// The answer to a question for one thing.
enum Asked<T> {
    Answered(T),
    /// there is none
    Missing,
    /// refused, broken or late
    Withheld,
}

/// What was learnt of a container beyond the list.
enum Detail {
    Known {
        /// what it was started from
        written: String,
        /// what its health check says, where the list does not
        health: Option<String>,
    },
    /// the Engine would not tell
    Unknown,
    /// it is no more
    Gone,
}

impl Detail {
    fn written(self) -> Option<String> {
        match self {
            Self::Known { written, .. } => Some(written),
            Self::Unknown | Self::Gone => None,
        }
    }
}
