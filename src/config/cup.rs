//! A `cup.json` of Cup's version 3, brought into our keys.
//!
//! What has a meaning here is taken over; of what has none a warning tells. Values are checked here already, so that a message names
//! the key that stands in the file.

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Map, Value};

use super::{ConfigError, Schedule, near::nearest, parse, value::quoted};

/// The file in our terms, and what in it has no effect.
pub(super) fn translate(place: &str, text: &str) -> Result<(toml::Table, Vec<String>), ConfigError> {
    let document: Value = serde_json::from_str(text).map_err(|error| ConfigError::Syntax {
        place: place.to_owned(),
        line: error.line(),
        column: error.column(),
        message: "this is no JSON".to_owned(),
    })?;
    let Value::Object(document) = document else {
        let message = "a cup.json is an object".to_owned();
        return Err(ConfigError::Syntax { place: place.to_owned(), line: 1, column: 1, message });
    };
    let mut translation = Translation { place, table: toml::Table::new(), warnings: Vec::new() };
    for (key, value) in &document {
        translation.take(key, value)?;
    }
    Ok((translation.table, translation.warnings))
}

/// A translation under way.
struct Translation<'a> {
    place: &'a str,
    table: toml::Table,
    warnings: Vec<String>,
}

impl Translation<'_> {
    /// Takes over one key.
    fn take(&mut self, key: &str, value: &Value) -> Result<(), ConfigError> {
        match key {
            "$schema" => {}
            "version" if value == 3 => {}
            "version" => return Err(ConfigError::CupVersion { place: self.place.to_owned(), found: shown(value) }),
            "refresh_interval" => {
                let allowed = "a cron expression of six fields, seconds first, such as \"0 0 */6 * * *\"";
                let text = value.as_str().ok_or_else(|| self.wrong(key, value, allowed))?;
                let schedule = five_fields(text).ok_or_else(|| self.wrong(key, value, allowed))?;
                self.section("check").insert("schedule".to_owned(), schedule.into());
            }
            "socket" => {
                let socket = value.as_str().and_then(socket).ok_or_else(|| self.wrong(key, value, SOCKET))?;
                self.table.extend(socket);
            }
            "images" => {
                let images = value.as_object().ok_or_else(|| self.wrong(key, value, "an object"))?;
                for (key, value) in images {
                    self.images(key, value)?;
                }
            }
            "registries" => {
                let registries = value.as_object().ok_or_else(|| self.wrong(key, value, "an object"))?;
                for (name, registry) in registries {
                    self.registry(name, registry)?;
                }
            }
            "agent" if value == false => {}
            "theme" if value == "default" => {}
            "ignore_update_type" => {
                // Cup names the lowest level that is not told of
                let tell = match value.as_str() {
                    Some("none") => "major",
                    Some("major") => "minor",
                    Some("minor") => "patch",
                    Some("patch") => "digest",
                    _ => return Err(self.wrong(key, value, "\"none\", \"major\", \"minor\" or \"patch\"")),
                };
                self.section("policy").insert("tell".to_owned(), tell.into());
            }
            "servers" if value.as_object().is_some_and(Map::is_empty) => {}
            "agent" if !value.is_boolean() => return Err(self.wrong(key, value, "true or false")),
            "agent" => self.ignored(key, "the page is always served"),
            "theme" => self.ignored(key, "the page follows the browser's light or dark"),
            "servers" => self.ignored(key, "other servers are not read"),
            _ => self.ignored(key, "it is no key of Cup's version 3"),
        }
        Ok(())
    }

    /// Takes over a list of images.
    fn images(&mut self, key: &str, value: &Value) -> Result<(), ConfigError> {
        let full = format!("images.{key}");
        let texts = || value.as_array()?.iter().map(|item| item.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>();
        match key {
            "extra" | "exclude" => {
                let texts = texts().ok_or_else(|| self.wrong(&full, value, "a list of references"))?;
                if let Some(wrong) = texts.iter().find(|text| key == "extra" && parse::reference(text).is_none()) {
                    return Err(self.wrong(&full, &Value::String(wrong.clone()), "a list of references"));
                }
                self.section("images").insert(key.to_owned(), texts.into());
            }
            _ => self.ignored(&full, "it is no key of Cup's version 3"),
        }
        Ok(())
    }

    /// Takes over one registry.
    fn registry(&mut self, name: &str, registry: &Value) -> Result<(), ConfigError> {
        let start = format!("registries.{name}");
        let id = parse::registry_name(name)
            .ok_or_else(|| self.wrong(&start, &Value::String(name.to_owned()), "a registry's host, with its port where it has one"))?;
        let content = registry.as_object().ok_or_else(|| self.wrong(&start, registry, "an object"))?;
        let mut table = toml::Table::new();
        for (key, value) in content {
            let full = format!("{start}.{key}");
            match (key.as_str(), value) {
                ("insecure", Value::Bool(flag)) => drop(table.insert("insecure".to_owned(), (*flag).into())),
                ("authentication", Value::String(secret)) => {
                    let (user, password) = basic(secret).ok_or_else(|| self.wrong(&full, &Value::Null, AUTHENTICATION))?;
                    table.insert("username".to_owned(), user.into());
                    table.insert("password".to_owned(), password.into());
                }
                ("ignore", Value::Bool(flag)) => drop(table.insert("ignore".to_owned(), (*flag).into())),
                ("insecure" | "ignore", _) => return Err(self.wrong(&full, value, "true or false")),
                ("authentication", _) => return Err(self.wrong(&full, &Value::Null, AUTHENTICATION)),
                _ => {
                    let near = nearest(key, ["authentication", "insecure", "ignore"]).map(|near| format!("{start}.{near}"));
                    return Err(ConfigError::UnknownKey { place: self.place.to_owned(), key: full, near });
                }
            }
        }
        self.section("registry").insert(id, table.into());
        Ok(())
    }

    /// A table of ours, made where it is not there yet.
    fn section(&mut self, name: &str) -> &mut toml::Table {
        let section = self.table.entry(name).or_insert_with(|| toml::Table::new().into());
        section.as_table_mut().expect("only tables are put under these names")
    }

    /// Notes that a key has no effect.
    fn ignored(&mut self, key: &str, because: &str) {
        self.warnings.push(format!("{}: `{key}` has no effect here: {because}", self.place));
    }

    /// The error about a value; `Null` stands for one that is not shown.
    fn wrong(&self, key: &str, value: &Value, allowed: &str) -> ConfigError {
        ConfigError::Wrong { place: self.place.to_owned(), key: key.to_owned(), found: shown(value), allowed: allowed.to_owned() }
    }
}

/// What `socket` may be.
pub(super) const SOCKET: &str = "an address that starts with unix://, tcp://, http:// or ssh://, a path, or \"none\"";

/// An Engine's address, or `none`, in our keys. A bare path is a socket, as Cup's own documentation has it.
pub(super) fn socket(text: &str) -> Option<toml::Table> {
    let table = |name: &str, key: &str, value: toml::Value| {
        toml::Table::from_iter([(name.to_owned(), toml::Table::from_iter([(key.to_owned(), value)]).into())])
    };
    if text == "none" {
        let mut none = table("watch", "discover", false.into());
        none.insert("host".to_owned(), toml::Table::new().into());
        return Some(none);
    }
    let url = if text.starts_with('/') { format!("unix://{text}") } else { text.to_owned() };
    parse::engine(&url)?;
    Some(table("host", "local", toml::Table::from_iter([("url".to_owned(), url.into())]).into()))
}

/// One of Cup's variables in our terms, and what in it has no effect. None where it is none of Cup's.
pub(super) fn variable(name: &str, text: &str) -> Option<Result<(toml::Table, Vec<String>), ConfigError>> {
    let key = match name {
        "CUP_AGENT" => "agent",
        "CUP_IGNORE_UPDATE_TYPE" => "ignore_update_type",
        "CUP_REFRESH_INTERVAL" => "refresh_interval",
        "CUP_SOCKET" => "socket",
        "CUP_THEME" => "theme",
        _ => return None,
    };
    let value = if key == "agent" { text.parse().map_or_else(|_| Value::from(text), Value::Bool) } else { Value::from(text) };
    let mut translation = Translation { place: name, table: toml::Table::new(), warnings: Vec::new() };
    Some(translation.take(key, &value).map(|()| (translation.table, translation.warnings)))
}

/// What `authentication` may be.
const AUTHENTICATION: &str = "`user:password` in base64";

/// A value for a message.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => "something else (not shown)".to_owned(),
        Value::String(text) => quoted(text),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}

/// Cup's expression without its seconds; `off` where it is empty.
fn five_fields(text: &str) -> Option<String> {
    let fields: Vec<_> = text.split_whitespace().collect();
    let schedule = match fields.as_slice() {
        [] => "off".to_owned(),
        [_, rest @ ..] if fields.len() == 6 => rest.join(" "),
        _ => fields.join(" "),
    };
    Schedule::parse(&schedule).map(|_| schedule)
}

/// User and password of a value that Cup sends as it is.
fn basic(secret: &str) -> Option<(String, String)> {
    let text = String::from_utf8(BASE64_STANDARD.decode(secret.trim()).ok()?).ok()?;
    let (user, password) = text.split_once(':')?;
    let whole = parse::name(user, 256).is_some() && !password.is_empty();
    whole.then(|| (user.to_owned(), password.to_owned()))
}
