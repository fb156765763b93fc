//! What of a container can be changed: its restart policy and its limits.

use serde_json::{Map, Value};

use super::World;
use crate::simulate::engine::EngineError;

/// What happens to a container that ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::simulate::engine) struct Policy {
    /// `no`, `always`, `unless-stopped`, `on-failure`; empty is `no`
    pub(in crate::simulate::engine) name: String,
    /// how often at most, where that is not 0
    pub(in crate::simulate::engine) most: u64,
}

impl Policy {
    /// That of a `HostConfig`.
    pub(in crate::simulate::engine) fn of(host: &Map<String, Value>) -> Self {
        let policy = host.get("RestartPolicy");
        let part = |name: &str| policy.and_then(|policy| policy.get(name));
        let name = part("Name").and_then(Value::as_str).unwrap_or_default().to_owned();
        Self { name, most: part("MaximumRetryCount").and_then(Value::as_u64).unwrap_or_default() }
    }

    /// Whether there is one.
    pub(in crate::simulate::engine) fn is_some(&self) -> bool {
        !matches!(self.name.as_str(), "" | "no")
    }

    pub(super) fn check(&self) -> Result<(), EngineError> {
        let refusal = match self.name.as_str() {
            "always" | "unless-stopped" | "no" if self.most != 0 => {
                format!("maximum retry count cannot be used with restart policy '{}'", self.name)
            }
            "" | "no" | "always" | "unless-stopped" | "on-failure" => return Ok(()),
            other => format!("invalid restart policy '{other}'"),
        };
        Err(EngineError::Invalid(refusal))
    }

    /// Whether a container that ended by itself is started again.
    pub(super) fn restarts(&self, code: u8, restarts: u32) -> bool {
        match self.name.as_str() {
            "always" | "unless-stopped" => true,
            "on-failure" => code != 0 && (self.most == 0 || u64::from(restarts) < self.most),
            _ => false,
        }
    }

    /// Whether a container that was started before is started again when the Engine is. `always` means it: also one that was stopped by hand.
    pub(super) fn starts_with_engine(&self, code: u8, restarts: u32, stopped_by_hand: bool) -> bool {
        self.restarts(code, restarts) && !(self.name == "unless-stopped" && stopped_by_hand)
    }
}

impl World {
    /// Changes the restart policy and the limits of the container at `at`.
    pub(in crate::simulate::engine) fn update(&mut self, at: usize, body: &Map<String, Value>) -> Result<(), EngineError> {
        let policy = Policy::of(body);
        policy.check()?;
        let container = &mut self.containers[at];
        if container.removing {
            return Err(EngineError::Conflict(
                "Cannot update container: Container is marked for removal and cannot be \"update\".".to_owned(),
            ));
        }
        if container.auto_remove() && policy.is_some() {
            let id = &container.id;
            return Err(EngineError::Conflict(format!(
                "Cannot update container {id}: Restart policy cannot be updated because AutoRemove is enabled for the container"
            )));
        }
        for (name, value) in body {
            let says = match name.as_str() {
                "RestartPolicy" => !policy.name.is_empty(),
                _ => !crate::simulate::engine::merge::is_empty(Some(value)),
            };
            if says {
                container.host_config.insert(name.clone(), value.clone());
            }
        }
        self.tell(at, "update", &[]);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policies_decide_as_the_engine_does() {
        for (name, most, code, restarts, by_hand, in_life, with_engine) in [
            ("no", 0, 1, 0, false, false, false),
            ("", 0, 1, 0, false, false, false),
            ("always", 0, 0, 9, false, true, true),
            ("always", 0, 0, 0, true, true, true),
            ("unless-stopped", 0, 0, 0, false, true, true),
            ("unless-stopped", 0, 1, 0, true, true, false),
            ("on-failure", 0, 0, 0, false, false, false),
            ("on-failure", 0, 1, 50, false, true, true),
            ("on-failure", 3, 1, 2, false, true, true),
            ("on-failure", 3, 1, 3, false, false, false),
        ] {
            let policy = Policy { name: name.to_owned(), most };
            assert_eq!(policy.restarts(code, restarts), in_life, "{policy:?} {code} {restarts}");
            assert_eq!(policy.starts_with_engine(code, restarts, by_hand), with_engine, "{policy:?} {code} {restarts} {by_hand}");
        }
    }
}
