//! One page of a list of tags, read straight into the listing.

use std::{
    collections::HashSet,
    fmt,
    hash::{BuildHasher, BuildHasherDefault, Hasher, RandomState},
};

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::listing::Listing;

#[cfg(test)]
mod tests;

/// Most entries of a list.
const ENTRIES_MAX: usize = 500_000;

/// About what an entry takes of a body, in bytes.
const ENTRY: usize = 16;

/// Longest tag, in bytes (distribution specification, section "Pulling manifests").
const TAG_MAX: usize = 128;

/// What was gathered from all pages so far.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    /// the tags
    pub(super) listing: Listing,
    /// the hash of every entry, those too that are no tags. Its key is drawn by lot: nobody can make two entries that have the same
    seen: HashSet<u64, BuildHasherDefault<Hashed>>,
    hasher: RandomState,
}

/// What is a hash already is not hashed again.
#[derive(Debug, Default)]
struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        // never called for a number; were it, this would be right, only slow
        self.0 = bytes.iter().fold(self.0, |sum, byte| sum.rotate_left(8) ^ u64::from(*byte));
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

/// What one page brought.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// how many entries it has, tags or not
    pub(super) entries: usize,
    /// how many of them stood on no page before
    pub(super) new: usize,
    /// the last entry: what the next page begins behind
    pub(super) last: String,
}

/// What is wrong with a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flaw {
    /// no list of tags
    Form,
    /// the list is too long
    Length,
}

impl Gathered {
    /// Takes up the page with this body. After a flaw what was gathered is of no use.
    pub(super) fn read(&mut self, body: &[u8]) -> Result<Page, Flaw> {
        let mut page = Page::default();
        // a tag with its marks takes a dozen bytes or more: what grows step by step is copied each time
        self.seen.reserve((body.len() / ENTRY).min(ENTRIES_MAX));
        let mut document = serde_json::Deserializer::from_slice(body);
        let read = Document { gathered: self, page: &mut page }.deserialize(&mut document).and_then(|found| {
            document.end()?;
            Ok(found)
        });
        match read {
            _ if self.seen.len() > ENTRIES_MAX => Err(Flaw::Length),
            Ok(true) => Ok(page),
            Ok(false) | Err(_) => Err(Flaw::Form),
        }
    }

    /// Takes up one entry. False where there are too many.
    fn take(&mut self, entry: &str, page: &mut Page) -> bool {
        page.last.clear();
        page.last.push_str(entry);
        if self.seen.insert(self.hasher.hash_one(entry)) {
            page.new += 1;
            if is_tag(entry) && !is_attached(entry) {
                self.listing.push(entry);
            }
        }
        self.seen.len() <= ENTRIES_MAX
    }
}

/// By the grammar of the specification. Some lists hold digests, and empty entries.
fn is_tag(entry: &str) -> bool {
    let mut bytes = entry.bytes();
    entry.len() <= TAG_MAX
        && bytes.next().is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'))
}

/// Whether a tag names what is attached to an image: `sha256-<hex>` (distribution specification, "Referrers Tag Schema"), and with an ending
/// such as cosign's `.sig`, `.att` and `.sbom`.
fn is_attached(tag: &str) -> bool {
    let parts = tag.strip_prefix("sha256-").and_then(|rest| rest.split_at_checked(64));
    parts.is_some_and(|(hex, rest)| hex.bytes().all(|byte| byte.is_ascii_hexdigit()) && (rest.is_empty() || rest.starts_with('.')))
}

/// The whole body. Gives whether there is a list in it.
struct Document<'a> {
    gathered: &'a mut Gathered,
    page: &'a mut Page,
}

impl<'de> DeserializeSeed<'de> for Document<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Document<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with tags")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
        let mut found = false;
        while let Some(is_tags) = map.next_key_seed(Key)? {
            if is_tags {
                map.next_value_seed(Tags { gathered: &mut *self.gathered, page: &mut *self.page })?;
                found = true;
            } else {
                // Google's registries add whole manifests
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }
}

/// The name of a member. Gives whether it is the one that counts.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<bool, E> {
        Ok(name == "tags")
    }
}

/// The list: an array, or nothing where a repository is empty.
struct Tags<'a> {
    gathered: &'a mut Gathered,
    page: &'a mut Page,
}

impl<'de> DeserializeSeed<'de> for Tags<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Tags<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of tags")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element_seed(Entry { gathered: &mut *self.gathered, page: &mut *self.page })?.is_some() {}
        Ok(())
    }
}

/// One entry. What is no text is passed over: Nexus has `null` among its tags.
struct Entry<'a> {
    gathered: &'a mut Gathered,
    page: &'a mut Page,
}

impl<'de> DeserializeSeed<'de> for Entry<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.page.entries += 1;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Entry<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a tag")
    }

    fn visit_str<E: Error>(self, entry: &str) -> Result<(), E> {
        if self.gathered.take(entry, self.page) { Ok(()) } else { Err(E::custom("too many tags")) }
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(())
    }
}
