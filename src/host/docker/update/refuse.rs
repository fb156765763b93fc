//! What may not be updated, and why. Pure.

use super::{
    container::Container,
    family::{means, namespaces},
};
use crate::{
    fleet::{ImageName, Workload},
    host::docker::aside,
    image::Reference,
    wire::Refusal,
};

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
    may_be_replaced(facts.container, facts.others, facts.own)?;
    let ImageName::Reference(reference) = &facts.workload.image else { return Err(Refusal::NoReference) };
    if reference.digest().is_some() {
        return Err(Refusal::Pinned);
    }
    if facts.workload.local.built_here {
        return Err(Refusal::LocalBuild);
    }
    Ok(reference.clone())
}

/// Whether a container may be replaced at all, by one of whatever image.
pub(super) fn may_be_replaced(container: &Container, others: &[Container], own: bool) -> Result<(), Refusal> {
    if own {
        return Err(Refusal::Own);
    }
    if is_set_aside(container, others) {
        return Err(Refusal::SetAside);
    }
    if ["com.docker.swarm.task", "com.docker.swarm.task.id"].iter().any(|label| container.label(label).is_some()) {
        return Err(Refusal::SwarmTask);
    }
    if let Some(unit) = container.label("PODMAN_SYSTEMD_UNIT") {
        return Err(Refusal::Quadlet { unit: unit.to_owned() });
    }
    if let Some(with) = namespaces(container).find(|with| !others.iter().any(|other| means(with, other))) {
        return Err(Refusal::SharesNamespace { with: with.to_owned() });
    }
    settled(container)
}

/// Whether the container may be exchanged in the state that it is in.
pub(super) fn settled(container: &Container) -> Result<(), Refusal> {
    let state = container.status();
    let known = ["created", "configured", "initialized", "running", "paused", "restarting", "exited", "stopped"].contains(&state.as_str());
    if known && !container.flag("Dead") { Ok(()) } else { Err(Refusal::Unsettled { state }) }
}

/// Whether an unfinished update has set it aside, or has another one set aside that does its work just now.
fn is_set_aside(container: &Container, others: &[Container]) -> bool {
    let stands_in = |other: &Container| aside::plain(other.name()) == Some(container.name()) && other.is_running();
    aside::plain(container.name()).is_some() || (!container.is_running() && others.iter().any(stands_in))
}

#[cfg(test)]
mod tests;
