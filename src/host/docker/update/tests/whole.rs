//! Updates in which nothing goes wrong.

use super::*;
use crate::simulate::engine::State;

#[tokio::test]
async fn everything_but_the_image_stays_as_it_was() {
    for (api, store) in [(41, Store::Classic), (51, Store::Classic), (51, Store::Containerd)] {
        let what = format!("API 1.{api}, {store:?}");
        let (engine, host) = started(Options { api, store, ..Options::default() }, web()).await;
        connect(&engine, "web", "back").await;
        let (old, before, volumes) = (id_of(&engine, "web"), engine.inspect("web").expect("it is there"), engine.volumes());
        assert_eq!(volumes.len(), 1, "{what}: a volume without a name");

        let mut plan = planned(&host).await;
        assert_eq!(plan.digest.as_deref(), Some(Digest::of(&2_u64.to_le_bytes()).as_str()), "{what}");
        assert_eq!(plan.steps.contains(&step(Phase::Connecting)), api < 44, "{what}: {:?}", plan.steps);
        carry_out(&host, &mut plan).await.expect(&what);

        assert_eq!((names(&engine), engine.running()), (vec!["web".to_owned()], vec!["web".to_owned()]), "{what}");
        assert_eq!(engine.volumes(), volumes, "{what}: neither lost nor made");
        let after = engine.inspect("web").expect("it is there");
        let new = id_of(&engine, "web");
        assert_ne!(new, old, "{what}");
        assert_ne!(after["Image"], before["Image"], "{what}");
        assert_eq!(after["Mounts"][0]["Name"], before["Mounts"][0]["Name"], "{what}");
        let without = |told: &Value, part: &str, fields: &[&str]| {
            let mut part = told[part].clone();
            for field in fields {
                part.as_object_mut().expect("a table").remove(*field);
            }
            part
        };
        assert_eq!(without(&after, "HostConfig", &["Binds"]), without(&before, "HostConfig", &["Binds"]), "{what}");
        let changes = ["Env", "Labels", "Hostname", "MacAddress"];
        assert_eq!(without(&after, "Config", &changes), without(&before, "Config", &changes), "{what}");
        assert_eq!(after["Config"]["Hostname"], new[..12], "{what}");
        let environment = after["Config"]["Env"].as_array().expect("a list");
        for pair in ["TZ=UTC", "SECRET=hunter2", "VERSION=2"] {
            assert!(environment.contains(&json!(pair)), "{what}: {pair}");
        }
        assert!(!environment.contains(&json!("VERSION=1")), "{what}: nothing of the old image");
        let labels = json!({ "version": "2", "com.docker.compose.image": after["Image"] });
        assert_eq!(after["Config"]["Labels"], labels, "{what}");
        let networks = after["NetworkSettings"]["Networks"].as_object().expect("a table");
        assert_eq!(networks.keys().collect::<Vec<_>>(), ["back", "front"], "{what}");
        assert_eq!(networks["front"]["IPAddress"], "10.9.0.9", "{what}");
        let aliases = networks["front"]["Aliases"].as_array().expect("a list");
        assert!(aliases.contains(&json!("shop")) && !aliases.contains(&json!(old[..12])), "{what}: {aliases:?}");
    }
}

/// Connects a container to a network, as a person would.
async fn connect(engine: &Engine, container: &str, network: &str) {
    let transport = crate::host::docker::transport::Transport::new(engine.address().parse().expect("an address"));
    let document = json!({ "Container": container });
    let path = format!("/networks/{network}/connect");
    let (method, limit) = (http::Method::POST, crate::host::docker::api::ONE);
    let answer = crate::host::docker::api::send(&transport, method, &path, Some(&document), limit).await.expect("an answer");
    assert!(answer.status.is_success(), "{}", answer.status);
}

#[tokio::test]
async fn what_does_not_run_is_exchanged_and_stays_down() {
    for state in [State::Created, State::Exited(3)] {
        let (engine, host) = started(Options::default(), web().state(state)).await;
        let (old, policy) = (id_of(&engine, "web"), policy_of(&engine, "web"));
        let mut plan = planned(&host).await;
        carry_out(&host, &mut plan).await.expect("an update");
        assert_eq!((names(&engine), engine.running()), (vec!["web".to_owned()], vec![]), "{state:?}");
        assert_ne!(id_of(&engine, "web"), old, "{state:?}");
        assert_eq!(policy_of(&engine, "web"), policy, "{state:?}");
        assert!(!engine.changes().iter().any(|call| call.path.ends_with("/start")), "{state:?}");
    }
}

#[tokio::test]
async fn the_steps_are_taken_in_the_order_that_loses_nothing() {
    let (engine, host) = started(Options { api: 41, ..Options::default() }, web()).await;
    connect(&engine, "web", "back").await;
    let mut plan = planned(&host).await;
    let before = engine.changes().len();
    carry_out(&host, &mut plan).await.expect("an update");
    let (old, new) = (plan.docker.members[0].old.clone(), plan.docker.members[0].made.clone().expect("it was made"));
    let calls: Vec<_> = engine.changes().split_off(before).into_iter().map(|call| format!("{} {}", call.method, call.path)).collect();
    let expected = [
        format!("POST /containers/{old}/rename"),
        "POST /containers/create".to_owned(),
        "POST /networks/back/connect".to_owned(),
        format!("POST /containers/{old}/update"),
        format!("POST /containers/{old}/stop"),
        format!("POST /containers/{new}/start"),
        format!("POST /containers/{new}/update"),
        format!("DELETE /containers/{old}"),
    ];
    assert_eq!(calls, expected);
    for step in plan.steps.clone() {
        if !matches!(step.phase, Phase::SettingAside | Phase::Holding | Phase::Stopping | Phase::Proving) {
            assert_eq!(host.observe(&mut plan, step).await, Ok(Observed::Done), "{step:?}");
        }
    }
}

#[tokio::test]
async fn what_runs_already_needs_no_plan() {
    let (engine, host) = started(Options::default(), web()).await;
    engine.offer(REFERENCE, image(1)).expect("a reference");
    let survey = survey(&host).await;
    assert_eq!(survey.digest.as_deref(), Some(Digest::of(&1_u64.to_le_bytes()).as_str()));
    pull(&host, &survey).await.expect("the registry has it");
    assert!(host.plan(&survey, &Goal::Same, &Stood::default(), "17").await.expect("an answer").is_none());
}

#[tokio::test]
async fn what_would_not_run_is_not_begun() {
    let (engine, host) = started(Options::default(), web()).await;
    engine.offer(REFERENCE, image(2).platform("linux", "arm64")).expect("a reference");
    let survey = survey(&host).await;
    pull(&host, &survey).await.expect("the registry has it");
    let platform = UpdateTrouble::Platform { image: "linux/arm64".into(), wanted: "linux/amd64".into() };
    assert_eq!(host.plan(&survey, &Goal::Same, &Stood::default(), "17").await.err(), Some(StepError::Failed(platform)));

    engine.rename("web", "site").expect("it is there");
    let plan = host.plan(&survey, &Goal::Same, &Stood::default(), "17").await.err();
    assert!(matches!(&plan, Some(StepError::Failed(UpdateTrouble::Interfered { detail })) if detail.contains("site")), "{plan:?}");
    engine.rename("site", "web").expect("it is there");
    engine.remove("web").expect("it is there");
    let plan = host.plan(&survey, &Goal::Same, &Stood::default(), "17").await.err();
    assert!(matches!(&plan, Some(StepError::Failed(UpdateTrouble::Interfered { detail })) if detail.contains("gone")), "{plan:?}");
}

#[tokio::test]
async fn a_plan_is_kept_whole_and_shows_no_secret() {
    let (_engine, host) = started(Options::default(), web()).await;
    let survey = survey(&host).await;
    let mut plan = planned(&host).await;
    let read: Plan = serde_json::from_str(&serde_json::to_string(&plan).expect("a document")).expect("a plan");
    assert!(read == plan, "what the journal keeps is what was planned");
    let shown = format!("{survey:?} {plan:?}");
    assert!(shown.contains("web.plimsoll-17") && !shown.contains("hunter2"), "{shown}");
    up_to(&host, &mut plan, Phase::Creating).await;
    let read: Plan = serde_json::from_str(&serde_json::to_string(&plan).expect("a document")).expect("a plan");
    assert_eq!(read.docker.members[0].made, plan.docker.members[0].made, "with what was made");
}
