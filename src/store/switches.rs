//! Table `switches`: the workloads that are updated without being asked for.

use super::{Store, StoreError};

impl Store {
    /// Host and name of all of them.
    pub async fn switches(&self) -> Result<Vec<(String, String)>, StoreError> {
        sqlx::query_as("SELECT host, name FROM switches ORDER BY host, name")
            .fetch_all(&self.readers)
            .await
            .map_err(StoreError::failed("read the switches"))
    }

    /// Moves the switch of a workload.
    pub async fn save_switch(&self, host: &str, name: &str, on: bool) -> Result<(), StoreError> {
        let query = if on {
            sqlx::query("INSERT INTO switches (host, name) VALUES ($1, $2) ON CONFLICT (host, name) DO NOTHING")
        } else {
            sqlx::query("DELETE FROM switches WHERE host = $1 AND name = $2")
        };
        query.bind(host).bind(name).execute(&self.writer).await.map(drop).map_err(StoreError::failed("keep a switch"))
    }
}
