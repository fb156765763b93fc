//! How containers end, and what their restart policy makes of it.

use std::time::Duration;

use super::World;
use crate::simulate::engine::{
    EngineError, Health, State,
    agenda::{Entry, Happening},
    event,
};

/// How long a restart waits the first time; it doubles with each.
const BACKOFF: Duration = Duration::from_millis(100);

impl World {
    /// Stops the container at `at`, as somebody asked; `code` is what it ends with. Answers whether it ran.
    pub(in crate::simulate::engine) fn stop(&mut self, at: usize, code: u8) -> bool {
        if !self.containers[at].state.is_up() {
            return false;
        }
        let signal = self.stop_signal(at);
        self.tell(at, "kill", &[("signal", signal)]);
        self.containers[at].stopped_by_hand = true;
        self.end_as(at, State::Exited(code), event::now());
        self.tell(at, "stop", &[]);
        self.tidy(at);
        true
    }

    /// The number of the signal that asks it to stop.
    fn stop_signal(&self, at: usize) -> &'static str {
        match self.containers[at].config.get("StopSignal").and_then(serde_json::Value::as_str) {
            Some("SIGINT" | "INT" | "2") => "2",
            Some("SIGQUIT" | "QUIT" | "3") => "3",
            Some("SIGKILL" | "KILL" | "9") => "9",
            _ => "15",
        }
    }

    /// Sends a signal to the container at `at`. All but a few end it.
    pub(in crate::simulate::engine) fn kill(&mut self, at: usize, signal: &str) -> Result<(), EngineError> {
        let container = &mut self.containers[at];
        if !container.state.is_up() {
            let id = &container.id;
            return Err(EngineError::Conflict(format!("Cannot kill container: {}: Container {id} is not running", container.name)));
        }
        let (number, code) = match signal.strip_prefix("SIG").unwrap_or(signal) {
            "" | "KILL" | "9" => ("9", Some(137)),
            "TERM" | "15" => ("15", Some(143)),
            "INT" | "2" => ("2", Some(130)),
            "QUIT" | "3" => ("3", Some(131)),
            "HUP" | "1" => ("1", None),
            "USR1" | "10" => ("10", None),
            "USR2" | "12" => ("12", None),
            _ => return Err(EngineError::Invalid(format!("Invalid signal: {signal}"))),
        };
        container.stopped_by_hand = true;
        self.tell(at, "kill", &[("signal", number)]);
        if let Some(code) = code {
            self.end_as(at, State::Exited(code), event::now());
            self.tidy(at);
        }
        Ok(())
    }

    /// Lets the container at `at` end by itself. Its restart policy says what then.
    pub(in crate::simulate::engine) fn end(&mut self, at: usize, code: u8) {
        let container = &self.containers[at];
        let again = !container.stopped_by_hand && container.policy().restarts(code, container.restarts);
        self.end_as(at, if again { State::Restarting(code) } else { State::Exited(code) }, event::now());
        if again {
            let container = &self.containers[at];
            let delay = BACKOFF * 2_u32.pow(container.restarts.saturating_sub(1).min(9));
            let entry = Entry { container: container.id.clone(), life: container.life, what: Happening::Restart };
            self.agenda.add(delay, entry);
        } else {
            self.tidy(at);
        }
    }

    /// Brings the container at `at` to an end that is known.
    pub(in crate::simulate::engine) fn end_as(&mut self, at: usize, state: State, now: i64) {
        let container = &mut self.containers[at];
        container.state = state;
        container.finished = Some(now);
        container.life += 1;
        if let State::Restarting(_) = state {
            container.restarts += 1;
        }
        self.tell(at, "die", &[("exitCode", &state.exit_code().to_string())]);
        self.leave(at);
    }

    /// Removes the container at `at` if it was to go away by itself.
    pub(super) fn tidy(&mut self, at: usize) {
        if self.containers[at].auto_remove() && !self.containers[at].removing {
            self.destroy(at, true);
        }
    }

    /// Lets the health check of the container at `at` say something.
    pub(in crate::simulate::engine) fn say_health(&mut self, at: usize, health: Health) {
        self.containers[at].health = Some(health);
        self.tell(at, &format!("health_status: {health}"), &[]);
    }

    /// Freezes the container at `at`, as somebody asked.
    pub(in crate::simulate::engine) fn freeze(&mut self, at: usize) -> Result<(), EngineError> {
        let container = &self.containers[at];
        match container.state {
            State::Running => {
                self.pause(at);
                Ok(())
            }
            State::Paused => Err(EngineError::Conflict(format!("Container {} is already paused", container.id))),
            State::Restarting(_) => {
                Err(EngineError::Conflict(format!("Container {} is restarting, wait until the container is running", container.id)))
            }
            State::Created | State::Exited(_) => Err(EngineError::Conflict(format!("Container {} is not running", container.id))),
        }
    }

    /// Lets the container at `at` go on.
    pub(in crate::simulate::engine) fn thaw(&mut self, at: usize) -> Result<(), EngineError> {
        let container = &mut self.containers[at];
        if container.state != State::Paused {
            return Err(EngineError::Conflict(format!("Container {} is not paused", container.id)));
        }
        container.state = State::Running;
        self.tell(at, "unpause", &[]);
        Ok(())
    }

    /// Freezes the container at `at`.
    pub(in crate::simulate::engine) fn pause(&mut self, at: usize) {
        self.containers[at].state = State::Paused;
        self.tell(at, "pause", &[]);
    }

    /// Lets something happen whose time has come, unless that life of the container is over.
    pub(in crate::simulate::engine) fn happen(&mut self, entry: &Entry) {
        let alive = |container: &super::Container| container.id == entry.container && container.life == entry.life && !container.removing;
        let Some(at) = self.containers.iter().position(alive) else { return };
        match entry.what {
            Happening::End(code) => self.end(at, code),
            Happening::Health(health) => self.say_health(at, health),
            // a start that fails is shown by the container
            Happening::Restart => drop(self.launch(at, event::now())),
        }
    }
}
