//! Networks, and the places of containers in them.

use std::{collections::BTreeMap, net::Ipv4Addr};

use serde_json::{Map, Value};

use super::{Container, World};
use crate::{
    image::Digest,
    simulate::engine::{EngineError, merge},
};

/// A network that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::simulate::engine) struct Network {
    /// 64 hexadecimal digits
    pub(in crate::simulate::engine) id: String,
    /// `bridge`, `host`, `null`
    pub(in crate::simulate::engine) driver: &'static str,
    /// its address and the bits of its prefix; those without have no addresses
    pub(in crate::simulate::engine) subnet: Option<(Ipv4Addr, u8)>,
    /// whether somebody chose the subnet: only then an address may be wished for
    chosen: bool,
}

/// The place of a container in a network.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::simulate::engine) struct Endpoint {
    /// what was asked for: `IPAMConfig`, `Aliases`, `Links`, `DriverOpts`, `MacAddress`, …
    pub(in crate::simulate::engine) given: Map<String, Value>,
    /// the short id is among the aliases, since it was first to be connected
    pub(in crate::simulate::engine) named: bool,
    /// it was connected before
    pub(in crate::simulate::engine) joined: bool,
    /// while the container is up
    pub(in crate::simulate::engine) lease: Option<Lease>,
}

/// What an endpoint has while its container is up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::simulate::engine) struct Lease {
    /// 64 hexadecimal digits
    pub(in crate::simulate::engine) id: String,
    pub(in crate::simulate::engine) address: Option<Ipv4Addr>,
    pub(in crate::simulate::engine) mac: String,
}

/// The networks that every Engine has.
pub(super) fn predefined() -> BTreeMap<String, Network> {
    let network = |name: &str, driver, subnet| {
        let id = Digest::of(format!("network {name}").as_bytes()).hex().to_owned();
        (name.to_owned(), Network { id, driver, subnet, chosen: false })
    };
    [network("bridge", "bridge", Some((Ipv4Addr::new(172, 17, 0, 0), 16))), network("host", "host", None), network("none", "null", None)]
        .into()
}

/// Whether people made the network of this name.
pub(in crate::simulate::engine) fn is_user_defined(name: &str) -> bool {
    !matches!(name, "bridge" | "host" | "none" | "default")
}

impl Network {
    /// The address of the host in it.
    pub(in crate::simulate::engine) fn gateway(&self) -> Option<Ipv4Addr> {
        self.subnet.map(|(base, _)| Ipv4Addr::from(u32::from(base) + 1))
    }
}

impl Endpoint {
    pub(in crate::simulate::engine) fn given(given: Option<&Value>) -> Self {
        Self { given: given.and_then(Value::as_object).cloned().unwrap_or_default(), ..Self::default() }
    }

    /// The address that was wished for.
    fn wished(&self) -> Option<Ipv4Addr> {
        self.given.get("IPAMConfig")?.get("IPv4Address")?.as_str()?.parse().ok()
    }

    /// The aliases that were asked for.
    pub(in crate::simulate::engine) fn aliases(&self) -> Vec<&str> {
        let given = self.given.get("Aliases").and_then(Value::as_array);
        given.into_iter().flatten().filter_map(Value::as_str).collect()
    }
}

impl World {
    /// Makes a network, unless there is one of that name. `subnet` is chosen by somebody, or by the Engine.
    pub(in crate::simulate::engine) fn add_network(&mut self, name: &str, subnet: Option<(Ipv4Addr, u8)>) {
        if self.networks.contains_key(name) {
            return;
        }
        let id = self.fresh_id("network");
        let chosen = subnet.is_some();
        // 172.18.0.0/16 and up, then 10.0.0.0/16 and up
        let number = u8::try_from(self.networks.len().saturating_sub(3)).unwrap_or(u8::MAX);
        let next = if number < 14 { Ipv4Addr::new(172, 18 + number, 0, 0) } else { Ipv4Addr::new(10, number, 0, 0) };
        let network = Network { id, driver: "bridge", subnet: subnet.or(Some((next, 16))), chosen };
        self.networks.insert(name.to_owned(), network);
    }

    /// The name of the network with a name or an id, also a shortened one.
    pub(in crate::simulate::engine) fn find_network(&self, name: &str) -> Result<String, EngineError> {
        if self.networks.contains_key(name) {
            return Ok(name.to_owned());
        }
        let by_id = |prefix: bool| self.networks.iter().find(|(_, network)| network.id == name || prefix && network.id.starts_with(name));
        by_id(false).or_else(|| by_id(true)).map(|(name, _)| name.clone()).ok_or_else(|| EngineError::NoNetwork(name.to_owned()))
    }

    /// Gives the container at `at` its place in a network, named or by its id. One that runs gets it at once.
    pub(in crate::simulate::engine) fn connect(&mut self, at: usize, network: &str, given: Option<&Value>) -> Result<(), EngineError> {
        let network = &self.find_network(network).unwrap_or_else(|_| network.to_owned());
        let container = &self.containers[at];
        if container.removing {
            return Err(EngineError::Conflict(format!("container {} is marked for removal and cannot be connected", container.id)));
        }
        if network == "host" || container.endpoints.contains_key("host") {
            let refusal = "container cannot be disconnected from host network or connected to host network";
            return Err(EngineError::Invalid(refusal.to_owned()));
        }
        if container.network_mode().starts_with("container:") {
            return Err(EngineError::Invalid(
                "container sharing network namespace with another container or host cannot be connected to any other network".to_owned(),
            ));
        }
        let up = container.state.is_up();
        if up && container.endpoints.contains_key(network) {
            return Err(EngineError::Forbidden(format!("endpoint with name {} already exists in network {network}", container.name)));
        }
        let mut endpoint = Endpoint::given(given);
        // whether there is such a network is found out when it is needed
        if self.networks.contains_key(network) || up {
            check(self.networks.get(network), network, &endpoint)?;
            endpoint.named = true;
            endpoint.joined = true;
        }
        self.containers[at].endpoints.insert(network.to_owned(), endpoint);
        if up && let Err(error) = self.lease(at, network) {
            self.containers[at].endpoints.remove(network);
            return Err(error);
        }
        Ok(())
    }

    /// Takes the container at `at` out of a network.
    pub(in crate::simulate::engine) fn disconnect(&mut self, at: usize, network: &str) -> Result<(), EngineError> {
        let container = &self.containers[at];
        if !container.endpoints.contains_key(network) {
            let article = if container.state.is_up() { "" } else { "the " };
            return Err(EngineError::Failed(format!("container {} is not connected to {article}network {network}", container.id)));
        }
        if network == "host" {
            let refusal = "container cannot be disconnected from host network or connected to host network";
            return Err(EngineError::Invalid(refusal.to_owned()));
        }
        self.release(at, network);
        self.containers[at].endpoints.remove(network);
        Ok(())
    }

    /// Lets the container at `at` join a network that it has a place in.
    pub(super) fn lease(&mut self, at: usize, network: &str) -> Result<(), EngineError> {
        let known = self.networks.get(network).ok_or_else(|| EngineError::NoNetwork(network.to_owned()))?;
        let Some(endpoint) = self.containers[at].endpoints.get(network) else { return Ok(()) };
        check(Some(known), network, endpoint)?;
        if let Some(endpoint) = self.containers[at].endpoints.get_mut(network) {
            endpoint.named = true;
        }
        let Some(endpoint) = self.containers[at].endpoints.get(network) else { return Ok(()) };
        let taken = |address: Ipv4Addr| {
            let others = self.containers.iter().filter_map(|container| container.endpoints.get(network)?.lease.as_ref());
            known.gateway() == Some(address) || others.into_iter().any(|lease| lease.address == Some(address))
        };
        let address = match (endpoint.wished(), known.subnet) {
            (Some(address), _) if taken(address) => return Err(EngineError::Forbidden("Address already in use".to_owned())),
            (Some(address), _) => Some(address),
            (None, None) => None,
            (None, Some((base, prefix))) => {
                let last = (1_u32 << (32 - u32::from(prefix.min(30)))) - 2;
                let mut free = (2..=last).map(|number| Ipv4Addr::from(u32::from(base) + number)).filter(|address| !taken(*address));
                Some(
                    free.next()
                        .ok_or_else(|| EngineError::Failed("no available IPv4 addresses on this network's address pools".to_owned()))?,
                )
            }
        };
        let mac = self.wished_mac(&self.containers[at], network).or_else(|| {
            let [a, b, c, d] = address?.octets();
            Some(format!("02:42:{a:02x}:{b:02x}:{c:02x}:{d:02x}"))
        });
        let id = self.fresh_id("endpoint");
        if let Some(endpoint) = self.containers[at].endpoints.get_mut(network) {
            endpoint.joined = true;
            endpoint.lease = Some(Lease { id, address, mac: mac.unwrap_or_default() });
        }
        self.tell_network(at, network, "connect");
        Ok(())
    }

    /// Lets the container at `at` leave a network; its place is kept.
    pub(super) fn release(&mut self, at: usize, network: &str) {
        let endpoint = self.containers[at].endpoints.get_mut(network);
        if endpoint.and_then(|endpoint| endpoint.lease.take()).is_some() {
            self.tell_network(at, network, "disconnect");
        }
    }

    /// The hardware address that was asked for in the network of the container's mode.
    pub(in crate::simulate::engine) fn main_mac(&self, container: &Container) -> Option<String> {
        let mode = container.network_mode();
        self.wished_mac(container, if mode == "default" { "bridge" } else { mode })
    }

    /// The hardware address that was asked for. Old Engines know only that of the container, which belongs to its first network.
    pub(in crate::simulate::engine) fn wished_mac(&self, container: &Container, network: &str) -> Option<String> {
        let own = container.endpoints.get(network).and_then(|endpoint| endpoint.given.get("MacAddress"));
        let own = own.filter(|own| self.api >= 44 && !merge::is_empty(Some(own)));
        let first = container.network_mode() == network || matches!((container.network_mode(), network), ("default", "bridge"));
        let whole = container.config.get("MacAddress").filter(|whole| first && !merge::is_empty(Some(whole)));
        own.or(whole).and_then(Value::as_str).map(str::to_owned)
    }
}

/// Whether a network can give what an endpoint asks for.
fn check(known: Option<&Network>, name: &str, endpoint: &Endpoint) -> Result<(), EngineError> {
    let refusal = match known {
        None => return Err(EngineError::NoNetwork(name.to_owned())),
        Some(_) if !is_user_defined(name) && !endpoint.aliases().is_empty() => {
            "network-scoped alias is supported only for containers in user defined networks"
        }
        Some(_) if !is_user_defined(name) && endpoint.wished().is_some() => {
            "user specified IP address is supported on user defined networks only"
        }
        Some(known) if !known.chosen && endpoint.wished().is_some() => {
            "user specified IP address is supported only when connecting to networks with user configured subnets"
        }
        Some(_) => return Ok(()),
    };
    Err(EngineError::Invalid(refusal.to_owned()))
}
