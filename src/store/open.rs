//! Opens the file, having looked at it first.

use std::{
    fs::{self, File},
    io::{self, ErrorKind, Read},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use sqlx::{
    ConnectOptions, Connection, SqliteConnection, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{
    Store, StoreError,
    directory::{self, cannot_write},
    error::detail,
    migrate,
};

/// The database in the data directory.
const NAME: &str = "plimsoll.db";

/// What every SQLite database starts with.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// How long to wait for a connection, or for another process that holds the file.
const PATIENCE: Duration = Duration::from_secs(10);

/// Readers that may work at once; the writer is one.
const READERS: u32 = 2;

/// See [`Store::open`].
pub(super) async fn open(directory: &Path) -> Result<Store, StoreError> {
    let lock = directory::take(directory)?;
    let path = directory.join(NAME);
    match fs::symlink_metadata(&path) {
        Ok(_) => inspect(&path).await?,
        Err(error) if error.kind() == ErrorKind::NotFound => create(directory, &path).await?,
        Err(error) => return Err(cannot_write(directory, &error)),
    }
    let writer = pool(1, options(&path).journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Full)).await?;
    migrate::run(&writer).await?;
    let readers = pool(READERS, options(&path).read_only(true)).await?;
    Ok(Store { writer, readers, _lock: Some(Arc::new(lock)) })
}

/// See [`Store::in_memory`]. The one connection is the database: it must never be closed.
pub(super) async fn in_memory() -> Result<Store, StoreError> {
    let writer = pool(1, SqliteConnectOptions::new().in_memory(true).disable_statement_logging()).await?;
    migrate::run(&writer).await?;
    Ok(Store { readers: writer.clone(), writer, _lock: None })
}

/// Refuses a file that is no whole database of ours, without writing to it.
async fn inspect(path: &Path) -> Result<(), StoreError> {
    let damaged = |detail: String| StoreError::Damaged { path: path.to_owned(), detail };
    whole(path).map_err(|error| damaged(error.to_string()))?;
    let found = async {
        let mut connection = options(path).read_only(true).connect().await?;
        let found = look(&mut connection).await;
        connection.close().await?;
        found
    };
    let (application, version, health) = found.await.map_err(|error| damaged(detail(&error)))?;
    if application != migrate::APPLICATION {
        return Err(StoreError::Foreign { path: path.to_owned() });
    }
    if version > migrate::KNOWN {
        return Err(StoreError::Newer { path: path.to_owned(), found: version, known: migrate::KNOWN });
    }
    if health != "ok" {
        return Err(damaged(health.lines().last().unwrap_or_default().to_owned()));
    }
    Ok(())
}

/// Whether the file is as long as its header (100 bytes) says. SQLite would read what is missing of the last page as zeros. Where a log lies
/// beside the file, what is missing may stand there, and SQLite knows how to join them.
fn whole(path: &Path) -> io::Result<()> {
    let cut_off = || io::Error::other("it is cut off");
    let mut file = File::open(path)?;
    let size = file.metadata()?.len();
    let mut header = Vec::new();
    (&mut file).take(100).read_to_end(&mut header)?;
    if !header.starts_with(&MAGIC[..header.len().min(MAGIC.len())]) {
        return Err(io::Error::other("it is no SQLite database"));
    }
    if header.len() < 100 {
        return Err(cut_off());
    }
    // a page of 65536 bytes is written as 1
    let page = match u16::from_be_bytes([header[16], header[17]]) {
        1 => 65_536,
        page => u64::from(page),
    };
    let pages = u64::from(u32::from_be_bytes([header[28], header[29], header[30], header[31]]));
    let has_log = fs::metadata(beside(path, "-wal")).is_ok_and(|log| log.len() > 0);
    if !has_log && (size < page * pages || size % page.max(1) != 0) {
        return Err(cut_off());
    }
    Ok(())
}

/// Whose database it is, its version, and "ok" where it is whole.
async fn look(connection: &mut SqliteConnection) -> Result<(i64, i64, String), sqlx::Error> {
    let application = sqlx::query_scalar("PRAGMA application_id").fetch_one(&mut *connection).await?;
    let version = sqlx::query_scalar("PRAGMA user_version").fetch_one(&mut *connection).await?;
    let health = sqlx::query_scalar("PRAGMA quick_check(1)").fetch_one(&mut *connection).await?;
    Ok((application, version, health))
}

/// Makes a new database under another name and moves it into place when it is whole, so that an empty file is always a damaged one.
async fn create(directory: &Path, path: &Path) -> Result<(), StoreError> {
    for suffix in ["-wal", "-journal"] {
        let left = beside(path, suffix);
        if fs::metadata(&left).is_ok_and(|file| file.len() > 0) {
            let detail = format!("it is absent, but `{}` is there", left.display());
            return Err(StoreError::Damaged { path: path.to_owned(), detail });
        }
    }
    let unwritable = |error: io::Error| cannot_write(directory, &error);
    let new = beside(path, ".new");
    for half_made in [new.clone(), beside(&new, "-journal")] {
        match fs::remove_file(half_made) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(unwritable(error)),
            _ => {}
        }
    }
    directory::private().create_new(true).open(&new).map_err(unwritable)?;
    let made = pool(1, options(&new).synchronous(SqliteSynchronous::Full)).await?;
    migrate::run(&made).await?;
    made.close().await;
    fs::rename(&new, path).and_then(|()| File::open(directory)?.sync_all()).map_err(unwritable)
}

/// `plimsoll.db` and something behind it.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// What all connections have in common.
fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new().filename(path).create_if_missing(false).busy_timeout(PATIENCE).disable_statement_logging()
}

/// Opens connections that stay open.
async fn pool(most: u32, options: SqliteConnectOptions) -> Result<SqlitePool, StoreError> {
    let pool = SqlitePoolOptions::new().max_connections(most).min_connections(1).idle_timeout(None).max_lifetime(None);
    pool.acquire_timeout(PATIENCE).connect_with(options).await.map_err(StoreError::failed("be opened"))
}
