//! Images and the tags that stand for them.

use std::collections::BTreeSet;

use super::World;
use crate::{
    image::Reference,
    simulate::engine::{EngineError, Image, Store},
};

/// An image that is there.
#[derive(Debug)]
pub(in crate::simulate::engine) struct Stored {
    pub(in crate::simulate::engine) image: Image,
    /// the names under which it came from a registry: `nginx`, `ghcr.io/acme/app`
    pulled_as: BTreeSet<String>,
    /// those of them by which it was pulled by digest
    pinned_as: BTreeSet<String>,
    /// the tags that stand for it
    tags: BTreeSet<String>,
    /// when it last got a tag, in nanoseconds
    pub(in crate::simulate::engine) tagged: Option<i64>,
}

impl World {
    /// Puts an image there, and answers its id.
    pub(in crate::simulate::engine) fn add(&mut self, image: Image) -> String {
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
    pub(in crate::simulate::engine) fn arrive(&mut self, id: &str, reference: &Reference, now: i64) -> Option<String> {
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
    pub(in crate::simulate::engine) fn point(&mut self, id: &str, reference: &Reference, now: i64) -> Option<String> {
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
    pub(in crate::simulate::engine) fn unpoint(&mut self, tag: &str) -> Option<String> {
        let id = self.tags.remove(tag)?;
        if let Some(stored) = self.images.get_mut(&id) {
            stored.tags.remove(tag);
        }
        Some(id)
    }

    /// The tags of an image, sorted.
    pub(in crate::simulate::engine) fn repo_tags(&self, id: &str) -> Vec<&str> {
        self.images.get(id).map(|stored| stored.tags.iter().map(String::as_str).collect()).unwrap_or_default()
    }

    /// All tags, sorted.
    pub(in crate::simulate::engine) fn all_tags(&self) -> Vec<String> {
        self.tags.keys().cloned().collect()
    }

    /// What registries call an image. The classic store remembers every name that it was pulled by, for ever; the other knows only the
    /// names that stand for it now, whether or not it was ever pulled.
    pub(in crate::simulate::engine) fn repo_digests(&self, id: &str) -> Vec<String> {
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
    pub(in crate::simulate::engine) fn resolve(&self, text: &str) -> Result<String, EngineError> {
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
}
