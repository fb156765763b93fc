//! What lies in the registry.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::content::Image;
use crate::image::Digest;

/// The repositories by name.
#[derive(Debug, Default)]
pub(super) struct Shelves(HashMap<String, Shelf>);

/// One repository.
#[derive(Debug, Default)]
struct Shelf {
    /// what each tag stands for
    tags: BTreeMap<String, u64>,
    /// everything that was ever pushed: it stays there by digest
    seeds: BTreeSet<u64>,
    /// whether only who logs in may see it
    hidden: bool,
}

impl Shelves {
    /// Makes a tag stand for a content.
    pub(super) fn push(&mut self, repository: &str, tag: &str, seed: u64) {
        let found = self.0.entry(repository.to_owned()).or_default();
        found.tags.insert(tag.to_owned(), seed);
        found.seeds.insert(seed);
    }

    /// Removes a tag.
    pub(super) fn remove(&mut self, repository: &str, tag: &str) {
        if let Some(found) = self.0.get_mut(repository) {
            found.tags.remove(tag);
        }
    }

    /// Makes a repository private.
    pub(super) fn hide(&mut self, repository: &str) {
        self.0.entry(repository.to_owned()).or_default().hidden = true;
    }

    /// Whether only who logs in may see it.
    pub(super) fn is_hidden(&self, repository: &str) -> bool {
        self.0.get(repository).is_some_and(|found| found.hidden)
    }

    /// Whether there is such a repository.
    pub(super) fn has(&self, repository: &str) -> bool {
        self.0.contains_key(repository)
    }

    /// What a tag stands for.
    pub(super) fn tagged(&self, repository: &str, tag: &str) -> Option<Image> {
        let seed = *self.0.get(repository)?.tags.get(tag)?;
        Some(Image::new(repository, seed))
    }

    /// The image that a digest belongs to: that of its index, or of anything it holds.
    pub(super) fn holding(&self, repository: &str, digest: &Digest) -> Option<Image> {
        let found = self.0.get(repository)?;
        found.seeds.iter().map(|seed| Image::new(repository, *seed)).find(|image| image.holds(digest))
    }

    /// At most `count` tags behind `last`, in lexical order, and whether more follow.
    pub(super) fn page(&self, repository: &str, last: Option<&str>, count: usize) -> (Vec<String>, bool) {
        let Some(found) = self.0.get(repository) else { return (Vec::new(), false) };
        let mut behind = found.tags.keys().skip_while(|tag| last.is_some_and(|last| tag.as_str() <= last));
        let page = behind.by_ref().take(count).cloned().collect();
        (page, behind.next().is_some())
    }
}
