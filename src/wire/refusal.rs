//! Why an update is not begun, and why one fails.

use serde::Serialize;

use super::{Allows, Phase};

/// Why an update is not begun. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "ssr", derive(serde::Deserialize))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Refusal {
    /// there is no such container
    NotFound,
    /// an update of it is under way
    Updating,
    /// it is Plimsoll's own container, which cannot replace itself
    Own,
    /// its Engine removes it as soon as it stops (`--rm`), so there would be nothing to go back to
    AutoRemove,
    /// it uses a namespace of another container
    SharesNamespace {
        /// the other container, as its configuration names it
        with: String,
    },
    /// other containers use its namespaces or volumes, and would lose them
    SharedBy {
        /// the name of one of them
        name: String,
    },
    /// it belongs to a Swarm service, which would replace it again
    SwarmTask,
    /// it is paused
    Paused,
    /// its Engine restarts it over and over, or removes it just now
    Unsettled {
        /// the state in the Engine's word
        state: String,
    },
    /// systemd owns it (Quadlet), and would replace it again
    Quadlet {
        /// the unit
        unit: String,
    },
    /// it was started from a bare image id or something that is no reference
    NoReference,
    /// its reference names a digest: it stays where it is
    Pinned,
    /// its image was built on the host, no registry has it
    LocalBuild,
    /// it is what an unfinished update left behind
    SetAside,
    /// its host does not answer
    HostAway {
        /// what happened, in the words of the system
        detail: String,
    },
    /// its host is only watched
    MonitorOnly {
        /// what it lets Plimsoll do
        allows: Allows,
    },
    /// Plimsoll is ending
    Stopping,
    /// the journal cannot be written, and without it nothing is changed
    Journal {
        /// in the words of the system
        detail: String,
    },
}

/// Why an update failed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "ssr", derive(serde::Deserialize))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum UpdateTrouble {
    /// the image could not be pulled
    Pull {
        /// in the words of Engine or registry
        detail: String,
    },
    /// the new image is for another platform than the container runs on
    Platform {
        /// `linux/arm64`
        image: String,
        /// `linux/amd64`
        wanted: String,
    },
    /// the Engine refused a step
    Step {
        /// which
        phase: Phase,
        /// in the words of the Engine
        detail: String,
    },
    /// the new container ended by itself
    Ended {
        /// its exit code
        code: i64,
    },
    /// the new container's health check failed
    Unhealthy,
    /// the new container did not become healthy in time
    NotHealthyInTime {
        /// how long was waited
        seconds: u32,
    },
    /// somebody else changed the container meanwhile
    Interfered {
        /// what was found
        detail: String,
    },
    /// the host does not answer
    HostAway {
        /// what happened, in the words of the system
        detail: String,
    },
    /// Plimsoll ended meanwhile
    Interrupted,
    /// the journal could not be written, and without it nothing is changed
    Journal {
        /// in the words of the system
        detail: String,
    },
}

impl UpdateTrouble {
    /// Whether it may be the new image's fault, so that the same image would fail again; else something came in between.
    pub fn speaks_against_the_image(&self) -> bool {
        match self {
            Self::Platform { .. } | Self::Step { .. } | Self::Ended { .. } | Self::Unhealthy | Self::NotHealthyInTime { .. } => true,
            Self::Pull { .. } | Self::Interfered { .. } | Self::HostAway { .. } | Self::Interrupted | Self::Journal { .. } => false,
        }
    }
}
