//! Where the release of a tag stands.
//!
//! It is the first run of digits that begins a group with dots, or a date. Digits of architectures (`arm64v8`) and of products (`pg14`,
//! `k3s`) are never the version; a number alone is one at the beginning of the tag, or behind a word like `version`.

use super::{
    Scheme, date,
    words::{self, Class},
};

/// Where a release stands, and how it counts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Release {
    /// its first digit
    pub(super) start: usize,
    /// behind its last one
    pub(super) end: usize,
    /// how it counts
    pub(super) scheme: Scheme,
}

/// How sure it is that a run of digits is the release.
enum Found {
    Surely(Release),
    /// unless there is a better one: `alpine3.20` is a version only where nothing else is
    Perhaps(Release),
}

/// Finds the release.
pub(super) fn find(text: &str) -> Option<Release> {
    let mut perhaps = None;
    let mut before = "";
    for (start, chunk) in chunks(text) {
        if !is_commit_or_architecture(chunk) {
            match in_chunk(text, start, chunk, before) {
                Some(Found::Surely(release)) => return Some(release),
                Some(Found::Perhaps(release)) => perhaps = perhaps.or(Some(release)),
                None => {}
            }
        }
        before = chunk;
    }
    perhaps
}

/// The texts between `-`, `_` and `+`, with where they begin. `x86_64` is one.
fn chunks(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..)?;
        let separator = |byte: &u8| matches!(byte, b'-' | b'_' | b'+');
        let length = words::architecture(rest)
            .filter(|length| rest.as_bytes().get(*length).is_none_or(separator))
            .unwrap_or_else(|| rest.bytes().position(|byte| separator(&byte)).unwrap_or(rest.len()));
        let start = at;
        at += length + 1;
        Some((start, &rest[..length]))
    })
}

/// Whether digits of a chunk can be no version.
fn is_commit_or_architecture(chunk: &str) -> bool {
    words::is_hash(chunk) || words::architecture(chunk) == Some(chunk.len())
}

/// The release in one chunk that begins at `start`; `before` is the chunk before it.
fn in_chunk(text: &str, start: usize, chunk: &str, before: &str) -> Option<Found> {
    let letters = chunk.bytes().position(|byte| byte.is_ascii_digit())?;
    let word = chunk[..letters].trim_end_matches('.');
    let at = start + letters;
    let bytes = text.as_bytes();
    if let Some(end) = date::at(bytes, at) {
        return Some(Found::Surely(Release { start: at, end, scheme: Scheme::Date }));
    }
    let (end, count) = group(bytes, at);
    let class = words::classify(word);
    let many = count > 1;
    let built = count == 1 && (matches!(word, "build" | "b") && end - at >= 3);
    let long = count == 1 && end - at >= 5;
    let release = Release { start: at, end, scheme: if built || long { Scheme::Build } else { Scheme::Version } };
    // `3proxy` and `2fa` are names; `17beta1` and `8u392` are versions
    if !many && bytes.get(end).is_some_and(|byte| !words::is_separator(*byte)) && !is_counted_on(&text[end..]) {
        return None;
    }
    match class {
        _ if built => Some(Found::Surely(release)),
        Class::Version => Some(Found::Surely(release)),
        _ if word.is_empty() => match words::classify(before) {
            Class::Base | Class::Product => many.then_some(Found::Perhaps(release)),
            before_class => (many || start == 0 || before_class == Class::Version || before == "build").then_some(Found::Surely(release)),
        },
        Class::Product => None,
        _ => many.then_some(Found::Perhaps(release)),
    }
}

/// Where a group of numbers between dots ends, and how many there are.
pub(super) fn group(bytes: &[u8], at: usize) -> (usize, usize) {
    let mut end = at + date::digits(bytes, at);
    let mut count = 1;
    while bytes.get(end) == Some(&b'.') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit) {
        end += 1 + date::digits(bytes, end + 1);
        count += 1;
    }
    (end, count)
}

/// Whether letters that stand at once behind a number carry it on: a stage or a counter with its own number.
fn is_counted_on(text: &str) -> bool {
    let letters = text.bytes().position(|byte| byte.is_ascii_digit()).unwrap_or(text.len());
    letters < text.len() && matches!(words::classify(&text[..letters]), Class::Stage { .. } | Class::Counter)
}

/// Where the commit ends that the tag begins with.
pub(super) fn leading_hash(text: &str) -> Option<usize> {
    chunks(text).next().filter(|(_, chunk)| words::is_hash(chunk)).map(|(_, chunk)| chunk.len())
}

/// What a tag without a release is: words are a channel; with a commit or a loose number (`fix__50`, `pr-12`) they are no such thing.
pub(super) fn scheme_of_words(text: &str) -> Scheme {
    let mut before = Class::Plain;
    for (_, chunk) in chunks(text) {
        let loose = !chunk.is_empty() && chunk.bytes().all(|byte| byte.is_ascii_digit());
        if words::is_hash(chunk) || (loose && !matches!(before, Class::Base | Class::Product)) {
            return Scheme::Unordered;
        }
        before = words::classify(chunk);
    }
    Scheme::Channel
}
