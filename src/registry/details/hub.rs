//! Docker Hub's own API, which tells of a tag what elsewhere takes two manifests and a configuration, and takes no pull for it. Asked
//! without a login: of what is private it knows nothing then, and the digest alone is learnt.
//!
//! It has a limit of its own, of some hundred requests a minute, and says in each answer what is left of it.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::{Response, StatusCode, Url, header};
use serde::Deserialize;

use super::{Asking, document};
use crate::{
    image::{Details, Digest, Platform, PlatformImage, Reference, Step, reference::DOCKER_HUB},
    registry::{Settings, clients::Clients, one::Registry, pause, place::Place, reply, trouble},
    wire::Reason,
};

/// Where it answers.
const ADDRESS: &str = "https://hub.docker.com";

/// Its name where certificates are set: those for the registry may be a mirror's.
const HOST: &str = "hub.docker.com";

/// Largest answer, in bytes: a tag has some dozen images at most, of some hundred bytes each.
const SIZE_MAX: usize = 1024 * 1024;

/// With no more requests left than this it is given a rest.
const LOW: i64 = 5;

/// How long the rest is where it is not said, in seconds. The limit is one of a minute.
const REST: i64 = 60;

/// The way to the API. It has its own limit, its own pauses and its own silence: what becomes of it is nothing to the registry.
#[derive(Debug)]
pub(in crate::registry) struct Hub {
    address: String,
    asked: Registry,
}

/// A tag, as the API has it.
#[derive(Debug, Deserialize)]
struct Tag {
    digest: Option<String>,
    #[serde(rename = "tag_last_pushed")]
    pushed: Option<String>,
    #[serde(rename = "last_updated")]
    updated: Option<String>,
    images: Option<Vec<Image>>,
}

/// The image for one platform.
#[derive(Debug, Deserialize)]
struct Image {
    os: Option<String>,
    architecture: Option<String>,
    variant: Option<String>,
    digest: Option<String>,
    size: Option<u64>,
}

impl Hub {
    /// The way there, as it is set.
    pub(in crate::registry) fn new(settings: &Settings, clients: &Clients) -> Self {
        let address = settings.hub_api.as_deref().unwrap_or(ADDRESS).trim_end_matches('/').to_owned();
        let authority = address.parse::<Url>().ok().map(|url| url.authority().to_owned());
        let place = Place::of(DOCKER_HUB, false, authority.as_deref());
        let client = clients.of(HOST, place.is_near());
        Self { address, asked: Registry::new(place, client, None, settings) }
    }

    /// How long it still rests, in seconds.
    fn rests(&self) -> Option<u32> {
        let (_, said) = self.asked.limit.paused()?;
        Some(pause::seconds(said.saturating_duration_since(tokio::time::Instant::now())))
    }

    /// Takes note of what a good answer says of the limit. Answers of 429 are taken note of where every request is sent.
    fn hear(&self, response: &Response) {
        let number = |name: &str| response.headers().get(name)?.to_str().ok()?.trim().parse::<i64>().ok();
        if number("x-ratelimit-remaining").is_some_and(|left| left <= LOW) {
            // the time of the reset is in Unix seconds
            let rest = number("x-ratelimit-reset").map_or(REST, |reset| reset - Timestamp::now().as_second());
            self.asked.limit.pause(Duration::from_secs(rest.clamp(1, REST).unsigned_abs()));
        }
    }
}

impl Asking<'_> {
    /// What a tag stands for on Docker Hub.
    pub(super) async fn at_hub(&mut self, hub: &Hub, tagged: &Reference, known: Option<&Details>) -> Result<Details, Reason> {
        // a HEAD is no pull either, and the registry bears more of them than the API of its requests
        let mut digest = None;
        if let Some(known) = known {
            self.registry.prepare(self.repository, self.steps).await?;
            let found = self.registry.digest(tagged, self.steps).await?;
            if found == known.digest {
                return Ok(self.still(known).await);
            }
            digest = Some(found);
        }
        let tag = match tagged.tag() {
            Some(tag) => self.hub_tag(hub, tag).await?,
            // it knows tags alone
            None => None,
        };
        let named = tag.as_ref().and_then(|tag| tag.digest.as_ref()?.parse::<Digest>().ok());
        let digest = if let Some(digest) = named.or(digest) {
            digest
        } else {
            self.registry.prepare(self.repository, self.steps).await?;
            self.registry.digest(tagged, self.steps).await?
        };
        let mut details = Details { digest, platforms: Vec::new(), created: None, version: None };
        if let Some(tag) = tag {
            details.created = tag.pushed.as_deref().or(tag.updated.as_deref()).and_then(document::time);
            details.platforms = tag.images.unwrap_or_default().iter().filter_map(Image::platform_image).collect();
        }
        if let Some(at) = self.first_wanted(&details).filter(|_| self.wanted.config) {
            // the one pull; without a token none is worth trying
            if self.registry.prepare(self.repository, self.steps).await.is_ok() {
                self.learn_child(&mut details, at).await;
            }
        }
        Ok(details)
    }

    /// Asks the API for a tag. None where it shows none, which it does not of what is private.
    async fn hub_tag(&mut self, hub: &Hub, tag: &str) -> Result<Option<Tag>, Reason> {
        let registry = &hub.asked;
        let url = format!("{}/v2/repositories/{}/tags/{tag}", hub.address, self.repository);
        let shown = format!("GET {url}");
        // who asks for many tags would wait here for minutes, and others for them
        if let Some(seconds) = hub.rests() {
            self.steps.push(Step { request: shown, status: None, trouble: Some(trouble::PAUSED.to_owned()), took_ms: 0 });
            return Err(Reason::RateLimited { registry: registry.name().to_owned(), retry_after: Some(seconds) });
        }
        let build = || registry.client.get(&url).header(header::ACCEPT, "application/json").header(header::ACCEPT_ENCODING, "identity");
        let response = registry.send(&shown, self.steps, build).await?;
        hub.hear(&response);
        match response.status() {
            StatusCode::OK => {}
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::NOT_FOUND => return Ok(None),
            _ => return Err(registry.refusal(&response)),
        }
        let bad = || registry.bad("what Docker Hub's API sent tells of no tag");
        if reply::is_encoded(&response) {
            return Err(bad());
        }
        let body = registry.body(response, SIZE_MAX).await?.ok_or_else(bad)?;
        serde_json::from_slice(&body).map(Some).map_err(|_| bad())
    }
}

impl Image {
    /// What it runs on, and its manifest.
    fn platform_image(&self) -> Option<PlatformImage> {
        let platform: Platform = document::platform(self.os.as_deref(), self.architecture.as_deref(), self.variant.as_deref())?;
        Some(PlatformImage { platform, manifest: self.digest.as_ref()?.parse().ok()?, config: None, size: self.size })
    }
}
