//! Putting one text in the place of another.

use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, fchown},
    path::{Path, PathBuf},
};

use super::EditError;

/// How a file was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum How {
    /// a new file took its place at once
    Replaced,
    /// the file itself was written over
    InPlace {
        /// a copy of what it was
        backup: PathBuf,
    },
}

/// Writes. A file with several names is written in place, else the others would keep the old text.
pub(super) fn write(path: &Path, before: &str, after: &str, backups: &Path) -> Result<How, EditError> {
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => EditError::ReadOnly,
        kind => EditError::Failed { kind, backup: None },
    };
    let metadata = fs::metadata(path).map_err(failed)?;
    if metadata.nlink() == 1 {
        match replace(path, &metadata, before, after) {
            Ok(true) => return Ok(How::Replaced),
            Ok(false) => return Err(EditError::Changed),
            Err(error) if is_impossible(&error) => {}
            Err(error) => return Err(failed(error)),
        }
    }
    in_place(path, before, after, backups)
}

/// Whether a file cannot be replaced there, but may still be written.
fn is_impossible(error: &io::Error) -> bool {
    use io::ErrorKind::{CrossesDevices, PermissionDenied, ReadOnlyFilesystem, ResourceBusy};
    matches!(error.kind(), CrossesDevices | PermissionDenied | ReadOnlyFilesystem | ResourceBusy)
}

/// Puts a new file in the place of the old one; not where that is no longer what was read.
fn replace(path: &Path, metadata: &fs::Metadata, before: &str, after: &str) -> io::Result<bool> {
    let temporary = beside(path);
    let result = (|| {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&temporary)?;
        file.write_all(after.as_bytes())?;
        fchown(&file, Some(metadata.uid()), Some(metadata.gid()))?;
        file.set_permissions(fs::Permissions::from_mode(metadata.permissions().mode() & 0o7777))?;
        file.sync_all()?;
        if fs::read(path)? != before.as_bytes() {
            return Ok(false);
        }
        fs::rename(&temporary, path)?;
        Ok(true)
    })();
    if !matches!(result, Ok(true)) {
        // one that was never made is not there
        let _ = fs::remove_file(&temporary);
    }
    if let (Ok(true), Some(directory)) = (&result, path.parent()) {
        // the new name is in the directory; that it outlives a fall of the machine is asked for, not needed
        let _ = File::open(directory).and_then(|directory| directory.sync_all());
    }
    result
}

/// A name beside a file that nobody else takes.
fn beside(path: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".plimsoll-{}", std::process::id()));
    path.with_file_name(name)
}

/// Writes over the file itself, once what it was lies safe elsewhere.
fn in_place(path: &Path, before: &str, after: &str, backups: &Path) -> Result<How, EditError> {
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => EditError::ReadOnly,
        kind => EditError::Failed { kind, backup: None },
    };
    let mut file = OpenOptions::new().read(true).write(true).open(path).map_err(failed)?;
    let backup = back_up(path, before, backups).map_err(failed)?;
    let written = (|| {
        if fs::read(path)? != before.as_bytes() {
            return Ok(false);
        }
        file.write_all(after.as_bytes())?;
        file.set_len(after.len() as u64)?;
        file.sync_all()?;
        Ok(true)
    })();
    match written {
        Ok(true) => Ok(How::InPlace { backup }),
        Ok(false) => Err(EditError::Changed),
        Err(error) => Err(EditError::Failed { kind: io::Error::kind(&error), backup: Some(backup) }),
    }
}

/// A copy that nobody else can read: a file of Compose may hold passwords. One a file: an older copy is replaced.
fn back_up(path: &Path, before: &str, backups: &Path) -> io::Result<PathBuf> {
    fs::create_dir_all(backups)?;
    let name = path.to_string_lossy().trim_start_matches('/').replace('/', "%");
    // names have at most 255 bytes; the end tells more
    let start = name.char_indices().map(|(at, _)| at).find(|at| name.len() - at <= 200).unwrap_or(0);
    let backup = backups.join(&name[start..]);
    let temporary = beside(&backup);
    let _ = fs::remove_file(&temporary);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&temporary)?;
    file.write_all(before.as_bytes())?;
    file.sync_all()?;
    fs::rename(&temporary, &backup)?;
    Ok(backup)
}
