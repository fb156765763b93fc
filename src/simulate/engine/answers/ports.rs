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
            let bindings = addresses(bindings).map(|(address, port)| json!({ "HostIp": address, "HostPort": port.to_string() }));
            told.insert(inner.clone(), bindings.collect());
        }
    }
    Value::Object(told)
}

/// The addresses of bindings, one by one: any address is two.
fn addresses(bindings: &[(String, u16)]) -> impl Iterator<Item = (&str, u16)> {
    bindings.iter().flat_map(|(address, port)| {
        let told: &[&str] = if address.is_empty() { &["0.0.0.0", "::"] } else { &[address.as_str()] };
        told.iter().map(|address| (*address, *port)).collect::<Vec<_>>()
    })
}

/// `Ports` of the list.
pub(super) fn listed(container: &Container) -> Value {
    let split = |inner: &str| {
        let (port, protocol) = inner.split_once('/').unwrap_or((inner, "tcp"));
        (port.parse::<u16>().unwrap_or_default(), protocol.to_owned())
    };
    let bound = container.ports.iter().flat_map(|(inner, bindings)| {
        let (port, protocol) = split(inner);
        addresses(bindings)
            .map(move |(address, public)| json!({ "IP": address, "PrivatePort": port, "PublicPort": public, "Type": protocol }))
    });
    let exposed = container.config.get("ExposedPorts").and_then(Value::as_object).into_iter().flatten();
    let unbound = exposed.filter(|(inner, _)| container.state.is_up() && !container.ports.contains_key(*inner)).map(|(inner, _)| {
        let (port, protocol) = split(inner);
        json!({ "PrivatePort": port, "Type": protocol })
    });
    bound.chain(unbound).collect()
}
