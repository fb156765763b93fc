//! Operations: one update of one workload, from the wish to its end.

use serde::Serialize;

use super::{Refusal, UpdateTrouble};

/// One update of one workload. The server's record of it is the truth: every page and document is made from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ssr", derive(serde::Deserialize))]
pub struct Operation {
    /// its number in the journal; grows
    pub id: i64,
    /// the host's name
    pub host: String,
    /// the workload's name
    pub name: String,
    /// the id of its image group: the reference in full
    pub image: String,
    /// what it is brought to
    pub target: Target,
    /// the names of those that are recreated with it, because they use its network or another namespace of it
    pub along: Vec<String>,
    /// who wished for it
    pub asker: Asker,
    /// when it was wished for, in Unix seconds
    pub begun: i64,
    /// when it ended, in Unix seconds
    pub ended: Option<i64>,
    /// what it does now, or did last
    pub phase: Phase,
    /// how far the pull is, once there is one
    pub pull: Option<Pull>,
    /// how it ended, once it has
    pub outcome: Option<Outcome>,
    /// the digest that ran before, where the host knows one
    pub from: Option<String>,
    /// the digest that was pulled, once it was
    pub to: Option<String>,
    /// whether the new container takes longer to become healthy than its health check says, so that somebody may want to keep it as it is
    pub overdue: bool,
    /// whether what the new container wrote before it failed is kept
    pub log: bool,
    /// until when the image is kept that it has replaced, in Unix seconds
    pub kept_until: Option<i64>,
    /// where a file of Compose pins the tag that it was moved away from
    pub compose: Option<ComposeLine>,
}

impl Operation {
    /// Whether it is still under way.
    pub fn is_running(&self) -> bool {
        self.outcome.is_none()
    }
}

/// What a workload is brought to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "ssr", derive(serde::Deserialize))]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Target {
    /// what its own tag stands for by now
    #[default]
    Same,
    /// another tag of its repository
    Tag {
        /// the tag
        tag: String,
    },
    /// the image that it ran before, as long as that is kept
    Previous,
}

/// The line of a Compose file that pins a tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ssr", derive(serde::Deserialize))]
pub struct ComposeLine {
    /// the file, by its path on its machine
    pub file: String,
    /// which line, from 1 on
    pub line: u32,
    /// what has to stand there now
    pub becomes: String,
    /// whether Plimsoll has written that
    pub edited: bool,
}

/// Who wished for an operation.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "ssr", derive(serde::Deserialize))]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Asker {
    /// somebody who is logged in
    User {
        /// their name
        name: String,
    },
    /// somebody, where no login is asked for
    Anyone,
    /// `plimsoll update`
    CommandLine,
    /// the automatic switch
    Automatic,
}

/// What an operation does. The order is that of a whole update.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "ssr", derive(serde::Deserialize))]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// others are before it
    Waiting,
    /// the image is fetched
    Pulling,
    /// old and new image are read, and the plan is made
    Planning,
    /// the old container gets another name
    SettingAside,
    /// the new one is made under the name
    Creating,
    /// it is connected to further networks
    Connecting,
    /// the old one's restart policy is put on hold, so that a restarted Engine does not start both
    Holding,
    /// the old one is stopped
    Stopping,
    /// the new one is started
    Starting,
    /// the new one gets the restart policy
    Releasing,
    /// the new one must stay up, and become healthy where it has a health check
    Proving,
    /// the new one is paused, as the old one was
    Pausing,
    /// the old one is removed
    Removing,
    /// everything is put back as it was
    Undoing,
}

impl Phase {
    /// All of them, in order.
    pub const ALL: [Self; 14] = [
        Self::Waiting,
        Self::Pulling,
        Self::Planning,
        Self::SettingAside,
        Self::Creating,
        Self::Connecting,
        Self::Holding,
        Self::Stopping,
        Self::Starting,
        Self::Releasing,
        Self::Proving,
        Self::Pausing,
        Self::Removing,
        Self::Undoing,
    ];
}

/// How far a pull is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ssr", derive(serde::Deserialize))]
pub struct Pull {
    /// of the whole, 0 to 100; never falls
    pub percent: u8,
    /// the layers in the order in which the Engine named them
    pub layers: Vec<Layer>,
}

/// A layer that is pulled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ssr", derive(serde::Deserialize))]
pub struct Layer {
    /// the Engine's short name of it
    pub id: String,
    /// what happens to it
    pub state: LayerState,
    /// bytes that are done in this state; 0 where the Engine does not count bytes
    pub done: u64,
    /// bytes in all; 0 where that is not known
    pub total: u64,
}

/// What happens to a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "ssr", derive(serde::Deserialize))]
#[serde(rename_all = "snake_case")]
pub enum LayerState {
    /// others are before it
    Waiting,
    /// its bytes come
    Downloading,
    /// its bytes are here and checked
    Downloaded,
    /// its files are unpacked
    Extracting,
    /// it is there
    Done,
}

/// How an operation ended.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "ssr", derive(serde::Deserialize))]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Outcome {
    /// the new container runs, the old one is gone
    Updated,
    /// the tag stands for what ran already: nothing was changed
    Unchanged,
    /// it was not begun
    Refused {
        /// why
        refusal: Refusal,
    },
    /// it failed before anything was changed
    Failed {
        /// why
        trouble: UpdateTrouble,
    },
    /// it failed, and the old container is back as it was
    RolledBack {
        /// why
        trouble: UpdateTrouble,
    },
    /// the new container runs; the old one is still there under another name, and is removed at the next start
    LeftOver {
        /// why
        trouble: UpdateTrouble,
        /// the name of the old container
        container: String,
    },
    /// it failed, and the old container could not be put back; that is tried again at the next start
    Stuck {
        /// why
        trouble: UpdateTrouble,
        /// the name of the old container
        container: String,
    },
}

impl Outcome {
    /// Whether something is left to be done, at the next start: an old container waits to be removed or put back. Where somebody else has
    /// meanwhile changed what it is about, it is theirs: nothing more is done about it.
    pub fn is_open(&self) -> bool {
        match self {
            Self::LeftOver { trouble, .. } | Self::Stuck { trouble, .. } => !matches!(trouble, UpdateTrouble::Interfered { .. }),
            Self::Updated | Self::Unchanged | Self::Refused { .. } | Self::Failed { .. } | Self::RolledBack { .. } => false,
        }
    }
}
