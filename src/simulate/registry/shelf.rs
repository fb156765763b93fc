//! What lies in the registry.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    ops::Bound,
};

use super::content::{Image, Recipe};
use crate::image::Digest;

/// The repositories by name.
#[derive(Debug, Default)]
pub(super) struct Shelves(HashMap<String, Shelf>);

/// One repository.
#[derive(Debug, Default)]
struct Shelf {
    /// what each tag stands for
    tags: BTreeMap<String, Recipe>,
    /// everything that was ever pushed: it stays there by digest
    pushed: BTreeSet<Recipe>,
    /// what each digest belongs to that was ever given out: to look through everything for it would take long
    given: HashMap<Digest, Recipe>,
    /// whether only who logs in may see it
    hidden: bool,
}

impl Shelves {
    /// Makes a tag stand for a content.
    pub(super) fn push(&mut self, repository: &str, tag: &str, recipe: Recipe) {
        let found = self.0.entry(repository.to_owned()).or_default();
        found.tags.insert(tag.to_owned(), recipe.clone());
        found.pushed.insert(recipe);
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

    /// From what the content of a tag is made.
    pub(super) fn recipe(&self, repository: &str, tag: &str) -> Option<&Recipe> {
        self.0.get(repository)?.tags.get(tag)
    }

    /// What a tag stands for.
    pub(super) fn tagged(&mut self, repository: &str, tag: &str) -> Option<Image> {
        let found = self.0.get_mut(repository)?;
        let recipe = found.tags.get(tag)?;
        let image = Image::new(repository, recipe);
        let digest = Digest::of(image.top().1);
        if !found.given.contains_key(&digest) {
            found.given.extend(image.digests().map(|digest| (digest, recipe.clone())));
        }
        Some(image)
    }

    /// The image that a digest belongs to: that of its index, or of anything it holds.
    pub(super) fn holding(&self, repository: &str, digest: &Digest) -> Option<Image> {
        let found = self.0.get(repository)?;
        if let Some(recipe) = found.given.get(digest) {
            return Some(Image::new(repository, recipe));
        }
        found.pushed.iter().map(|recipe| Image::new(repository, recipe)).find(|image| image.holds(digest))
    }

    /// At most `count` tags behind `last`, in lexical order, and whether more follow.
    pub(super) fn page(&self, repository: &str, last: Option<&str>, count: usize) -> (Vec<&str>, bool) {
        let Some(found) = self.0.get(repository) else { return (Vec::new(), false) };
        let start = last.map_or(Bound::Unbounded, Bound::Excluded);
        let mut behind = found.tags.range::<str, _>((start, Bound::Unbounded)).map(|(tag, _)| tag.as_str());
        let page = behind.by_ref().take(count).collect();
        (page, behind.next().is_some())
    }
}
