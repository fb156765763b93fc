//! Starting, and what follows from it.

use serde_json::Value;

use super::World;
use crate::simulate::engine::{
    Behaviour, EngineError, Health, State,
    agenda::{Entry, Happening},
    merge,
};

/// The code of a container that could not be started.
const NOT_STARTED: u8 = 128;

/// The code where its program is missing.
const NO_PROGRAM: u8 = 127;

impl World {
    /// Starts the container at `at`, as somebody asked. Answers whether it did not run already.
    pub(in crate::simulate::engine) fn start(&mut self, at: usize, now: i64) -> Result<bool, EngineError> {
        let container = &mut self.containers[at];
        if container.removing {
            return Err(EngineError::Conflict("container is marked for removal and cannot be started".to_owned()));
        }
        match container.state {
            State::Paused => Err(EngineError::Conflict("cannot start a paused container, try unpause instead".to_owned())),
            State::Running | State::Restarting(_) => Ok(false),
            State::Created | State::Exited(_) => {
                container.stopped_by_hand = false;
                container.restarts = 0;
                self.launch(at, now).map(|()| true)
            }
        }
    }

    /// Starts the container at `at`. Where that fails, it is as before, but for the error that it shows; one that removes itself goes.
    pub(super) fn launch(&mut self, at: usize, now: i64) -> Result<(), EngineError> {
        let prepared = self.prepare(at);
        self.containers[at].life += 1;
        if let Err(error) = prepared {
            self.leave(at);
            let code = if matches!(error, EngineError::Invalid(_)) && self.behaviour(at) == Behaviour::CannotStart {
                NO_PROGRAM
            } else {
                NOT_STARTED
            };
            let container = &mut self.containers[at];
            container.failure = Some((code, error.to_string()));
            if container.state != State::Created {
                container.state = State::Exited(code);
            }
            self.tidy(at);
            return Err(error);
        }
        let container = &mut self.containers[at];
        container.state = State::Running;
        container.started = Some(now);
        container.failure = None;
        let checked = merge::has_health_check(&container.config);
        container.health = (checked || container.health.is_some()).then_some(Health::Starting);
        self.tell(at, "start", &[]);
        self.put_down(at, checked);
        Ok(())
    }

    /// Puts down what its image lets happen to it.
    fn put_down(&mut self, at: usize, checked: bool) {
        let behaviour = self.behaviour(at);
        let container = &self.containers[at];
        let entry = |what| Entry { container: container.id.clone(), life: container.life, what };
        if let Behaviour::Ends { code, after } = behaviour {
            self.agenda.add(after, entry(Happening::End(code)));
        }
        if let Some((after, well)) = behaviour.health().filter(|_| checked) {
            let health = if well { Health::Healthy } else { Health::Unhealthy };
            self.agenda.add(after, entry(Happening::Health(health)));
        }
    }

    /// Everything that a start needs: networks, ports, a program.
    fn prepare(&mut self, at: usize) -> Result<(), EngineError> {
        let mode = self.containers[at].network_mode().to_owned();
        if let Some(other) = mode.strip_prefix("container:") {
            self.share(at, other)?;
        }
        let networks: Vec<String> = self.containers[at].endpoints.keys().cloned().collect();
        // the network of its mode first
        let (first, others): (Vec<_>, Vec<_>) = networks.into_iter().partition(|network| *network == mode);
        for network in first.iter().chain(&others) {
            self.lease(at, network)?;
        }
        self.bind_ports(at)?;
        if self.behaviour(at) == Behaviour::CannotStart {
            let config = &self.containers[at].config;
            let program = |name: &str| config.get(name).and_then(|words| words.get(0)).and_then(Value::as_str);
            let program = program("Entrypoint").or_else(|| program("Cmd")).unwrap_or_default();
            return Err(EngineError::Invalid(format!(
                "failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: \"{program}\": stat {program}: no such file or directory: unknown"
            )));
        }
        Ok(())
    }

    /// Joins the network of another container, which must run, and takes its name there.
    fn share(&mut self, at: usize, other: &str) -> Result<(), EngineError> {
        let other = &self.containers[self.find(other)?];
        match other.state {
            State::Running | State::Paused => {}
            State::Restarting(_) => {
                return Err(EngineError::Conflict(format!("Container {} is restarting, wait until the container is running", other.id)));
            }
            _ => return Err(EngineError::Conflict(format!("cannot join network of a non running container: {}", other.id))),
        }
        if let Some(hostname) = other.config.get("Hostname").cloned() {
            self.containers[at].config.insert("Hostname".to_owned(), hostname);
        }
        Ok(())
    }

    /// Lets the container at `at` leave its networks and give its ports back.
    pub(super) fn leave(&mut self, at: usize) {
        let networks: Vec<String> = self.containers[at].endpoints.keys().cloned().collect();
        for network in networks {
            self.release(at, &network);
        }
        self.containers[at].ports.clear();
    }
}
