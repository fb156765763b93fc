//! What is kept over a restart, in SQLite.
//!
//! One writer and a few readers; no type of the database leaves this room. A file that is damaged, foreign or newer stops the start
//! and is never written to. While a [`Store`] lives, it holds the lock of the data directory.

mod checks;
mod directory;
mod error;
mod findings;
mod json;
mod kept;
mod migrate;
mod open;
mod operations;
mod sessions;
mod settings;
mod switches;

use std::{fs::File, path::Path, sync::Arc};

use sqlx::SqlitePool;

pub use checks::PastCheck;
pub use error::StoreError;
pub use findings::{Good, StoredFinding};
pub use kept::Kept;
pub use operations::{Journaled, JournaledStep};
pub use sessions::Session;

/// The database. Clones share it.
#[derive(Debug, Clone)]
pub struct Store {
    writer: SqlitePool,
    readers: SqlitePool,
    /// held, never read
    _lock: Option<Arc<File>>,
}

impl Store {
    /// Opens the database of a data directory, making either where it is absent.
    pub async fn open(directory: &Path) -> Result<Self, StoreError> {
        open::open(directory).await
    }

    /// A database in memory: for the demo, and for tests.
    pub async fn in_memory() -> Result<Self, StoreError> {
        open::in_memory().await
    }

    /// Writes everything to its place and closes the file.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

#[cfg(test)]
mod tests;
