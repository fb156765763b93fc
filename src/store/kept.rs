//! Table `kept_images`: the images that workloads ran before their updates, for a way back.

use sqlx::{FromRow, Row as _, sqlite::SqliteRow};

use super::{Store, StoreError};

/// An image that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// the number of the update that replaced it
    pub operation: i64,
    /// the host's name
    pub host: String,
    /// the workload's name
    pub name: String,
    /// what makes its own name on the host unique
    pub mark: String,
    /// the host's id of it
    pub image: String,
    /// the reference by which it ran, as written
    pub reference: String,
    /// its digest, where the host knew one
    pub digest: Option<String>,
    /// how long it is kept, in Unix seconds; none while its update is under way
    pub until: Option<i64>,
}

impl FromRow<'_, SqliteRow> for Kept {
    fn from_row(row: &SqliteRow) -> sqlx::Result<Self> {
        Ok(Self {
            operation: row.try_get("operation")?,
            host: row.try_get("host")?,
            name: row.try_get("name")?,
            mark: row.try_get("mark")?,
            image: row.try_get("image")?,
            reference: row.try_get("reference")?,
            digest: row.try_get("digest")?,
            until: row.try_get("until")?,
        })
    }
}

impl Store {
    /// Writes down that an image will be kept. Before it is: what is not written down would never be let go.
    pub async fn keep_image(&self, kept: &Kept) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO kept_images (operation, host, name, mark, image, reference, digest, until) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
             ON CONFLICT (operation) DO UPDATE SET mark = excluded.mark, image = excluded.image, reference = excluded.reference, \
             digest = excluded.digest, until = excluded.until",
        )
        .bind(kept.operation)
        .bind(&kept.host)
        .bind(&kept.name)
        .bind(&kept.mark)
        .bind(&kept.image)
        .bind(&kept.reference)
        .bind(&kept.digest)
        .bind(kept.until)
        .execute(&self.writer)
        .await
        .map(drop)
        .map_err(StoreError::failed("keep an image"))
    }

    /// Says until when the image that an update replaced is kept. Those that earlier updates of the same workload replaced are kept no longer than
    /// `others`, all in Unix seconds. Answers whether there is such an image.
    pub async fn keep_image_until(&self, operation: i64, until: i64, others: Option<i64>) -> Result<bool, StoreError> {
        let failed = || StoreError::failed("say how long an image is kept");
        let mut transaction = self.writer.begin().await.map_err(failed())?;
        let found = sqlx::query("UPDATE kept_images SET until = $2 WHERE operation = $1")
            .bind(operation)
            .bind(until)
            .execute(&mut *transaction)
            .await
            .map_err(failed())?;
        if let Some(others) = others {
            sqlx::query(
                "UPDATE kept_images SET until = $2 WHERE operation < $1 AND (until IS NULL OR until > $2) AND EXISTS \
                 (SELECT 1 FROM kept_images AS newer WHERE newer.operation = $1 AND newer.host = kept_images.host AND newer.name = kept_images.name)",
            )
            .bind(operation)
            .bind(others)
            .execute(&mut *transaction)
            .await
            .map_err(failed())?;
        }
        transaction.commit().await.map_err(failed())?;
        Ok(found.rows_affected() > 0)
    }

    /// The image that a workload ran before its last update, where it is kept beyond `now`, in Unix seconds.
    pub async fn previous_image(&self, host: &str, name: &str, now: i64) -> Result<Option<Kept>, StoreError> {
        sqlx::query_as("SELECT * FROM kept_images WHERE host = $1 AND name = $2 AND until > $3 ORDER BY operation DESC LIMIT 1")
            .bind(host)
            .bind(name)
            .bind(now)
            .fetch_optional(&self.readers)
            .await
            .map_err(StoreError::failed("look for the previous image"))
    }

    /// All images that are kept, oldest first.
    pub async fn kept_images(&self) -> Result<Vec<Kept>, StoreError> {
        sqlx::query_as("SELECT * FROM kept_images ORDER BY operation")
            .fetch_all(&self.readers)
            .await
            .map_err(StoreError::failed("read the kept images"))
    }

    /// Forgets an image that is not kept any more.
    pub async fn forget_image(&self, operation: i64) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM kept_images WHERE operation = $1")
            .bind(operation)
            .execute(&self.writer)
            .await
            .map(drop)
            .map_err(StoreError::failed("forget a kept image"))
    }
}
