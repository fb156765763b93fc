//! Table `findings`.

use sqlx::{FromRow, Row as _, sqlite::SqliteRow};

use super::{
    Store, StoreError,
    json::{text, value},
};
use crate::{
    image::{Answer, Finding, Reference},
    wire::Reason,
};

/// A finding as it was stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFinding {
    /// the newest
    pub finding: Finding,
    /// the newest answer, which is the finding's own where it has one
    pub last_good: Option<Good>,
}

/// An answer that a check brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Good {
    /// what the registry said
    pub answer: Answer,
    /// when, in Unix seconds
    pub at: i64,
}

/// A row.
struct Row {
    reference: String,
    answer: Option<String>,
    reason: Option<String>,
    at: i64,
    took_ms: i64,
    steps: String,
    good_answer: Option<String>,
    good_at: Option<i64>,
}

impl FromRow<'_, SqliteRow> for Row {
    fn from_row(row: &SqliteRow) -> sqlx::Result<Self> {
        Ok(Self {
            reference: row.try_get("reference")?,
            answer: row.try_get("answer")?,
            reason: row.try_get("reason")?,
            at: row.try_get("at")?,
            took_ms: row.try_get("took_ms")?,
            steps: row.try_get("steps")?,
            good_answer: row.try_get("good_answer")?,
            good_at: row.try_get("good_at")?,
        })
    }
}

impl Store {
    /// Everything that checks learnt. A row that cannot be understood is left out and logged: the next check replaces it.
    pub async fn load_findings(&self) -> Result<Vec<StoredFinding>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as("SELECT * FROM findings ORDER BY reference")
            .fetch_all(&self.readers)
            .await
            .map_err(StoreError::failed("read the findings"))?;
        let understood = rows.into_iter().filter_map(|row| {
            let stored = understand(&row);
            if stored.is_none() {
                tracing::warn!(image.reference = row.reference, "a stored finding cannot be understood and is left out");
            }
            stored
        });
        Ok(understood.collect())
    }

    /// Keeps findings, all or none. One that failed leaves the last good answer of its reference as it is.
    pub async fn save_findings(&self, findings: &[Finding]) -> Result<(), StoreError> {
        let failed = || StoreError::failed("keep the findings");
        let mut transaction = self.writer.begin().await.map_err(failed())?;
        for finding in findings {
            let answer = finding.answer.as_ref().ok().map(text);
            sqlx::query(
                "INSERT INTO findings (reference, answer, reason, at, took_ms, steps, good_answer, good_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $2, CASE WHEN $2 IS NULL THEN NULL ELSE $4 END) \
                 ON CONFLICT (reference) DO UPDATE SET answer = excluded.answer, reason = excluded.reason, at = excluded.at, \
                 took_ms = excluded.took_ms, steps = excluded.steps, \
                 good_answer = COALESCE(excluded.good_answer, findings.good_answer), \
                 good_at = COALESCE(excluded.good_at, findings.good_at)",
            )
            .bind(finding.reference.to_string())
            .bind(answer)
            .bind(finding.answer.as_ref().err().map(text))
            .bind(finding.at)
            .bind(i64::from(finding.took_ms))
            .bind(text(&finding.steps))
            .execute(&mut *transaction)
            .await
            .map_err(failed())?;
        }
        transaction.commit().await.map_err(failed())
    }

    /// Forgets findings that are older than `before` (Unix seconds): of images that nobody uses any more.
    pub async fn forget_findings(&self, before: i64) -> Result<(), StoreError> {
        let deleted = sqlx::query("DELETE FROM findings WHERE at < $1").bind(before).execute(&self.writer).await;
        deleted.map(drop).map_err(StoreError::failed("forget old findings"))
    }
}

/// A row as a finding.
fn understand(row: &Row) -> Option<StoredFinding> {
    let answer = match (&row.answer, &row.reason) {
        (Some(text), None) => Ok(value::<Answer>(text)?),
        (None, Some(text)) => Err(value::<Reason>(text)?),
        _ => return None,
    };
    let reference: Reference = row.reference.parse().ok()?;
    let last_good = match (&row.good_answer, row.good_at) {
        (Some(text), Some(at)) => Some(Good { answer: value(text)?, at }),
        _ => None,
    };
    let finding = Finding { reference, answer, at: row.at, took_ms: u32::try_from(row.took_ms).ok()?, steps: value(&row.steps)? };
    Some(StoredFinding { finding, last_good })
}
