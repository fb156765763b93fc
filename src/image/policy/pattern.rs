//! Patterns for tags, from labels and the configuration: from strangers, so they are bounded and run in linear time.

use std::{
    cmp::Ordering,
    hash::{Hash, Hasher},
    str::FromStr,
};

use regex_lite::{Regex, RegexBuilder};

/// Longest pattern, in bytes.
const LENGTH_MAX: usize = 1024;

/// Most memory of a compiled pattern, in bytes.
const SIZE_MAX: usize = 256 * 1024;

/// A regular expression that is looked for anywhere in a tag, as users of What's Up Docker and Diun expect it; `^` and `$` anchor it.
/// Two are equal when their text is.
#[derive(Debug, Clone)]
pub struct Pattern {
    text: String,
    regex: Regex,
}

/// What is no pattern, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// too long
    #[error("a pattern has at most {LENGTH_MAX} characters")]
    Length,
    /// no regular expression, or one that needs too much memory or another engine than one of linear time
    #[error("no regular expression (without look-around and back-references): {0}")]
    Form(String),
}

impl Pattern {
    /// Whether it is found in a tag.
    pub fn matches(&self, tag: &str) -> bool {
        self.regex.is_match(tag)
    }

    /// The pattern as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl FromStr for Pattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, PatternError> {
        if text.len() > LENGTH_MAX {
            return Err(PatternError::Length);
        }
        let regex = RegexBuilder::new(text).size_limit(SIZE_MAX).build();
        Ok(Self { text: text.to_owned(), regex: regex.map_err(|error| PatternError::Form(error.to_string()))? })
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Pattern {}

impl PartialOrd for Pattern {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Pattern {
    fn cmp(&self, other: &Self) -> Ordering {
        self.text.cmp(&other.text)
    }
}

impl Hash for Pattern {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}
