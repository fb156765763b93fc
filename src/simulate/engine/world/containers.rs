//! A container, and how it is found.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{Endpoint, Mount, Policy, World};
use crate::simulate::engine::{Behaviour, EngineError, Health, State};

/// A container that is there.
#[derive(Debug, Clone)]
pub(in crate::simulate::engine) struct Container {
    /// 64 hexadecimal digits
    pub(in crate::simulate::engine) id: String,
    pub(in crate::simulate::engine) name: String,
    /// what it was started from, as written
    pub(in crate::simulate::engine) image: String,
    pub(in crate::simulate::engine) image_id: String,
    /// its own and those of the image
    pub(in crate::simulate::engine) labels: BTreeMap<String, String>,
    /// what it was given and what it inherited
    pub(in crate::simulate::engine) config: Map<String, Value>,
    pub(in crate::simulate::engine) host_config: Map<String, Value>,
    /// by the name of the network
    pub(in crate::simulate::engine) endpoints: BTreeMap<String, Endpoint>,
    pub(in crate::simulate::engine) mounts: Vec<Mount>,
    /// ports of the host, while it is up: `80/tcp` to the addresses and ports that lead there; no address is any
    pub(in crate::simulate::engine) ports: BTreeMap<String, Vec<(String, u16)>>,
    pub(in crate::simulate::engine) state: State,
    pub(in crate::simulate::engine) health: Option<Health>,
    /// nanoseconds since 1970
    pub(in crate::simulate::engine) created: i64,
    pub(in crate::simulate::engine) started: Option<i64>,
    pub(in crate::simulate::engine) finished: Option<i64>,
    pub(in crate::simulate::engine) restarts: u32,
    /// code and message of a start that failed
    pub(in crate::simulate::engine) failure: Option<(u8, String)>,
    /// somebody stopped it since it was last started
    pub(in crate::simulate::engine) stopped_by_hand: bool,
    /// it is being removed, and that takes its time
    pub(in crate::simulate::engine) removing: bool,
    /// counts its starts and ends: what was put down for an earlier life does not happen in this one
    pub(in crate::simulate::engine) life: u64,
}

impl Container {
    /// The mode of its network: `bridge`, `host`, `container:…`, or a network's name.
    pub(in crate::simulate::engine) fn network_mode(&self) -> &str {
        self.host_config.get("NetworkMode").and_then(Value::as_str).unwrap_or("default")
    }

    /// Whether it goes away by itself when it ends.
    pub(in crate::simulate::engine) fn auto_remove(&self) -> bool {
        self.host_config.get("AutoRemove").and_then(Value::as_bool).unwrap_or_default()
    }

    pub(in crate::simulate::engine) fn policy(&self) -> Policy {
        Policy::of(&self.host_config)
    }

    /// Its state, in the Engine's word.
    pub(in crate::simulate::engine) fn state_word(&self) -> &'static str {
        if self.removing { "removing" } else { self.state.as_str() }
    }

    /// The first 12 digits of its id.
    pub(in crate::simulate::engine) fn short_id(&self) -> &str {
        &self.id[..12]
    }
}

impl World {
    /// Where the container with an id or a name (also a shortened id, if it is the only one) stands in the list.
    pub(in crate::simulate::engine) fn find(&self, name: &str) -> Result<usize, EngineError> {
        let plain = name.strip_prefix('/').unwrap_or(name);
        let first = |wanted: &dyn Fn(&Container) -> bool| self.containers.iter().position(wanted);
        let exact = first(&|container| container.id == plain).or_else(|| first(&|container| container.name == plain));
        if let Some(at) = exact {
            return Ok(at);
        }
        let mut short = self.containers.iter().enumerate().filter(|(_, container)| !plain.is_empty() && container.id.starts_with(plain));
        match (short.next(), short.next()) {
            (Some((at, _)), None) => Ok(at),
            (Some(_), Some(_)) if self.api < 42 => Err(EngineError::Failed(format!("Multiple IDs found with provided prefix: {plain}"))),
            (Some(_), Some(_)) => Err(EngineError::Ambiguous(plain.to_owned())),
            (None, _) => Err(EngineError::NoContainer(name.to_owned())),
        }
    }

    /// Whether a name is free.
    pub(in crate::simulate::engine) fn is_free(&self, name: &str) -> Result<(), EngineError> {
        match self.containers.iter().find(|container| container.name == name) {
            None => Ok(()),
            Some(holder) => Err(EngineError::NameTaken { name: name.to_owned(), holder: holder.id.clone() }),
        }
    }

    /// What the container at `at` does by itself.
    pub(in crate::simulate::engine) fn behaviour(&self, at: usize) -> Behaviour {
        self.images.get(&self.containers[at].image_id).map(|stored| stored.image.behaviour).unwrap_or_default()
    }

    /// Gives a container another name.
    pub(in crate::simulate::engine) fn rename(&mut self, at: usize, new: &str) -> Result<(), EngineError> {
        let new = new.strip_prefix('/').unwrap_or(new);
        if new.is_empty() {
            return Err(EngineError::Invalid("Neither old nor new names may be empty".to_owned()));
        }
        if self.containers[at].name == new {
            return Err(EngineError::Invalid("Renaming a container with the same name as its current name".to_owned()));
        }
        self.is_free(new)?;
        let old = std::mem::replace(&mut self.containers[at].name, new.to_owned());
        self.tell(at, "rename", &[("oldName", &format!("/{old}"))]);
        Ok(())
    }
}

/// What a name may look like.
const NAME: &str = "[a-zA-Z0-9][a-zA-Z0-9_.-]";

/// Whether a name is one that clients may give. The handle may give others, short ones among them.
pub(in crate::simulate::engine) fn check_name(name: &str) -> Result<(), EngineError> {
    let mut bytes = name.strip_prefix('/').unwrap_or(name).bytes();
    let first = bytes.next().is_some_and(|byte| byte.is_ascii_alphanumeric());
    if first && name.len() > 1 && bytes.all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte)) {
        return Ok(());
    }
    Err(EngineError::Invalid(format!("Invalid container name ({name}), only {NAME} are allowed")))
}
