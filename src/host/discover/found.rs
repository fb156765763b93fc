//! What was found, and why that.

use std::fmt;

use crate::host::Endpoint;

/// The Engine that is meant where nobody configured one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// where it is
    pub endpoint: Endpoint,
    /// why it is that one
    pub via: Via,
}

/// Why an Engine is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Via {
    /// `DOCKER_HOST` names it
    Variable,
    /// a docker context names it
    Context {
        /// its name
        name: String,
        /// who chose it: a variable or a file
        by: String,
    },
    /// it is the first socket that exists
    Socket,
    /// nothing was found, and this is where Docker would be
    Nothing,
}

/// The address and the reason, as the log and `plimsoll config` tell them.
impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, ", self.endpoint)?;
        match &self.via {
            Via::Variable => f.write_str("by DOCKER_HOST"),
            Via::Context { name, by } => write!(f, "the docker context `{name}` chosen by {by}"),
            Via::Socket => f.write_str("the first socket of an Engine that is there"),
            Via::Nothing => f.write_str("where Docker would be, because no other Engine was found"),
        }
    }
}
