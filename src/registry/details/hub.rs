//! Docker Hub's own API, which tells of a tag what elsewhere takes two manifests and a configuration, and takes no pull for it. Asked
//! without a login: of what is private it knows nothing then, and the digest alone is learnt.
//!
//! It has a limit of its own, of some hundred requests a minute, and says in each answer what is left of it.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use jiff::Timestamp;
use reqwest::{Client, Response, StatusCode, Url, header};
use serde::Deserialize;

use super::{Asking, document};
use crate::{
    image::{Details, Digest, Platform, PlatformImage, Reference, Step, reference::DOCKER_HUB},
    registry::{Clients, Settings, place::Place, reply},
    wire::Reason,
};

/// Where it answers.
const ADDRESS: &str = "https://hub.docker.com";

/// Largest answer, in bytes: a tag has some dozen images at most, of some hundred bytes each.
const SIZE_MAX: usize = 1024 * 1024;

/// With no more requests left than this it is given a rest.
const LOW: i64 = 5;

/// How long the rest is where it is not said, in seconds.
const REST: i64 = 60;

/// The longest rest that is taken, in seconds.
const REST_MAX: i64 = 900;

/// What is told of a request that was not sent.
const RESTING: &str = "not sent: Docker Hub's API wants fewer requests";

/// The way to the API.
#[derive(Debug)]
pub(in crate::registry) struct Hub {
    address: String,
    client: Client,
    /// until when it is not asked
    rests: Mutex<Option<Instant>>,
}

/// A tag, as the API has it.
#[derive(Debug, Deserialize)]
struct Tag {
    digest: Option<String>,
    tag_last_pushed: Option<String>,
    last_updated: Option<String>,
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
        let near = authority.is_some_and(|authority| Place::of(DOCKER_HUB, false, Some(&authority)).is_near());
        let client = if near { &clients.direct } else { &clients.proxied };
        Self { address, client: client.clone(), rests: Mutex::default() }
    }

    /// How long it still rests, in seconds.
    fn rests(&self) -> Option<u32> {
        // only whole values are put in: a poisoned one is as good as any
        let until = *self.rests.lock().unwrap_or_else(PoisonError::into_inner);
        let left = until?.checked_duration_since(Instant::now())?;
        // who comes back within the second that has begun comes too early
        u32::try_from(left.as_secs().saturating_add(1)).ok()
    }

    /// Takes note of what an answer says of the limit.
    fn hear(&self, response: &Response) {
        let number = |name: &str| response.headers().get(name)?.to_str().ok()?.trim().parse::<i64>().ok();
        let refused = response.status() == StatusCode::TOO_MANY_REQUESTS;
        let low = number("x-ratelimit-remaining").is_some_and(|left| left <= LOW);
        if !refused && !low {
            return;
        }
        let now = Timestamp::now().as_second();
        // the time of the reset is in Unix seconds, and the API has been seen to write `Retry-After` so too
        let said = number(header::RETRY_AFTER.as_str()).or_else(|| number("x-ratelimit-reset"));
        let rest = said.map_or(REST, |said| if said > REST_MAX { said - now } else { said }).clamp(1, REST_MAX);
        let until = Instant::now() + Duration::from_secs(rest.unsigned_abs());
        let mut rests = self.rests.lock().unwrap_or_else(PoisonError::into_inner);
        *rests = Some(rests.map_or(until, |before| before.max(until)));
    }
}

impl Asking<'_> {
    /// What a tag stands for on Docker Hub.
    pub(super) async fn at_hub(&mut self, hub: &Hub, tagged: &Reference, known: Option<&Details>) -> Result<Details, Reason> {
        // a HEAD is no pull either, and the registry bears more of them than the API of its requests
        let mut digest = None;
        if let Some(known) = known {
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
        let digest = match named.or(digest) {
            Some(digest) => digest,
            None => self.registry.digest(tagged, self.steps).await?,
        };
        let mut details = Details { digest, platforms: Vec::new(), created: None, version: None };
        if let Some(tag) = tag {
            details.created = tag.tag_last_pushed.as_deref().or(tag.last_updated.as_deref()).and_then(document::time);
            details.platforms = tag.images.unwrap_or_default().iter().filter_map(Image::platform_image).collect();
        }
        if let Some(at) = self.first_wanted(&details).filter(|_| self.wanted.config) {
            // the one pull
            self.learn_child(&mut details, at).await;
        }
        Ok(details)
    }

    /// Asks the API for a tag. None where it shows none, which it does not of what is private.
    async fn hub_tag(&mut self, hub: &Hub, tag: &str) -> Result<Option<Tag>, Reason> {
        let registry = self.registry;
        let url = format!("{}/v2/repositories/{}/tags/{tag}", hub.address, self.repository);
        let shown = format!("GET {url}");
        if let Some(seconds) = hub.rests() {
            self.steps.push(Step { request: shown, status: None, trouble: Some(RESTING.to_owned()), took_ms: 0 });
            return Err(Reason::RateLimited { registry: registry.name().to_owned(), retry_after: Some(seconds) });
        }
        let build = || hub.client.get(&url).header(header::ACCEPT, "application/json").header(header::ACCEPT_ENCODING, "identity");
        let response = registry.send(&shown, self.steps, build).await?;
        hub.hear(&response);
        match response.status() {
            StatusCode::OK => {}
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::NOT_FOUND => return Ok(None),
            StatusCode::TOO_MANY_REQUESTS => {
                return Err(Reason::RateLimited { registry: registry.name().to_owned(), retry_after: hub.rests() });
            }
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
