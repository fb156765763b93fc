//! All tags of a repository.

use crate::image::PageMark;

/// What asking for the tags of a repository gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Listed {
    /// every page that was known is as it was
    Unchanged,
    /// the tags
    Tags(Listing),
}

/// All tags of a repository, in the order in which they came, which means nothing. Tags that name no image to run (signatures, bills of
/// material, digests) are left out. Held as one text: a hundred thousand tags are one piece of memory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// the tags, each with a line feed behind it
    text: String,
    /// how many there are
    count: usize,
    /// by what each page is known again. Empty where a page has no such mark, or where the list may grow without changing a page of it
    pub marks: Vec<PageMark>,
}

impl Listing {
    /// The tags, each once.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.text.split_terminator('\n')
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// One more tag, which holds no line feed.
    pub(super) fn push(&mut self, tag: &str) {
        self.text.push_str(tag);
        self.text.push('\n');
        self.count += 1;
    }
}
