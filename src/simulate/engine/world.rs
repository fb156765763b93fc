//! What an Engine holds: images, tags and containers. Every change of it is whole, and tells its events.

use std::collections::{BTreeMap, BTreeSet};

use super::{ContainerSpec, EngineError, Health, Image, State, Store, event::Log};
use crate::image::{Digest, Reference};

/// Everything that an Engine holds.
#[derive(Debug)]
pub(super) struct World {
    pub(super) store: Store,
    /// by id
    pub(super) images: BTreeMap<String, Stored>,
    /// which image each tag (`nginx:1.27`, as Docker writes it) stands for
    tags: BTreeMap<String, String>,
    /// oldest first
    pub(super) containers: Vec<Container>,
    pub(super) log: Log,
    /// how many ids were given out
    serial: u64,
}

/// An image that is there.
#[derive(Debug)]
pub(super) struct Stored {
    pub(super) image: Image,
    /// the names under which it came from a registry: `nginx`, `ghcr.io/acme/app`
    pulled_as: BTreeSet<String>,
    /// those of them by which it was pulled by digest
    pinned_as: BTreeSet<String>,
    /// the tags that stand for it
    tags: BTreeSet<String>,
    /// when it last got a tag, in nanoseconds
    pub(super) tagged: Option<i64>,
}

/// A container that is there.
#[derive(Debug, Clone)]
pub(super) struct Container {
    /// 64 hexadecimal digits
    pub(super) id: String,
    pub(super) name: String,
    /// what it was started from, as written
    pub(super) image: String,
    pub(super) image_id: String,
    /// its own and those of the image
    pub(super) labels: BTreeMap<String, String>,
    pub(super) state: State,
    pub(super) health: Option<Health>,
    /// nanoseconds since 1970
    pub(super) created: i64,
    pub(super) started: Option<i64>,
    pub(super) finished: Option<i64>,
    pub(super) restarts: u32,
}

impl Container {
    /// The network that it is in.
    pub(super) fn network(&self) -> String {
        self.labels.get("com.docker.compose.project").map_or_else(|| "bridge".to_owned(), |project| format!("{project}_default"))
    }
}

impl World {
    pub(super) fn new(store: Store) -> Self {
        Self { store, images: BTreeMap::new(), tags: BTreeMap::new(), containers: Vec::new(), log: Log::new(), serial: 0 }
    }

    /// 64 hexadecimal digits that were not given out before.
    pub(super) fn fresh_id(&mut self, of: &str) -> String {
        self.serial += 1;
        Digest::of(format!("{of} {}", self.serial).as_bytes()).hex().to_owned()
    }

    // === images ===

    /// Puts an image there, and answers its id.
    pub(super) fn add(&mut self, image: Image) -> String {
        let id = match self.store {
            Store::Classic => image.config.to_string(),
            Store::Containerd => image.target.to_string(),
        };
        let new = Stored { image, pulled_as: BTreeSet::new(), pinned_as: BTreeSet::new(), tags: BTreeSet::new(), tagged: None };
        self.images.entry(id.clone()).or_insert(new);
        id
    }

    /// Notes that an image came from a registry under this reference; its tag stands for it from now on. Answers the image that the tag
    /// stood for before, where that was another one.
    pub(super) fn arrive(&mut self, id: &str, reference: &Reference, now: i64) -> Option<String> {
        let name = reference.familiar_name();
        if let Some(stored) = self.images.get_mut(id) {
            stored.pulled_as.insert(name.clone());
            if reference.digest().is_some() {
                stored.pinned_as.insert(name);
            }
        }
        // a pull by digest leaves the tag beside it alone, as Docker does
        match reference.digest() {
            None => self.point(id, reference, now),
            Some(_) => None,
        }
    }

    /// Makes a tag stand for an image, and answers which other one it stood for before.
    pub(super) fn point(&mut self, id: &str, reference: &Reference, now: i64) -> Option<String> {
        let tag = reference.familiar();
        let before = self.unpoint(&tag).filter(|before| before != id);
        if let Some(stored) = self.images.get_mut(id) {
            stored.tagged = Some(now);
            stored.tags.insert(tag.clone());
            self.tags.insert(tag, id.to_owned());
        }
        before
    }

    /// Takes a tag away, and answers which image it stood for.
    pub(super) fn unpoint(&mut self, tag: &str) -> Option<String> {
        let id = self.tags.remove(tag)?;
        if let Some(stored) = self.images.get_mut(&id) {
            stored.tags.remove(tag);
        }
        Some(id)
    }

    /// The tags of an image, sorted.
    pub(super) fn repo_tags(&self, id: &str) -> Vec<&str> {
        self.images.get(id).map(|stored| stored.tags.iter().map(String::as_str).collect()).unwrap_or_default()
    }

    /// What registries call an image. The classic store remembers every name that it was pulled by, for ever; the other knows only the
    /// names that stand for it now, whether or not it was ever pulled.
    pub(super) fn repo_digests(&self, id: &str) -> Vec<String> {
        let Some(stored) = self.images.get(id) else { return Vec::new() };
        let names: BTreeSet<&str> = match self.store {
            Store::Classic if stored.image.built => BTreeSet::new(),
            Store::Classic => stored.pulled_as.iter().map(String::as_str).collect(),
            Store::Containerd => {
                let tagged = self.repo_tags(id).into_iter().filter_map(|tag| tag.rsplit_once(':')).map(|(name, _)| name);
                tagged.chain(stored.pinned_as.iter().map(String::as_str)).collect()
            }
        };
        names.into_iter().map(|name| format!("{name}@{}", stored.image.target)).collect()
    }

    /// The id of the image that a name, a digest or an id (also a shortened one) stands for.
    pub(super) fn resolve(&self, text: &str) -> Result<String, EngineError> {
        if self.images.contains_key(text) {
            return Ok(text.to_owned());
        }
        let missing = || EngineError::NoImage(text.to_owned());
        if let Some(id) = text.parse::<Reference>().ok().and_then(|reference| self.resolve_reference(&reference)) {
            return Ok(id);
        }
        let short = text.strip_prefix("sha256:").unwrap_or(text);
        if short.len() < 4 || !short.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(match text.parse::<Reference>() {
                Ok(reference) => EngineError::NoImage(reference.familiar()),
                Err(_) => missing(),
            });
        }
        let found = self.images.keys().find(|id| id.strip_prefix("sha256:").is_some_and(|hex| hex.starts_with(short)));
        found.cloned().ok_or_else(missing)
    }

    fn resolve_reference(&self, reference: &Reference) -> Option<String> {
        let Some(digest) = reference.digest() else { return self.tags.get(&reference.familiar()).cloned() };
        let wanted = format!("{}@{digest}", reference.familiar_name());
        let mut candidates = self.images.iter().filter(|(_, stored)| stored.image.target == *digest).map(|(id, _)| id);
        candidates.find(|id| self.store == Store::Containerd || self.repo_digests(id).contains(&wanted)).cloned()
    }

    // === containers ===

    /// Where the container with a name or an id (also a shortened one) stands in the list.
    pub(super) fn find(&self, name: &str) -> Result<usize, EngineError> {
        let plain = name.strip_prefix('/').unwrap_or(name);
        let exact = |container: &Container| container.name == plain || container.id == plain;
        let short = |container: &Container| plain.len() >= 4 && container.id.starts_with(plain);
        let found = self.containers.iter().position(exact).or_else(|| self.containers.iter().position(short));
        found.ok_or_else(|| EngineError::NoContainer(name.to_owned()))
    }

    /// Whether a name is free.
    pub(super) fn is_free(&self, name: &str) -> Result<(), EngineError> {
        match self.containers.iter().find(|container| container.name == name) {
            None => Ok(()),
            Some(holder) => Err(EngineError::NameTaken { name: name.to_owned(), holder: holder.id.clone() }),
        }
    }

    /// Makes a container, and answers where it stands. It was never started.
    pub(super) fn create(&mut self, spec: &ContainerSpec, created: i64) -> Result<usize, EngineError> {
        self.is_free(&spec.name)?;
        let image_id = self.resolve(&spec.image)?;
        let mut labels = self.images.get(&image_id).map(|stored| stored.image.labels.clone()).unwrap_or_default();
        labels.extend(spec.labels.clone());
        let id = self.fresh_id(&spec.name);
        self.containers.push(Container {
            id,
            name: spec.name.clone(),
            image: spec.image.clone(),
            image_id,
            labels,
            state: State::Created,
            health: None,
            created,
            started: None,
            finished: None,
            restarts: 0,
        });
        let at = self.containers.len() - 1;
        self.tell(at, "create", &[]);
        Ok(at)
    }

    // === events ===

    /// Tells an event of the container at `at`: its labels, image and name, and what else belongs to it.
    pub(super) fn tell(&mut self, at: usize, action: &str, more: &[(&str, &str)]) {
        let Some(container) = self.containers.get(at) else { return };
        let mut attributes = container.labels.clone();
        attributes.insert("image".to_owned(), container.image.clone());
        attributes.insert("name".to_owned(), container.name.clone());
        attributes.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        self.log.tell("container", action, &container.id, attributes);
    }

    /// Tells that the container at `at` joined or left its network.
    pub(super) fn tell_network(&mut self, at: usize, action: &str) {
        let Some(container) = self.containers.get(at) else { return };
        let network = container.network();
        let id = Digest::of(format!("network {network}").as_bytes()).hex().to_owned();
        let attributes = [("container", container.id.clone()), ("name", network), ("type", "bridge".to_owned())];
        self.log.tell("network", action, &id, attributes.map(|(name, value)| (name.to_owned(), value)).into());
    }

    /// Tells an event of an image. Pulls name the reference, everything else the image's id.
    pub(super) fn tell_image(&mut self, action: &str, actor: &str, image: &str, name: &str) {
        let mut attributes = self.images.get(image).map(|stored| stored.image.labels.clone()).unwrap_or_default();
        attributes.insert("name".to_owned(), name.to_owned());
        self.log.tell("image", action, actor, attributes);
    }
}
