//! The tables, step by step. A step that was released is never changed: the next one is added behind it.

use sqlx::{AssertSqlSafe, SqlitePool};

use super::StoreError;

/// All steps; the version of a database is how many of them it has seen.
const STEPS: &[&str] = &[
    include_str!("../../migrations/0001_findings.sql"),
    include_str!("../../migrations/0002_sessions.sql"),
    include_str!("../../migrations/0003_settings.sql"),
    include_str!("../../migrations/0004_checks.sql"),
    include_str!("../../migrations/0005_operations.sql"),
    include_str!("../../migrations/0006_kept.sql"),
];

/// Marks a file as ours: "PLIM".
pub(super) const APPLICATION: i64 = 0x504C_494D;

/// The version that this program knows.
#[expect(clippy::cast_possible_wrap, reason = "there will never be that many steps")]
pub(super) const KNOWN: i64 = STEPS.len() as i64;

/// Takes the steps that the database has not seen, each in a transaction of its own.
pub(super) async fn run(pool: &SqlitePool) -> Result<(), StoreError> {
    let failed = || StoreError::failed("bring its tables up to date");
    let seen: i64 = sqlx::query_scalar("PRAGMA user_version").fetch_one(pool).await.map_err(failed())?;
    for (version, step) in (1..).zip(STEPS).skip_while(|(version, _)| *version <= seen) {
        let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await.map_err(failed())?;
        sqlx::raw_sql(*step).execute(&mut *transaction).await.map_err(failed())?;
        let marks = format!("PRAGMA user_version = {version}; PRAGMA application_id = {APPLICATION}");
        sqlx::raw_sql(AssertSqlSafe(marks)).execute(&mut *transaction).await.map_err(failed())?;
        transaction.commit().await.map_err(failed())?;
    }
    Ok(())
}
