//! What stands behind the release: stages, bases, counters, variants.

use super::{
    head::group,
    part::{Kind, Parts},
    words::{self, Class, Needs},
};

/// What the number that comes next belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Nothing,
    Stage,
    Base {
        /// whether one number is enough: there is `debian-12`, but `alpine-3` is Alpine and a counter
        single: bool,
    },
    Counter,
    Product,
}

/// Reads everything from `at`; `None` where there are too many parts.
pub(super) fn read(text: &str, mut at: usize, parts: &mut Parts) -> Option<()> {
    let bytes = text.as_bytes();
    let mut open = Open::Nothing;
    let mut counted = false;
    loop {
        at += bytes[at..].iter().take_while(|byte| words::is_separator(**byte)).count();
        let rest = &text[at..];
        if rest.is_empty() {
            return Some(());
        }
        let chunk = &rest[..rest.bytes().position(words::is_separator).unwrap_or(rest.len())];
        let (kind, length) = if let Some(length) = words::architecture(rest) {
            open = Open::Nothing;
            (Kind::Word, length)
        } else if words::is_hash(chunk) {
            open = Open::Nothing;
            (Kind::Hash, chunk.len())
        } else if bytes[at].is_ascii_digit() {
            let (end, count) = group(bytes, at);
            let kind = number(open, count);
            counted |= kind == Kind::CounterNumbers;
            open = Open::Nothing;
            (kind, end - at)
        } else {
            let (kind, length, opens) = word(rest, counted);
            open = opens;
            (kind, length)
        };
        parts.push(kind, at, at + length)?;
        at += length;
    }
}

/// What a group of numbers is.
fn number(open: Open, count: usize) -> Kind {
    match open {
        Open::Stage => Kind::StageNumbers,
        Open::Base { single } if single || count > 1 => Kind::BaseNumbers,
        Open::Product => Kind::Word,
        Open::Nothing | Open::Counter | Open::Base { .. } => Kind::CounterNumbers,
    }
}

/// What a word is, how long, and what it opens. `counted` says whether there was a counter already.
fn word(rest: &str, counted: bool) -> (Kind, usize, Open) {
    let bytes = rest.as_bytes();
    let ends = |byte: u8| byte.is_ascii_digit() || words::is_separator(byte);
    let length = words::with_digits(rest).unwrap_or_else(|| rest.bytes().position(ends).unwrap_or(rest.len()));
    let name = &rest[..length];
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let glued = is_digit(length);
    let dotted = bytes.get(length) == Some(&b'.') && is_digit(length + 1);
    let apart = matches!(bytes.get(length), Some(b'-' | b'_')) && is_digit(length + 1);
    let named = (Kind::Counter, length, Open::Counter);
    let variant = (Kind::Word, length, Open::Nothing);
    match words::classify(name) {
        // Java's `8u392-b08` counts builds
        Class::Stage { needs: Needs::CloseNumber, .. } if counted && (glued || dotted) => named,
        Class::Stage { needs, .. } => {
            let is_stage = match needs {
                Needs::Nothing => true,
                Needs::Number => glued || dotted || apart,
                Needs::CloseNumber => glued || dotted,
            };
            if is_stage { (Kind::Stage, length, if glued || dotted || apart { Open::Stage } else { Open::Nothing }) } else { variant }
        }
        Class::Counter if glued || dotted || apart => named,
        // the version of what is inside, which rises with it: `5.0.1_v2.0.11-ls365`
        Class::Version if glued => named,
        Class::Base => (Kind::Base, length, Open::Base { single: glued || !name.eq_ignore_ascii_case("alpine") }),
        // a product with its version, whatever it is called: `pg16`, `php8.2`, `ltsc2022`
        _ if glued => {
            let whole = rest.bytes().position(|byte| matches!(byte, b'-' | b'_' | b'+')).unwrap_or(rest.len());
            (Kind::Word, whole, Open::Nothing)
        }
        Class::Product => (Kind::Word, length, Open::Product),
        _ => variant,
    }
}
