//! What a tag stands for, beyond its digest: platforms, the time of creation, the version, sizes.
//!
//! Two manifests are read at most, and one configuration: first the index, then what it names for the platform that matters. What a digest
//! names never changes, so that this is done once for a digest, and never on Docker Hub, where it would be taken from the user's pulls: its
//! own API tells nearly the same for nothing (`hub`).

mod document;
mod hub;

use std::collections::BTreeSet;

use reqwest::{Method, StatusCode, header};

use super::{Lookup, Registries, manifest, one::Registry, reply};
use crate::{
    image::{Details, Digest, Platform, PlatformImage, Reference, Step, reference::DOCKER_HUB},
    wire::Reason,
};
use document::{Config, Document};
pub(super) use hub::Hub;

/// Largest configuration, in bytes.
const CONFIG_SIZE_MAX: usize = 4 * 1024 * 1024;

/// What is wanted of a tag.
#[derive(Debug, Clone, Copy)]
struct Wanted<'a> {
    platforms: &'a BTreeSet<Platform>,
    /// whether the digest of the configuration is needed
    config: bool,
}

/// Who is asked, and the record of it.
struct Asking<'a> {
    registry: &'a Registry,
    repository: &'a str,
    steps: &'a mut Vec<Step>,
    wanted: Wanted<'a>,
}

impl Registries {
    /// Asks what the tag of `reference` stands for; of its platforms the first one that is there of `platforms` matters. Where `known` has
    /// the digest still, a `HEAD` is all that is asked. With `need_config` the digest of that platform's configuration is got too, on Docker
    /// Hub for one pull. Returns within a bounded time, whatever the registry does.
    ///
    /// What is below the index may fail to come: then the details have what was learnt until there.
    pub async fn details(
        &self,
        reference: &Reference,
        platforms: &BTreeSet<Platform>,
        known: Option<&Details>,
        need_config: bool,
    ) -> Lookup<Details> {
        let tagged = tagged(reference);
        let wanted = Wanted { platforms, config: need_config };
        let at_hub = tagged.registry() == DOCKER_HUB && !self.mirrors_hub();
        // Docker Hub's own API wants no token, and what it tells is enough mostly
        self.bounded(&tagged, !at_hub, async |registry, steps| {
            let mut asking = Asking { registry, repository: tagged.repository(), steps, wanted };
            if at_hub { asking.at_hub(&self.0.hub, &tagged, known).await } else { asking.at_registry(&tagged, known).await }
        })
        .await
    }
}

/// The reference by its tag alone, where it has one.
fn tagged(reference: &Reference) -> Reference {
    let text = reference.tag().filter(|_| reference.digest().is_some()).map(|tag| format!("{}:{tag}", reference.name()));
    text.and_then(|text| text.parse().ok()).unwrap_or_else(|| reference.clone())
}

impl Asking<'_> {
    /// What a tag stands for at any registry but Docker Hub.
    async fn at_registry(&mut self, tagged: &Reference, known: Option<&Details>) -> Result<Details, Reason> {
        let digest = match known {
            Some(known) => {
                let digest = self.registry.digest(tagged, self.steps).await?;
                if digest == known.digest {
                    return Ok(self.still(known).await);
                }
                Some(digest)
            }
            None => tagged.digest().cloned(),
        };
        let (digest, document) = self.manifest(digest.as_ref().map_or(tagged.identifier(), Digest::as_str), digest.as_ref()).await?;
        let mut details = Details { digest, platforms: Vec::new(), created: document.created(), version: document.version() };
        if let Some(entries) = &document.manifests {
            details.platforms = document::platforms(entries);
            match self.first_wanted(&details) {
                Some(at) if self.wanted.config || details.created.is_none() => self.learn_child(&mut details, at).await,
                // an index of indexes: what lies one level deeper is what can be run
                None if details.platforms.is_empty() => {
                    if let Some(digest) = document::nested(entries)
                        && let Ok((_, document)) = self.manifest(digest.as_str(), Some(&digest)).await
                    {
                        details.platforms = document::platforms(document.manifests.as_deref().unwrap_or_default());
                    }
                }
                _ => {}
            }
        } else {
            self.learn_single(&mut details, &document).await;
        }
        Ok(details)
    }

    /// What is known already, with what is wanted now and was not then.
    async fn still(&mut self, known: &Details) -> Details {
        let mut details = known.clone();
        if let Some(at) = self.first_wanted(&details).filter(|at| self.wanted.config && details.platforms[*at].config.is_none()) {
            self.learn_child(&mut details, at).await;
        }
        details
    }

    /// Which of the platforms matters.
    fn first_wanted(&self, details: &Details) -> Option<usize> {
        let found = if self.wanted.platforms.is_empty() {
            details.platforms.first()?
        } else {
            self.wanted.platforms.iter().find_map(|platform| details.for_platform(platform))?
        };
        details.platforms.iter().position(|image| image == found)
    }

    /// Reads the manifest of one platform, and its configuration where that is needed. What fails is left out.
    async fn learn_child(&mut self, details: &mut Details, at: usize) {
        let child = details.platforms[at].manifest.clone();
        let Ok((_, document)) = self.manifest(child.as_str(), Some(&child)).await else { return };
        details.created = details.created.or(document.created());
        details.version = details.version.take().or(document.version());
        details.platforms[at].size = document.size().or(details.platforms[at].size);
        let Some(digest) = document.config() else { return };
        if (details.created.is_none() || details.version.is_none())
            && let Some(config) = self.config(&digest).await
        {
            details.created = details.created.or(config.created());
            details.version = details.version.take().or(config.version());
        }
        details.platforms[at].config = Some(digest);
    }

    /// Learns what a manifest without an index says: only its configuration tells what it runs on.
    async fn learn_single(&mut self, details: &mut Details, document: &Document) {
        let Some(digest) = document.config() else { return };
        let Some(config) = self.config(&digest).await else { return };
        details.created = config.created().or(details.created);
        details.version = config.version().or(details.version.take());
        if let Some(platform) = config.platform() {
            let manifest = details.digest.clone();
            details.platforms.push(PlatformImage { platform, manifest, config: Some(digest), size: document.size() });
        }
    }

    /// Reads a manifest or an index. The bytes must have the digest that was asked for, or that the registry names.
    async fn manifest(&mut self, identifier: &str, asked: Option<&Digest>) -> Result<(Digest, Document), Reason> {
        let registry = self.registry;
        let url = registry.place.url(&format!("{}/manifests/{identifier}", self.repository));
        let response = registry.ask(&Method::GET, &url, self.repository, self.steps).await?;
        if response.status() != StatusCode::OK {
            return Err(registry.refusal(&response));
        }
        registry.runnable(&response)?;
        if reply::is_encoded(&response) {
            return Err(registry.bad("a compressed manifest"));
        }
        let named = asked.cloned().or_else(|| reply::digest(&response));
        let body = registry.body(response, manifest::SIZE_MAX).await?.ok_or_else(|| registry.bad("a manifest of more than 4 MiB"))?;
        if named.as_ref().is_some_and(|named| !named.fits(&body)) {
            return Err(registry.bad("a manifest that does not have the digest that it should have"));
        }
        let document =
            serde_json::from_slice(&body).ok().filter(Document::is_any).ok_or_else(|| registry.bad("what came is no manifest"))?;
        Ok((named.unwrap_or_else(|| Digest::of(&body)), document))
    }

    /// Reads a configuration. It often lies elsewhere, and is got there without credentials. None where it cannot be read, for whatever
    /// reason: it is the smaller part of the details.
    async fn config(&mut self, digest: &Digest) -> Option<Config> {
        let registry = self.registry;
        let url = registry.place.url(&format!("{}/blobs/{digest}", self.repository));
        let shown = format!("GET {url}");
        let asked = registry.authorized(self.repository, &shown, self.steps, |authorization| {
            let request = registry.client.get(&url).header(header::ACCEPT_ENCODING, "identity");
            match authorization {
                Some(value) => request.header(header::AUTHORIZATION, value),
                None => request,
            }
        });
        let response = asked.await.ok()?;
        if response.status() != StatusCode::OK || reply::is_encoded(&response) {
            return None;
        }
        let body = registry.body(response, CONFIG_SIZE_MAX).await.ok()??;
        if digest.fits(&body) { serde_json::from_slice(&body).ok() } else { None }
    }
}
