//! Writing a change.

mod write;

use std::{
    fs,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use super::{
    advice::Unedited,
    change::Change,
    files::{Disk, FILE_MAX, Read},
    unlocated::Unreadable,
};
use crate::config::Compose;

pub use write::How;

/// Why a file was not changed. Where nothing else is said it is as it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// Plimsoll may not
    #[error("Plimsoll does not make this change itself")]
    Unedited(Unedited),
    /// it is another one than was read
    #[error("the file has changed meanwhile")]
    Changed,
    /// it cannot be read any more
    #[error("the file cannot be read: {0}")]
    Unreadable(Unreadable),
    /// it is a link to a file outside of its directory and of `compose.paths`
    #[error("the file is a link to {}, which Plimsoll does not follow", .0.display())]
    Link(PathBuf),
    /// not allowed: mounted read-only, or another user's
    #[error("the file may not be written")]
    ReadOnly,
    /// something else
    #[error("the file could not be written: {kind}")]
    Failed {
        /// what
        kind: io::ErrorKind,
        /// a copy of what the file was, where the file itself may be damaged
        backup: Option<PathBuf>,
    },
}

/// Makes a change: replaces the file by one that differs in this one value, with the same owner and mode; where it cannot be replaced (a
/// file that is mounted alone, a directory that may not be written), it is written in place, after a copy was put into `backups`. Only while
/// the file is still what was read. Blocking.
pub fn edit(change: &Change, together: &[&str], settings: &Compose, backups: &Path) -> Result<How, EditError> {
    if let Some(reason) = change.unedited(settings, together) {
        return Err(EditError::Unedited(reason));
    }
    let path = resolved(&settings.here(&change.file), settings)?;
    match Disk(&Compose::default()).read(&path) {
        Ok(text) if text == change.before => {}
        Ok(_) => return Err(EditError::Changed),
        Err(why) => return Err(EditError::Unreadable(why)),
    }
    let how = write::write(&path, &change.before, &change.after, backups)?;
    let mut written = String::new();
    let read = fs::File::open(&path).and_then(|file| file.take(FILE_MAX + 4096).read_to_string(&mut written));
    match (read, &how) {
        (Ok(_), _) if written == change.after => Ok(how),
        (read, how) => {
            let backup = if let How::InPlace { backup } = how { Some(backup.clone()) } else { None };
            Err(EditError::Failed { kind: read.err().map_or(io::ErrorKind::Other, |error| error.kind()), backup })
        }
    }
}

/// The file itself where the path is a link. A link may lead to elsewhere in its directory and to where `compose.paths` leads; what
/// labels name is not a reason to write anywhere else.
fn resolved(path: &Path, settings: &Compose) -> Result<PathBuf, EditError> {
    let why = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => EditError::Unreadable(Unreadable::Absent),
        io::ErrorKind::PermissionDenied => EditError::Unreadable(Unreadable::Denied),
        kind => EditError::Unreadable(Unreadable::Failed(kind)),
    };
    let real = fs::canonicalize(path).map_err(why)?;
    let directory = path.parent().unwrap_or(path);
    let mut allowed = std::iter::once(directory).chain(settings.paths.iter().map(|seen| seen.here.as_path()));
    if allowed.any(|root| fs::canonicalize(root).is_ok_and(|root| real.starts_with(root))) { Ok(real) } else { Err(EditError::Link(real)) }
}
