//! Collects what was written, from all places, by the table of keys. Nothing is understood here but the kind of a value.

use std::{collections::BTreeMap, path::PathBuf};

use super::{
    ConfigError, Environment, Overrides, Setting, cup, file,
    keys::{self, Key, Kind},
    near::nearest,
    tables::{self, Entry},
    value::{Found, Origin, Value, found_in_toml, quoted},
};

/// Values by the name of their key.
pub(super) type Values = BTreeMap<&'static str, Found>;

/// Everything that was written, the winner of each key.
pub(super) struct Gathered {
    /// the scalars, defaults included
    pub(super) scalars: Values,
    /// the tables keyed by a name
    pub(super) entries: Vec<Entry>,
    /// the file that was read
    pub(super) file: Option<PathBuf>,
    /// what was written and has no effect
    pub(super) warnings: Vec<String>,
}

impl Gathered {
    /// Collects in the order of precedence, the strongest last.
    pub(super) fn collect(overrides: &Overrides, environment: &Environment) -> Result<Self, ConfigError> {
        let mut gathered = Self { scalars: defaults(keys::SCALARS), entries: Vec::new(), file: None, warnings: Vec::new() };
        if let Some(source) = file::read(overrides, environment)? {
            let place = source.path.display().to_string();
            gathered.take_file(&place, source.table)?;
            gathered.file = Some(source.path);
            gathered.warnings = source.warnings;
        }
        gathered.take_cups(environment)?;
        gathered.take_environment(environment)?;
        gathered.take_arguments(overrides)?;
        Ok(gathered)
    }

    /// Takes the content of the file.
    fn take_file(&mut self, place: &str, mut table: toml::Table) -> Result<(), ConfigError> {
        for known in keys::TABLES {
            if let Some(named) = table.remove(known.name) {
                // Engines that are named later stand in place of those that were named before
                if known.name == "host" {
                    self.entries.retain(|entry| entry.table.name != "host");
                }
                self.entries.extend(tables::read(place, known, named)?);
            }
        }
        // a section such as `[check]` is one level of names
        let mut flat = toml::Table::new();
        for (name, value) in table {
            let is_section = keys::SCALARS.iter().any(|key| key.name.split_once('.').is_some_and(|(section, _)| section == name));
            match value {
                toml::Value::Table(section) if is_section => {
                    flat.extend(section.into_iter().map(|(key, value)| (format!("{name}.{key}"), value)));
                }
                value if is_section => {
                    let allowed = format!("a table `[{name}]`");
                    return Err(ConfigError::Wrong {
                        place: place.to_owned(),
                        key: name,
                        found: found_in_toml(Kind::Text, &value),
                        allowed,
                    });
                }
                value => drop(flat.insert(name, value)),
            }
        }
        self.scalars.extend(read_keys(place, "", keys::SCALARS, &flat)?);
        Ok(())
    }

    /// Takes the variables that Cup reads: what they ask for is done, or it is said that it is not.
    fn take_cups(&mut self, environment: &Environment) -> Result<(), ConfigError> {
        for (variable, text) in environment.cups() {
            match cup::variable(variable, text) {
                None => self.warnings.push(format!("{variable} has no effect: Cup has no such variable")),
                Some(translated) => {
                    let (table, warnings) = translated?;
                    self.warnings.extend(warnings);
                    self.take_file(variable, table)?;
                }
            }
        }
        Ok(())
    }

    /// Takes the variables.
    fn take_environment(&mut self, environment: &Environment) -> Result<(), ConfigError> {
        for (variable, text) in environment.ours().filter(|(variable, _)| *variable != file::CONFIG) {
            let (key, by_file) = key_of_variable(variable)?;
            let own = keys::variable(key.name);
            if by_file && environment.get(&own).is_some() {
                return Err(ConfigError::Both { place: "the environment".to_owned(), first: own, second: variable.to_owned() });
            }
            let value = if by_file { Some(Value::Secret(file::secret_of(text, variable)?)) } else { Value::of_text(key.kind, text) };
            let Some(value) = value else {
                return Err(ConfigError::Wrong {
                    place: variable.to_owned(),
                    key: key.name.to_owned(),
                    found: quoted(text),
                    allowed: key.allowed.to_owned(),
                });
            };
            self.scalars.insert(key.name, Found { value, origin: Origin::Environment(variable.to_owned()) });
        }
        Ok(())
    }

    /// Takes the arguments.
    fn take_arguments(&mut self, overrides: &Overrides) -> Result<(), ConfigError> {
        let data_dir = overrides.data_dir.as_ref().map(|path| path.display().to_string());
        for (name, argument, value) in [("listen", "--listen", &overrides.listen), ("data_dir", "--data-dir", &data_dir)] {
            if let Some(text) = value {
                self.scalars.insert(name, Found { value: Value::Text(text.clone()), origin: Origin::Argument(argument) });
            }
        }
        let Some(text) = &overrides.socket else { return Ok(()) };
        let wrong = || ConfigError::Wrong {
            place: "--socket".to_owned(),
            key: "socket".to_owned(),
            found: quoted(text),
            allowed: cup::SOCKET.to_owned(),
        };
        self.take_file("--socket", cup::socket(text).ok_or_else(wrong)?)
    }

    /// Every key as it is shown, in the order of the table.
    pub(super) fn settings(&self) -> Vec<Setting> {
        let mut settings: Vec<_> = keys::SCALARS.iter().map(|key| setting(key.name.to_owned(), key, &self.scalars)).collect();
        for entry in &self.entries {
            let set = entry.table.keys.iter().filter(|key| entry.values.contains_key(key.name));
            settings.extend(set.map(|key| setting(entry.key(key.name), key, &entry.values)));
        }
        settings
    }
}

/// One key as it is shown.
fn setting(name: String, key: &Key, values: &Values) -> Setting {
    let found = values.get(key.name);
    Setting {
        key: name,
        value: found.and_then(|found| found.value.shown()),
        secret: found.is_some() && key.kind == Kind::Secret,
        origin: found.map_or(Origin::Default, |found| found.origin.clone()),
    }
}

/// The defaults of these keys.
pub(super) fn defaults(keys: &'static [Key]) -> Values {
    let default =
        |key: &'static Key| Value::of_text(key.kind, key.default?).map(|value| (key.name, Found { value, origin: Origin::Default }));
    keys.iter().filter_map(default).collect()
}

/// Reads the values of `keys` from a table of the file, whose names start with `prefix` in messages.
pub(super) fn read_keys(place: &str, prefix: &str, keys: &'static [Key], table: &toml::Table) -> Result<Values, ConfigError> {
    let mut values = Values::new();
    for (name, written) in table {
        let full = format!("{prefix}{name}");
        let secret_of = name.strip_suffix("_file").and_then(|name| keys.iter().find(|key| key.name == name && key.kind == Kind::Secret));
        let Some(key) = keys.iter().find(|key| key.name == name).or(secret_of) else {
            return Err(unknown(place, full, prefix, keys));
        };
        let wrong = |found: String, allowed: &str| ConfigError::Wrong {
            place: place.to_owned(),
            key: full.clone(),
            found,
            allowed: allowed.to_owned(),
        };
        let value = if secret_of.is_some() {
            if table.contains_key(key.name) {
                return Err(ConfigError::Both { place: place.to_owned(), first: format!("{prefix}{}", key.name), second: full });
            }
            let path = written.as_str().ok_or_else(|| wrong(found_in_toml(Kind::Text, written), "a file that can be read"))?;
            Value::Secret(file::secret_of(path, &format!("`{full}` in {place}"))?)
        } else {
            Value::of_toml(key.kind, written).ok_or_else(|| wrong(found_in_toml(key.kind, written), key.allowed))?
        };
        values.insert(key.name, Found { value, origin: Origin::File(place.to_owned()) });
    }
    Ok(values)
}

/// A key of the file that is in no table.
fn unknown(place: &str, full: String, prefix: &str, keys: &'static [Key]) -> ConfigError {
    let tables = if prefix.is_empty() { keys::TABLES } else { &[] };
    let sections = keys.iter().filter_map(|key| key.name.split_once('.')).map(|(section, _)| section);
    let known = keys.iter().map(|key| key.name).chain(sections).chain(tables.iter().map(|table| table.name));
    let near = match full.as_str() {
        "port" => Some("listen".to_owned()),
        _ => nearest(&full[prefix.len()..], known).map(|near| format!("{prefix}{near}")),
    };
    ConfigError::UnknownKey { place: place.to_owned(), key: full, near }
}

/// The key that a variable stands for, and whether it names a file with the secret.
fn key_of_variable(variable: &str) -> Result<(&'static Key, bool), ConfigError> {
    for key in keys::SCALARS {
        let own = keys::variable(key.name);
        if variable == own {
            return Ok((key, false));
        }
        if key.kind == Kind::Secret && variable.strip_suffix("_FILE") == Some(own.as_str()) {
            return Ok((key, true));
        }
    }
    let known = keys::SCALARS.iter().map(|key| key.name.replace('.', "_"));
    let near = match &variable[keys::PREFIX.len()..] {
        "PORT" => Some("listen".to_owned()),
        name => nearest(name, known),
    };
    let near = near.map(|near| keys::variable(&near));
    Err(ConfigError::UnknownVariable { variable: variable.to_owned(), near })
}
