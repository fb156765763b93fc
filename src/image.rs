//! Images, purely: what a reference says, what a check learnt of it, and what that means. No I/O, no clock, no async.

pub mod digest;
pub mod finding;
pub mod judge;
pub mod reference;

pub use digest::Digest;
pub use finding::{Answer, Finding, Step};
pub use reference::Reference;
