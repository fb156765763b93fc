//! Tables keyed by a name: `[registry."ghcr.io"]`, `[host.nas]`.

use super::{
    ConfigError,
    gather::{Values, defaults, read_keys},
    keys::{Kind, Table},
    parse,
    value::found_in_toml,
};

/// One of them.
pub(super) struct Entry {
    /// what kind it is of
    pub(super) table: &'static Table,
    /// its name, as it was written
    pub(super) name: String,
    /// its name, as it is compared
    pub(super) id: String,
    /// the file
    pub(super) place: String,
    /// its values, defaults included
    pub(super) values: Values,
}

impl Entry {
    /// The full name of one of its keys.
    pub(super) fn key(&self, key: &str) -> String {
        format!("{}{key}", prefix(self.table, &self.name))
    }
}

/// Reads all entries of a table.
pub(super) fn read(place: &str, table: &'static Table, written: toml::Value) -> Result<Vec<Entry>, ConfigError> {
    let wrong = |key: String, found: &toml::Value, allowed: String| ConfigError::Wrong {
        place: place.to_owned(),
        key,
        found: found_in_toml(Kind::Text, found),
        allowed,
    };
    let example = format!("tables such as `[{}.{}]`", table.name, table.of);
    let toml::Value::Table(written) = written else {
        return Err(wrong(table.name.to_owned(), &written, example));
    };
    let mut entries: Vec<Entry> = Vec::new();
    for (name, content) in written {
        let toml::Value::Table(content) = content else {
            return Err(wrong(format!("{}.{}", table.name, key_part(&name)), &content, example));
        };
        let id = match table.name {
            "registry" => parse::registry_name(&name),
            "image" => parse::repository(&name),
            _ => parse::host_name(&name),
        };
        let Some(id) = id else {
            return Err(ConfigError::Name { place: place.to_owned(), table: table.name, name, allowed: table.allowed });
        };
        let start = prefix(table, &name);
        if let Some(other) = entries.iter().find(|other| other.id == id) {
            let [first, second] = [&prefix(table, &other.name), &start].map(|start| start.trim_end_matches('.').to_owned());
            return Err(ConfigError::Same { place: place.to_owned(), first, second });
        }
        let mut values = defaults(table.keys);
        values.extend(read_keys(place, &start, table.keys, &content)?);
        entries.push(Entry { table, name, id, place: place.to_owned(), values });
    }
    Ok(entries)
}

/// What the keys of an entry start with.
fn prefix(table: &Table, name: &str) -> String {
    format!("{}.{}.", table.name, key_part(name))
}

/// A part of a key as TOML writes it: in quotes where it must be.
fn key_part(name: &str) -> String {
    let bare = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
    if bare { name.to_owned() } else { super::value::quoted(name) }
}
