//! The handle's moves: what a person does to an Engine from outside. Each tells the events that a real one tells, in its order.

use std::{net::Ipv4Addr, time::Duration};

use serde_json::Value;

use super::{ContainerSpec, Engine, EngineError, Health, Image, Offer, State, answers, event, world::World};
use crate::image::Reference;

impl Engine {
    /// Pulls an image: the reference stands for it from now on. The one that it stood for stays, without that tag. Where nothing was
    /// [offered](Self::offer) under the reference, this is what its registry has.
    pub fn pull(&self, reference: &str, image: Image) -> Result<String, EngineError> {
        let reference = parse(reference)?;
        let mut world = self.world();
        world.offers.entry(reference.familiar()).or_insert_with(|| Offer::of(image.clone()));
        Ok(world.pull(&reference, image))
    }

    /// Says what a registry has under a reference from now on: a pull brings it.
    pub fn offer(&self, reference: &str, offer: impl Into<Offer>) -> Result<(), EngineError> {
        let reference = parse(reference)?;
        self.world().offers.insert(reference.familiar(), offer.into());
        Ok(())
    }

    /// Lets everything that is offered by now come at once.
    pub fn hurry(&self) {
        for offer in self.world().offers.values_mut() {
            offer.takes = Duration::ZERO;
        }
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

    /// The names that stand for images, sorted.
    pub fn tags(&self) -> Vec<String> {
        self.world().all_tags()
    }

    /// The id of the image that a name stands for.
    pub fn resolve(&self, name: &str) -> Option<String> {
        self.world().resolve(name).ok()
    }

    /// Makes a container of an image that is there, brings it into the wished state, and answers its id. The networks that it names are made.
    pub fn run(&self, spec: ContainerSpec) -> Result<String, EngineError> {
        let age = i64::try_from(spec.age.as_nanos()).unwrap_or(i64::MAX);
        let created = event::now().saturating_sub(age);
        let api = self.shared.options.api;
        let body = spec.request();
        let mut world = self.world();
        for network in spec.networks() {
            world.add_network(&network, None);
        }
        let at = world.create(Some(&spec.name), &body, api, created)?.at;
        let id = world.containers[at].id.clone();
        if spec.state != State::Created {
            world.start(at, created)?;
            if spec.health.is_some() {
                // it says what is wished, for as long as nothing happens to it
                world.containers[at].life += 1;
                world.containers[at].health = spec.health;
            }
        }
        match spec.state {
            State::Created | State::Running => {}
            State::Paused => world.pause(at),
            State::Exited(_) => {
                world.containers[at].stopped_by_hand = true;
                world.end_as(at, spec.state, created.saturating_add(age / 2));
            }
            State::Restarting(_) => world.end_as(at, spec.state, event::now()),
        }
        Ok(id)
    }

    /// Starts a container that does not run; one that runs already stays as it is.
    pub fn start_container(&self, name: &str) -> Result<(), EngineError> {
        let mut world = self.world();
        let at = world.find(name)?;
        world.start(at, event::now()).map(drop)
    }

    /// Stops a container; one that does not run stays as it is.
    pub fn stop(&self, name: &str) -> Result<(), EngineError> {
        let mut world = self.world();
        let at = world.find(name)?;
        world.stop(at, 0);
        Ok(())
    }

    /// Stops a container and starts it again.
    pub fn restart(&self, name: &str) -> Result<(), EngineError> {
        let mut world = self.world();
        let at = world.find(name)?;
        world.stop(at, 0);
        world.start(at, event::now())?;
        world.tell(at, "restart", &[]);
        Ok(())
    }

    /// Lets a container end by itself, with this code. Its restart policy says what then.
    pub fn die(&self, name: &str, code: u8) -> Result<(), EngineError> {
        let mut world = self.world();
        let at = world.find(name)?;
        world.end(at, code);
        Ok(())
    }

    /// Freezes a container.
    pub fn pause(&self, name: &str) -> Result<(), EngineError> {
        let mut world = self.world();
        let at = world.find(name)?;
        world.pause(at);
        Ok(())
    }

    /// Removes a container, by force where it runs.
    pub fn remove(&self, name: &str) -> Result<(), EngineError> {
        let mut world = self.world();
        let at = world.find(name)?;
        world.containers[at].removing = false;
        world.remove(at, true, false)
    }

    /// Begins to remove a container that does not run, and does not come to an end with it before [`remove`](Self::remove).
    pub fn begin_removal(&self, name: &str) -> Result<(), EngineError> {
        let mut world = self.world();
        let at = world.find(name)?;
        world.containers[at].removing = true;
        Ok(())
    }

    /// Gives a container another name.
    pub fn rename(&self, name: &str, new: &str) -> Result<(), EngineError> {
        let mut world = self.world();
        let at = world.find(name)?;
        world.rename(at, new)
    }

    /// Lets the health check of a container say something.
    pub fn health(&self, name: &str, health: Health) -> Result<(), EngineError> {
        let mut world = self.world();
        let at = world.find(name)?;
        world.say_health(at, health);
        Ok(())
    }

    /// Makes a network, unless it is there. Addresses may be wished for only where the subnet is chosen, as `10.9.0.0` and 24.
    pub fn network(&self, name: &str, subnet: Option<(Ipv4Addr, u8)>) {
        self.world().add_network(name, subnet);
    }

    /// The names of the volumes that are there.
    pub fn volumes(&self) -> Vec<String> {
        self.world().volumes.keys().cloned().collect()
    }

    /// Names and ids of the containers, the oldest first.
    pub fn containers(&self) -> Vec<(String, String)> {
        self.world().containers.iter().map(|container| (container.name.clone(), container.id.clone())).collect()
    }

    /// The names of the containers of which a process exists or is about to, the oldest first.
    pub fn running(&self) -> Vec<String> {
        self.world().containers.iter().filter(|container| container.state.is_up()).map(|container| container.name.clone()).collect()
    }

    /// What `GET /containers/{name}/json` tells.
    pub fn inspect(&self, name: &str) -> Result<Value, EngineError> {
        answers::container(&self.world(), self.shared.options.api, name)
    }

    /// The Engine dies and everything that ran with it, without a word: connections break, and nobody listens until [`boot`](Self::boot).
    pub async fn crash(&self) {
        self.refuse().await;
        self.world().crash();
    }

    /// The Engine comes back after a [`crash`](Self::crash), and starts what the restart policies say.
    pub async fn boot(&self) {
        self.world().boot();
        self.accept().await;
    }
}

pub(super) fn parse(reference: &str) -> Result<Reference, EngineError> {
    reference.parse().map_err(|_| EngineError::Reference(reference.to_owned()))
}
