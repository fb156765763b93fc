//! What a survey refuses, on an Engine with all of it.

use super::*;
use crate::{simulate::engine::State, wire::Refusal};

#[tokio::test]
async fn what_may_not_be_updated_is_refused_with_the_reason() {
    let (engine, host) = started(Options::default(), web()).await;
    let run = |spec: ContainerSpec| engine.run(spec).expect("the image is there");
    let of = |name: &str| ContainerSpec::new(name, REFERENCE);
    let with_host = |name: &str, host: Value| of(name).with(&json!({ "HostConfig": host }));
    engine.build("mine:dev", Image::built("mine")).expect("a reference");
    let vpn = run(of("vpn"));
    run(with_host("app", json!({ "NetworkMode": format!("container:{vpn}") })));
    run(of("shell"));
    run(with_host("debug", json!({ "PidMode": "container:shell" })).label("PODMAN_SYSTEMD_UNIT", "debug.service"));
    let gone = run(of("gone"));
    run(with_host("orphan", json!({ "PidMode": format!("container:{gone}") })).state(State::Created));
    engine.remove("gone").expect("it is there");
    run(with_host("once", json!({ "AutoRemove": true })));
    run(of("task").label("com.docker.swarm.task.id", "x"));
    run(of("unit").label("PODMAN_SYSTEMD_UNIT", "unit.service"));
    run(of("paused").state(State::Paused));
    run(of("crashing").restart("always").state(State::Restarting(1)));
    run(ContainerSpec::new("mine", "mine:dev"));
    run(of("moved.plimsoll-3"));
    let pinned = format!("nginx@{}", Digest::of(&1_u64.to_le_bytes()));
    run(ContainerSpec::new("pinned", &pinned));
    let id = engine.inspect("vpn").expect("it is there")["Image"].as_str().expect("an id").to_owned();
    run(ContainerSpec::new("by-id", &id));

    for (name, expected) in [
        ("web", None),
        ("nobody", Some(Refusal::NotFound)),
        ("we", Some(Refusal::NotFound)),
        (&vpn[..12], Some(Refusal::NotFound)),
        ("vpn", None),
        ("app", None),
        ("orphan", Some(Refusal::SharesNamespace { with: gone.clone() })),
        ("shell", Some(Refusal::SharedBy { name: "debug".into() })),
        ("once", None),
        ("task", Some(Refusal::SwarmTask)),
        ("unit", Some(Refusal::Quadlet { unit: "unit.service".into() })),
        ("paused", None),
        ("crashing", None),
        ("mine", Some(Refusal::LocalBuild)),
        ("moved", Some(Refusal::SetAside)),
        ("moved.plimsoll-3", Some(Refusal::SetAside)),
        ("pinned", Some(Refusal::Pinned)),
        ("by-id", Some(Refusal::NoReference)),
    ] {
        let refusal = match host.survey(name).await {
            Ok(survey) => {
                assert_eq!((survey.name.as_str(), survey.reference().to_string().as_str()), (name, "docker.io/library/nginx:1.27"));
                None
            }
            Err(SurveyError::Refused(refusal)) => Some(refusal),
            Err(SurveyError::Host(error)) => panic!("{name}: {error}"),
        };
        assert_eq!(refusal, expected, "{name}");
    }
    assert!(engine.changes().is_empty(), "nothing was touched");
}
