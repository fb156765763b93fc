//! Why an update is not begun, and why one fails: what happened, and what to do next.

use super::{Why, host::monitor_only, operation::phase};
use crate::wire::{Refusal, UpdateTrouble};

/// Why an update is not begun.
pub fn refusal(refusal: &Refusal) -> Why {
    let (what, help) = match refusal {
        Refusal::NotFound => ("There is no such container any more.".to_owned(), "Reload the page to see what runs."),
        Refusal::Updating => ("It is being updated already.".to_owned(), "Wait for that update to end."),
        Refusal::Own => {
            ("This is Plimsoll's own container, which cannot replace itself.".to_owned(), "Pull the image and recreate it by hand.")
        }
        Refusal::SharesNamespace { with } => (format!("It uses a namespace of a container that is gone ({with})."), "Recreate it by hand."),
        Refusal::SharedBy { name } => {
            (format!("{name} would have to be recreated with it, and may not be."), "Recreate both by hand, this one first.")
        }
        Refusal::SwarmTask => (
            "It belongs to a Swarm service, which would replace it again.".to_owned(),
            "Update the service: docker service update --force.",
        ),
        Refusal::Unsettled { state } => {
            (format!("It is not settled: its Engine says “{state}”."), "Update again once it runs or is stopped.")
        }
        Refusal::Quadlet { unit } => {
            (format!("systemd owns it ({unit}) and would replace it again."), "Pull the image, then restart the unit.")
        }
        Refusal::NoReference => {
            ("It was not started from a name and a tag, so there is nothing to pull.".to_owned(), "Recreate it from a name and a tag.")
        }
        Refusal::Pinned => ("Its reference names a digest: it stays where it is.".to_owned(), "Change the reference to move it."),
        Refusal::LocalBuild => {
            ("Its image was built on its host, and no registry has it.".to_owned(), "Build it again, then recreate the container.")
        }
        Refusal::NoTag { tag } => (format!("“{tag}” is no tag."), "Name a tag of the same repository, such as 1.27."),
        Refusal::NoPrevious => {
            ("The image that it ran before is not kept any more.".to_owned(), "Update it to the tag of that version instead.")
        }
        Refusal::SetAside => (
            "It is what an unfinished update left behind.".to_owned(),
            "Plimsoll clears it up when it starts the next time. Until then leave it alone.",
        ),
        Refusal::HostAway { detail } => away(detail),
        Refusal::MonitorOnly { allows } => (monitor_only(*allows), "Plimsoll looks again when the connection is made anew."),
        Refusal::Stopping => ("Plimsoll is stopping.".to_owned(), "Update again once it is back."),
        Refusal::Journal { detail } => (
            format!("The journal cannot be written: {}", sentence(detail)),
            "Look at the space and the permissions of Plimsoll's data folder, then update again.",
        ),
    };
    Why { what, help: Some(help.to_owned()) }
}

/// Why an update failed.
pub fn trouble(trouble: &UpdateTrouble) -> Why {
    let (what, help) = match trouble {
        UpdateTrouble::Pull { detail } => (
            format!("The image could not be pulled: {}", sentence(detail)),
            "Look at the name of the image and the login for its registry, then update again.",
        ),
        UpdateTrouble::Platform { image, wanted } => (
            format!("The new image is for {image}, and the container runs on {wanted}."),
            "Wait for an image of that platform, or choose another tag.",
        ),
        UpdateTrouble::Step { phase: step, detail } => {
            (format!("{} failed: {}", phase(*step), sentence(detail)), "Mend what the Engine complains of, then update again.")
        }
        UpdateTrouble::Ended { code } => (
            format!("The new container ended by itself with exit code {code}."),
            "Read what changed in the image. Updating again is safe: the old container comes back if it fails.",
        ),
        UpdateTrouble::Vanished => (
            "The new container ended by itself, and its host removed it (--rm).".to_owned(),
            "Read what changed in the image. Updating again is safe: the old container comes back if it fails.",
        ),
        UpdateTrouble::Unhealthy => (
            "The health check of the new container failed.".to_owned(),
            "Read what changed in the image. Updating again is safe: the old container comes back if it fails.",
        ),
        UpdateTrouble::Dependency { name } => {
            (format!("{name}, which it needs, was not updated."), "See to that one first, then update again.")
        }
        UpdateTrouble::Cancelled => ("It was cancelled.".to_owned(), "Update again when it suits."),
        UpdateTrouble::Interfered { detail } => (
            format!("Something else changed the container meanwhile: {}", sentence(detail)),
            "See that nothing else recreates it, then update again.",
        ),
        UpdateTrouble::HostAway { detail } => away(detail),
        UpdateTrouble::Interrupted => ("Plimsoll ended in the middle of it.".to_owned(), "Update again."),
        UpdateTrouble::Journal { detail } => (
            format!("The journal could not be written: {}", sentence(detail)),
            "Look at the space and the permissions of Plimsoll's data folder, then update again.",
        ),
    };
    Why { what, help: Some(help.to_owned()) }
}

/// The host is not there.
fn away(detail: &str) -> (String, &'static str) {
    (format!("Its host does not answer: {}", sentence(detail)), "Update again once it does.")
}

/// Words of a system as the end of a sentence, which some of them close and others do not.
fn sentence(detail: &str) -> String {
    let detail = detail.trim();
    if detail.ends_with(['.', '!', '?']) { detail.to_owned() } else { format!("{detail}.") }
}

#[cfg(test)]
mod tests;
