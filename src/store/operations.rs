//! Tables `operations` and `operation_steps`: the journal of updates.
//!
//! Whatever is written here is on the disc when the call returns: what an update does next may be the last thing that this process does.

mod row;

use super::{Store, StoreError, json::text};
use crate::wire::{Asker, ComposeLine, Operation, Outcome, Phase, Target, UpdateTrouble};
use row::{Row, StepRow};

/// Ended operations that are kept. At a dozen a day that is half a year.
const KEPT: i64 = 2000;

/// An operation that has not ended, with what is needed to finish or undo it.
#[derive(Debug, Clone, PartialEq)]
pub struct Journaled {
    /// as everybody sees it
    pub operation: Operation,
    /// the plan in JSON, once there was one
    pub plan: Option<String>,
    /// what was done so far, in order
    pub steps: Vec<JournaledStep>,
}

/// A step that was begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournaledStep {
    /// which
    pub phase: Phase,
    /// of which of the containers that are exchanged together
    pub member: usize,
    /// whether it was undone rather than done
    pub undo: bool,
    /// when it was begun, in Unix milliseconds
    pub begun: i64,
    /// when it ended, in Unix milliseconds; none while it is under way
    pub ended: Option<i64>,
    /// why it failed, where it did
    pub trouble: Option<UpdateTrouble>,
}

impl Store {
    /// Writes down a wish; answers its number. `begun` in Unix seconds.
    pub async fn begin_operation(
        &self,
        host: &str,
        name: &str,
        image: &str,
        target: &Target,
        asker: &Asker,
        begun: i64,
    ) -> Result<i64, StoreError> {
        let insert =
            "INSERT INTO operations (host, name, image, target, asker, begun, phase) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id";
        sqlx::query_scalar(insert)
            .bind(host)
            .bind(name)
            .bind(image)
            .bind(text(target))
            .bind(text(asker))
            .bind(begun)
            .bind(text(&Phase::Waiting))
            .fetch_one(&self.writer)
            .await
            .map_err(StoreError::failed("begin an operation"))
    }

    /// Writes down how far an operation is (`phase`, `along`, `from`, `to`) and, where there is one, its plan.
    pub async fn journal_operation(&self, operation: &Operation, plan: Option<&str>) -> Result<(), StoreError> {
        let update =
            "UPDATE operations SET phase = $2, digest_from = $3, digest_to = $4, plan = COALESCE($5, plan), along = $6 WHERE id = $1";
        sqlx::query(update)
            .bind(operation.id)
            .bind(text(&operation.phase))
            .bind(&operation.from)
            .bind(&operation.to)
            .bind(plan)
            .bind(text(&operation.along))
            .execute(&self.writer)
            .await
            .map(drop)
            .map_err(StoreError::failed("keep an operation"))
    }

    /// Writes down that a step begins, which is what the operation does from now on; answers the step's place in the operation.
    pub async fn begin_step(&self, operation: i64, phase: Phase, member: usize, undo: bool, begun_ms: i64) -> Result<i64, StoreError> {
        let failed = || StoreError::failed("begin a step");
        let mut transaction = self.writer.begin().await.map_err(failed())?;
        let shown = if undo { Phase::Undoing } else { phase };
        sqlx::query("UPDATE operations SET phase = $2 WHERE id = $1")
            .bind(operation)
            .bind(text(&shown))
            .execute(&mut *transaction)
            .await
            .map_err(failed())?;
        let n = sqlx::query_scalar(
            "INSERT INTO operation_steps (operation, n, phase, undo, begun, member) \
             SELECT $1, COALESCE(MAX(n), 0) + 1, $2, $3, $4, $5 FROM operation_steps WHERE operation = $1 RETURNING n",
        )
        .bind(operation)
        .bind(text(&phase))
        .bind(undo)
        .bind(begun_ms)
        .bind(i64::try_from(member).unwrap_or(i64::MAX))
        .fetch_one(&mut *transaction)
        .await
        .map_err(failed())?;
        transaction.commit().await.map_err(failed())?;
        Ok(n)
    }

    /// Writes down that a step ended, how, and what the plan is now.
    pub async fn end_step(
        &self,
        operation: i64,
        n: i64,
        ended_ms: i64,
        trouble: Option<&UpdateTrouble>,
        plan: Option<&str>,
    ) -> Result<(), StoreError> {
        let failed = || StoreError::failed("end a step");
        let mut transaction = self.writer.begin().await.map_err(failed())?;
        sqlx::query("UPDATE operation_steps SET ended = $3, trouble = $4 WHERE operation = $1 AND n = $2")
            .bind(operation)
            .bind(n)
            .bind(ended_ms)
            .bind(trouble.map(text))
            .execute(&mut *transaction)
            .await
            .map_err(failed())?;
        sqlx::query("UPDATE operations SET plan = COALESCE($2, plan) WHERE id = $1")
            .bind(operation)
            .bind(plan)
            .execute(&mut *transaction)
            .await
            .map_err(failed())?;
        transaction.commit().await.map_err(failed())
    }

    /// Keeps what the new container wrote before it failed.
    pub async fn keep_log(&self, operation: i64, log: &str) -> Result<(), StoreError> {
        sqlx::query("UPDATE operations SET log = $2 WHERE id = $1")
            .bind(operation)
            .bind(log)
            .execute(&self.writer)
            .await
            .map(drop)
            .map_err(StoreError::failed("keep a log"))
    }

    /// Keeps where a file of Compose pins the tag that an update moved away from.
    pub async fn keep_compose(&self, operation: i64, line: &ComposeLine) -> Result<(), StoreError> {
        sqlx::query("UPDATE operations SET compose = $2 WHERE id = $1")
            .bind(operation)
            .bind(text(line))
            .execute(&self.writer)
            .await
            .map(drop)
            .map_err(StoreError::failed("keep a line of a file"))
    }

    /// What the new container of an update wrote before it failed.
    pub async fn log(&self, operation: i64) -> Result<Option<String>, StoreError> {
        let found: Option<Option<String>> = sqlx::query_scalar("SELECT log FROM operations WHERE id = $1")
            .bind(operation)
            .fetch_optional(&self.readers)
            .await
            .map_err(StoreError::failed("read a log"))?;
        Ok(found.flatten())
    }

    /// Writes down how an operation ended, and forgets the oldest of too many. The plan is forgotten, but for one that is to be taken up
    /// again: see [`Outcome::is_open`].
    pub async fn end_operation(&self, id: i64, outcome: &Outcome, ended: i64) -> Result<(), StoreError> {
        let failed = || StoreError::failed("end an operation");
        let mut transaction = self.writer.begin().await.map_err(failed())?;
        sqlx::query("UPDATE operations SET outcome = $2, ended = $3, plan = CASE WHEN $4 THEN plan END WHERE id = $1")
            .bind(id)
            .bind(text(outcome))
            .bind(ended)
            .bind(outcome.is_open())
            .execute(&mut *transaction)
            .await
            .map_err(failed())?;
        sqlx::query(
            "DELETE FROM operations WHERE ended IS NOT NULL AND plan IS NULL AND id <= \
             (SELECT id FROM operations WHERE ended IS NOT NULL ORDER BY id DESC LIMIT 1 OFFSET $1)",
        )
        .bind(KEPT)
        .execute(&mut *transaction)
        .await
        .map_err(failed())?;
        transaction.commit().await.map_err(failed())
    }

    /// Operations that must be taken up: those that have not ended, and those that were stuck or left something over. Oldest first.
    pub async fn open_operations(&self) -> Result<Vec<Journaled>, StoreError> {
        let failed = || StoreError::failed("read the open operations");
        let rows: Vec<Row> = sqlx::query_as("SELECT operations.*, kept_images.until AS kept_until FROM operations \
             LEFT JOIN kept_images ON kept_images.operation = operations.id AND operations.outcome IS NOT NULL WHERE ended IS NULL OR plan IS NOT NULL ORDER BY id")
            .fetch_all(&self.readers)
            .await
            .map_err(failed())?;
        let mut open = Vec::new();
        for mut row in rows {
            let plan = row.plan.take();
            let Some(operation) = row.understood() else { continue };
            let steps = self.steps(operation.id).await?;
            open.push(Journaled { operation, plan, steps });
        }
        Ok(open)
    }

    /// The newest operations, of one image where it is named. Newest first.
    pub async fn operations(&self, image: Option<&str>, limit: u32) -> Result<Vec<Operation>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as("SELECT operations.*, kept_images.until AS kept_until FROM operations \
             LEFT JOIN kept_images ON kept_images.operation = operations.id AND operations.outcome IS NOT NULL WHERE $1 IS NULL OR operations.image = $1 ORDER BY id DESC LIMIT $2")
            .bind(image)
            .bind(i64::from(limit))
            .fetch_all(&self.readers)
            .await
            .map_err(StoreError::failed("read the operations"))?;
        Ok(rows.into_iter().filter_map(Row::understood).collect())
    }

    /// One operation and its steps.
    pub async fn operation(&self, id: i64) -> Result<Option<(Operation, Vec<JournaledStep>)>, StoreError> {
        let row: Option<Row> = sqlx::query_as(
            "SELECT operations.*, kept_images.until AS kept_until FROM operations \
             LEFT JOIN kept_images ON kept_images.operation = operations.id AND operations.outcome IS NOT NULL WHERE id = $1",
        )
        .bind(id)
        .fetch_optional(&self.readers)
        .await
        .map_err(StoreError::failed("read an operation"))?;
        match row.and_then(Row::understood) {
            Some(operation) => Ok(Some((operation, self.steps(id).await?))),
            None => Ok(None),
        }
    }

    /// The digests to which updates of a workload failed for a reason that may be the image's, so that the automatic switch does not try them again.
    pub async fn rolled_back(&self, host: &str, name: &str) -> Result<Vec<String>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as("SELECT operations.*, kept_images.until AS kept_until FROM operations \
             LEFT JOIN kept_images ON kept_images.operation = operations.id AND operations.outcome IS NOT NULL WHERE operations.host = $1 AND operations.name = $2 AND digest_to IS NOT NULL ORDER BY id")
            .bind(host)
            .bind(name)
            .fetch_all(&self.readers)
            .await
            .map_err(StoreError::failed("read what was rolled back"))?;
        let back = |operation: &Operation| match &operation.outcome {
            Some(Outcome::RolledBack { trouble }) => trouble.speaks_against_the_image(),
            // nobody knows what it would come to the next time
            Some(Outcome::Stuck { .. }) => true,
            _ => false,
        };
        // what somebody has gone back from is as bad
        let left = |operation: &Operation| operation.target == Target::Previous && operation.outcome == Some(Outcome::Updated);
        let bad = |operation: Operation| match operation {
            operation if back(&operation) => operation.to,
            operation if left(&operation) => operation.from,
            _ => None,
        };
        Ok(rows.into_iter().filter_map(Row::understood).filter_map(bad).collect())
    }

    /// The steps of an operation, in the order in which they were begun.
    async fn steps(&self, operation: i64) -> Result<Vec<JournaledStep>, StoreError> {
        let rows: Vec<StepRow> = sqlx::query_as("SELECT * FROM operation_steps WHERE operation = $1 ORDER BY n")
            .bind(operation)
            .fetch_all(&self.readers)
            .await
            .map_err(StoreError::failed("read the steps of an operation"))?;
        Ok(rows.into_iter().filter_map(StepRow::understood).collect())
    }
}
