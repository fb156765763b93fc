//! What the store cannot do, in one line that says what to do about it.

use std::{fmt, path::PathBuf};

/// Why the database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// the data directory cannot be made or written to
    #[error("the data directory `{}` cannot be written{}: {detail}{}", path.display(), by(.who.as_ref()), remedy(.trouble, .who.as_ref()))]
    Directory {
        /// which
        path: PathBuf,
        /// what the system says
        detail: String,
        /// of what kind it is
        trouble: Trouble,
        /// user and group that Plimsoll runs as, where the system tells
        who: Option<(u32, u32)>,
    },
    /// another Plimsoll uses the data directory
    #[error(
        "the data directory `{}` is in use by another Plimsoll{}: stop that one, or name another directory with --data-dir",
        path.display(),
        numbered(.process.as_deref())
    )]
    InUse {
        /// which
        path: PathBuf,
        /// its number, where it could be read
        process: Option<String>,
    },
    /// the data directory cannot be locked
    #[error("the data directory `{}` cannot be locked: {detail}; it must lie on a file system with locks", path.display())]
    Lock {
        /// which
        path: PathBuf,
        /// what the system says
        detail: String,
    },
    /// the file is no database, or not a whole one
    #[error("`{}` is damaged: {detail}; put a backup in its place, or move it away to start with an empty database", path.display())]
    Damaged {
        /// which
        path: PathBuf,
        /// what is wrong with it
        detail: String,
    },
    /// the file is the database of another program
    #[error("`{}` is the database of another program: name another data directory with --data-dir", path.display())]
    Foreign {
        /// which
        path: PathBuf,
    },
    /// a newer Plimsoll wrote the file
    #[error(
        "`{}` was written by a newer Plimsoll (its version is {found}, this one knows {known}): run that one, or put an older backup in its place",
        path.display()
    )]
    Newer {
        /// which
        path: PathBuf,
        /// the version of its tables
        found: i64,
        /// the newest version that this program knows
        known: i64,
    },
    /// a single reading or writing failed
    #[error("the database cannot {doing}: {detail}")]
    Failed {
        /// what was to be done
        doing: &'static str,
        /// what the database says
        detail: String,
    },
}

/// What keeps Plimsoll from writing to a directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// it belongs to somebody else
    Permission,
    /// it is on a file system that nobody may write to
    ReadOnly,
    /// anything else
    Other,
}

impl StoreError {
    /// Wraps an error of the database.
    pub(super) fn failed(doing: &'static str) -> impl FnOnce(sqlx::Error) -> Self {
        move |error| Self::Failed { doing, detail: detail(&error) }
    }
}

/// What the database says, in one line.
pub(super) fn detail(error: &sqlx::Error) -> String {
    let text = match error {
        sqlx::Error::Database(error) => error.message().to_owned(),
        error => error.to_string(),
    };
    text.lines().collect::<Vec<_>>().join("; ")
}

/// " by user 65532".
fn by(who: Option<&(u32, u32)>) -> impl fmt::Display {
    who.map_or_else(String::new, |(user, _)| format!(" by user {user}"))
}

/// " (process 4711)".
fn numbered(number: Option<&str>) -> impl fmt::Display {
    number.map_or_else(String::new, |number| format!(" (process {number})"))
}

/// What helps.
fn remedy(trouble: &Trouble, who: Option<&(u32, u32)>) -> impl fmt::Display {
    match (trouble, who) {
        (Trouble::Permission, Some((user, group))) => {
            format!("; `chown -R {user}:{group}` on it, or on the folder that is mounted there, gives it to that user")
        }
        (Trouble::ReadOnly, _) => "; mount a volume there, or name another directory with --data-dir".to_owned(),
        _ => String::new(),
    }
}
