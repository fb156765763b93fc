//! The handle's moves: what a person does to an Engine from outside. Each tells the events that a real one tells, in its order.

use super::{ContainerSpec, Engine, EngineError, Health, Image, State, event, world::World};
use crate::image::Reference;

/// The signal of `docker stop`.
const TERM: &str = "15";

impl Engine {
    /// Pulls an image: the reference stands for it from now on. The one that it stood for stays, without that tag.
    pub fn pull(&self, reference: &str, image: Image) -> Result<String, EngineError> {
        let reference = parse(reference)?;
        let mut world = self.world();
        let id = world.add(image);
        let moved = world.arrive(&id, &reference, event::now());
        let containerd = world.store == super::Store::Containerd;
        if moved.is_some() && containerd {
            world.tell_image("tag", &id, &id, &reference.familiar());
        }
        world.tell_image("pull", &reference.familiar(), &id, &reference.familiar_name());
        Ok(id)
    }

    /// Builds an image on the machine, under a tag.
    pub fn build(&self, reference: &str, image: Image) -> Result<String, EngineError> {
        let reference = parse(reference)?;
        let mut world = self.world();
        let id = world.add(Image { built: true, ..image });
        world.point(&id, &reference, event::now());
        world.tell_image("tag", &id, &id, &reference.familiar());
        Ok(id)
    }

    /// Gives an image another tag.
    pub fn tag(&self, image: &str, reference: &str) -> Result<(), EngineError> {
        let reference = parse(reference)?;
        let mut world = self.world();
        let id = world.resolve(image)?;
        world.point(&id, &reference, event::now());
        world.tell_image("tag", &id, &id, &reference.familiar());
        Ok(())
    }

    /// Takes a tag away; an image without tags that no container uses goes too.
    pub fn untag(&self, reference: &str) -> Result<(), EngineError> {
        let reference = parse(reference)?.familiar();
        let mut world = self.world();
        let id = world.unpoint(&reference).ok_or_else(|| EngineError::NoImage(reference.clone()))?;
        world.tell_image("untag", &id, &id, &id);
        let used = world.containers.iter().any(|container| container.image_id == id);
        if !used && world.repo_tags(&id).is_empty() {
            world.tell_image("delete", &id, &id, &id);
            world.images.remove(&id);
        }
        Ok(())
    }

    /// The ids of the images that are there.
    pub fn images(&self) -> Vec<String> {
        self.world().images.keys().cloned().collect()
    }

    /// Removes every image that has no tag and that no container uses.
    pub fn prune(&self) {
        let mut world = self.world();
        let used = |world: &World, id: &str| world.containers.iter().any(|container| container.image_id == id);
        let left: Vec<String> = world.images.keys().filter(|id| world.repo_tags(id).is_empty() && !used(&world, id)).cloned().collect();
        for id in left {
            world.tell_image("delete", &id, &id, &id);
            world.images.remove(&id);
        }
    }

    /// Makes a container of an image that is there, brings it into the wished state, and answers its id.
    pub fn run(&self, spec: ContainerSpec) -> Result<String, EngineError> {
        let age = i64::try_from(spec.age.as_nanos()).unwrap_or(i64::MAX);
        let created = event::now().saturating_sub(age);
        let mut world = self.world();
        let at = world.create(&spec, created)?;
        if spec.state != State::Created {
            start(&mut world, at, created);
            world.containers[at].health = spec.health;
        }
        match spec.state {
            State::Created | State::Running => {}
            State::Paused => pause(&mut world, at),
            State::Exited(code) => {
                let end = created.saturating_add(age / 2);
                end_with(&mut world, at, State::Exited(code), end);
            }
            State::Restarting(code) => end_with(&mut world, at, State::Restarting(code), event::now()),
        }
        Ok(world.containers[at].id.clone())
    }

    /// Starts a container that does not run; one that runs already stays as it is.
    pub fn start_container(&self, name: &str) -> Result<(), EngineError> {
        let mut world = self.world();
        let at = world.find(name)?;
        if !world.containers[at].state.is_up() {
            start(&mut world, at, event::now());
        }
        Ok(())
    }

    /// Stops a container; one that does not run stays as it is.
    pub fn stop(&self, name: &str) -> Result<(), EngineError> {
        let mut world = self.world();
        let at = world.find(name)?;
        stop(&mut world, at);
        Ok(())
    }

    /// Stops a container and starts it again.
    pub fn restart(&self, name: &str) -> Result<(), EngineError> {
        let mut world = self.world();
        let at = world.find(name)?;
        stop(&mut world, at);
        start(&mut world, at, event::now());
        world.tell(at, "restart", &[]);
        Ok(())
    }

    /// Lets a container end by itself, with this code.
    pub fn die(&self, name: &str, code: u8) -> Result<(), EngineError> {
        let mut world = self.world();
        let at = world.find(name)?;
        end_with(&mut world, at, State::Exited(code), event::now());
        Ok(())
    }

    /// Freezes a container.
    pub fn pause(&self, name: &str) -> Result<(), EngineError> {
        let mut world = self.world();
        let at = world.find(name)?;
        pause(&mut world, at);
        Ok(())
    }

    /// Removes a container, by force where it runs.
    pub fn remove(&self, name: &str) -> Result<(), EngineError> {
        let mut world = self.world();
        let at = world.find(name)?;
        if world.containers[at].state.is_up() {
            world.tell(at, "kill", &[("signal", "9")]);
            end_with(&mut world, at, State::Exited(137), event::now());
        }
        world.tell(at, "destroy", &[]);
        world.containers.remove(at);
        Ok(())
    }

    /// Gives a container another name.
    pub fn rename(&self, name: &str, new: &str) -> Result<(), EngineError> {
        let mut world = self.world();
        let at = world.find(name)?;
        world.is_free(new)?;
        let old = std::mem::replace(&mut world.containers[at].name, new.to_owned());
        world.tell(at, "rename", &[("oldName", &format!("/{old}"))]);
        Ok(())
    }

    /// Lets the health check of a container say something.
    pub fn health(&self, name: &str, health: Health) -> Result<(), EngineError> {
        let mut world = self.world();
        let at = world.find(name)?;
        world.containers[at].health = Some(health);
        world.tell(at, &format!("health_status: {health}"), &[]);
        Ok(())
    }
}

fn parse(reference: &str) -> Result<Reference, EngineError> {
    reference.parse().map_err(|_| EngineError::Reference(reference.to_owned()))
}

fn start(world: &mut World, at: usize, now: i64) {
    let container = &mut world.containers[at];
    container.state = State::Running;
    container.started = Some(now);
    container.health = container.health.map(|_| Health::Starting);
    world.tell_network(at, "connect");
    world.tell(at, "start", &[]);
}

fn stop(world: &mut World, at: usize) {
    if world.containers[at].state.is_up() {
        world.tell(at, "kill", &[("signal", TERM)]);
        end_with(world, at, State::Exited(0), event::now());
        world.tell(at, "stop", &[]);
    }
}

fn pause(world: &mut World, at: usize) {
    world.containers[at].state = State::Paused;
    world.tell(at, "pause", &[]);
}

fn end_with(world: &mut World, at: usize, state: State, now: i64) {
    let container = &mut world.containers[at];
    container.state = state;
    container.finished = Some(now);
    if let State::Restarting(_) = state {
        container.restarts += 1;
    }
    world.tell(at, "die", &[("exitCode", &state.exit_code().to_string())]);
    world.tell_network(at, "disconnect");
}
