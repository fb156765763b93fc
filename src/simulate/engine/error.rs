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
    /// it runs, and would have to be killed
    #[error("cannot remove container \"/{0}\": container is running: stop the container before removing or force remove")]
    Running(String),
    /// a path that it does not know
    #[error("page not found")]
    NoPage,
    /// a parameter that it cannot read
    #[error("{0}")]
    BadParameter(String),
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
            Self::NoContainer(_) | Self::NoImage(_) | Self::NoPage => StatusCode::NOT_FOUND,
            Self::Reference(_) | Self::BadParameter(_) | Self::TooOld { .. } | Self::TooNew { .. } => StatusCode::BAD_REQUEST,
            Self::NameTaken { .. } | Self::Running(_) => StatusCode::CONFLICT,
            Self::Failing => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}
