//! The Engine dies, and comes back.

use super::World;
use crate::simulate::engine::{State, event};

/// The code of a container that was lost with its Engine.
const LOST: u8 = 255;

impl World {
    /// Everything that runs ends without a word, and what was to happen does not.
    pub(in crate::simulate::engine) fn crash(&mut self) {
        self.agenda.clear();
        self.log.forget();
        for container in &mut self.containers {
            container.life += 1;
            container.ports.clear();
            for endpoint in container.endpoints.values_mut() {
                endpoint.lease = None;
            }
            if container.state.is_up() {
                container.state = State::Exited(LOST);
                container.finished = Some(event::now());
            }
        }
    }

    /// Starts what is to run again, the oldest first. What was being removed, or goes away by itself, is removed.
    pub(in crate::simulate::engine) fn boot(&mut self) {
        for id in self.containers.iter().map(|container| container.id.clone()).collect::<Vec<_>>() {
            let Ok(at) = self.find(&id) else { continue };
            let container = &self.containers[at];
            if container.removing || container.auto_remove() {
                self.destroy(at, true);
                continue;
            }
            let (code, restarts) = (container.state.exit_code(), container.restarts);
            let wanted = container.policy().starts_with_engine(code, restarts, container.stopped_by_hand);
            if wanted && container.started.is_some() {
                self.containers[at].restarts = 0;
                // a start that fails is shown by the container
                drop(self.launch(at, event::now()));
            }
        }
    }
}
