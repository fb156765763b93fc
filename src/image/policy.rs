//! What may be offered for an image: the wishes of its owner.

use regex_lite::Regex;

use crate::wire::Level;

/// The wishes about one workload, from its labels, the configuration and the defaults, in this order.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    /// how far it may move; none is the same tag alone
    pub follow: Option<Level>,
    /// tags that may be offered; all where there is none
    pub include: Option<Regex>,
    /// tags that may not
    pub exclude: Option<Regex>,
    /// stays where it is: nothing newer is offered, nor a new digest
    pub pin: bool,
    /// only what is below this version: `17` lets 16.9 pass and not 17.0
    pub below: Option<String>,
    /// tags that are passed over
    pub ignore: Vec<String>,
    /// how old a candidate must be, in seconds
    pub cooldown: Option<u32>,
}
