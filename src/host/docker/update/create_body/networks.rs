//! The networks of a container: what was asked for of each, without what the Engine made of it.

use serde_json::{Map, Value};

use super::{Mode, Parts};
use crate::host::docker::update::{
    Connect,
    container::{Container, is_unset, list, text},
};

/// What a person can ask for of a network, but for aliases and the hardware address.
const ASKED: [&str; 4] = ["IPAMConfig", "Links", "DriverOpts", "GwPriority"];

/// The networks of the new container.
pub(super) struct Networks {
    /// with which it is made
    pub(super) at_once: Map<String, Value>,
    /// to which it is connected afterwards
    pub(super) later: Vec<Connect>,
}

/// The networks, and the hardware address where it belongs to the container itself: before API 1.44.
pub(super) fn networks(parts: Parts, mode: Mode) -> (Networks, Option<String>) {
    let Parts { container, dialect, .. } = parts;
    let mut networks = Networks { at_once: Map::new(), later: Vec::new() };
    let told = match container.networks() {
        Some(told) if mode == Mode::Networks => told,
        _ => return (networks, None),
    };
    let primary = primary(container, told);
    let address = primary.and_then(|name| address(container, &told[name]));
    for (name, endpoint) in told {
        let is_primary = primary == Some(name.as_str());
        let mut kept = kept(container, name, endpoint);
        if let (true, true, Some(address)) = (is_primary, dialect.many_networks, &address) {
            kept.insert("MacAddress".to_owned(), address.as_str().into());
        }
        if is_primary || dialect.many_networks {
            networks.at_once.insert(name.clone(), Value::Object(kept));
        } else {
            networks.later.push(Connect { network: name.clone(), endpoint: Value::Object(kept) });
        }
    }
    // the default network alone, of which nothing was asked, comes by itself
    if networks.at_once.len() == 1 && networks.at_once.iter().all(|(name, kept)| !is_users(name) && is_unset(kept)) {
        networks.at_once.clear();
    }
    (networks, address.filter(|_| !dialect.many_networks))
}

/// The network that the container was made with. An order of names would put it on another one.
fn primary<'a>(container: &Container, told: &'a Map<String, Value>) -> Option<&'a str> {
    let mode = match container.network_mode() {
        "default" | "" => "bridge",
        mode => mode,
    };
    let by_id = |(_, endpoint): &(&String, &Value)| text(&endpoint["NetworkID"]) == mode;
    let found = told.get_key_value(mode).or_else(|| told.iter().find(by_id));
    found.or_else(|| told.iter().next()).map(|(name, _)| name.as_str())
}

/// What was asked for of one network.
fn kept(container: &Container, name: &str, endpoint: &Value) -> Map<String, Value> {
    let asked = ASKED.iter().filter(|field| !is_unset(&endpoint[**field]));
    let mut kept: Map<String, Value> = asked.map(|field| ((*field).to_owned(), endpoint[*field].clone())).collect();
    // Engines add the id as an alias of their own
    let own = |alias: &Value| text(alias) == container.short_id() || text(alias) == container.id();
    let aliases: Vec<Value> = list(&endpoint["Aliases"]).iter().filter(|alias| !own(alias)).cloned().collect();
    // outside of networks of the user aliases are refused
    if is_users(name) && !aliases.is_empty() {
        kept.insert("Aliases".to_owned(), Value::Array(aliases));
    }
    kept
}

/// Whether a person made the network.
fn is_users(name: &str) -> bool {
    !matches!(name, "bridge" | "default" | "host" | "none" | "nat" | "podman")
}

/// The hardware address that the user gave. One that the Engine made of the address in the network must not be nailed down: it would clash
/// with the one that the Engine makes for the next container that gets that address.
fn address(container: &Container, endpoint: &Value) -> Option<String> {
    let address = text(&container.config()["MacAddress"]);
    let made = text(&endpoint["IPAddress"]).parse::<std::net::Ipv4Addr>().ok().map(|ip| {
        let [a, b, c, d] = ip.octets();
        format!("02:42:{a:02x}:{b:02x}:{c:02x}:{d:02x}")
    });
    (!address.is_empty() && made.is_none_or(|made| !made.eq_ignore_ascii_case(address))).then(|| address.to_owned())
}
