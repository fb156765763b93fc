//! What several commands begin with.

use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

use secrecy::SecretString;
use tokio::runtime::Runtime;

use super::Failure;
use crate::{
    config::{self, Config, Environment},
    host::{Certificates, Endpoint, EndpointError, Found, Host, Machine, context, discover},
    registry::{Credentials, Registries, RegistrySettings, Settings},
};

/// Most that is read of a file of Docker's command line, in bytes.
const DOCKER_FILE: u64 = 1 << 20;

/// The runtime that everything asynchronous runs on.
pub(super) fn runtime() -> Result<Runtime, Failure> {
    Runtime::new().map_err(|error| Failure::Run(format!("cannot start: {error}")))
}

/// The hosts that were configured, else the one that is found.
pub(super) fn hosts(config: &Config, environment: &Environment) -> Result<Vec<Host>, Failure> {
    if let Some(found) = found(config, environment)? {
        return Ok(vec![Host::new(machine(), found.endpoint)]);
    }
    let host = |(name, host): (&String, &config::Host)| {
        let endpoint = endpoint(host, environment).map_err(|error| Failure::Usage(format!("host `{name}`: {error}")))?;
        Ok(Host::new(name, endpoint))
    };
    config.hosts.iter().map(host).collect()
}

/// The host that is found where none is configured, and why that one. None where some are, or where none is looked for.
pub(super) fn found(config: &Config, environment: &Environment) -> Result<Option<Found>, Failure> {
    if !config.hosts.is_empty() || !config.watch.discover {
        return Ok(None);
    }
    on_this_machine(environment, discover).map(Some).map_err(|error| Failure::Usage(error.to_string()))
}

/// Where a configured host is.
fn endpoint(host: &config::Host, environment: &Environment) -> Result<Endpoint, EndpointError> {
    match host {
        config::Host::Context(name) => on_this_machine(environment, |machine| context(machine, name)),
        config::Host::Url { url, tls } => {
            let certificates = tls.ca.as_ref().map(|ca| {
                let (cert, key) = tls.identity.clone().unwrap_or_default();
                Certificates { ca: ca.clone(), cert, key }
            });
            Endpoint::parse(url, certificates)
        }
    }
}

/// Looks something up with this machine's variables and files.
fn on_this_machine<T>(environment: &Environment, look: impl FnOnce(Machine<'_>) -> T) -> T {
    let env = |name: &str| environment.get(name).map(str::to_owned);
    let read = |path: &Path| {
        let mut text = String::new();
        let file = File::open(path).ok()?;
        file.take(DOCKER_FILE).read_to_string(&mut text).ok().map(|_| text)
    };
    look(Machine { env: &env, exists: &|path| path.exists(), read: &read })
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
    let registry = |(host, registry): (&String, &config::Registry)| {
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
