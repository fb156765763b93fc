//! What a container is to be.

use std::{collections::BTreeMap, fmt, time::Duration};

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
        }
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
