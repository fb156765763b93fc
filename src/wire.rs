//! The types that cross the wire between server and browser: typed levels, reasons and phases, never sentences.
//!
//! Nothing here but serde, which the server uses alone; the browser reads what arrives with [`read`]. Numbers have a fixed size, because
//! the browser's `usize` has 32 bits. Times are Unix seconds.

mod allows;
mod answer;
mod change;
mod level;
mod operation;
pub mod read;
mod reason;
mod refusal;
mod revision;
mod row;
mod snapshot;
mod start;
mod step;
mod verdict;
mod version;

pub use allows::Allows;
pub use answer::{RefusedWish, UpdateAnswer};
pub use change::{Change, arrange, keep, sort};
pub use level::Level;
pub use operation::{Asker, ComposeLine, Layer, LayerState, Operation, Outcome, Phase, Pull, Target};
pub use reason::{Reason, Trouble};
pub use refusal::{Refusal, UpdateTrouble};
pub use revision::Revision;
pub use row::{GroupRow, LastGood, Reference, WorkloadRow, WorkloadState};
pub use snapshot::{CheckProgress, CheckState, HostRow, HostState, Quota, Snapshot, Tally};
pub use start::{LoginState, LoginTrouble, PASSWORD_MIN, Refused, Start, Steps, Theme, Viewer};
pub use step::Step;
pub use verdict::{GroupStatus, Verdict};
pub use version::{Candidate, Doubt, LabelProblem, LabelProblemKind, PassedOver, TagKind, Versions, WhyNot};
