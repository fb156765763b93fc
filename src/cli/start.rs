//! What several commands begin with.

use std::path::PathBuf;

use secrecy::SecretString;
use tokio::runtime::Runtime;

use super::Failure;
use crate::{
    config::{Config, Environment},
    host::{Certificates, Endpoint, Host, discover},
    registry::{Credentials, Registries, RegistrySettings, Settings},
};

/// The runtime that everything asynchronous runs on.
pub(super) fn runtime() -> Result<Runtime, Failure> {
    Runtime::new().map_err(|error| Failure::Run(format!("cannot start: {error}")))
}

/// The hosts that were configured, else the one that is found.
pub(super) fn hosts(config: &Config, environment: &Environment) -> Result<Vec<Host>, Failure> {
    let usage = |error: crate::host::EndpointError| Failure::Usage(error.to_string());
    if config.hosts.is_empty() && !config.watch.discover {
        return Ok(Vec::new());
    }
    if config.hosts.is_empty() {
        let endpoint = discover(|name| environment.get(name).map(str::to_owned), std::path::Path::exists).map_err(usage)?;
        return Ok(vec![Host::new(machine(), endpoint)]);
    }
    let host = |(name, host): (&String, &crate::config::Host)| {
        let certificates = host.tls.ca.as_ref().map(|ca| {
            let (cert, key) = host.tls.identity.clone().unwrap_or_default();
            Certificates { ca: ca.clone(), cert, key }
        });
        Ok(Host::new(name, Endpoint::parse(&host.url, certificates).map_err(usage)?))
    };
    config.hosts.iter().map(host).collect()
}

/// What the machine is called; inside a container that would be the container's id, which tells nobody anything.
fn machine() -> String {
    let inside = std::path::Path::new("/.dockerenv").exists() || std::path::Path::new("/run/.containerenv").exists();
    let name = std::fs::read_to_string("/etc/hostname").unwrap_or_default();
    let name = name.trim();
    if inside || name.is_empty() || name.len() > 64 { "local".to_owned() } else { name.to_owned() }
}

/// A key as the text that it is.
fn text(bytes: Vec<u8>) -> Result<SecretString, Failure> {
    let text = String::from_utf8(bytes).map_err(|_| Failure::Usage("the `key` of a registry is no PEM file".to_owned()))?;
    Ok(text.into())
}

/// The registries as configured, with the logins of Docker's own configuration where an environment says where that is.
pub(super) fn registries(config: &Config, environment: Option<&Environment>) -> Result<Registries, Failure> {
    let read = |path: &PathBuf| std::fs::read(path).map_err(|error| Failure::Usage(format!("cannot read `{}`: {error}", path.display())));
    let registry = |(host, registry): (&String, &crate::config::Registry)| {
        let credentials = registry.login.clone().map(|(username, password)| Credentials { username, password });
        let settings = RegistrySettings {
            insecure: registry.insecure,
            address: registry.address.clone(),
            credentials,
            ignore: registry.ignore,
            at_once: registry.at_once,
            ca: registry.tls.ca.as_ref().map(read).transpose()?,
            cert: registry.tls.identity.as_ref().map(|(cert, _)| read(cert)).transpose()?,
            key: registry.tls.identity.as_ref().map(|(_, key)| read(key)).transpose()?.map(text).transpose()?,
        };
        Ok((host.clone(), settings))
    };
    let registries = config.registries.iter().map(registry).collect::<Result<_, Failure>>()?;
    let settings = Settings {
        registries,
        logins: environment.map(logins).unwrap_or_default(),
        timeout: config.check.timeout,
        user_agent: concat!("plimsoll/", env!("CARGO_PKG_VERSION")).to_owned(),
        hub_api: None,
    };
    Registries::new(settings).map_err(|error| Failure::Run(error.to_string()))
}

/// Where logins lie: Podman's file where `REGISTRY_AUTH_FILE` names one, then Docker's.
fn logins(environment: &Environment) -> Vec<PathBuf> {
    environment.get("REGISTRY_AUTH_FILE").map(PathBuf::from).into_iter().chain(docker_config(environment)).collect()
}

/// Docker's `config.json`: in `DOCKER_CONFIG`, else in the home directory.
fn docker_config(environment: &Environment) -> Option<PathBuf> {
    let directory = match environment.get("DOCKER_CONFIG") {
        Some(directory) => PathBuf::from(directory),
        None => PathBuf::from(environment.get("HOME")?).join(".docker"),
    };
    Some(directory.join("config.json"))
}
