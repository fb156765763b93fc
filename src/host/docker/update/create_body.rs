//! From a container and the image that it was made of to the body of its successor's creation. Pure.
//!
//! An Engine tells a container's configuration with that of its image mixed in. What is exactly as in the old image came from there, and is
//! left to the new one; everything else was set by somebody and stays. Fields that Plimsoll does not know stay as they are.

mod command;
mod config;
mod health;
mod host;
mod networks;
#[cfg(test)]
mod tests;
mod volumes;

use serde_json::{Map, Value};

use super::{Connect, container::Container};
use crate::host::docker::session::Flavour;

/// What the body is made from.
#[derive(Clone, Copy)]
pub(super) struct Parts<'a> {
    /// the container that is to be replaced
    pub(super) container: &'a Container,
    /// the configuration of the image that it was made of
    pub(super) image: &'a Value,
    /// the id of the image that the new one is made of
    pub(super) new_image: &'a str,
    /// the containers whose volumes it takes, where they are there still
    pub(super) givers: &'a [Container],
    /// how its Engine wants it
    pub(super) dialect: Dialect<'a>,
}

/// What Engines want differently.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dialect<'a> {
    /// whose Engine it is
    pub(super) flavour: Flavour,
    /// whether a container can be made with several networks, each with its own hardware address: API 1.44 and later
    pub(super) many_networks: bool,
    /// whether the container is made without a restart policy, and gets it later
    pub(super) holds: bool,
    /// the runtime of containers that ask for none
    pub(super) runtime: Option<&'a str>,
    /// the host name of the machine, where it is known
    pub(super) machine: Option<&'a str>,
}

/// What the new container is made of.
#[derive(Clone, PartialEq)]
pub(super) struct Created {
    /// the body of the request
    pub(super) body: Value,
    /// the networks that it is connected to after it was made
    pub(super) connects: Vec<Connect>,
}

/// What a container's network is to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// it has its own, in networks of the Engine
    Networks,
    /// that of the machine
    Machine,
    /// that of another container
    Shared,
    /// none, or one that no network of the Engine is part of: Podman's `pasta`
    Other,
}

/// Makes the body.
pub(super) fn create_body(parts: Parts) -> Created {
    let mode = mode(parts.container.network_mode());
    let (networks, address) = networks::networks(parts, mode);
    let mut body = config::config(parts, mode, address.as_deref());
    body.insert("HostConfig".to_owned(), Value::Object(host::host_config(parts, mode)));
    if !networks.at_once.is_empty() {
        let mut config = Map::new();
        config.insert("EndpointsConfig".to_owned(), Value::Object(networks.at_once));
        body.insert("NetworkingConfig".to_owned(), Value::Object(config));
    }
    Created { body: Value::Object(body), connects: networks.later }
}

fn mode(text: &str) -> Mode {
    match text {
        "host" => Mode::Machine,
        "none" | "private" => Mode::Other,
        _ if text.starts_with("container:") => Mode::Shared,
        _ if ["ns:", "slirp4netns", "pasta"].iter().any(|start| text.starts_with(start)) => Mode::Other,
        _ => Mode::Networks,
    }
}
