//! The rows of the journal, and what they mean.

use sqlx::{FromRow, Row as _, sqlite::SqliteRow};

use super::JournaledStep;
use crate::{store::json::value, wire::Operation};

/// A row of `operations`.
pub(super) struct Row {
    id: i64,
    host: String,
    name: String,
    image: String,
    target: String,
    along: String,
    asker: String,
    begun: i64,
    ended: Option<i64>,
    phase: String,
    outcome: Option<String>,
    from: Option<String>,
    to: Option<String>,
    logged: bool,
    kept_until: Option<i64>,
    compose: Option<String>,
    /// in JSON; it holds secrets, so it goes where it is asked for and nowhere else
    pub(super) plan: Option<String>,
}

impl FromRow<'_, SqliteRow> for Row {
    fn from_row(row: &SqliteRow) -> sqlx::Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            host: row.try_get("host")?,
            name: row.try_get("name")?,
            image: row.try_get("image")?,
            target: row.try_get("target")?,
            along: row.try_get("along")?,
            asker: row.try_get("asker")?,
            begun: row.try_get("begun")?,
            ended: row.try_get("ended")?,
            phase: row.try_get("phase")?,
            outcome: row.try_get("outcome")?,
            from: row.try_get("digest_from")?,
            to: row.try_get("digest_to")?,
            logged: row.try_get::<Option<String>, _>("log")?.is_some(),
            kept_until: row.try_get("kept_until")?,
            compose: row.try_get("compose")?,
            plan: row.try_get("plan")?,
        })
    }
}

impl Row {
    /// The operation. One that cannot be understood, because a newer Plimsoll wrote it, is left out and logged.
    pub(super) fn understood(self) -> Option<Operation> {
        let id = self.id;
        let operation = self.read();
        if operation.is_none() {
            tracing::warn!(operation = id, "a stored operation cannot be understood and is left out");
        }
        operation
    }

    fn read(self) -> Option<Operation> {
        let outcome = match &self.outcome {
            Some(text) => Some(value(text)?),
            None => None,
        };
        Some(Operation {
            id: self.id,
            target: value(&self.target)?,
            along: value(&self.along)?,
            asker: value(&self.asker)?,
            phase: value(&self.phase)?,
            host: self.host,
            name: self.name,
            image: self.image,
            begun: self.begun,
            ended: self.ended,
            pull: None,
            outcome,
            from: self.from,
            to: self.to,
            overdue: false,
            log: self.logged,
            kept_until: self.kept_until,
            compose: self.compose.as_deref().and_then(value),
        })
    }
}

/// A row of `operation_steps`.
pub(super) struct StepRow {
    phase: String,
    member: i64,
    undo: bool,
    begun: i64,
    ended: Option<i64>,
    trouble: Option<String>,
}

impl FromRow<'_, SqliteRow> for StepRow {
    fn from_row(row: &SqliteRow) -> sqlx::Result<Self> {
        Ok(Self {
            phase: row.try_get("phase")?,
            member: row.try_get("member")?,
            undo: row.try_get("undo")?,
            begun: row.try_get("begun")?,
            ended: row.try_get("ended")?,
            trouble: row.try_get("trouble")?,
        })
    }
}

impl StepRow {
    /// The step. A trouble that cannot be understood is none that is known of.
    pub(super) fn understood(self) -> Option<JournaledStep> {
        let trouble = self.trouble.as_deref().and_then(value);
        let member = usize::try_from(self.member).ok()?;
        Some(JournaledStep { phase: value(&self.phase)?, member, undo: self.undo, begun: self.begun, ended: self.ended, trouble })
    }
}
