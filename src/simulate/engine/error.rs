//! What an Engine refuses, in its own words.

use http::StatusCode;

/// Why an Engine did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EngineError {
    /// no container has that name or id
    #[error("No such container: {0}")]
    NoContainer(String),
    /// no image has that name or id
    #[error("No such image: {0}")]
    NoImage(String),
    /// no network has that name or id
    #[error("network {0} not found")]
    NoNetwork(String),
    /// several ids begin with what was asked for
    #[error("multiple IDs found with provided prefix: {0}")]
    Ambiguous(String),
    /// what was written is no reference
    #[error("invalid reference format: {0}")]
    Reference(String),
    /// the name belongs to another container
    #[error(
        "Conflict. The container name \"/{name}\" is already in use by container \"{holder}\". You have to remove (or rename) that container to be able to reuse that name."
    )]
    NameTaken {
        /// the name
        name: String,
        /// the id of the container that has it
        holder: String,
    },
    /// a path that it does not know
    #[error("page not found")]
    NoPage,
    /// a request that it cannot follow
    #[error("{0}")]
    Invalid(String),
    /// a request that it must not follow
    #[error("{0}")]
    Forbidden(String),
    /// a name that stands for nothing
    #[error("{0}")]
    Missing(String),
    /// a request that does not fit the state of things
    #[error("{0}")]
    Conflict(String),
    /// an attempt that failed
    #[error("{0}")]
    Failed(String),
    /// a version of the API below what it still speaks
    #[error(
        "client version 1.{asked} is too old. Minimum supported API version is 1.{oldest}, please upgrade your client to a newer version"
    )]
    TooOld {
        /// what was asked for
        asked: u16,
        /// the limit
        oldest: u16,
    },
    /// a version of the API above what it speaks
    #[error("client version 1.{asked} is too new. Maximum supported API version is 1.{newest}")]
    TooNew {
        /// what was asked for
        asked: u16,
        /// the limit
        newest: u16,
    },
    /// the fault that was asked for
    #[error("simulated failure: database is locked")]
    Failing,
}

impl EngineError {
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::NoContainer(_) | Self::NoImage(_) | Self::NoNetwork(_) | Self::NoPage | Self::Missing(_) => StatusCode::NOT_FOUND,
            Self::Reference(_) | Self::Ambiguous(_) | Self::Invalid(_) | Self::TooOld { .. } | Self::TooNew { .. } => {
                StatusCode::BAD_REQUEST
            }
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::NameTaken { .. } | Self::Conflict(_) => StatusCode::CONFLICT,
            Self::Failed(_) | Self::Failing => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}
