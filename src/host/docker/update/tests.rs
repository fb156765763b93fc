//! Against the simulated Engine: whole updates, and what is left when single calls of them go wrong.

use std::{pin::pin, time::Duration};

use futures_util::StreamExt;
use serde_json::{Value, json};

use crate::{
    host::{Goal, Host, Observed, Plan, Probe, Standing, Step, StepError, Stood, Survey, SurveyError},
    image::Digest,
    simulate::engine::{Behaviour, ContainerSpec, Engine, Fault, Image, On, Options, Store},
    wire::{self, Phase, UpdateTrouble},
};

mod faults;
mod pulls;
mod refusals;
mod whole;

/// What the container is started from.
const REFERENCE: &str = "nginx:1.27";

/// An image whose version is `seed`.
fn image(seed: u64) -> Image {
    let settings = json!({ "Env": ["PATH=/bin", format!("VERSION={seed}")], "Volumes": { "/data": {} }, "ExposedPorts": { "80/tcp": {} } });
    Image::pulled(Digest::of(&seed.to_le_bytes())).with(&settings).label("version", seed.to_string())
}

/// A container with two networks, a published port, a restart policy and a volume without a name.
fn web() -> ContainerSpec {
    ContainerSpec::new("web", REFERENCE)
        .with(&json!({
            "Env": ["TZ=UTC", "SECRET=hunter2"],
            "HostConfig": {
                "NetworkMode": "front",
                "PortBindings": { "80/tcp": [{ "HostIp": "127.0.0.1", "HostPort": "8080" }] },
                "RestartPolicy": { "Name": "on-failure", "MaximumRetryCount": 3 },
            },
            "NetworkingConfig": { "EndpointsConfig": { "front": {
                "IPAMConfig": { "IPv4Address": "10.9.0.9" }, "Aliases": ["shop"],
            } } },
        }))
        .label("com.docker.compose.image", "sha256:stale")
}

/// An Engine on which `web` of the first image was started, and whose registry has the second.
async fn started(options: Options, spec: ContainerSpec) -> (Engine, Host) {
    let engine = Engine::start(options).await.expect("a free port");
    let host = Host::new("test", engine.address().parse().expect("an address"));
    engine.pull(REFERENCE, image(1)).expect("a reference");
    engine.network("front", Some(([10, 9, 0, 0].into(), 24)));
    engine.network("back", None);
    engine.run(spec).expect("the image is there");
    engine.offer(REFERENCE, image(2)).expect("a reference");
    (engine, host)
}

async fn survey(host: &Host) -> Survey {
    host.survey("web").await.expect("nothing is against it")
}

/// Pulls to the end, and answers every state that was told.
async fn pull(host: &Host, survey: &Survey) -> Result<Vec<wire::Pull>, UpdateTrouble> {
    let mut pull = pin!(host.pull(survey.reference(), None));
    let mut states = Vec::new();
    while let Some(state) = pull.next().await {
        states.push(state?);
    }
    Ok(states)
}

/// The plan of an update to what the registry has.
async fn planned(host: &Host) -> Plan {
    let survey = survey(host).await;
    pull(host, &survey).await.expect("the registry has it");
    plan(host, &survey).await.expect("something to do")
}

/// What is planned for a goal that is pulled already.
async fn plan(host: &Host, survey: &Survey) -> Option<Plan> {
    host.plan(survey, &Goal::Same, &Stood::default(), "17").await.expect("a plan")
}

/// Takes all steps; where one fails, undoes them. Answers why it failed. An Engine that is away is asked again, a few times.
async fn carry_out(host: &Host, plan: &mut Plan) -> Result<(), UpdateTrouble> {
    for step in plan.steps.clone() {
        let mut taken = insist(async || host.clone().apply(&mut *plan, step).await).await;
        if step.phase == Phase::Proving
            && let Ok(Probe { standing: Standing::Failed(trouble), .. }) = host.probe(plan).await
        {
            taken = Err(trouble);
        }
        if let Err(trouble) = taken {
            for step in plan.steps.clone().into_iter().rev() {
                insist(async || host.clone().undo(&mut *plan, step).await).await.expect("undone");
            }
            return Err(trouble);
        }
    }
    Ok(())
}

/// Tries again while the Engine is away.
async fn insist(mut attempt: impl AsyncFnMut() -> Result<(), StepError>) -> Result<(), UpdateTrouble> {
    let mut last = None;
    for _ in 0..5 {
        match attempt().await {
            Ok(()) => return Ok(()),
            Err(StepError::Failed(trouble)) => return Err(trouble),
            Err(StepError::Away(error)) => last = Some(error),
        }
    }
    panic!("still away: {last:?}");
}

/// Takes the steps up to `last`.
async fn up_to(host: &Host, plan: &mut Plan, last: Phase) {
    for step in plan.steps.clone().into_iter().take_while(|step| step.phase <= last) {
        host.apply(plan, step).await.unwrap_or_else(|error| panic!("{step:?}: {error:?}"));
    }
}

/// A step of the container itself.
fn step(phase: Phase) -> Step {
    Step { phase, member: 0 }
}

/// The id of a container.
fn id_of(engine: &Engine, name: &str) -> String {
    engine.inspect(name).expect(name)["Id"].as_str().expect("an id").to_owned()
}

fn policy_of(engine: &Engine, name: &str) -> Value {
    engine.inspect(name).expect(name)["HostConfig"]["RestartPolicy"].clone()
}

fn names(engine: &Engine) -> Vec<String> {
    engine.containers().into_iter().map(|(name, _)| name).collect()
}
