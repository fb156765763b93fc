//! Volumes that have no name of a person: what `VOLUME` in an image and `-v /data` make. They are told among the mounts alone, and a
//! successor would get empty ones.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::host::docker::update::{
    container::{Container, is_unset, list, text},
    family::means,
};

/// Names the volumes of the old container in the new one's configuration, wherever that does not name them already. Those of another container
/// (`--volumes-from`) come from that one again, as long as it is there: of `givers`. It is called by its name, which outlives its own updates.
pub(super) fn carry(host: &mut Map<String, Value>, container: &Container, givers: &[Container]) {
    let orphaned = name_givers(host, givers);
    let given = |mount: &Value| givers.iter().flat_map(Container::mounts).any(|other| is_same(other, mount));
    let is_volume = |mount: &Value| mount["Type"] == "volume" && !text(&mount["Name"]).is_empty();
    let volumes: Vec<&Value> = container
        .mounts()
        .iter()
        .filter(|mount| is_volume(mount) || (orphaned && mount["Type"] == "bind" && !text(&mount["Source"]).is_empty()))
        .filter(|mount| !text(&mount["Destination"]).is_empty() && !given(mount))
        .collect();
    // `--mount type=volume,target=/data`
    for mount in host.get_mut("Mounts").and_then(Value::as_array_mut).into_iter().flatten() {
        let nameless = mount["Type"] == "volume" && is_unset(&mount["Source"]);
        let volume = volumes.iter().find(|volume| place(text(&volume["Destination"])) == place(text(&mount["Target"])));
        if let (true, Some(volume)) = (nameless, volume) {
            mount["Source"] = volume["Name"].clone();
        }
    }
    let named = named(host);
    let missing: Vec<Value> = volumes
        .into_iter()
        .filter(|volume| !named.contains(place(text(&volume["Destination"]))))
        .map(|volume| Value::String(bind(volume)))
        .collect();
    if missing.is_empty() {
        return;
    }
    match host.get_mut("Binds") {
        Some(Value::Array(binds)) => binds.extend(missing),
        _ => drop(host.insert("Binds".to_owned(), Value::Array(missing))),
    }
}

/// Calls those whose volumes it takes by their names, and leaves out those that are gone, who would be refused. Answers whether there were any.
fn name_givers(host: &mut Map<String, Value>, givers: &[Container]) -> bool {
    let Some(Value::Array(from)) = host.get_mut("VolumesFrom") else { return false };
    let all = from.len();
    *from = from
        .iter()
        .filter_map(|from| {
            let (named, mode) = text(from).split_once(':').map_or((text(from), None), |(named, mode)| (named, Some(mode)));
            let giver = givers.iter().find(|giver| means(named, giver))?.name();
            Some(Value::String(mode.map_or_else(|| giver.to_owned(), |mode| format!("{giver}:{mode}"))))
        })
        .collect();
    from.len() < all
}

/// Whether two containers have the same thing in the same place.
fn is_same(one: &Value, other: &Value) -> bool {
    ["Type", "Name", "Source", "Destination"].iter().all(|field| one[*field] == other[*field])
}

/// The places in the container that the configuration itself fills.
fn named(host: &Map<String, Value>) -> BTreeSet<String> {
    let nothing = Value::Null;
    let field = |name: &str| host.get(name).unwrap_or(&nothing);
    let binds = list(field("Binds")).iter().map(|bind| {
        let mut parts = text(bind).split(':');
        let first = parts.next().unwrap_or_default();
        parts.next().unwrap_or(first)
    });
    let mounts = list(field("Mounts")).iter().map(|mount| text(&mount["Target"]));
    let in_memory = field("Tmpfs").as_object().into_iter().flat_map(Map::keys).map(String::as_str);
    binds.chain(mounts).chain(in_memory).map(|path| place(path).to_owned()).collect()
}

/// `name:/data`, or `/folder:/data`, with what was said of it.
fn bind(volume: &Value) -> String {
    let source = if volume["Type"] == "bind" { text(&volume["Source"]) } else { text(&volume["Name"]) };
    let mut options: Vec<&str> = text(&volume["Mode"]).split(',').filter(|option| !option.is_empty()).collect();
    if volume["RW"].as_bool() == Some(false) && !options.contains(&"ro") {
        options.push("ro");
    }
    let separator = if options.is_empty() { "" } else { ":" };
    format!("{source}:{}{separator}{}", text(&volume["Destination"]), options.join(","))
}

/// One spelling for a path.
fn place(path: &str) -> &str {
    let short = path.trim_end_matches('/');
    if short.is_empty() { path } else { short }
}
