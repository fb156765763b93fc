//! Takes values out by their key, and understands them.

use std::path::PathBuf;

use secrecy::SecretString;

use super::{
    ConfigError, Origin,
    gather::Values,
    keys::Key,
    parse,
    value::{Found, Value, quoted},
};

/// Values of one table of keys.
pub(super) struct Reader {
    /// the table of keys
    pub(super) keys: &'static [Key],
    /// what is left of them
    pub(super) values: Values,
    /// what the keys start with in messages
    pub(super) prefix: String,
}

impl Reader {
    /// What the table says of a key.
    pub(super) fn key(&self, name: &str) -> &'static Key {
        self.keys.iter().find(|key| key.name == name).expect("only keys of the table are read")
    }

    /// The error about a value.
    fn wrong(&self, name: &str, origin: &Origin, found: String) -> ConfigError {
        let allowed = self.key(name).allowed.to_owned();
        ConfigError::Wrong { place: origin.place(), key: format!("{}{name}", self.prefix), found, allowed }
    }

    /// A text that may be absent.
    pub(super) fn text<T>(&mut self, name: &'static str, parse: impl Fn(&str) -> Option<T>) -> Result<Option<T>, ConfigError> {
        let Some(Found { value, origin }) = self.values.remove(name) else { return Ok(None) };
        let parsed = match &value {
            Value::Text(text) => parse(text),
            _ => None,
        };
        parsed.map(Some).ok_or_else(|| self.wrong(name, &origin, value.found()))
    }

    /// A text with a default.
    pub(super) fn set<T>(&mut self, name: &'static str, parse: impl Fn(&str) -> Option<T>) -> Result<T, ConfigError> {
        Ok(self.text(name, parse)?.expect("the table has a default for it"))
    }

    /// A flag.
    pub(super) fn flag(&mut self, name: &'static str) -> bool {
        matches!(self.values.remove(name), Some(Found { value: Value::Flag(true), .. }))
    }

    /// A list, empty where absent.
    pub(super) fn list<T>(&mut self, name: &'static str, parse: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, ConfigError> {
        let Some(Found { value: Value::List(items), origin }) = self.values.remove(name) else { return Ok(Vec::new()) };
        items.iter().map(|item| parse(item).ok_or_else(|| self.wrong(name, &origin, quoted(item)))).collect()
    }

    /// A name and its secret: both or neither.
    pub(super) fn pair<N, S>(
        &mut self,
        name: &'static str,
        parse: impl Fn(&str) -> Option<N>,
        secret: &'static str,
        understand: impl Fn(SecretString) -> Result<S, String>,
    ) -> Result<Option<(N, S)>, ConfigError> {
        self.together(name, secret)?;
        let name = self.text(name, parse)?;
        let Some(Found { value: Value::Secret(text), origin }) = self.values.remove(secret) else { return Ok(None) };
        let understood = understand(text).map_err(|found| self.wrong(secret, &origin, found))?;
        Ok(name.map(|name| (name, understood)))
    }

    /// Two files: both or neither.
    pub(super) fn files(&mut self, first: &'static str, second: &'static str) -> Result<Option<(PathBuf, PathBuf)>, ConfigError> {
        self.together(first, second)?;
        let first = self.text(first, parse::readable)?;
        Ok(first.zip(self.text(second, parse::readable)?))
    }

    /// Refuses one key without the other.
    fn together(&self, first: &'static str, second: &'static str) -> Result<(), ConfigError> {
        let (key, missing, found) = match (self.values.get(first), self.values.get(second)) {
            (Some(found), None) => (first, second, found),
            (None, Some(found)) => (second, first, found),
            _ => return Ok(()),
        };
        let full = |name: &str| format!("{}{name}", self.prefix);
        Err(ConfigError::Alone { place: found.origin.place(), key: full(key), missing: full(missing) })
    }
}
