//! Values as they were written, and where.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

use super::keys::Kind;

/// A value of the right kind, not yet understood.
#[derive(Debug, Clone)]
pub(super) enum Value {
    /// a string
    Text(String),
    /// a flag
    Flag(bool),
    /// strings
    List(Vec<String>),
    /// a secret
    Secret(SecretString),
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// nobody set it
    Default,
    /// the configuration file
    File(String),
    /// a variable
    Environment(String),
    /// an argument
    Argument(&'static str),
    /// the system's settings
    System,
}

/// A value with its origin.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// what was written
    pub(super) value: Value,
    /// where
    pub(super) origin: Origin,
}

impl Value {
    /// Understands `text` as an environment variable or a default is written.
    pub(super) fn of_text(kind: Kind, text: &str) -> Option<Self> {
        Some(match kind {
            Kind::Text => Self::Text(text.to_owned()),
            Kind::Secret => Self::Secret(text.into()),
            Kind::List => Self::List(text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()),
            Kind::Flag => match text {
                "true" | "1" => Self::Flag(true),
                "false" | "0" => Self::Flag(false),
                _ => return None,
            },
        })
    }

    /// Understands what stands in a file.
    pub(super) fn of_toml(kind: Kind, value: &toml::Value) -> Option<Self> {
        match (kind, value) {
            (Kind::Text, toml::Value::String(text)) => Some(Self::Text(text.clone())),
            (Kind::Secret, toml::Value::String(text)) => Some(Self::Secret(text.as_str().into())),
            (Kind::Flag, toml::Value::Boolean(flag)) => Some(Self::Flag(*flag)),
            (Kind::List, toml::Value::Array(items)) => {
                items.iter().map(|item| item.as_str().map(str::to_owned)).collect::<Option<_>>().map(Self::List)
            }
            _ => None,
        }
    }

    /// The value as TOML; none for a secret.
    pub(super) fn shown(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(quoted(text)),
            Self::Flag(flag) => Some(flag.to_string()),
            Self::List(items) => Some(format!("[{}]", items.iter().map(|item| quoted(item)).collect::<Vec<_>>().join(", "))),
            Self::Secret(_) => None,
        }
    }

    /// What stands there, for a message; never a secret.
    pub(super) fn found(&self) -> String {
        match self {
            Self::Secret(secret) if secret.expose_secret().is_empty() => "empty".to_owned(),
            Self::Secret(_) => "something else (not shown)".to_owned(),
            other => other.shown().unwrap_or_default(),
        }
    }
}

/// What stands in a file, for a message; never a secret.
pub(super) fn found_in_toml(kind: Kind, value: &toml::Value) -> String {
    let what = match value {
        toml::Value::String(_) => "a string",
        toml::Value::Integer(_) | toml::Value::Float(_) => "a number",
        toml::Value::Boolean(_) => "a flag",
        toml::Value::Datetime(_) => "a date",
        toml::Value::Array(_) => "a list",
        toml::Value::Table(_) => "a table",
    };
    match value {
        _ if kind == Kind::Secret => what.to_owned(),
        toml::Value::String(text) => quoted(text),
        toml::Value::Array(_) | toml::Value::Table(_) => what.to_owned(),
        _ => format!("{what} ({value})"),
    }
}

/// `text` as a TOML string on one line, shortened, and without the password of an address.
pub(super) fn quoted(text: &str) -> String {
    let text = without_password(text);
    let mut short: String = text.chars().take(120).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    let mut written = String::from("\"");
    for letter in short.chars() {
        match letter {
            '"' | '\\' => written.extend(['\\', letter]),
            '\n' => written.push_str("\\n"),
            '\t' => written.push_str("\\t"),
            letter if letter.is_control() => written.extend(format!("\\u{:04X}", u32::from(letter)).chars()),
            letter => written.push(letter),
        }
    }
    written.push('"');
    written
}

/// `https://user:secret@host` without what stands before the `@`.
fn without_password(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else { return text.to_owned() };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    match rest[..end].rfind('@') {
        Some(at) => format!("{scheme}://…{}", &rest[at..]),
        None => text.to_owned(),
    }
}

impl Origin {
    /// Where to look, at the start of a message.
    pub(super) fn place(&self) -> String {
        match self {
            Self::Default => "default".to_owned(),
            Self::File(place) => place.clone(),
            Self::Environment(variable) => variable.clone(),
            Self::Argument(argument) => (*argument).to_owned(),
            Self::System => "system".to_owned(),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.place())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_quoted_stays_on_one_line_and_keeps_secrets() {
        for (text, expected) in [
            ("plain", r#""plain""#),
            ("two\nlines", r#""two\nlines""#),
            ("a \"b\" \\ \u{1b}", r#""a \"b\" \\ \u001B""#),
            ("https://me:secret@example.org/a@b", r#""https://…@example.org/a@b""#),
            ("tcp://nas:2376", r#""tcp://nas:2376""#),
        ] {
            assert_eq!(quoted(text), expected);
        }
        assert_eq!(quoted(&"x".repeat(500)).chars().count(), 123);
    }

    #[test]
    fn a_secret_is_shown_nowhere() {
        let secret = Value::Secret("hunter2".into());
        assert_eq!(secret.shown(), None);
        assert!(!secret.found().contains("hunter2"));
        assert!(!format!("{secret:?}").contains("hunter2"));
    }
}
