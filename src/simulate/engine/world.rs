//! What an Engine holds: images, tags, containers, networks and volumes. Every change of it is whole, and tells its events.

mod containers;
mod create;
mod ends;
mod images;
mod mounts;
mod networks;
mod ports;
mod power;
mod remove;
mod starts;
mod update;

pub(super) use containers::{Container, check_name};
pub(super) use images::Stored;
pub(super) use mounts::{Mount, Volume};
pub(super) use networks::{Endpoint, Network, is_user_defined};
pub(super) use update::Policy;

use std::collections::BTreeMap;

use super::{Offer, Store, agenda::Agenda, event::Log};
use crate::image::Digest;

/// Everything that an Engine holds.
#[derive(Debug)]
pub(super) struct World {
    pub(super) store: Store,
    /// the newest API that the Engine speaks: some words depend on its age
    pub(super) api: u16,
    /// by id
    pub(super) images: BTreeMap<String, Stored>,
    /// which image each tag (`nginx:1.27`, as Docker writes it) stands for
    tags: BTreeMap<String, String>,
    /// oldest first
    pub(super) containers: Vec<Container>,
    /// by name
    pub(super) networks: BTreeMap<String, Network>,
    /// by name
    pub(super) volumes: BTreeMap<String, Volume>,
    /// what registries have, by the reference as Docker writes it
    pub(super) offers: BTreeMap<String, Offer>,
    pub(super) log: Log,
    pub(super) agenda: Agenda,
    /// how many ids were given out
    serial: u64,
}

impl World {
    pub(super) fn new(store: Store, api: u16) -> Self {
        Self {
            store,
            api,
            images: BTreeMap::new(),
            tags: BTreeMap::new(),
            containers: Vec::new(),
            networks: networks::predefined(),
            volumes: BTreeMap::new(),
            offers: BTreeMap::new(),
            log: Log::new(),
            agenda: Agenda::default(),
            serial: 0,
        }
    }

    /// 64 hexadecimal digits that were not given out before.
    pub(super) fn fresh_id(&mut self, of: &str) -> String {
        self.serial += 1;
        Digest::of(format!("{of} {}", self.serial).as_bytes()).hex().to_owned()
    }

    /// Tells an event of the container at `at`: its labels, image and name, and what else belongs to it.
    pub(super) fn tell(&mut self, at: usize, action: &str, more: &[(&str, &str)]) {
        let Some(container) = self.containers.get(at) else { return };
        let mut attributes = container.labels.clone();
        attributes.insert("image".to_owned(), container.image.clone());
        attributes.insert("name".to_owned(), container.name.clone());
        attributes.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        self.log.tell("container", action, &container.id, attributes);
    }

    /// Tells that the container at `at` joined or left a network.
    pub(super) fn tell_network(&mut self, at: usize, network: &str, action: &str) {
        let (Some(container), Some(known)) = (self.containers.get(at), self.networks.get(network)) else { return };
        let attributes = [("container", container.id.clone()), ("name", network.to_owned()), ("type", known.driver.to_owned())];
        self.log.tell("network", action, &known.id, attributes.map(|(name, value)| (name.to_owned(), value)).into());
    }

    /// Tells an event of an image. Pulls name the reference, everything else the image's id.
    pub(super) fn tell_image(&mut self, action: &str, actor: &str, image: &str, name: &str) {
        let mut attributes = self.images.get(image).map(|stored| stored.image.labels.clone()).unwrap_or_default();
        attributes.insert("name".to_owned(), name.to_owned());
        self.log.tell("image", action, actor, attributes);
    }
}
