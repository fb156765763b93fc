//! What may be offered for an image: the wishes of its owner.

pub use labels::{Labelled, Tool, from_labels};
pub use pattern::{Pattern, PatternError};

use crate::wire::Level;

mod labels;
mod pattern;
pub mod values;

#[cfg(test)]
mod tests;

/// The wishes about one workload, from its labels, the configuration and the defaults, in this order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Policy {
    /// whether it is looked after at all
    pub enable: bool,
    /// how far it may move; none is the same tag alone
    pub follow: Option<Level>,
    /// up to which level newer versions are told of, whether they are moved to or not; none where new digests alone are
    pub tell: Option<Level>,
    /// tags that may be offered; all where there is none
    pub include: Option<Pattern>,
    /// tags that may not
    pub exclude: Option<Pattern>,
    /// stays where it is: nothing newer is offered, nor a new digest
    pub pin: bool,
    /// only what is below this version: `17` lets 16.9 pass and not 17.0
    pub below: Option<String>,
    /// tags that are passed over
    pub ignore: Vec<String>,
    /// how old a candidate must be, in seconds
    pub cooldown: Option<u32>,
}

impl Default for Policy {
    fn default() -> Self {
        let tell = Some(Level::Major);
        Self { enable: true, follow: None, tell, include: None, exclude: None, pin: false, below: None, ignore: Vec::new(), cooldown: None }
    }
}
