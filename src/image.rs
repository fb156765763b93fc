//! Images, purely: what a reference says, what a check learnt of it, and what that means. No I/O, no clock, no async.

pub mod choose;
pub mod details;
pub mod digest;
pub mod finding;
pub mod judge;
pub mod outlook;
pub mod platform;
pub mod policies;
pub mod policy;
pub mod question;
pub mod reference;
pub mod tag;

pub use details::{Details, PlatformImage};
pub use digest::Digest;
pub use finding::{Answer, Finding, KnownTags, PageMark, Step, Tags};
pub use outlook::Outlook;
pub use platform::Platform;
pub use policies::Policies;
pub use policy::Policy;
pub use question::Question;
pub use reference::Reference;
pub use tag::Tag;
