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
    /// it uses a namespace of a container that is there no more, so it could not be started again
    SharesNamespace {
        /// the other container, as its configuration names it
        with: String,
    },
    /// another container uses a namespace of it and would have to be recreated with it, but may not be
    SharedBy {
        /// the name of the other one
        name: String,
    },
    /// it belongs to a Swarm service, which would replace it again
    SwarmTask,
    /// its Engine removes it just now, or cannot tell how it is
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
    /// what was asked for is no tag
    NoTag {
        /// as it was written
        tag: String,
    },
    /// no image that it ran before is kept
    NoPrevious,
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
    /// the new container ended by itself, and its host has removed it (`--rm`)
    Vanished,
    /// the new container's health check failed
    Unhealthy,
    /// somebody wanted it to stop
    Cancelled,
    /// another container that it needs was to be updated first, and was not
    Dependency {
        /// its name
        name: String,
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
    /// Whether it may be the new image's fault, so that the same image would fail again; else something came in between. Who cancels has
    /// seen something.
    pub fn speaks_against_the_image(&self) -> bool {
        match self {
            Self::Platform { .. } | Self::Step { .. } | Self::Ended { .. } | Self::Vanished | Self::Unhealthy | Self::Cancelled => true,
            Self::Pull { .. }
            | Self::Dependency { .. }
            | Self::Interfered { .. }
            | Self::HostAway { .. }
            | Self::Interrupted
            | Self::Journal { .. } => false,
        }
    }
}
