//! Ports of the host that lead into containers.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Container, World};
use crate::simulate::engine::EngineError;

/// From here on the Engine chooses a port where none was asked for.
const FIRST: u16 = 32_768;

/// A host's address that is all of them.
const ALL: &str = "0.0.0.0";

impl World {
    /// Binds the ports of the container at `at`, all or none.
    pub(super) fn bind_ports(&mut self, at: usize) -> Result<(), EngineError> {
        let mut bound: BTreeMap<String, Vec<(String, u16)>> = BTreeMap::new();
        for (inner, address, wished) in wishes(&self.containers[at]) {
            let protocol = protocol(&inner);
            let taken = |port: u16, own: &BTreeMap<String, Vec<(String, u16)>>| {
                let others = self.containers.iter().flat_map(|container| &container.ports).chain(own);
                let mut others = others.filter(|(inner, _)| self::protocol(inner) == protocol).flat_map(|(_, bindings)| bindings);
                let all = |address: &str| address.is_empty() || address == ALL;
                others.any(|(other, bound)| *bound == port && (other == &address || all(other) || all(&address)))
            };
            let port = match wished {
                0 => (FIRST..).find(|port| !taken(*port, &bound)).unwrap_or(FIRST),
                port if taken(port, &bound) => return Err(self.port_taken(at, &address, port)),
                port => port,
            };
            bound.entry(inner).or_default().push((address, port));
        }
        self.containers[at].ports = bound;
        Ok(())
    }

    fn port_taken(&self, at: usize, address: &str, port: u16) -> EngineError {
        let container = &self.containers[at];
        let endpoint = container.endpoints.values().find_map(|endpoint| endpoint.lease.as_ref()).map_or("", |lease| &lease.id);
        let address = if address.is_empty() { ALL } else { address };
        let newer = if self.api >= 48 { "failed to set up container networking: " } else { "" };
        EngineError::Failed(format!(
            "{newer}driver failed programming external connectivity on endpoint {} ({endpoint}): Bind for {address}:{port} failed: port is already allocated",
            container.name
        ))
    }
}

/// `80/tcp`: its protocol.
fn protocol(inner: &str) -> &str {
    inner.split_once('/').map_or("tcp", |(_, protocol)| protocol)
}

/// The ports that a container wishes for: inside, address, and port of the host; 0 where any will do.
fn wishes(container: &Container) -> Vec<(String, String, u16)> {
    let mode = container.network_mode();
    if matches!(mode, "host" | "none") || mode.starts_with("container:") {
        return Vec::new();
    }
    let mut wishes = Vec::new();
    for (inner, bindings) in container.host_config.get("PortBindings").and_then(Value::as_object).into_iter().flatten() {
        for binding in bindings.as_array().into_iter().flatten() {
            let text = |name: &str| binding.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
            let port = text("HostPort").and_then(|port| port.parse().ok()).unwrap_or_default();
            wishes.push((inner.clone(), text("HostIp").unwrap_or_default().to_owned(), port));
        }
    }
    if container.host_config.get("PublishAllPorts").and_then(Value::as_bool).unwrap_or_default() {
        let exposed = container.config.get("ExposedPorts").and_then(Value::as_object).into_iter().flatten();
        let new: Vec<_> = exposed.filter(|(inner, _)| !wishes.iter().any(|(known, ..)| known == *inner)).collect();
        wishes.extend(new.into_iter().map(|(inner, _)| (inner.clone(), String::new(), 0)));
    }
    wishes
}
