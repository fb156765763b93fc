//! Two inspects of a container, before and after: what differs that should not.

use serde_json::Value;

/// What an inspect says that is another for every container, or that an update is there to change.
pub(crate) fn comparable(mut inspect: Value, hostname: bool) -> Value {
    let object = inspect.as_object_mut().expect("an object");
    for key in [
        "Id",
        "Created",
        "Image",
        "ImageManifestDescriptor",
        "State",
        "ResolvConfPath",
        "HostnamePath",
        "HostsPath",
        "LogPath",
        "GraphDriver",
        "Storage",
        "RestartCount",
        // of a health check that runs just now
        "ExecIDs",
    ] {
        object.remove(key);
    }
    let config = inspect["Config"].as_object_mut().expect("a configuration");
    if !hostname {
        config.remove("Hostname");
    }
    let id_like = |text: &str| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let settings = inspect["NetworkSettings"].as_object_mut().expect("network settings");
    for key in ["SandboxID", "SandboxKey", "EndpointID", "IPAddress", "MacAddress", "Gateway", "SecondaryIPAddresses", "GlobalIPv6Address"]
    {
        settings.remove(key);
    }
    for network in inspect["NetworkSettings"]["Networks"].as_object_mut().expect("networks").values_mut() {
        let network = network.as_object_mut().expect("a network");
        for key in ["NetworkID", "EndpointID", "MacAddress", "IPAddress", "GlobalIPv6Address", "DNSNames"] {
            network.remove(key);
        }
        if let Some(aliases) = network.get_mut("Aliases").and_then(Value::as_array_mut) {
            aliases.retain(|alias| !alias.as_str().is_some_and(id_like));
        }
        if network.get("Aliases").is_some_and(|aliases| aliases.as_array().is_some_and(Vec::is_empty)) {
            network.insert("Aliases".to_owned(), Value::Null);
        }
    }
    // in no order of meaning; a volume without a name keeps its content by being called by its number
    let number = |text: &str| text.get(..64).is_some_and(|start| start.bytes().all(|byte| byte.is_ascii_hexdigit()));
    if let Some(mounts) = inspect["Mounts"].as_array_mut() {
        mounts.sort_by_key(|mount| mount["Destination"].to_string());
        for mount in mounts.iter_mut().filter(|mount| mount["Name"].as_str().is_some_and(number)) {
            mount["Mode"] = Value::Null;
        }
    }
    for mount in inspect["HostConfig"]["Mounts"].as_array_mut().into_iter().flatten() {
        if mount["Source"].as_str().is_some_and(number)
            && let Some(mount) = mount.as_object_mut()
        {
            mount.remove("Source");
        }
    }
    if let Some(binds) = inspect["HostConfig"]["Binds"].as_array_mut() {
        binds.retain(|bind| !bind.as_str().is_some_and(number));
        binds.sort_by_key(ToString::to_string);
    }
    if inspect["HostConfig"]["Binds"].as_array().is_some_and(Vec::is_empty) {
        inspect["HostConfig"]["Binds"] = Value::Null;
    }
    inspect
}

/// The keys in which two documents differ, as paths.
pub(crate) fn differences(before: &Value, after: &Value, path: &str, found: &mut Vec<String>) {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            for key in before.keys().chain(after.keys().filter(|key| !before.contains_key(*key))) {
                let (before, after) = (before.get(key).unwrap_or(&Value::Null), after.get(key).unwrap_or(&Value::Null));
                differences(before, after, &format!("{path}/{key}"), found);
            }
        }
        (before, after) if before == after => {}
        // written in more than one way, where nothing was asked for; but no command is not the image's command
        (before, after) if is_nothing(before) && is_nothing(after) && !path.ends_with("/Cmd") && !path.ends_with("/Entrypoint") => {}
        (before, after) => found.push(format!("{path}: {before} → {after}")),
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(list) => list.is_empty(),
        Value::Object(table) => table.is_empty(),
        _ => false,
    }
}
