//! New containers that do not prove themselves.

use super::*;

/// What comes of an update to an image whose containers do this.
async fn outcome(behaviour: Behaviour, spec: ContainerSpec, grace: Duration) -> (Engine, Result<(), UpdateTrouble>) {
    let (engine, host) = started(Options::default(), spec).await;
    engine.offer(REFERENCE, image(2).behaving(behaviour)).expect("a reference");
    let survey = survey(&host).await;
    pull(&host, &survey).await.expect("the registry has it");
    let mut plan = host.plan(&survey, "17", grace).await.expect("a plan").expect("something to do");
    let outcome = carry_out(&host, &mut plan).await;
    (engine, outcome)
}

/// The container with a health check.
fn checked() -> ContainerSpec {
    web().with(&json!({ "Healthcheck": { "Test": ["CMD", "/check"], "Interval": 1_000_000_000, "Retries": 1 } }))
}

/// Long enough to look in between.
const MOMENT: Duration = Duration::from_millis(50);
/// Longer than anything here takes.
const LONG: Duration = Duration::from_mins(1);

#[tokio::test]
async fn what_fails_is_told_by_its_kind_and_undone() {
    let ends = |after| Behaviour::Ends { code: 3, after };
    for (what, behaviour, spec, expected) in [
        ("it ends at once", ends(Duration::ZERO), web().restart("no"), UpdateTrouble::Ended { code: 3 }),
        ("it ends a little later", ends(MOMENT), web().restart("no"), UpdateTrouble::Ended { code: 3 }),
        ("its health check fails", Behaviour::UnhealthyAfter(MOMENT), checked(), UpdateTrouble::Unhealthy),
    ] {
        let (engine, outcome) = outcome(behaviour, spec, LONG).await;
        assert_eq!(outcome, Err(expected), "{what}");
        assert_eq!((names(&engine), engine.running()), (vec!["web".to_owned()], vec!["web".to_owned()]), "{what}");
        assert_eq!(engine.inspect("web").expect("it is there")["Config"]["Labels"]["version"], "1", "{what}: the old one");
    }
}

#[tokio::test]
async fn what_is_restarted_over_and_over_has_ended() {
    for after in [Duration::ZERO, MOMENT] {
        let (engine, outcome) = outcome(Behaviour::Ends { code: 3, after }, web().restart("always"), LONG).await;
        assert!(matches!(outcome, Err(UpdateTrouble::Ended { .. })), "{outcome:?}");
        assert_eq!(engine.running(), ["web"]);
        assert_eq!(policy_of(&engine, "web")["Name"], "always");
    }
}

#[tokio::test]
async fn what_cannot_be_started_is_told_in_the_engines_words() {
    let (engine, outcome) = outcome(Behaviour::CannotStart, web(), LONG).await;
    let Err(UpdateTrouble::Step { phase: Phase::Starting, detail }) = &outcome else { panic!("{outcome:?}") };
    assert!(detail.contains("OCI runtime create failed"), "{detail}");
    assert_eq!(engine.running(), ["web"]);
}

#[tokio::test]
async fn what_becomes_healthy_is_kept() {
    let (engine, outcome) = outcome(Behaviour::HealthyAfter(MOMENT), checked(), Duration::ZERO).await;
    assert_eq!(outcome, Ok(()));
    let new = engine.inspect("web").expect("it is there");
    assert_eq!((&new["State"]["Health"]["Status"], &new["Config"]["Labels"]["version"]), (&json!("healthy"), &json!("2")));
}

#[tokio::test]
async fn it_must_stay_up_for_the_grace() {
    let grace = Duration::from_millis(400);
    let began = tokio::time::Instant::now();
    let (_engine, outcome) = outcome(Behaviour::Runs, web(), grace).await;
    assert_eq!(outcome, Ok(()));
    assert!(began.elapsed() >= grace);
}
