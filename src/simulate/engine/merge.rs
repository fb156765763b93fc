//! What a container inherits from its image, by the Engine's rules. Pure.

use serde_json::{Map, Value, json};

use super::EngineError;

/// Lays the members of `upper` over `lower`: objects are merged, null takes away, everything else replaces.
pub(super) fn overlay(lower: &mut Map<String, Value>, upper: &Value) {
    let Some(upper) = upper.as_object() else { return };
    for (name, value) in upper {
        match (lower.get_mut(name), value) {
            (_, Value::Null) => drop(lower.remove(name)),
            (Some(Value::Object(below)), Value::Object(_)) => overlay(below, value),
            _ => drop(lower.insert(name.clone(), value.clone())),
        }
    }
}

/// The configuration of a container: what was asked for, and what the image says where nothing was.
pub(super) fn config(user: &Map<String, Value>, image: &Map<String, Value>) -> Result<Map<String, Value>, EngineError> {
    let mut merged = nothing();
    for (name, value) in user {
        if !value.is_null() {
            merged.insert(name.clone(), value.clone());
        }
    }
    for name in ["User", "WorkingDir", "StopSignal"] {
        inherit_if(&mut merged, image, name, is_empty);
    }
    for name in ["ExposedPorts", "Labels", "Volumes"] {
        merged.insert(name.to_owned(), union(merged.get(name), image.get(name)));
    }
    merged.insert("Env".to_owned(), environment(merged.get("Env"), image.get("Env")));
    if is_empty(merged.get("Entrypoint")) {
        let cleared = merged.get("Entrypoint").is_some_and(|entrypoint| !entrypoint.is_null());
        inherit_if(&mut merged, image, "Cmd", is_empty);
        if !cleared {
            inherit_if(&mut merged, image, "Entrypoint", is_empty);
        }
    }
    if merged.get("Entrypoint") == Some(&json!([""])) {
        merged.insert("Entrypoint".to_owned(), Value::Null);
    }
    if is_empty(merged.get("Entrypoint")) && is_empty(merged.get("Cmd")) {
        return Err(EngineError::Invalid("No command specified".to_owned()));
    }
    health_check(&mut merged, image.get("Healthcheck"));
    for name in ["ExposedPorts", "Healthcheck", "StopSignal"] {
        if is_empty(merged.get(name)) {
            merged.remove(name);
        }
    }
    Ok(merged)
}

/// A configuration in which nothing is said, as an inspection shows it.
pub(super) fn nothing() -> Map<String, Value> {
    let mut nothing = Map::new();
    let said = json!({
        "AttachStdin": false, "AttachStdout": false, "AttachStderr": false, "Tty": false, "OpenStdin": false, "StdinOnce": false,
        "Hostname": "", "Domainname": "", "User": "", "WorkingDir": "", "Labels": {},
    });
    overlay(&mut nothing, &said);
    for name in ["Env", "Cmd", "Volumes", "Entrypoint", "OnBuild"] {
        nothing.insert(name.to_owned(), Value::Null);
    }
    nothing
}

fn inherit_if(merged: &mut Map<String, Value>, image: &Map<String, Value>, name: &str, condition: fn(Option<&Value>) -> bool) {
    if let Some(value) = image.get(name).filter(|_| condition(merged.get(name))) {
        merged.insert(name.to_owned(), value.clone());
    }
}

/// Whether nothing is said: no member, null, or an empty text, list or object.
pub(super) fn is_empty(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => true,
        Some(Value::String(text)) => text.is_empty(),
        Some(Value::Array(list)) => list.is_empty(),
        Some(Value::Object(members)) => members.is_empty(),
        Some(Value::Number(number)) => number.as_f64() == Some(0.0),
        Some(Value::Bool(_)) => false,
    }
}

/// The members of both; where both have one, that of the container counts.
fn union(user: Option<&Value>, image: Option<&Value>) -> Value {
    match (user, image) {
        (Some(Value::Object(user)), Some(Value::Object(image))) => {
            let mut both = image.clone();
            both.extend(user.clone());
            Value::Object(both)
        }
        (Some(Value::Object(user)), _) => Value::Object(user.clone()),
        (_, Some(image)) => image.clone(),
        (_, None) => Value::Null,
    }
}

/// The container's variables, then those of the image that it does not set.
fn environment(user: Option<&Value>, image: Option<&Value>) -> Value {
    let list = |value: Option<&Value>| value.and_then(Value::as_array).cloned().unwrap_or_default();
    let key = |value: &Value| value.as_str().unwrap_or_default().split('=').next().unwrap_or_default().to_owned();
    let mut merged = list(user);
    let set: Vec<String> = merged.iter().map(key).collect();
    merged.extend(list(image).into_iter().filter(|variable| !set.contains(&key(variable))));
    if merged.is_empty() { user.or(image).cloned().unwrap_or_default() } else { Value::Array(merged) }
}

/// A health check inherits each of its parts.
fn health_check(merged: &mut Map<String, Value>, image: Option<&Value>) {
    let Some(Value::Object(image)) = image else { return };
    match merged.get_mut("Healthcheck") {
        Some(Value::Object(user)) => {
            for (name, value) in image {
                if is_empty(user.get(name)) {
                    user.insert(name.clone(), value.clone());
                }
            }
        }
        _ => drop(merged.insert("Healthcheck".to_owned(), Value::Object(image.clone()))),
    }
}

/// Whether a configuration has a health check that runs.
pub(super) fn has_health_check(config: &Map<String, Value>) -> bool {
    let test = config.get("Healthcheck").and_then(|check| check.get("Test")).and_then(Value::as_array);
    test.is_some_and(|test| test.first().is_some_and(|first| first != "NONE"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(value: Value) -> Map<String, Value> {
        let Value::Object(map) = value else { panic!("an object") };
        map
    }

    #[test]
    fn what_was_asked_for_wins_and_the_image_fills_the_rest() {
        let image = json!({
            "Env": ["PATH=/bin", "TZ=UTC"], "Cmd": ["serve"], "Entrypoint": ["/entry"], "User": "app", "WorkingDir": "/app",
            "Labels": { "a": "image", "b": "image" }, "Volumes": { "/data": {} }, "ExposedPorts": { "80/tcp": {} }, "StopSignal": "SIGQUIT",
            "Healthcheck": { "Test": ["CMD", "check"], "Interval": 5, "Retries": 2 },
        });
        for (asked, name, expected) in [
            (json!({}), "Cmd", json!(["serve"])),
            (json!({}), "Entrypoint", json!(["/entry"])),
            (json!({ "Cmd": ["other"] }), "Entrypoint", json!(["/entry"])),
            (json!({ "Entrypoint": ["/mine"] }), "Cmd", Value::Null),
            (json!({ "Entrypoint": [], "Cmd": ["x"] }), "Entrypoint", json!([])),
            (json!({ "Entrypoint": [""], "Cmd": ["x"] }), "Entrypoint", Value::Null),
            (json!({ "Env": ["TZ=CET", "A=1"] }), "Env", json!(["TZ=CET", "A=1", "PATH=/bin"])),
            (json!({ "Env": null }), "Env", json!(["PATH=/bin", "TZ=UTC"])),
            (json!({ "Labels": { "a": "mine" } }), "Labels", json!({ "a": "mine", "b": "image" })),
            (json!({ "Volumes": { "/more": {} } }), "Volumes", json!({ "/data": {}, "/more": {} })),
            (json!({}), "ExposedPorts", json!({ "80/tcp": {} })),
            (json!({ "User": "" }), "User", json!("app")),
            (json!({ "User": "root" }), "User", json!("root")),
            (json!({}), "StopSignal", json!("SIGQUIT")),
            (json!({ "Healthcheck": { "Interval": 9 } }), "Healthcheck", json!({ "Test": ["CMD", "check"], "Interval": 9, "Retries": 2 })),
            (json!({ "Healthcheck": { "Test": ["NONE"] } }), "Healthcheck", json!({ "Test": ["NONE"], "Interval": 5, "Retries": 2 })),
            (json!({ "Tomorrow": 1 }), "Tomorrow", json!(1)),
        ] {
            let merged = config(&map(asked.clone()), &map(image.clone())).expect("a command");
            assert_eq!(merged[name], expected, "{asked} {name}");
        }
    }

    #[test]
    fn a_container_needs_a_command() {
        assert_eq!(config(&Map::new(), &Map::new()), Err(EngineError::Invalid("No command specified".to_owned())));
        assert!(config(&map(json!({ "Cmd": ["x"] })), &Map::new()).is_ok());
    }

    #[test]
    fn only_a_check_that_runs_is_one() {
        for (check, expected) in
            [(json!({ "Test": ["CMD", "x"] }), true), (json!({ "Test": ["NONE"] }), false), (json!({ "Interval": 3 }), false)]
        {
            assert_eq!(has_health_check(&map(json!({ "Healthcheck": check }))), expected, "{check}");
        }
        assert!(!has_health_check(&Map::new()));
    }
}
