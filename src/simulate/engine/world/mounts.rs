//! Volumes, and what is mounted into containers.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::World;
use crate::simulate::engine::{EngineError, event};

/// A volume that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::simulate::engine) struct Volume {
    /// nanoseconds since 1970
    pub(in crate::simulate::engine) created: i64,
    /// nobody named it
    pub(in crate::simulate::engine) anonymous: bool,
}

/// Something that is mounted into a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::simulate::engine) struct Mount {
    /// `volume`, `bind`, `tmpfs`
    pub(in crate::simulate::engine) kind: String,
    /// the volume's name
    pub(in crate::simulate::engine) name: Option<String>,
    /// where it comes from on the host
    pub(in crate::simulate::engine) source: String,
    /// where it is in the container
    pub(in crate::simulate::engine) destination: String,
    /// `ro`, `z`, … as written
    pub(in crate::simulate::engine) mode: String,
    pub(in crate::simulate::engine) writable: bool,
    /// the container was given no name for the volume: it may go with the container
    pub(in crate::simulate::engine) anonymous: bool,
}

impl Mount {
    /// Reads `source:destination:mode`; a destination alone is a volume without a name.
    fn bind(text: &str) -> Result<Self, EngineError> {
        let mut parts = text.splitn(3, ':');
        let (source, destination) = match (parts.next().unwrap_or_default(), parts.next()) {
            (source, Some(destination)) => (source, destination),
            (destination, None) => ("", destination),
        };
        if !destination.starts_with('/') {
            let why = format!("invalid mount config for type \"volume\": invalid mount path: '{destination}' mount path must be absolute");
            return Err(EngineError::Failed(format!("invalid volume specification: '{text}': {why}")));
        }
        let mode = parts.next().unwrap_or_default();
        let writable = !mode.split(',').any(|word| word == "ro");
        Ok(Self { mode: mode.to_owned(), writable, ..Self::new(source, destination) })
    }

    /// A directory of the host, or a volume.
    fn new(source: &str, destination: &str) -> Self {
        let directory = source.starts_with('/');
        Self {
            kind: if directory { "bind" } else { "volume" }.to_owned(),
            name: (!directory).then(|| source.to_owned()),
            source: if directory { source.to_owned() } else { format!("/var/lib/docker/volumes/{source}/_data") },
            destination: destination.to_owned(),
            mode: String::new(),
            writable: true,
            anonymous: false,
        }
    }

    /// Reads a member of `HostConfig.Mounts`. A volume without a source has no name yet.
    fn described(mount: &Value) -> Result<Self, EngineError> {
        let text = |name: &str| mount.get(name).and_then(Value::as_str).unwrap_or_default();
        let kind = text("Type");
        if !matches!(kind, "volume" | "bind" | "tmpfs") {
            return Err(EngineError::Invalid(format!("invalid mount config for type \"{kind}\": mount type unknown")));
        }
        if text("Target").is_empty() {
            return Err(EngineError::Invalid(format!("invalid mount config for type \"{kind}\": field Target must not be empty")));
        }
        let writable = !mount.get("ReadOnly").and_then(Value::as_bool).unwrap_or_default();
        let mode = if kind == "volume" { "z" } else { "" }.to_owned();
        let made = Self::new(text("Source"), text("Target"));
        let made = Self { kind: kind.to_owned(), mode, writable, ..made };
        Ok(match kind {
            "tmpfs" => Self { name: None, source: String::new(), ..made },
            "bind" => Self { name: None, source: text("Source").to_owned(), ..made },
            _ => made,
        })
    }
}

impl World {
    /// What a container of this configuration has mounted. Volumes that are not there are made.
    pub(super) fn mounts(&mut self, config: &Map<String, Value>, host: &Map<String, Value>) -> Result<Vec<Mount>, EngineError> {
        // by destination: what is said more plainly wins
        let mut mounts = BTreeMap::new();
        let texts = |name: &str| host.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
        for from in texts("VolumesFrom").iter().filter_map(Value::as_str) {
            let at = self.find(from.split(':').next().unwrap_or_default())?;
            mounts.extend(self.containers[at].mounts.iter().map(|mount| (mount.destination.clone(), mount.clone())));
        }
        for text in texts("Binds").iter().filter_map(Value::as_str) {
            let mount = Mount::bind(text)?;
            mounts.insert(mount.destination.clone(), mount);
        }
        for described in &texts("Mounts") {
            let mount = Mount::described(described)?;
            mounts.insert(mount.destination.clone(), mount);
        }
        for destination in config.get("Volumes").and_then(Value::as_object).into_iter().flatten().map(|(destination, _)| destination) {
            mounts.entry(destination.clone()).or_insert_with(|| Mount::new("", destination));
        }
        let mut mounts: Vec<Mount> = mounts.into_values().collect();
        for mount in mounts.iter_mut().filter(|mount| mount.kind == "volume") {
            let unnamed = mount.name.as_ref().is_none_or(String::is_empty);
            if unnamed {
                let name = self.fresh_id("volume");
                *mount = Mount { mode: mount.mode.clone(), writable: mount.writable, ..Mount::new(&name, &mount.destination) };
                mount.anonymous = true;
            }
            if let Some(name) = &mount.name {
                self.volumes.entry(name.clone()).or_insert(Volume { created: event::now(), anonymous: unnamed });
            }
        }
        Ok(mounts)
    }

    /// Removes the volumes that went with a container and that nobody else has.
    pub(super) fn drop_volumes(&mut self, mounts: &[Mount]) {
        for name in mounts.iter().filter(|mount| mount.anonymous).filter_map(|mount| mount.name.as_ref()) {
            let used = self.containers.iter().flat_map(|container| &container.mounts).any(|mount| mount.name.as_ref() == Some(name));
            if !used {
                self.volumes.remove(name);
            }
        }
    }
}
