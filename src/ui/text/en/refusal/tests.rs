//! Every refusal and every trouble, in full.

use super::*;
use crate::wire::{Allows, Phase};

/// What and help, as one line.
fn line(Why { what, help }: Why) -> String {
    format!("{what}|{}", help.unwrap_or_default())
}

#[test]
fn every_refusal_says_why_and_what_helps() {
    let cases = [
        (Refusal::NotFound, "There is no such container any more.|Reload the page to see what runs."),
        (Refusal::Updating, "It is being updated already.|Wait for that update to end."),
        (Refusal::Own, "This is Plimsoll's own container, which cannot replace itself.|Pull the image and recreate it by hand."),
        (Refusal::SharesNamespace { with: "vpn".into() }, "It uses a namespace of a container that is gone (vpn).|Recreate it by hand."),
        (
            Refusal::SharedBy { name: "torrent".into() },
            "torrent would have to be recreated with it, and may not be.|Recreate both by hand, this one first.",
        ),
        (
            Refusal::SwarmTask,
            "It belongs to a Swarm service, which would replace it again.|Update the service: docker service update --force.",
        ),
        (Refusal::NoTag { tag: "a b".into() }, "“a b” is no tag.|Name a tag of the same repository, such as 1.27."),
        (Refusal::NoPrevious, "The image that it ran before is not kept any more.|Update it to the tag of that version instead."),
        (
            Refusal::Unsettled { state: "restarting".into() },
            "It is not settled: its Engine says “restarting”.|Update again once it runs or is stopped.",
        ),
        (
            Refusal::Quadlet { unit: "web.service".into() },
            "systemd owns it (web.service) and would replace it again.|Pull the image, then restart the unit.",
        ),
        (Refusal::NoReference, "It was not started from a name and a tag, so there is nothing to pull.|Recreate it from a name and a tag."),
        (Refusal::Pinned, "Its reference names a digest: it stays where it is.|Change the reference to move it."),
        (Refusal::LocalBuild, "Its image was built on its host, and no registry has it.|Build it again, then recreate the container."),
        (
            Refusal::SetAside,
            "It is what an unfinished update left behind.|Plimsoll clears it up when it starts the next time. Until then leave it alone.",
        ),
        (
            Refusal::HostAway { detail: "connection refused".into() },
            "Its host does not answer: connection refused.|Update again once it does.",
        ),
        (
            Refusal::MonitorOnly { allows: Allows::Looking },
            "Its host is only watched: no change is let through. A socket proxy would allow updates with POST=1.|\
             Plimsoll looks again when the connection is made anew.",
        ),
        (Refusal::Stopping, "Plimsoll is stopping.|Update again once it is back."),
    ];
    for (why, expected) in cases {
        assert_eq!(line(refusal(&why)), expected, "{why:?}");
    }
}

#[test]
fn every_trouble_says_what_failed_and_what_to_do() {
    let again = "Read what changed in the image. Updating again is safe: the old container comes back if it fails.";
    let cases = [
        (
            UpdateTrouble::Pull { detail: "manifest unknown".into() },
            "The image could not be pulled: manifest unknown.|Look at the name of the image and the login for its registry, then update again."
                .to_owned(),
        ),
        (
            UpdateTrouble::Platform { image: "linux/arm64".into(), wanted: "linux/amd64".into() },
            "The new image is for linux/arm64, and the container runs on linux/amd64.|Wait for an image of that platform, or choose another tag."
                .to_owned(),
        ),
        (
            UpdateTrouble::Step { phase: Phase::Creating, detail: "No such volume.".into() },
            "Creating the new container failed: No such volume.|Mend what the Engine complains of, then update again.".to_owned(),
        ),
        (UpdateTrouble::Ended { code: 137 }, format!("The new container ended by itself with exit code 137.|{again}")),
        (UpdateTrouble::Unhealthy, format!("The health check of the new container failed.|{again}")),
        (UpdateTrouble::Vanished, format!("The new container ended by itself, and its host removed it (--rm).|{again}")),
        (
            UpdateTrouble::Dependency { name: "db".into() },
            "db, which it needs, was not updated.|See to that one first, then update again.".to_owned(),
        ),
        (UpdateTrouble::Cancelled, "It was cancelled.|Update again when it suits.".to_owned()),
        (
            UpdateTrouble::Interfered { detail: "it was removed".into() },
            "Something else changed the container meanwhile: it was removed.|See that nothing else recreates it, then update again.".to_owned(),
        ),
        (
            UpdateTrouble::HostAway { detail: "timed out".into() },
            "Its host does not answer: timed out.|Update again once it does.".to_owned(),
        ),
        (UpdateTrouble::Interrupted, "Plimsoll ended in the middle of it.|Update again.".to_owned()),
        (
            UpdateTrouble::Journal { detail: "disk full".into() },
            "The journal could not be written: disk full.|Look at the space and the permissions of Plimsoll's data folder, then update again."
                .to_owned(),
        ),
    ];
    for (why, expected) in cases {
        assert_eq!(line(trouble(&why)), expected, "{why:?}");
    }
}
