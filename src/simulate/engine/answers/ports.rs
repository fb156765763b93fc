//! Ports, as lists and inspections of containers tell them.

use serde_json::{Map, Value, json};

use crate::simulate::engine::world::Container;

/// `NetworkSettings.Ports`: null where a port leads nowhere.
pub(super) fn inspected(container: &Container) -> Value {
    let mut told = Map::new();
    if container.state.is_up() {
        let exposed = container.config.get("ExposedPorts").and_then(Value::as_object).into_iter().flatten();
        told.extend(exposed.map(|(inner, _)| (inner.clone(), Value::Null)));
        for (inner, bindings) in &container.ports {
            let bindings = bindings.iter().map(|(address, port)| json!({ "HostIp": address, "HostPort": port.to_string() }));
            told.insert(inner.clone(), bindings.collect());
        }
    }
    Value::Object(told)
}

/// `Ports` of the list.
pub(super) fn listed(container: &Container) -> Value {
    let split = |inner: &str| {
        let (port, protocol) = inner.split_once('/').unwrap_or((inner, "tcp"));
        (port.parse::<u16>().unwrap_or_default(), protocol.to_owned())
    };
    let bound = container.ports.iter().flat_map(|(inner, bindings)| {
        let (port, protocol) = split(inner);
        bindings.iter().map(move |(address, public)| json!({ "IP": address, "PrivatePort": port, "PublicPort": public, "Type": protocol }))
    });
    bound.collect()
}
