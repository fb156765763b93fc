//! What must be true of any tag, and of any list of tags.

use plimsoll::image::{Tag, outlook};

/// The first line is the tag in use, the others are those of its repository.
pub(crate) fn holds(text: &str) {
    let mut lines = text.lines();
    let current = Tag::parse(lines.next().unwrap_or_default());
    let tags: Vec<&str> = lines.collect();
    for tag in &tags {
        assert_eq!(Tag::parse(tag).to_string(), *tag);
        assert_eq!(Tag::parse(tag).compare(&current), current.compare(&Tag::parse(tag)).reverse());
    }
    let found = outlook::outlook(current.text(), tags.iter().copied());
    assert!(found.newer.len() <= outlook::NEWER_MAX && found.held.len() <= outlook::HELD_MAX);
    for newer in &found.newer {
        assert!(tags.contains(&newer.tag.as_str()));
        assert!(Tag::parse(&newer.tag).compare(&current).is_gt());
    }
}
