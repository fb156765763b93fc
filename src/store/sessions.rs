//! Table `sessions`.

use sqlx::{FromRow, Row, sqlite::SqliteRow};

use super::{Store, StoreError};

/// Somebody who is logged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of the token, in hexadecimal; the token itself is with the browser alone
    pub hash: String,
    /// who it is
    pub username: String,
    /// when they logged in, in Unix seconds
    pub created: i64,
    /// when it ends whatever happens
    pub expires: i64,
    /// when it was last used, to the hour
    pub seen: i64,
}

impl FromRow<'_, SqliteRow> for Session {
    fn from_row(row: &SqliteRow) -> sqlx::Result<Self> {
        Ok(Self {
            hash: row.try_get("hash")?,
            username: row.try_get("username")?,
            created: row.try_get("created")?,
            expires: row.try_get("expires")?,
            seen: row.try_get("seen")?,
        })
    }
}

impl Store {
    /// All sessions.
    pub async fn load_sessions(&self) -> Result<Vec<Session>, StoreError> {
        let rows = sqlx::query_as("SELECT hash, username, created, expires, seen FROM sessions ORDER BY created");
        rows.fetch_all(&self.readers).await.map_err(StoreError::failed("read the sessions"))
    }

    /// Keeps a session, a new one or one that was seen again.
    pub async fn save_session(&self, session: &Session) -> Result<(), StoreError> {
        let saved = sqlx::query(
            "INSERT INTO sessions (hash, username, created, expires, seen) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (hash) DO UPDATE SET seen = excluded.seen",
        )
        .bind(&session.hash)
        .bind(&session.username)
        .bind(session.created)
        .bind(session.expires)
        .bind(session.seen)
        .execute(&self.writer)
        .await;
        saved.map(drop).map_err(StoreError::failed("keep a session"))
    }

    /// Ends these sessions.
    pub async fn delete_sessions(&self, hashes: &[String]) -> Result<(), StoreError> {
        let failed = || StoreError::failed("end a session");
        let mut transaction = self.writer.begin().await.map_err(failed())?;
        for hash in hashes {
            sqlx::query("DELETE FROM sessions WHERE hash = $1").bind(hash).execute(&mut *transaction).await.map_err(failed())?;
        }
        transaction.commit().await.map_err(failed())
    }
}
