//! Table `checks`.

use super::{Store, StoreError, json};
use crate::wire::Tally;

/// Checks that are kept.
const KEPT: i64 = 1000;

/// A check that ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PastCheck {
    /// when it started, in Unix seconds
    pub started: i64,
    /// when it ended, in Unix seconds
    pub ended: i64,
    /// what was known afterwards
    pub tally: Tally,
}

impl Store {
    /// Keeps a check, and forgets the oldest of too many.
    pub async fn save_check(&self, check: &PastCheck) -> Result<(), StoreError> {
        let failed = || StoreError::failed("keep a check");
        let tally = json::text(&check.tally);
        let mut transaction = self.writer.begin().await.map_err(failed())?;
        sqlx::query("INSERT INTO checks (started, ended, tally) VALUES ($1, $2, $3)")
            .bind(check.started)
            .bind(check.ended)
            .bind(tally)
            .execute(&mut *transaction)
            .await
            .map_err(failed())?;
        sqlx::query("DELETE FROM checks WHERE id <= (SELECT MAX(id) FROM checks) - $1")
            .bind(KEPT)
            .execute(&mut *transaction)
            .await
            .map_err(failed())?;
        transaction.commit().await.map_err(failed())
    }

    /// The newest checks, newest first.
    pub async fn checks(&self, most: u32) -> Result<Vec<PastCheck>, StoreError> {
        let rows: Vec<(i64, i64, String)> = sqlx::query_as("SELECT started, ended, tally FROM checks ORDER BY id DESC LIMIT $1")
            .bind(i64::from(most))
            .fetch_all(&self.readers)
            .await
            .map_err(StoreError::failed("read the checks"))?;
        let understood =
            rows.into_iter().filter_map(|(started, ended, tally)| json::value(&tally).map(|tally| PastCheck { started, ended, tally }));
        Ok(understood.collect())
    }
}
