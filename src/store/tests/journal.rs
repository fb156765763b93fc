//! The journal of updates, over a restart.

use super::*;
use crate::wire::{Asker, Operation, Outcome, Phase, Refusal, Target, UpdateTrouble};

/// A wish for an update of `web`, written down.
async fn begun(store: &Store) -> i64 {
    store
        .begin_operation("local", "web", "docker.io/library/nginx:1", &Target::Same, &Asker::User { name: "me".into() }, 100)
        .await
        .unwrap()
}

/// How it reads right after that.
fn wished(id: i64) -> Operation {
    Operation {
        id,
        host: "local".into(),
        name: "web".into(),
        image: "docker.io/library/nginx:1".into(),
        asker: Asker::User { name: "me".into() },
        begun: 100,
        ended: None,
        phase: Phase::Waiting,
        pull: None,
        outcome: None,
        from: None,
        to: None,
        target: Target::Same,
        along: Vec::new(),
        overdue: false,
        log: false,
        kept_until: None,
        compose: None,
    }
}

fn refused() -> UpdateTrouble {
    UpdateTrouble::Step { phase: Phase::Stopping, detail: "no".into() }
}

/// Every way to end, and whether something is left to do.
fn outcomes() -> Vec<(Outcome, bool)> {
    let (trouble, container) = (refused(), "web-old".to_owned());
    let theirs = UpdateTrouble::Interfered { detail: "another container has the name".into() };
    vec![
        (Outcome::Updated, false),
        (Outcome::Unchanged, false),
        (Outcome::Refused { refusal: Refusal::Own }, false),
        (Outcome::Failed { trouble: trouble.clone() }, false),
        (Outcome::RolledBack { trouble: trouble.clone() }, false),
        (Outcome::LeftOver { trouble: trouble.clone(), container: container.clone() }, true),
        (Outcome::Stuck { trouble, container: container.clone() }, true),
        (Outcome::Stuck { trouble: theirs, container }, false),
        (Outcome::RolledBack { trouble: UpdateTrouble::Interrupted }, false),
    ]
}

#[tokio::test]
async fn what_is_under_way_is_found_again_with_its_plan_and_steps() {
    let directory = tempfile::tempdir().unwrap();
    let planned = Operation { phase: Phase::Planning, from: Some("sha256:a".into()), to: Some("sha256:b".into()), ..wished(1) };
    {
        let store = Store::open(directory.path()).await.unwrap();
        let id = begun(&store).await;
        assert_eq!(store.open_operations().await.unwrap(), [Journaled { operation: wished(id), plan: None, steps: Vec::new() }]);
        store.journal_operation(&planned, Some("the plan")).await.unwrap();
        let first = store.begin_step(id, Phase::SettingAside, 0, false, 1000).await.unwrap();
        store.end_step(id, first, 1010, None, Some("the plan, further")).await.unwrap();
        let second = store.begin_step(id, Phase::Stopping, 0, false, 1010).await.unwrap();
        store.end_step(id, second, 1020, Some(&refused()), None).await.unwrap();
        store.begin_step(id, Phase::Stopping, 0, true, 1030).await.unwrap();
        assert_eq!((first, second), (1, 2));
    }
    let store = Store::open(directory.path()).await.unwrap();
    let step = |phase, undo, begun, ended, trouble| JournaledStep { phase, member: 0, undo, begun, ended, trouble };
    let steps = vec![
        step(Phase::SettingAside, false, 1000, Some(1010), None),
        step(Phase::Stopping, false, 1010, Some(1020), Some(refused())),
        step(Phase::Stopping, true, 1030, None, None),
    ];
    let operation = Operation { phase: Phase::Undoing, ..planned };
    let open = Journaled { operation: operation.clone(), plan: Some("the plan, further".into()), steps: steps.clone() };
    assert_eq!(store.open_operations().await.unwrap(), [open]);
    assert_eq!(store.operation(1).await.unwrap(), Some((operation, steps)));
    assert_eq!(store.operation(2).await.unwrap(), None);
}

#[tokio::test]
async fn the_plan_goes_with_the_end_unless_there_is_something_left_to_do() {
    let store = Store::in_memory().await.unwrap();
    for (outcome, open) in outcomes() {
        let id = begun(&store).await;
        store.journal_operation(&wished(id), Some("secrets")).await.unwrap();
        store.end_operation(id, &outcome, 200).await.unwrap();
        let (operation, _) = store.operation(id).await.unwrap().unwrap();
        assert_eq!((operation.outcome.as_ref(), operation.ended), (Some(&outcome), Some(200)));
        let found: Vec<_> = store.open_operations().await.unwrap();
        let expected = open.then(|| (operation, Some("secrets".to_owned())));
        assert_eq!(
            found.into_iter().map(|found| (found.operation, found.plan)).collect::<Vec<_>>(),
            Vec::from_iter(expected),
            "{outcome:?}"
        );
        // taken up and finished
        store.end_operation(id, &Outcome::Updated, 300).await.unwrap();
        assert!(store.open_operations().await.unwrap().is_empty(), "{outcome:?}");
    }
    let plans: i64 = sqlx::query_scalar("SELECT COUNT(plan) FROM operations").fetch_one(&store.readers).await.unwrap();
    assert_eq!(plans, 0);
}

#[tokio::test]
async fn history_is_bounded_and_what_is_open_stays_in_it() {
    let store = Store::in_memory().await.unwrap();
    let running = begun(&store).await;
    store.begin_step(running, Phase::SettingAside, 0, false, 1).await.unwrap();
    let stuck = begun(&store).await;
    store.journal_operation(&wished(stuck), Some("secrets")).await.unwrap();
    store.end_operation(stuck, &Outcome::Stuck { trouble: refused(), container: "web-old".into() }, 1).await.unwrap();
    let first = begun(&store).await;
    store.begin_step(first, Phase::SettingAside, 0, false, 1).await.unwrap();
    store.end_operation(first, &Outcome::Updated, 1).await.unwrap();
    let many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) \
                INSERT INTO operations (host, name, image, asker, begun, ended, phase, outcome) \
                SELECT host, name, image, asker, begun, ended, phase, outcome FROM operations, n WHERE id = $1";
    sqlx::query(many).bind(first).execute(&store.writer).await.unwrap();
    let last = begun(&store).await;
    store.end_operation(last, &Outcome::Unchanged, 2).await.unwrap();
    let kept = store.operations(None, 5000).await.unwrap();
    let ended = kept.iter().filter(|operation| operation.outcome == Some(Outcome::Updated) || operation.id == last).count();
    assert_eq!((kept.len(), ended), (2002, 2000));
    assert_eq!((kept[0].id, kept[2000].id, kept[2001].id), (last, stuck, running));
    let steps: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM operation_steps").fetch_one(&store.readers).await.unwrap();
    assert_eq!(steps, 1, "steps go with their operation");
}

#[tokio::test]
async fn history_is_read_by_image_and_what_is_of_tomorrow_is_left_out() {
    let store = Store::in_memory().await.unwrap();
    let first = begun(&store).await;
    let other = store.begin_operation("local", "cache", "docker.io/library/redis:7", &Target::Same, &Asker::Automatic, 5).await.unwrap();
    let second = begun(&store).await;
    let ids = async |image, limit| store.operations(image, limit).await.unwrap().iter().map(|operation| operation.id).collect::<Vec<_>>();
    assert_eq!(ids(None, 10).await, [second, other, first]);
    assert_eq!(ids(None, 2).await, [second, other]);
    assert_eq!(ids(Some("docker.io/library/nginx:1"), 10).await, [second, first]);
    sqlx::query("UPDATE operations SET phase = '\"of_tomorrow\"' WHERE id = $1").bind(other).execute(&store.writer).await.unwrap();
    assert_eq!(ids(None, 10).await, [second, first]);
    assert_eq!(store.open_operations().await.unwrap().len(), 2);
}

#[tokio::test]
async fn what_was_rolled_back_is_known_by_host_and_name() {
    let store = Store::in_memory().await.unwrap();
    for (n, (outcome, _)) in outcomes().into_iter().enumerate() {
        let id = begun(&store).await;
        store.journal_operation(&Operation { to: Some(format!("sha256:{n}")), ..wished(id) }, None).await.unwrap();
        store.end_operation(id, &outcome, 1).await.unwrap();
    }
    assert_eq!(store.rolled_back("local", "web").await.unwrap(), ["sha256:4", "sha256:6", "sha256:7"]);
    assert!(store.rolled_back("nas", "web").await.unwrap().is_empty());
    assert!(store.rolled_back("local", "cache").await.unwrap().is_empty());
}

#[tokio::test]
async fn switches_are_kept_by_host_and_name() {
    let directory = tempfile::tempdir().unwrap();
    {
        let store = Store::open(directory.path()).await.unwrap();
        for (host, name, on) in
            [("nas", "web", true), ("local", "web", true), ("local", "web", true), ("nas", "web", false), ("nas", "db", false)]
        {
            store.save_switch(host, name, on).await.unwrap();
        }
    }
    let store = Store::open(directory.path()).await.unwrap();
    assert_eq!(store.switches().await.unwrap(), [("local".to_owned(), "web".to_owned())]);
}
