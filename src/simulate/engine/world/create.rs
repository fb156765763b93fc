//! Making a container of what was asked for.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{Container, Endpoint, Policy, World};
use crate::simulate::engine::{EngineError, State, defaults, merge};

/// A container that was made.
#[derive(Debug)]
pub(in crate::simulate::engine) struct Created {
    /// where it stands in the list
    pub(in crate::simulate::engine) at: usize,
    /// its id
    pub(in crate::simulate::engine) id: String,
    /// what the Engine wondered about
    pub(in crate::simulate::engine) warnings: Vec<String>,
}

impl World {
    /// Makes a container of a body as `POST /containers/create` takes it. It was never started. `api` is the version that the client speaks.
    pub(in crate::simulate::engine) fn create(
        &mut self,
        name: Option<&str>,
        body: &Value,
        api: u16,
        now: i64,
    ) -> Result<Created, EngineError> {
        let Some(Value::Object(mut user)) = Some(body.clone()) else {
            return Err(EngineError::Invalid("Config cannot be empty in order to create a container".to_owned()));
        };
        let part = |value: Option<Value>| value.and_then(|value| value.as_object().cloned()).unwrap_or_default();
        let host = part(user.remove("HostConfig"));
        let networking = part(user.remove("NetworkingConfig"));
        let asked = part(networking.get("EndpointsConfig").cloned());
        if api < 44 && asked.len() > 1 {
            let names: Vec<&str> = asked.keys().map(String::as_str).collect();
            return Err(EngineError::Invalid(format!("Container cannot be connected to network endpoints: {}", names.join(", "))));
        }
        contradictions(&user, &host)?;
        let policy = Policy::of(&host);
        policy.check()?;
        if policy.is_some() && host.get("AutoRemove") == Some(&Value::Bool(true)) {
            return Err(EngineError::Invalid("can't create 'AutoRemove' container with restart policy".to_owned()));
        }

        let image = user.get("Image").and_then(Value::as_str).unwrap_or_default().to_owned();
        let image_id = self.resolve(&image)?;
        let (inherited, platform) = match self.images.get(&image_id) {
            Some(stored) => (stored.image.inherited(), format!("{}/{}", stored.image.os, stored.image.architecture)),
            None => return Err(EngineError::NoImage(image)),
        };
        let mut config = merge::config(&user, &inherited)?;
        let id = self.fresh_id(name.unwrap_or("container"));
        let name = match name.map(|name| name.strip_prefix('/').unwrap_or(name)) {
            Some(name) => name.to_owned(),
            None => format!("brave_{}", &id[..8]),
        };
        self.is_free(&name)?;
        let host = defaults::host_config(self.resolved(host), self.api);
        let mode = host.get("NetworkMode").and_then(Value::as_str).unwrap_or_default();
        let endpoints = self.endpoints(mode, &asked, api, config.get("MacAddress"))?;
        if merge::is_empty(config.get("Hostname")) {
            let hostname = if mode == "host" { "simulated" } else { &id[..12] };
            config.insert("Hostname".to_owned(), json!(hostname));
        }
        let mounts = self.mounts(&config, &host)?;
        let labels = config.get("Labels").and_then(Value::as_object).into_iter().flatten();
        let labels = labels.map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned())).collect();
        self.containers.push(Container {
            id: id.clone(),
            name,
            image,
            image_id,
            labels,
            config,
            host_config: host,
            endpoints,
            mounts,
            ports: BTreeMap::new(),
            state: State::Created,
            health: None,
            created: now,
            started: None,
            finished: None,
            restarts: 0,
            failure: None,
            stopped_by_hand: false,
            removing: false,
            life: 0,
        });
        let at = self.containers.len() - 1;
        self.tell(at, "create", &[]);
        Ok(Created { at, id, warnings: warnings(&platform) })
    }

    /// The same with the id of the container whose network is to be shared, where it was named.
    fn resolved(&self, mut host: Map<String, Value>) -> Map<String, Value> {
        let named = host.get("NetworkMode").and_then(Value::as_str).and_then(|mode| mode.strip_prefix("container:"));
        if let Some(at) = named.and_then(|name| self.find(name).ok()) {
            host.insert("NetworkMode".to_owned(), json!(format!("container:{}", self.containers[at].id)));
        }
        host
    }

    /// Its places in networks: those that were asked for, or the one of its mode.
    fn endpoints(
        &self,
        mode: &str,
        asked: &Map<String, Value>,
        api: u16,
        mac: Option<&Value>,
    ) -> Result<BTreeMap<String, Endpoint>, EngineError> {
        if mode.starts_with("container:") {
            return Ok(BTreeMap::new());
        }
        let named = |name: &str| match name {
            "default" => "bridge".to_owned(),
            name => self.find_network(name).unwrap_or_else(|_| name.to_owned()),
        };
        let mut endpoints: BTreeMap<_, _> = asked.iter().map(|(name, given)| (named(name), Endpoint::given(Some(given)))).collect();
        if endpoints.is_empty() {
            endpoints.insert(named(mode), Endpoint::default());
        }
        let whole = mac.filter(|mac| !merge::is_empty(Some(mac)));
        let own =
            endpoints.get(&named(mode)).and_then(|endpoint| endpoint.given.get("MacAddress")).filter(|own| !merge::is_empty(Some(own)));
        match (whole, own) {
            (Some(whole), Some(own)) if api >= 44 && whole != own => {
                let refusal =
                    "the container-wide MAC address must match the endpoint-specific MAC address for the main network, or be left empty";
                Err(EngineError::Invalid(refusal.to_owned()))
            }
            _ => Ok(endpoints),
        }
    }
}

fn warnings(platform: &str) -> Vec<String> {
    let told = format!(
        "The requested image's platform ({platform}) does not match the detected host platform (linux/amd64) and no specific platform was requested"
    );
    if platform == "linux/amd64" { Vec::new() } else { vec![told] }
}

/// Refuses what contradicts the way of the network.
fn contradictions(user: &Map<String, Value>, host: &Map<String, Value>) -> Result<(), EngineError> {
    let text = |name: &str| host.get(name).and_then(Value::as_str).unwrap_or_default();
    let mode = text("NetworkMode");
    let (shared, hosts) = (mode.starts_with("container:"), mode == "host");
    let said = |name: &str| !merge::is_empty(user.get(name));
    let wants = |name: &str| !merge::is_empty(host.get(name)) && host.get(name) != Some(&Value::Bool(false));
    let table = [
        (shared && said("Hostname"), "hostname and the network mode"),
        (text("UTSMode") == "host" && said("Hostname"), "hostname and the UTS mode"),
        (hosts && wants("Links"), "host type networking can't be used with links. This would result in undefined behavior"),
        (shared && wants("Links"), "container type network can't be used with links. This would result in undefined behavior"),
        (shared && wants("Dns"), "dns and the network mode"),
        (shared && wants("ExtraHosts"), "custom host-to-IP mapping and the network mode"),
        ((shared || hosts) && said("MacAddress"), "mac-address and the network mode"),
        (shared && (wants("PortBindings") || wants("PublishAllPorts")), "port publishing and the container type network mode"),
        (shared && said("ExposedPorts"), "port exposing and the container type network mode"),
    ];
    match table.iter().find(|(contradicts, _)| *contradicts) {
        Some((_, what)) => Err(EngineError::Invalid(format!("conflicting options: {what}"))),
        None => Ok(()),
    }
}
