//! Files with variables: `.env`, and what `--env-file` names. Read as Compose reads them (`dotenv` in compose-go).

use std::{collections::BTreeMap, ops::Range};

use super::{
    files::Sources,
    interpolate::{Value, interpolate},
    traced::{Origin, Traced},
    unlocated::Unlocated,
};

/// Most bytes of all values together, once variables are filled in: a few lines that double each other would be terabytes.
const ALL_MAX: usize = 256 << 10;

/// One `NAME=value`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Assignment<'t> {
    /// the name
    pub(super) name: &'t str,
    /// where the value stands, without quotes, in bytes of the file
    pub(super) at: Range<usize>,
    /// how
    pub(super) written: Written,
}

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    /// bare or between double quotes: variables in it are filled in
    Open,
    /// between single quotes: as it stands
    Literal,
    /// with escapes, or without an end
    Unusual,
}

/// The variables of a project. Names that are set first win.
#[derive(Debug, Clone, Default)]
pub(super) struct Variables {
    known: BTreeMap<String, Value>,
    /// why a file with variables could not be read
    pub(super) lost: Option<Unlocated>,
}

impl Variables {
    /// What a variable is set to.
    pub(super) fn get(&self, name: &str) -> Option<Value> {
        self.known.get(name).cloned()
    }

    /// Adds what files set, of which the later win, to what was known before, which wins over all of them.
    pub(super) fn and(&self, files: &[usize], sources: &Sources) -> Self {
        let mut own: BTreeMap<String, Value> = BTreeMap::new();
        let mut left = ALL_MAX;
        for file in files {
            let text = &sources.get(*file).text;
            for Assignment { name, at, written } in assignments(text) {
                let origin = Origin { source: *file, offset: at.start };
                let raw = Traced::written(&text[at.clone()], *file, at.start);
                let lookup = |name: &str| self.get(name).or_else(|| own.get(name).cloned());
                let value = match written {
                    Written::Literal => Value::Known(raw),
                    Written::Unusual => Value::Unusual(origin),
                    Written::Open => interpolate(&raw, &lookup).map_or(Value::Unusual(origin), |filled| Value::Known(filled.value)),
                };
                let length = if let Value::Known(known) = &value { known.text().len() } else { 0 };
                let value = match left.checked_sub(length) {
                    Some(rest) => {
                        left = rest;
                        value
                    }
                    None => Value::Unusual(origin),
                };
                own.insert(name.to_owned(), value);
            }
        }
        own.extend(self.known.clone());
        Self { known: own, lost: self.lost.clone() }
    }
}

/// Everything that a file sets, in the order in which it stands there.
pub(super) fn assignments(text: &str) -> Vec<Assignment<'_>> {
    let mut found = Vec::new();
    let mut at = text.len() - text.trim_start_matches('\u{feff}').len();
    while let Some(start) = text[at..].find(|c: char| !c.is_whitespace()).map(|skip| at + skip) {
        let end = text[start..].find('\n').map_or(text.len(), |length| start + length);
        at = end;
        let line = &text[start..end];
        let exported = line.strip_prefix("export").filter(|rest| rest.starts_with([' ', '\t'])).unwrap_or(line).trim_start();
        // a name alone is passed on from the shell; a comment has no name
        let Some((name, value)) = exported.split_once(['=', ':']) else { continue };
        let name = name.trim_end();
        let fits = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '[' | ']');
        if name.is_empty() || !name.chars().all(fits) {
            continue;
        }
        let value = value.trim_start_matches([' ', '\t', '\r', '\u{b}', '\u{c}']);
        let begins = end - value.len();
        let bare = || {
            let bare = value.split_once(" #").map_or(value, |(bare, _)| bare).trim_end();
            (begins..begins + bare.len(), if bare.contains('\\') { Written::Unusual } else { Written::Open })
        };
        let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''));
        let close = quote.map(|quote| ending(text, begins + 1, quote));
        let (range, written) = match (quote, close.flatten()) {
            (None, _) => bare(),
            (Some(_), None) => (begins..end, Written::Unusual),
            (Some(quote), Some(close)) => {
                at = close + 1;
                let inner = begins + 1..close;
                let escaped = text[inner.clone()].contains('\\');
                let written = if quote == '\'' { Written::Literal } else { Written::Open };
                (inner, if escaped { Written::Unusual } else { written })
            }
        };
        found.push(Assignment { name, at: range, written });
    }
    found
}

/// Where a quoted value ends; it may be lines away.
fn ending(text: &str, from: usize, quote: char) -> Option<usize> {
    let mut escaped = false;
    text[from..].char_indices().find_map(|(at, c)| {
        let here = !escaped && c == quote;
        escaped = c == '\\' && !escaped;
        here.then_some(from + at)
    })
}
