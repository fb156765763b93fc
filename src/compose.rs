//! Compose files: where a container's tag is pinned, and how that one value is changed.
//!
//! Whoever moves a container of a Compose project to another tag is reverted by the next `docker compose up`, which knows only its
//! files. [`advice()`] tells which line of which file says the tag, and what it must say; [`edit()`] writes it where that is allowed.
//!
//! The way there: a container's labels name its files ([`Project`]); `yaml` reads them with the place of every value; `model` finds the
//! image of a service as Compose does (several files, `extends`, `include`, anchors, merge keys); `interpolate` and `env` fill in
//! variables. All of it works on [`Traced`](traced::Traced) text, whose every byte knows where it was written: so the bytes of the tag lead back
//! to the one place that says it. What comes out must be the very image that the container runs, else nothing is claimed; and before an edit
//! is offered it is made in memory, everything is worked out anew, and what became different is compared.
//!
//! Reading is blocking, and bounded in size and count: call it from a thread that may block.

mod advice;
mod change;
mod edit;
mod env;
mod files;
mod interpolate;
mod lines;
mod model;
mod pin;
mod project;
mod shared;
mod traced;
mod unlocated;
mod yaml;

pub use advice::{Advice, Unedited, advice, advise};
pub use change::{Change, Place, Target};
pub use edit::{EditError, How, edit};
pub use files::{Disk, Read};
pub use pin::{Pin, locate};
pub use project::Project;
pub use shared::Also;
pub use unlocated::{Unlocated, Unreadable};

#[cfg(test)]
mod tests;
