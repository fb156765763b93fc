//! The environment, taken once.

use std::{collections::BTreeMap, env};

use super::{ConfigError, keys::PREFIX};

/// Variables that start as ours do and are none: of the test bench, and of Kubernetes and Docker links, which put the addresses of a
/// service named `plimsoll` into the environment of its neighbours. A trailing `*` stands for anything.
const FOREIGN: &[&str] = &[
    "PLIMSOLL_BIN",
    "PLIMSOLL_CHROMIUM",
    "PLIMSOLL_GOLDEN",
    "PLIMSOLL_LAB*",
    "PLIMSOLL_SKIPS*",
    "PLIMSOLL_TEST_SLACK",
    "PLIMSOLL_NAME",
    "PLIMSOLL_ENV_*",
    "PLIMSOLL_PORT_*",
    "PLIMSOLL_SERVICE_HOST",
    "PLIMSOLL_SERVICE_PORT*",
];

/// The variables of the process, or those of a test. It may hold secrets: there is no `Debug`.
#[derive(Clone, Default)]
pub struct Environment(BTreeMap<String, String>);

impl Environment {
    /// What the process was given.
    pub fn of_process() -> Result<Self, ConfigError> {
        let mut known = BTreeMap::new();
        for (name, value) in env::vars_os() {
            let Ok(name) = name.into_string() else { continue };
            match value.into_string() {
                Ok(value) => drop(known.insert(name, value)),
                Err(_) if name.starts_with(PREFIX) => return Err(ConfigError::NotText { variable: name }),
                Err(_) => {}
            }
        }
        Ok(Self(known))
    }

    /// The value of a variable. An empty one is none: that is what compose files make of a variable that is not set.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The variables that claim to be Cup's.
    pub(super) fn cups(&self) -> impl Iterator<Item = (&str, &str)> {
        let foreign = |name: &str| name.starts_with("CUP_SERVICE_") || name.starts_with("CUP_PORT");
        let all = self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        all.filter(move |(name, value)| name.starts_with("CUP_") && !value.is_empty() && !foreign(name))
    }

    /// The variables that claim to be ours.
    pub(super) fn ours(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .filter(|(name, value)| name.starts_with(PREFIX) && !value.is_empty() && !is_foreign(name, value))
    }
}

/// Whether somebody else set it.
fn is_foreign(name: &str, value: &str) -> bool {
    let listed = FOREIGN.iter().any(|pattern| match pattern.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => name == *pattern,
    });
    // Kubernetes and links write `tcp://10.0.0.7:8099` here; a person would write a number, and is told of `PLIMSOLL_LISTEN`
    listed || (name == "PLIMSOLL_PORT" && value.contains("://"))
}

impl<const N: usize> From<[(&str, &str); N]> for Environment {
    fn from(variables: [(&str, &str); N]) -> Self {
        Self(variables.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }
}

impl<'a> FromIterator<(&'a str, &'a str)> for Environment {
    fn from_iter<T: IntoIterator<Item = (&'a str, &'a str)>>(variables: T) -> Self {
        Self(variables.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }
}
