//! How the host is to run the container.

use serde_json::{Map, Value, json};

use super::{Mode, Parts, volumes};
use crate::host::docker::{
    session::Flavour,
    update::container::{is_unset, text},
};

/// What has no meaning, and is refused, in the network of another container.
const OWN_NETWORK: [&str; 8] = ["PortBindings", "PublishAllPorts", "Dns", "DnsOptions", "DnsSearch", "ExtraHosts", "Links", "MacAddress"];

/// The same as that of the old container, in the form in which it may be asked for.
pub(super) fn host_config(parts: Parts, mode: Mode) -> Map<String, Value> {
    let Parts { container, dialect, .. } = parts;
    let mut host = container.host().as_object().cloned().unwrap_or_default();
    if dialect.holds {
        // both containers exist for a while: a restarted Engine must not start the new one beside the old
        host.insert("RestartPolicy".to_owned(), json!({ "Name": "no", "MaximumRetryCount": 0 }));
    }
    if let Some(Value::Array(links)) = host.get_mut("Links") {
        links.iter_mut().for_each(link);
    }
    if let Some(Value::Object(ports)) = host.get_mut("PortBindings") {
        ports.retain(|port, _| !port.is_empty());
    }
    if mode == Mode::Shared {
        host.retain(|field, _| !OWN_NETWORK.contains(&field.as_str()));
    }
    if host.get("Runtime").is_some_and(|runtime| is_default(text(runtime), parts)) {
        // strict socket proxies refuse who asks for any
        host.remove("Runtime");
    }
    if host.get("NanoCpus").is_some_and(|cpus| !is_unset(cpus)) {
        // the same said twice, which Podman tells and refuses
        host.remove("CpuPeriod");
        host.remove("CpuQuota");
    }
    volumes::carry(&mut host, container, parts.givers);
    if dialect.flavour == Flavour::Podman {
        podman(&mut host);
    }
    host
}

/// `/db:/web/alias` as told, `db:alias` as asked for.
fn link(link: &mut Value) {
    if let Some((target, alias)) = link.as_str().and_then(|text| text.split_once(':')) {
        let alias = alias.rsplit('/').next().unwrap_or(alias);
        *link = Value::String(format!("{}:{alias}", target.trim_start_matches('/')));
    }
}

fn is_default(runtime: &str, parts: Parts) -> bool {
    // `oci` is what Podman tells of every container
    parts.dialect.runtime == Some(runtime) || (parts.dialect.flavour == Flavour::Podman && runtime == "oci")
}

/// What Podman tells in another form than it takes.
fn podman(host: &mut Map<String, Value>) {
    if host.get("MemorySwappiness").is_some_and(|value| is_unset(value) || value.as_i64() == Some(-1)) {
        host.remove("MemorySwappiness");
    }
    for device in host.get_mut("Devices").and_then(Value::as_array_mut).into_iter().flatten() {
        if is_unset(&device["CgroupPermissions"]) {
            device["CgroupPermissions"] = "rwm".into();
        }
    }
    for limit in host.get_mut("Ulimits").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(name) = text(&limit["Name"]).strip_prefix("RLIMIT_").map(str::to_ascii_lowercase) {
            limit["Name"] = name.into();
        }
    }
}
