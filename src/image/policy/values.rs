//! Values of labels; the configuration writes them in the same way.

use super::Pattern;
use crate::{
    image::tag::Tag,
    wire::{LabelProblemKind, Level},
};

/// What a value is, or why it is none.
pub type Value<T> = Result<T, LabelProblemKind>;

/// Longest wish for an age: ten years, in seconds.
const COOLDOWN_MAX: u64 = 10 * 365 * 24 * 3600;

/// Most tags in a list of those to pass over.
const IGNORE_MAX: usize = 100;

/// `true`, `yes`, `on`, `1` and their opposites.
pub fn boolean(text: &str) -> Value<bool> {
    let is = |words: [&str; 6]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    match text {
        _ if is(["true", "yes", "on", "1", "t", "y"]) => Ok(true),
        _ if is(["false", "no", "off", "0", "f", "n"]) => Ok(false),
        _ => Err(LabelProblemKind::NoBoolean),
    }
}

/// `digest`, `patch`, `minor`, `major`: how far a workload may move.
pub fn follow(text: &str) -> Value<Option<Level>> {
    match text.to_ascii_lowercase().as_str() {
        "digest" => Ok(None),
        "patch" => Ok(Some(Level::Patch)),
        "minor" => Ok(Some(Level::Minor)),
        "major" => Ok(Some(Level::Major)),
        _ => Err(LabelProblemKind::NoLevel),
    }
}

/// A pattern; nothing at all is no wish.
pub fn pattern(text: &str) -> Value<Option<Pattern>> {
    if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(|_| LabelProblemKind::NoPattern) }
}

/// `3d`, `12h`, `1w2d`, `90m`, `30s`, in seconds.
pub fn duration(text: &str) -> Value<Option<u32>> {
    let wrong = || LabelProblemKind::NoDuration;
    if text == "0" {
        return Ok(None);
    }
    let (mut rest, mut sum) = (text, 0u64);
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let count: u64 = rest[..digits].parse().map_err(|_| wrong())?;
        let unit = match rest.as_bytes().get(digits) {
            Some(b's') => 1,
            Some(b'm') => 60,
            Some(b'h') => 3600,
            Some(b'd') => 24 * 3600,
            Some(b'w') => 7 * 24 * 3600,
            _ => return Err(wrong()),
        };
        sum = sum.saturating_add(count.saturating_mul(unit));
        rest = &rest[digits + 1..];
    }
    if text.is_empty() || sum > COOLDOWN_MAX {
        return Err(wrong());
    }
    Ok(u32::try_from(sum).ok().filter(|seconds| *seconds > 0))
}

/// A version to stay below, of which nothing is needed but its numbers.
pub fn version(text: &str) -> Value<Option<String>> {
    let text = text.trim_start_matches('<').trim();
    if Tag::parse(text).release().is_empty() { Err(LabelProblemKind::NoVersion) } else { Ok(Some(text.to_owned())) }
}

/// Tags between commas.
pub fn list(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|tag| !tag.is_empty()).take(IGNORE_MAX).map(str::to_owned).collect()
}
