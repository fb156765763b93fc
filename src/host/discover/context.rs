//! Docker contexts: what `docker context ls` lists, read as Docker's command line keeps it (`cli/context/store` of docker/cli).

use std::{collections::BTreeMap, path::PathBuf};

use serde::Deserialize;

use super::Machine;
use crate::{
    host::{Certificates, Endpoint, EndpointError},
    image::Digest,
};

/// The context that stands for none.
const NONE: &str = "default";

/// Docker's `config.json`, as far as it matters here.
#[derive(Deserialize)]
struct Config {
    #[serde(default, rename = "currentContext")]
    current: String,
}

/// The document about one context.
#[derive(Deserialize)]
struct Meta {
    #[serde(default, rename = "Endpoints")]
    endpoints: BTreeMap<String, Place>,
}

/// Where a context leads.
#[derive(Deserialize)]
struct Place {
    #[serde(default, rename = "Host")]
    host: String,
    #[serde(default, rename = "SkipTLSVerify")]
    unverified: bool,
}

/// The context that is chosen, and by whom; none where that is `default`.
pub(super) fn chosen(machine: Machine<'_>) -> Option<(String, String)> {
    let by_variable = machine.var("DOCKER_CONTEXT").map(|name| (name, "DOCKER_CONTEXT".to_owned()));
    let by_file = || {
        let path = directory(machine)?.join("config.json");
        // a file that cannot be read chooses nothing, as in Docker's command line
        let config: Config = serde_json::from_str(&(machine.read)(&path)?).ok()?;
        (!config.current.is_empty()).then(|| (config.current, path.display().to_string()))
    };
    by_variable.or_else(by_file).filter(|(name, _)| name != NONE)
}

/// The Engine of the docker context called `name`.
pub fn context(machine: Machine<'_>, name: &str) -> Result<Endpoint, EndpointError> {
    let wrong = |detail: String| EndpointError::Context { name: name.to_owned(), by: String::new(), detail };
    let Some(directory) = directory(machine) else {
        return Err(wrong("cannot be looked up: neither HOME nor DOCKER_CONFIG is set".to_owned()));
    };
    // its files lie under the digest of its name
    let folder = Digest::of(name.as_bytes()).to_string().replace("sha256:", "");
    let path = directory.join("contexts/meta").join(&folder).join("meta.json");
    let Some(text) = (machine.read)(&path) else {
        return Err(wrong(format!("is not there: `{}` cannot be read. `docker context ls` lists those that are", path.display())));
    };
    let meta: Meta =
        serde_json::from_str(&text).map_err(|_| wrong(format!("is no use: `{}` is not as Docker writes it", path.display())))?;
    let Some(place) = meta.endpoints.get("docker").filter(|place| !place.host.is_empty()) else {
        return Err(wrong("names no Docker Engine".to_owned()));
    };
    if place.unverified {
        return Err(wrong("turns the verification of certificates off, which Plimsoll does not".to_owned()));
    }
    let certificates = Certificates::in_directory(&directory.join("contexts/tls").join(folder).join("docker"));
    let secured = (machine.exists)(&certificates.ca) || (machine.exists)(&certificates.cert);
    Endpoint::parse(&place.host, secured.then_some(certificates)).map_err(|error| wrong(format!("cannot be used: {error}")))
}

/// Where Docker's command line keeps its configuration.
fn directory(machine: Machine<'_>) -> Option<PathBuf> {
    machine.var("DOCKER_CONFIG").map(PathBuf::from).or_else(|| machine.home(".docker"))
}
