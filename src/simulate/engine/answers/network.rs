//! `/networks` and `/networks/{name}`, and the places of containers in them.

use serde_json::{Map, Value, json};

use crate::simulate::engine::{
    EngineError,
    words::rfc3339,
    world::{Container, World, is_user_defined},
};

/// `GET /networks`.
pub(in super::super) fn networks(world: &World) -> Value {
    world.networks.keys().map(|name| told(world, name, false)).collect()
}

/// `GET /networks/{name}`.
pub(in super::super) fn network(world: &World, name: &str) -> Result<Value, EngineError> {
    let name = world.find_network(name)?;
    Ok(told(world, &name, true))
}

fn told(world: &World, name: &str, members: bool) -> Value {
    let Some(network) = world.networks.get(name) else { return Value::Null };
    let prefix = network.subnet.map_or(0, |(_, prefix)| prefix);
    let pool: Vec<_> = network
        .subnet
        .iter()
        .map(|(base, prefix)| json!({ "Subnet": format!("{base}/{prefix}"), "Gateway": network.gateway().map(|address| address.to_string()) }))
        .collect();
    let mut containers = Map::new();
    for container in world.containers.iter().filter(|_| members) {
        if let Some(lease) = container.endpoints.get(name).and_then(|endpoint| endpoint.lease.as_ref()) {
            let address = lease.address.map(|address| format!("{address}/{prefix}")).unwrap_or_default();
            let member = json!({
                "Name": container.name, "EndpointID": lease.id, "MacAddress": lease.mac, "IPv4Address": address, "IPv6Address": "",
            });
            containers.insert(container.id.clone(), member);
        }
    }
    json!({
        "Name": name,
        "Id": network.id,
        "Created": rfc3339(Some(0)),
        "Scope": "local",
        "Driver": network.driver,
        "EnableIPv6": false,
        "IPAM": { "Driver": "default", "Options": null, "Config": pool },
        "Internal": false,
        "Attachable": false,
        "Ingress": false,
        "ConfigFrom": { "Network": "" },
        "ConfigOnly": false,
        "Containers": containers,
        "Options": {},
        "Labels": {},
    })
}

/// The places of a container in networks, as its inspection tells them.
pub(super) fn places(world: &World, api: u16, container: &Container) -> Value {
    let places = container.endpoints.keys().map(|name| (name.clone(), place(world, api, container, name)));
    Value::Object(places.collect())
}

fn place(world: &World, api: u16, container: &Container, name: &str) -> Value {
    let Some(endpoint) = container.endpoints.get(name) else { return Value::Null };
    let network = world.networks.get(name);
    let given = |member: &str| endpoint.given.get(member).cloned().unwrap_or_default();
    let lease = endpoint.lease.as_ref();
    let address = lease.and_then(|lease| lease.address);
    let subnet = network.and_then(|network| network.subnet).filter(|_| address.is_some());
    let gateway = network.and_then(super::super::world::Network::gateway).filter(|_| address.is_some());
    let mut aliases: Vec<&str> = endpoint.aliases();
    // before API 1.45 the short id stands among the aliases
    if endpoint.named && is_user_defined(name) && api < 45 && !aliases.contains(&container.short_id()) {
        aliases.push(container.short_id());
    }
    let mut told = json!({
        "IPAMConfig": given("IPAMConfig"),
        "Links": given("Links"),
        "Aliases": if aliases.is_empty() { given("Aliases") } else { json!(aliases) },
        "NetworkID": network.filter(|_| endpoint.joined).map_or("", |network| &network.id),
        "EndpointID": lease.map_or("", |lease| &lease.id),
        "Gateway": gateway.map(|address| address.to_string()).unwrap_or_default(),
        "IPAddress": address.map(|address| address.to_string()).unwrap_or_default(),
        "IPPrefixLen": subnet.map_or(0, |(_, prefix)| prefix),
        "IPv6Gateway": "",
        "GlobalIPv6Address": "",
        "GlobalIPv6PrefixLen": 0,
        "MacAddress": lease.map_or("", |lease| &lease.mac),
        "DriverOpts": given("DriverOpts"),
    });
    if api >= 44 {
        let known = [container.name.as_str()].into_iter().chain(endpoint.aliases()).chain([container.short_id()]);
        let mut names: Vec<&str> = Vec::new();
        for name in known.filter(|_| endpoint.named && is_user_defined(name)) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        told["DNSNames"] = if names.is_empty() { Value::Null } else { json!(names) };
    }
    if api >= 48 {
        told["GwPriority"] = endpoint.given.get("GwPriority").cloned().unwrap_or_else(|| json!(0));
    }
    told
}
