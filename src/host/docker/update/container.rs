//! A container or image as the Engine tells it, untyped: what Plimsoll does not know passes through a recreation untouched.

use serde_json::{Map, Value};

use crate::host::docker::images::full_id;

/// The whole answer to `GET /containers/{id}/json`. It holds secrets: it is never shown.
#[derive(Clone, PartialEq)]
pub(super) struct Container(Value);

impl Container {
    /// Of an answer.
    pub(super) fn new(told: Value) -> Self {
        Self(told)
    }

    /// Its id, in full.
    pub(super) fn id(&self) -> &str {
        text(&self.0["Id"])
    }

    /// What Docker calls it where it has twelve characters for it: its default host name, and an alias.
    pub(super) fn short_id(&self) -> &str {
        self.id().get(..12).unwrap_or(self.id())
    }

    /// Its name, without the slash.
    pub(super) fn name(&self) -> &str {
        text(&self.0["Name"]).trim_start_matches('/')
    }

    /// The id of the image that it runs.
    pub(super) fn image_id(&self) -> String {
        full_id(text(&self.0["Image"]))
    }

    /// What it was started from, as written.
    pub(super) fn written(&self) -> &str {
        text(&self.config()["Image"])
    }

    /// What it is to run.
    pub(super) fn config(&self) -> &Value {
        &self.0["Config"]
    }

    /// How its host is to run it.
    pub(super) fn host(&self) -> &Value {
        &self.0["HostConfig"]
    }

    /// What is mounted in it.
    pub(super) fn mounts(&self) -> &[Value] {
        list(&self.0["Mounts"])
    }

    /// Its networks by name.
    pub(super) fn networks(&self) -> Option<&Map<String, Value>> {
        self.0["NetworkSettings"]["Networks"].as_object()
    }

    /// One of its labels.
    pub(super) fn label(&self, name: &str) -> Option<&str> {
        self.config()["Labels"][name].as_str()
    }

    /// What its network is: `default`, `host`, the name or id of one, `container:…`.
    pub(super) fn network_mode(&self) -> &str {
        text(&self.host()["NetworkMode"])
    }

    /// What it does, in the Engine's word.
    pub(super) fn status(&self) -> String {
        text(&self.0["State"]["Status"]).to_ascii_lowercase()
    }

    /// Whether a process of it is there, or will be again in a moment.
    pub(super) fn is_running(&self) -> bool {
        self.flag("Running") || self.is_restarting()
    }

    /// Whether it ended and is about to be started again.
    pub(super) fn is_restarting(&self) -> bool {
        self.flag("Restarting") || self.status() == "restarting"
    }

    /// A switch of its state: `Running`, `Paused`, `Dead`.
    pub(super) fn flag(&self, name: &str) -> bool {
        self.0["State"][name].as_bool().unwrap_or(false)
    }

    /// The code with which it ended last.
    pub(super) fn exit_code(&self) -> i64 {
        self.0["State"]["ExitCode"].as_i64().unwrap_or(0)
    }

    /// How often its Engine has restarted it since it was last started.
    pub(super) fn restarts(&self) -> u64 {
        self.0["RestartCount"].as_u64().unwrap_or(0)
    }

    /// What its health check says; `None` without one.
    pub(super) fn health(&self) -> Option<&str> {
        self.0["State"]["Health"]["Status"].as_str().filter(|status| !matches!(*status, "" | "none"))
    }

    /// Its restart policy, in full.
    pub(super) fn policy(&self) -> &Value {
        &self.host()["RestartPolicy"]
    }

    /// The name of its restart policy; `no` where it has none.
    pub(super) fn policy_name(&self) -> &str {
        policy_name(self.policy())
    }

    /// How long it may take to stop before it is killed, in seconds; negative for as long as it likes.
    pub(super) fn stop_timeout(&self) -> i64 {
        self.config()["StopTimeout"].as_i64().unwrap_or(10)
    }
}

/// The name of a restart policy; `no` where there is none.
pub(super) fn policy_name(policy: &Value) -> &str {
    policy["Name"].as_str().filter(|name| !name.is_empty()).unwrap_or("no")
}

/// A text; empty where there is none.
pub(super) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// A list; empty where there is none.
pub(super) fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// Whether nothing is said: null, `false`, 0, and empty texts, lists and tables. Engines write any of them for what nobody has set.
pub(super) fn is_unset(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(flag) => !flag,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(table) => table.is_empty(),
    }
}

/// Whether two values say the same, however nothing is written.
pub(super) fn same(one: &Value, other: &Value) -> bool {
    one == other || (is_unset(one) && is_unset(other))
}
