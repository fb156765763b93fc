//! What a host lets Plimsoll do.

use serde::Serialize;

/// What a host lets Plimsoll do, as far as it can be told without changing anything. A socket proxy in between may let it look and keep
/// it from changing anything: such a host is only watched.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "ssr", derive(serde::Deserialize))]
#[serde(rename_all = "snake_case")]
pub enum Allows {
    /// all that an update takes
    #[default]
    Updates,
    /// looking: no change at all
    Looking,
    /// some changes, and not all that an update takes
    Part,
    /// everything but pulling images
    NoPull,
    /// everything but connecting containers to networks, which updates on an Engine of this age take
    NoNetworks,
}

impl Allows {
    /// Whether workloads can be updated there; else it is only watched.
    pub fn updates(self) -> bool {
        self == Self::Updates
    }
}
