//! The container's own configuration.

use serde_json::{Map, Value};

use super::{Mode, Parts, command::command, health::health};
use crate::host::docker::{
    session::Flavour,
    update::container::{list, same, text},
};

/// Which image Compose believes that a container runs. Left as it is, the next `docker compose up` would recreate the container.
const COMPOSE_IMAGE: &str = "com.docker.compose.image";

/// Fields that an image can set and that are one value.
const SINGLE: [&str; 6] = ["WorkingDir", "User", "StopTimeout", "Shell", "OnBuild", "ArgsEscaped"];

/// The configuration without what came from the old image. `address` is the hardware address where it belongs here.
pub(super) fn config(parts: Parts, mode: Mode, address: Option<&str>) -> Map<String, Value> {
    let Parts { container, image, dialect, .. } = parts;
    let mut config = container.config().as_object().cloned().unwrap_or_default();
    environment(&mut config, parts);
    command(&mut config, image);
    health(&mut config, image, dialect.flavour);
    labels(&mut config, parts);
    for field in SINGLE {
        drop_if(&mut config, field, |value| same(value, &image[field]));
    }
    drop_if(&mut config, "StopSignal", |value| signal(value) == signal(&image["StopSignal"]));
    without_keys(&mut config, "Volumes", &image["Volumes"], &Value::Null);
    // what is published must be named here too: old Engines publish nothing else
    without_keys(&mut config, "ExposedPorts", &image["ExposedPorts"], &container.host()["PortBindings"]);
    if mode == Mode::Shared {
        config.remove("ExposedPorts");
    }
    hostname(&mut config, parts, mode);
    match address {
        Some(address) => config.insert("MacAddress".to_owned(), address.into()),
        None => config.remove("MacAddress"),
    };
    config
}

/// Drops the pairs that are exactly those of the old image. By name alone would not do: a value of one's own stays.
fn environment(config: &mut Map<String, Value>, parts: Parts) {
    let theirs = list(&parts.image["Env"]);
    let hostname = format!("HOSTNAME={}", text(&parts.container.config()["Hostname"]));
    // Podman writes there what it gives to every container
    let given =
        |pair: &str| parts.dialect.flavour == Flavour::Podman && (pair == "container=podman" || pair == "TERM=xterm" || pair == hostname);
    if let Some(Value::Array(pairs)) = config.get_mut("Env") {
        pairs.retain(|pair| !theirs.contains(pair) && !given(text(pair)));
    }
}

/// Drops the labels that are exactly those of the old image, and keeps Compose's account true.
fn labels(config: &mut Map<String, Value>, parts: Parts) {
    let theirs = &parts.image["Labels"];
    if let Some(Value::Object(labels)) = config.get_mut("Labels") {
        labels.retain(|name, value| theirs.get(name) != Some(value));
        if let Some(image) = labels.get_mut(COMPOSE_IMAGE) {
            *image = parts.new_image.into();
        }
    }
}

/// A name that Docker made of the old id would be wrong in the new container; one that another container or the machine gave is refused, or would
/// outlive a change of it. In the network of the machine a container may have a name of its own all the same.
fn hostname(config: &mut Map<String, Value>, parts: Parts, mode: Mode) {
    let container = parts.container;
    let machine = |name: &Value| {
        let machine = parts.dialect.machine.unwrap_or_else(|| text(name));
        text(name) == machine || Some(text(name)) == machine.split('.').next()
    };
    let foreign = mode == Mode::Shared
        || text(&container.host()["UTSMode"]) == "host"
        || (mode == Mode::Machine && machine(&container.config()["Hostname"]));
    drop_if(config, "Hostname", |name| foreign || text(name) == container.short_id());
    drop_if(config, "Domainname", |_| foreign);
}

fn drop_if(config: &mut Map<String, Value>, field: &str, drop: impl FnOnce(&Value) -> bool) {
    if config.get(field).is_some_and(drop) {
        config.remove(field);
    }
}

/// Takes the keys of the old image's table out, but for those that stand in `needed`.
fn without_keys(config: &mut Map<String, Value>, field: &str, theirs: &Value, needed: &Value) {
    if let Some(Value::Object(table)) = config.get_mut(field) {
        table.retain(|key, _| theirs.get(key).is_none() || needed.get(key).is_some());
    }
}

/// One spelling for a signal: Podman tells its number, Docker what was written, old Engines `SIGTERM` where nothing was.
fn signal(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.as_u64().map(|number| number.to_string()).unwrap_or_default(), str::to_ascii_uppercase);
    let name = match text.trim_start_matches("SIG") {
        "" | "15" => "TERM",
        "1" => "HUP",
        "2" => "INT",
        "3" => "QUIT",
        "9" => "KILL",
        "10" => "USR1",
        "12" => "USR2",
        "28" => "WINCH",
        "37" => "RTMIN+3",
        other => other,
    };
    name.to_owned()
}
