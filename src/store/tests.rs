//! What survives, and what is refused without being touched.

mod journal;

use std::{fs, path::PathBuf};

use tempfile::TempDir;

use super::*;
use crate::{
    image::{Answer, Finding, Step},
    wire::{Reason, Tally},
};

/// A directory with a database of one finding, closed.
async fn database() -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::open(directory.path()).await.unwrap();
    store.save_findings(&[good("nginx:1", 'a', 10)]).await.unwrap();
    store.close().await;
    drop(store);
    let path = directory.path().join("plimsoll.db");
    (directory, path)
}

/// A finding with an answer.
fn good(reference: &str, digit: char, at: i64) -> Finding {
    let digest = format!("sha256:{}", digit.to_string().repeat(64)).parse().unwrap();
    let step = Step { request: "HEAD https://example".into(), status: Some(200), trouble: None, took_ms: 3 };
    Finding { reference: reference.parse().unwrap(), answer: Ok(Answer::digest(digest)), at, took_ms: 5, steps: vec![step] }
}

/// A finding without one.
fn failed(reference: &str, at: i64) -> Finding {
    let answer = Err(Reason::TimedOut { registry: "docker.io".into(), seconds: 20 });
    Finding { answer, ..good(reference, 'f', at) }
}

/// Opens what must be refused, and holds that the file stays as it is.
async fn refusal(directory: &TempDir, path: &std::path::Path) -> String {
    let before = fs::read(path).unwrap();
    let error = Store::open(directory.path()).await.map(drop).expect_err("it must be refused");
    assert_eq!(fs::read(path).unwrap(), before, "the file was changed");
    error.to_string().replace(&directory.path().display().to_string(), "DIR")
}

#[tokio::test]
async fn findings_survive_a_restart_with_the_last_good_answer() {
    let (directory, _) = database().await;
    {
        let store = Store::open(directory.path()).await.unwrap();
        store.save_findings(&[failed("nginx:1", 20), failed("redis", 20), good("ghcr.io/acme/app:2", 'b', 20)]).await.unwrap();
    }
    let store = Store::open(directory.path()).await.unwrap();
    let found = store.load_findings().await.unwrap();

    let of = |reference: &str| found.iter().find(|stored| stored.finding.reference == reference.parse().unwrap()).unwrap().clone();
    let first = good("nginx:1", 'a', 10);
    assert_eq!(of("nginx:1").finding, failed("nginx:1", 20));
    assert_eq!(of("nginx:1").last_good, Some(Good { answer: first.answer.unwrap(), at: 10 }));
    assert_eq!(of("redis"), StoredFinding { finding: failed("redis", 20), last_good: None });
    assert_eq!(of("ghcr.io/acme/app:2").last_good.unwrap().at, 20);

    store.forget_findings(20).await.unwrap();
    assert_eq!(store.load_findings().await.unwrap().len(), 3);
    store.forget_findings(21).await.unwrap();
    assert!(store.load_findings().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_row_that_is_not_understood_harms_no_other() {
    let store = Store::in_memory().await.unwrap();
    store.save_findings(&[good("nginx:1", 'a', 10), failed("redis", 10)]).await.unwrap();
    sqlx::query("UPDATE findings SET reason = '{\"kind\":\"of_tomorrow\"}' WHERE reason IS NOT NULL").execute(&store.writer).await.unwrap();
    let found = store.load_findings().await.unwrap();
    assert_eq!(found.into_iter().map(|stored| stored.finding).collect::<Vec<_>>(), [good("nginx:1", 'a', 10)]);
}

#[tokio::test]
async fn a_damaged_file_is_refused_and_left_as_it_is() {
    let (directory, path) = database().await;
    let whole = fs::read(&path).unwrap();
    let mut broken = whole.clone();
    for byte in &mut broken[4096..] {
        *byte = 0x5a;
    }
    let contents = [
        Vec::new(),
        b"SQLite".to_vec(),
        b"this is a letter to a friend".to_vec(),
        whole[..100].to_vec(),
        whole[..whole.len() / 2].to_vec(),
        whole[..whole.len() - 100].to_vec(),
        broken,
    ];
    let mut messages = Vec::new();
    for content in contents {
        fs::write(&path, content).unwrap();
        messages.push(refusal(&directory, &path).await);
    }
    insta::assert_snapshot!(messages.join("\n"), @r#"
    `DIR/plimsoll.db` is damaged: it is cut off; put a backup in its place, or move it away to start with an empty database
    `DIR/plimsoll.db` is damaged: it is cut off; put a backup in its place, or move it away to start with an empty database
    `DIR/plimsoll.db` is damaged: it is no SQLite database; put a backup in its place, or move it away to start with an empty database
    `DIR/plimsoll.db` is damaged: it is cut off; put a backup in its place, or move it away to start with an empty database
    `DIR/plimsoll.db` is damaged: it is cut off; put a backup in its place, or move it away to start with an empty database
    `DIR/plimsoll.db` is damaged: it is cut off; put a backup in its place, or move it away to start with an empty database
    `DIR/plimsoll.db` is damaged: Tree 15 page 15: btreeInitPage() returns error code 11; put a backup in its place, or move it away to start with an empty database
    "#);
}

#[tokio::test]
async fn a_newer_or_foreign_file_is_refused_and_left_as_it_is() {
    let (directory, path) = database().await;
    let url = format!("sqlite://{}", path.display());
    let change = async |sql: &'static str| {
        let pool = SqlitePool::connect(&url).await.unwrap();
        sqlx::raw_sql(sql).execute(&pool).await.unwrap();
        pool.close().await;
    };
    change("PRAGMA user_version = 999").await;
    let newer = refusal(&directory, &path).await;
    change("PRAGMA user_version = 1; PRAGMA application_id = 7").await;
    let foreign = refusal(&directory, &path).await;
    insta::assert_snapshot!([newer, foreign].join("\n"), @r#"
    `DIR/plimsoll.db` was written by a newer Plimsoll (its version is 999, this one knows 6): run that one, or put an older backup in its place
    `DIR/plimsoll.db` is the database of another program: name another data directory with --data-dir
    "#);
}

#[tokio::test]
async fn a_log_without_its_database_is_refused() {
    let (directory, path) = database().await;
    fs::rename(&path, directory.path().join("plimsoll.db-wal")).unwrap();
    let error = Store::open(directory.path()).await.map(drop).unwrap_err();
    assert!(error.to_string().contains("plimsoll.db-wal` is there"), "{error}");
    assert!(!path.exists());
}

#[tokio::test]
async fn a_directory_is_used_by_one() {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::open(directory.path()).await.unwrap();
    let error = Store::open(directory.path()).await.map(drop).unwrap_err();
    let message = error.to_string().replace(&directory.path().display().to_string(), "DIR").replace(&std::process::id().to_string(), "N");
    insta::assert_snapshot!(message, @"the data directory `DIR` is in use by another Plimsoll (process N): stop that one, or name another directory with --data-dir");
    drop(store);
    assert!(Store::open(directory.path()).await.is_ok());
}

#[tokio::test]
async fn a_directory_that_cannot_be_written_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("file");
    fs::write(&file, "").unwrap();
    let error = Store::open(&file.join("data")).await.map(drop).unwrap_err();
    assert!(matches!(error, StoreError::Directory { trouble: error::Trouble::Other, .. }), "{error}");

    let message = |trouble, detail: &str| {
        StoreError::Directory { path: "data".into(), detail: detail.to_owned(), trouble, who: Some((65532, 65533)) }.to_string()
    };
    let messages = [message(error::Trouble::Permission, "Permission denied"), message(error::Trouble::ReadOnly, "Read-only file system")];
    insta::assert_snapshot!(messages.join("\n"), @r#"
    the data directory `data` cannot be written by user 65532: Permission denied; `chown -R 65532:65533` on it, or on the folder that is mounted there, gives it to that user
    the data directory `data` cannot be written by user 65532: Read-only file system; mount a volume there, or name another directory with --data-dir
    "#);
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_can_read_what_is_kept() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("deep/data");
    let store = Store::open(&data).await.unwrap();
    store.save_setting("secret", &1).await.unwrap();
    let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(data.clone()), 0o700);
    for file in fs::read_dir(&data).unwrap() {
        assert_eq!(mode(file.unwrap().path()), 0o600);
    }
}

#[tokio::test]
async fn settings_sessions_and_checks_are_kept() {
    let directory = tempfile::tempdir().unwrap();
    let session = Session { hash: "ab".into(), username: "me".into(), created: 1, expires: 100, seen: 1 };
    let check = |started| PastCheck { started, ended: started + 1, tally: Tally { images: 3, rebuilt: 1, ..Tally::default() } };
    {
        let store = Store::open(directory.path()).await.unwrap();
        assert_eq!(store.setting::<String>("colour").await.unwrap(), None);
        store.save_setting("colour", &"blue").await.unwrap();
        store.save_setting("colour", &"green").await.unwrap();
        store.save_session(&session).await.unwrap();
        store.save_session(&Session { seen: 50, ..session.clone() }).await.unwrap();
        store.save_session(&Session { hash: "cd".into(), ..session.clone() }).await.unwrap();
        store.delete_sessions(&["cd".to_owned(), "there is none".to_owned()]).await.unwrap();
        for started in 1..=3 {
            store.save_check(&check(started)).await.unwrap();
        }
    }
    let store = Store::open(directory.path()).await.unwrap();
    assert_eq!(store.setting::<String>("colour").await.unwrap().as_deref(), Some("green"));
    assert!(store.setting::<u32>("colour").await.is_err());
    assert_eq!(store.load_sessions().await.unwrap(), [Session { seen: 50, ..session }]);
    assert_eq!(store.checks(2).await.unwrap(), [check(3), check(2)]);
}
