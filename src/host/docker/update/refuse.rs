//! What may not be updated, and why. Pure.

use super::container::{Container, text};
use crate::{
    fleet::{ImageName, Workload},
    host::docker::aside,
    image::Reference,
    wire::Refusal,
};

/// Where a container may name another one whose namespace it uses.
const NAMESPACES: [&str; 6] = ["NetworkMode", "PidMode", "IpcMode", "UTSMode", "UsernsMode", "CgroupMode"];

/// What the decision is made from.
#[derive(Clone, Copy)]
pub(super) struct Facts<'a> {
    /// the container
    pub(super) container: &'a Container,
    /// the same as the inventory tells of it
    pub(super) workload: &'a Workload,
    /// all others of its Engine
    pub(super) others: &'a [Container],
    /// whether Plimsoll runs in it, or reaches the Engine through it
    pub(super) own: bool,
}

/// What a container is updated to, or why it is not.
pub(super) fn refuse(facts: Facts) -> Result<Reference, Refusal> {
    let container = facts.container;
    if facts.own {
        return Err(Refusal::Own);
    }
    if is_set_aside(facts) {
        return Err(Refusal::SetAside);
    }
    if container.host()["AutoRemove"].as_bool() == Some(true) {
        return Err(Refusal::AutoRemove);
    }
    if ["com.docker.swarm.task", "com.docker.swarm.task.id"].iter().any(|label| container.label(label).is_some()) {
        return Err(Refusal::SwarmTask);
    }
    if let Some(unit) = container.label("PODMAN_SYSTEMD_UNIT") {
        return Err(Refusal::Quadlet { unit: unit.to_owned() });
    }
    if let Some(with) = namespaces(container).next() {
        let name = facts.others.iter().find(|other| means(with, other)).map_or(with, Container::name);
        return Err(Refusal::SharesNamespace { with: name.to_owned() });
    }
    if let Some(other) = facts.others.iter().find(|other| uses(other, container)) {
        return Err(Refusal::SharedBy { name: other.name().to_owned() });
    }
    settled(container)?;
    let ImageName::Reference(reference) = &facts.workload.image else { return Err(Refusal::NoReference) };
    if reference.digest().is_some() {
        return Err(Refusal::Pinned);
    }
    if facts.workload.local.built_here {
        return Err(Refusal::LocalBuild);
    }
    Ok(reference.clone())
}

/// Whether the container may be exchanged in the state that it is in.
pub(super) fn settled(container: &Container) -> Result<(), Refusal> {
    let state = container.status();
    if container.flag("Paused") || state == "paused" {
        return Err(Refusal::Paused);
    }
    let known = ["created", "configured", "initialized", "running", "exited", "stopped"].contains(&state.as_str());
    if !known || container.flag("Restarting") || container.flag("Dead") {
        return Err(Refusal::Unsettled { state });
    }
    Ok(())
}

/// Whether an unfinished update has set it aside, or has another one set aside that does its work just now.
fn is_set_aside(facts: Facts) -> bool {
    let container = facts.container;
    let stands_in = |other: &Container| aside::plain(other.name()) == Some(container.name()) && other.is_running();
    aside::plain(container.name()).is_some() || (!container.is_running() && facts.others.iter().any(stands_in))
}

/// The containers whose namespaces it uses, as its configuration names them.
fn namespaces(container: &Container) -> impl Iterator<Item = &str> {
    NAMESPACES.iter().filter_map(|key| text(&container.host()[*key]).strip_prefix("container:"))
}

/// Whether `other` uses a namespace or the volumes of `container`.
fn uses(other: &Container, container: &Container) -> bool {
    let volumes = super::container::list(&other.host()["VolumesFrom"]);
    let volumes = volumes.iter().map(|from| text(from).split(':').next().unwrap_or_default());
    namespaces(other).chain(volumes).any(|named| means(named, container))
}

/// Whether `named`, a name or an id that may be shortened, means `container`.
fn means(named: &str, container: &Container) -> bool {
    let named = named.trim_start_matches('/');
    named == container.name() || (named.len() >= 12 && container.id().starts_with(named))
}

#[cfg(test)]
mod tests;
