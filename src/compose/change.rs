//! What must be written, and where.

use std::{fmt, path::PathBuf};

use super::shared::Also;
use crate::image::Digest;

/// What a container is to be moved to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// the tag
    pub tag: String,
    /// the digest that the tag has now: needed where the file pins one too
    pub digest: Option<Digest>,
}

/// Where the value stands that says the tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// at the service
    Service,
    /// in the default of a variable, in the file of Compose
    Default {
        /// the variable
        variable: String,
    },
    /// in a file with variables
    Variable {
        /// the variable
        name: String,
    },
    /// at an anchor, which an alias or a merge key leads to
    Anchor,
    /// at a service that this one extends
    Extended,
    /// in a file that is included
    Included,
}

/// A change of one value. The files were not touched to find it.
#[derive(Clone, PartialEq, Eq)]
pub struct Change {
    /// the file, as its host knows it
    pub file: PathBuf,
    /// the line, from 1
    pub line: u32,
    /// the line as it stands, without its end
    pub text: String,
    /// the line to copy
    pub becomes: String,
    /// whether these are whole lines; else other values stand in the same one, and this is the one value with its key
    pub whole_line: bool,
    /// where in the file the value stands
    pub place: Place,
    /// whether the service is built as well: its image is then no version of a registry's
    pub built: bool,
    /// what else becomes another by this change
    pub also: Vec<Also>,
    /// the whole file as it was read
    pub(super) before: String,
    /// and as it is to be
    pub(super) after: String,
}

impl fmt::Debug for Change {
    /// Without the file's text, in which passwords may stand.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, text, becomes, place, also, .. } = self;
        write!(f, "{}:{line} {place:?} `{text}` → `{becomes}`, also {also:?}", file.display())
    }
}
