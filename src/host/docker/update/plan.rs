//! Making the plan of an update.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    Seen,
    container::{Container, policy_name, text},
    create_body::{Dialect, Parts, create_body},
    door::Door,
    refuse::settled,
    steps::{Facts, steps},
    survey::digest_of,
};
use crate::{
    host::{
        self, StepError, Survey,
        docker::{
            Engine, aside,
            images::full_id,
            session::{ApiVersion, Flavour},
        },
    },
    wire::UpdateTrouble,
};

/// Since when a container can be made with several networks.
const MANY_NETWORKS: ApiVersion = ApiVersion::new(1, 44);

/// The Engine's half of a plan. It holds secrets: it goes into the journal alone.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(in crate::host) struct Plan {
    /// the id of the old container
    pub(super) old: String,
    /// the name that the old one had and the new one gets
    pub(super) name: String,
    /// the name of the old one while it is set aside
    pub(super) aside: String,
    /// what the containers are started from, as written
    pub(super) reference: String,
    /// the id of the new image
    pub(super) image: String,
    /// what the new container is made of
    pub(super) body: Value,
    /// the networks that it is connected to after it was made
    pub(super) connects: Vec<Connect>,
    /// the restart policy of the old container
    pub(super) policy: Value,
    /// whether the policy is held back meanwhile
    pub(super) holds: bool,
    /// whether the old container ran
    pub(super) running: bool,
    /// how long the new one must stay up, in milliseconds
    pub(super) grace_ms: u64,
    /// the id of the new container, once it was made
    pub(super) made: Option<String>,
}

/// A network that a container is connected to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Connect {
    /// its name
    pub(super) network: String,
    /// what is asked for of it
    pub(super) endpoint: Value,
}

/// Makes the plan; `None` where what the reference stands for runs already.
pub(super) async fn plan(engine: &Engine, survey: &Survey, mark: &str, grace: Duration) -> Result<Option<host::Plan>, StepError> {
    let door = Door::open(engine).await.map_err(StepError::Away)?;
    // the pull took its time: what the container is by now counts
    let container = door.container(&survey.id).await.map_err(StepError::Away)?;
    let container = unchanged(container, survey)?;
    let reference = container.written().to_owned();
    // in full: Podman asks its configuration what a short name means
    let new = door.image(&survey.reference.to_string()).await.map_err(StepError::Away)?;
    let missing = || StepError::Failed(UpdateTrouble::Pull { detail: format!("the host has no {reference} after the pull") });
    let new = new.ok_or_else(missing)?;
    let image = full_id(text(&new["Id"]));
    if image == container.image_id() {
        return Ok(None);
    }
    let Seen { image: old, .. } = &survey.docker;
    same_platform(old, &new)?;

    let session = &door.session;
    let docker = session.flavour == Flavour::Docker;
    let holds = docker && policy_name(container.policy()) != "no";
    let dialect =
        Dialect { flavour: session.flavour, many_networks: session.api >= MANY_NETWORKS, holds, runtime: session.runtime.as_deref() };
    let made = create_body(Parts { container: &container, image: &old["Config"], new_image: &image, dialect });
    let facts = Facts { running: container.is_running(), connects: !made.connects.is_empty(), holds };
    let docker = Plan {
        old: container.id().to_owned(),
        name: survey.name.clone(),
        aside: aside::aside(&survey.name, mark),
        reference,
        image,
        body: made.body,
        connects: made.connects,
        policy: container.policy().clone(),
        holds,
        running: facts.running,
        grace_ms: u64::try_from(grace.as_millis()).unwrap_or(u64::MAX),
        made: None,
    };
    let digest = digest_of(&survey.reference, &new);
    Ok(Some(host::Plan { steps: steps(facts), digest, aside: docker.aside.clone(), docker }))
}

/// The container, where it is still the one that was looked at, and in a state in which it may be exchanged.
fn unchanged(container: Option<Container>, survey: &Survey) -> Result<Container, StepError> {
    let interfered = |detail: String| StepError::Failed(UpdateTrouble::Interfered { detail });
    let container = container.ok_or_else(|| interfered("the container is gone".to_owned()))?;
    if container.name() != survey.name {
        return Err(interfered(format!("the container is called {}", container.name())));
    }
    settled(&container).map_err(|_| interfered(format!("the container is {}", container.status())))?;
    Ok(container)
}

/// Whether the new image runs where the old one does. Where an Engine does not tell, starting it will.
fn same_platform(old: &Value, new: &Value) -> Result<(), StepError> {
    let platform = |image: &Value| {
        let (os, architecture) = (text(&image["Os"]), text(&image["Architecture"]));
        (!os.is_empty() && !architecture.is_empty()).then(|| format!("{os}/{architecture}"))
    };
    match (platform(new), platform(old)) {
        (Some(image), Some(wanted)) if image != wanted => Err(StepError::Failed(UpdateTrouble::Platform { image, wanted })),
        _ => Ok(()),
    }
}
