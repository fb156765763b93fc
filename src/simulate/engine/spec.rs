//! What a container is to be.

use std::{collections::BTreeMap, fmt, time::Duration};

use serde_json::{Map, Value, json};

use super::merge;

/// What a container is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContainerSpec {
    /// its name, without the slash
    pub name: String,
    /// what it is started from, as a person wrote it: a reference or an image id
    pub image: String,
    /// its own labels; those of the image come beside
    pub labels: BTreeMap<String, String>,
    /// what it does
    pub state: State,
    /// what its health check says, where it has one
    pub health: Option<Health>,
    /// how long ago it was created
    pub age: Duration,
    /// what else `POST /containers/create` is to be told
    pub body: Map<String, Value>,
}

/// What a container does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum State {
    /// made, never started
    Created,
    /// it runs
    #[default]
    Running,
    /// it is frozen
    Paused,
    /// it died with this code and will be started again
    Restarting(u8),
    /// it ended with this code
    Exited(u8),
}

/// What a health check says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// nothing yet
    Starting,
    /// all is well
    Healthy,
    /// it failed three times
    Unhealthy,
}

impl ContainerSpec {
    /// A running container without labels or health check, just created.
    pub fn new(name: &str, image: &str) -> Self {
        Self {
            name: name.to_owned(),
            image: image.to_owned(),
            labels: BTreeMap::new(),
            state: State::Running,
            health: None,
            age: Duration::ZERO,
            body: Map::new(),
        }
    }

    /// The same with these members in the body of its creation, as `{"Env": ["A=1"], "HostConfig": {"Binds": ["data:/data"]}}`.
    #[must_use]
    pub fn with(mut self, body: &Value) -> Self {
        merge::overlay(&mut self.body, body);
        self
    }

    /// The same with a restart policy: `always`, `unless-stopped`, `on-failure`. Without one, it is not started again.
    #[must_use]
    pub fn restart(self, policy: &str) -> Self {
        self.with(&json!({ "HostConfig": { "RestartPolicy": { "Name": policy, "MaximumRetryCount": 0 } } }))
    }

    /// The same with a label more.
    #[must_use]
    pub fn label(mut self, name: &str, value: impl Into<String>) -> Self {
        self.labels.insert(name.to_owned(), value.into());
        self
    }

    /// The same as the service of a Compose project.
    #[must_use]
    pub fn compose(self, project: &str, service: &str) -> Self {
        self.label("com.docker.compose.project", project)
            .label("com.docker.compose.service", service)
            .label("com.docker.compose.container-number", "1")
            .label("com.docker.compose.oneoff", "False")
            .label("com.docker.compose.project.working_dir", format!("/opt/stacks/{project}"))
    }

    /// The same in another state.
    #[must_use]
    pub fn state(mut self, state: State) -> Self {
        self.state = state;
        self
    }

    /// The same with a health check.
    #[must_use]
    pub fn health(mut self, health: Health) -> Self {
        self.health = Some(health);
        self
    }

    /// The body of its creation.
    pub(super) fn request(&self) -> Value {
        let mut body = Map::new();
        merge::overlay(&mut body, &json!({ "Image": self.image, "Labels": self.labels }));
        if self.health.is_some() {
            merge::overlay(&mut body, &json!({ "Healthcheck": { "Test": ["CMD", "/check"] } }));
        }
        if let Some(project) = self.labels.get("com.docker.compose.project") {
            let network = format!("{project}_default");
            let service = self.labels.get("com.docker.compose.service");
            let aliases: Vec<&String> = [&self.name].into_iter().chain(service).collect();
            let endpoints = json!({ network.as_str(): { "Aliases": aliases } });
            let own = json!({ "HostConfig": { "NetworkMode": network }, "NetworkingConfig": { "EndpointsConfig": endpoints } });
            merge::overlay(&mut body, &own);
        }
        merge::overlay(&mut body, &Value::Object(self.body.clone()));
        Value::Object(body)
    }

    /// The networks that it is to be in.
    pub(super) fn networks(&self) -> Vec<String> {
        let body = self.request();
        let asked = body["NetworkingConfig"]["EndpointsConfig"].as_object();
        let mode = body["HostConfig"]["NetworkMode"].as_str().filter(|mode| !matches!(*mode, "default" | "") && !mode.contains(':'));
        asked.into_iter().flat_map(Map::keys).cloned().chain(mode.map(str::to_owned)).collect()
    }

    /// The same, created a while ago.
    #[must_use]
    pub fn aged(mut self, age: Duration) -> Self {
        self.age = age;
        self
    }
}

impl State {
    /// Whether a process of it exists or is about to.
    pub fn is_up(self) -> bool {
        matches!(self, Self::Running | Self::Paused | Self::Restarting(_))
    }

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Restarting(_) => "restarting",
            Self::Exited(_) => "exited",
        }
    }

    pub(super) fn exit_code(self) -> u8 {
        match self {
            Self::Restarting(code) | Self::Exited(code) => code,
            Self::Created | Self::Running | Self::Paused => 0,
        }
    }
}

impl fmt::Display for Health {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Starting => "starting",
            Self::Healthy => "healthy",
            Self::Unhealthy => "unhealthy",
        })
    }
}
