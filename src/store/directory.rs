//! The data directory: made, tried and locked.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io::{self, ErrorKind, Read, Seek, Write},
    os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt},
    path::Path,
    process,
};

use super::{StoreError, error::Trouble};

/// The file that is locked. It stays behind: a lock file that is removed can be locked twice.
const LOCK: &str = "plimsoll.lock";

/// Makes the directory where it is absent, and takes its lock.
pub(super) fn take(directory: &Path) -> Result<File, StoreError> {
    let unwritable = |error: io::Error| cannot_write(directory, &error);
    DirBuilder::new().recursive(true).mode(0o700).create(directory).map_err(unwritable)?;
    let mut lock = private().create(true).truncate(false).open(directory.join(LOCK)).map_err(unwritable)?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(StoreError::InUse { path: directory.to_owned(), process: holder(&mut lock) }),
        Err(TryLockError::Error(error)) => return Err(StoreError::Lock { path: directory.to_owned(), detail: error.to_string() }),
    }
    // the number is a help for people; the lock itself is what counts
    let noted = lock.set_len(0).and_then(|()| lock.rewind()).and_then(|()| writeln!(lock, "{}", process::id()));
    noted.map_err(unwritable)?;
    Ok(lock)
}

/// How files are opened that nobody else may read.
pub(super) fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).mode(0o600);
    options
}

/// The number of the process that holds the lock.
fn holder(lock: &mut File) -> Option<String> {
    let mut text = String::new();
    lock.take(20).read_to_string(&mut text).ok()?;
    let number = text.trim();
    (!number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())).then(|| number.to_owned())
}

/// The error about a directory that cannot be written to.
pub(super) fn cannot_write(directory: &Path, error: &io::Error) -> StoreError {
    let trouble = match error.kind() {
        ErrorKind::PermissionDenied => Trouble::Permission,
        ErrorKind::ReadOnlyFilesystem => Trouble::ReadOnly,
        _ => Trouble::Other,
    };
    // the process directory belongs to the user that the process runs as; where there is none, the message does without
    let who = fs::metadata("/proc/self").ok().map(|process| (process.uid(), process.gid()));
    StoreError::Directory { path: directory.to_owned(), detail: error.to_string(), trouble, who }
}
