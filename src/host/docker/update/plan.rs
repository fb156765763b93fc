//! Making the plan of an update.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    Relative,
    container::{Container, policy_name, text},
    create_body::{Dialect, Parts, create_body},
    door::Door,
    family::{Use, places},
    refuse::settled,
    steps::{Facts, steps},
    survey::digest_of,
    tagging::retagged,
};
use crate::{
    host::{
        self, Goal, StepError, Stood, Survey,
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
    /// the container that is updated, and behind it those that are recreated with it
    pub(super) members: Vec<Member>,
}

/// One container that is exchanged.
#[expect(clippy::struct_excessive_bools, reason = "each says how the old container was, and they go into the journal")]
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Member {
    /// the id of the old container
    pub(super) old: String,
    /// the name that the old one had and the new one gets
    pub(super) name: String,
    /// the name of the old one while it is set aside
    pub(super) aside: String,
    /// what the new container is started from, as written
    pub(super) reference: String,
    /// the id of the new image
    pub(super) image: String,
    /// how the reference comes to stand for that image
    pub(super) naming: Naming,
    /// what the new container is made of
    pub(super) body: Value,
    /// where the body names another one of the family, whose new id is known only once that was made
    pub(super) uses: Vec<Use>,
    /// the networks that it is connected to after it was made
    pub(super) connects: Vec<Connect>,
    /// the restart policy of the old container
    pub(super) policy: Value,
    /// whether the policy is held back meanwhile
    pub(super) holds: bool,
    /// whether the old container ran
    pub(super) running: bool,
    /// whether it was paused
    pub(super) paused: bool,
    /// whether its Engine removes it when it stops (`--rm`)
    #[serde(default)]
    pub(super) removes: bool,
    /// what to make the old container of again, should it have to come back and be gone: its Engine may have removed it, or somebody who tidied up
    /// what does not run
    pub(super) again: Option<Again>,
    /// the id of the new container, once it was made
    pub(super) made: Option<String>,
}

/// How it is seen to that a new container is of the image that is meant, although Engines make containers from names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Naming {
    /// the name was pulled, and stands for the image. Should the new container not come to stay, the name is to stand again for what it
    /// stood for before
    Pulled {
        /// the id of that image; none where the host did not have the name
        before: Option<String>,
    },
    /// the name is given to the image
    Given,
    /// the name is given to the image while the container is made, and then back: others wait for what it stands for
    Lent,
}

/// What a container is made of once more.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Again {
    /// the id of the image that it was made of
    pub(super) image: String,
    /// what it was started from, as written
    pub(super) reference: String,
    /// the body of the request
    pub(super) body: Value,
    /// the networks that it is connected to afterwards
    pub(super) connects: Vec<Connect>,
}

/// A network that a container is connected to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Connect {
    /// its name
    pub(super) network: String,
    /// what is asked for of it
    pub(super) endpoint: Value,
}

/// Makes the plan; `None` where what it is to become runs already.
pub(super) async fn plan(
    engine: &Engine,
    survey: &Survey,
    goal: &Goal,
    stood: &Stood,
    mark: &str,
) -> Result<Option<host::Plan>, StepError> {
    let door = Door::open(engine).await.map_err(StepError::Away)?;
    let family = now(&door, survey).await?;
    let container = &family[0].container;
    let reference = match goal {
        Goal::Same => container.written().to_owned(),
        Goal::Tag(tag) => retagged(container.written(), tag),
        Goal::Image { reference, .. } => reference.clone(),
    };
    let sought = match goal {
        Goal::Image { id, .. } => id.clone(),
        // in full: Podman asks its configuration what a short name means
        Goal::Same | Goal::Tag(_) => survey.wanted(goal).to_string(),
    };
    let new = door.image(&sought).await.map_err(StepError::Away)?;
    let missing = || StepError::Failed(UpdateTrouble::Pull { detail: format!("the host has no {sought} after the pull") });
    let new = new.ok_or_else(missing)?;
    let image = full_id(text(&new["Id"]));
    if image == container.image_id() && reference == container.written() {
        return Ok(None);
    }
    same_platform(&family[0].image, &new)?;
    let naming = match goal {
        Goal::Same | Goal::Tag(_) => Naming::Pulled { before: stood.image.clone() },
        Goal::Image { .. } => Naming::Given,
    };
    let all: Vec<&Container> = family.iter().map(|relative| &relative.container).collect();
    let mut members = vec![Maker { door: &door, mark, family: &all }.member(&family[0], reference, image, naming)];
    for relative in &family[1..] {
        let (reference, image) = (relative.container.written().to_owned(), relative.container.image_id());
        members.push(Maker { door: &door, mark, family: &all }.member(relative, reference, image, Naming::Lent));
    }
    let facts: Vec<_> = members.iter().map(Member::facts).collect();
    let asides = members.iter().map(|member| member.aside.clone()).collect();
    Ok(Some(host::Plan { steps: steps(&facts), digest: digest_of(survey.reference(), &new), asides, docker: Plan { members } }))
}

/// Makes members of a plan.
struct Maker<'a> {
    door: &'a Door<'a>,
    mark: &'a str,
    family: &'a [&'a Container],
}

impl Maker<'_> {
    fn member(&self, relative: &Relative, reference: String, image: String, naming: Naming) -> Member {
        let Relative { container, image: old, givers } = relative;
        let session = &self.door.session;
        let holds = session.flavour == Flavour::Docker && policy_name(container.policy()) != "no";
        let dialect = Dialect {
            flavour: session.flavour,
            many_networks: session.api >= MANY_NETWORKS,
            holds,
            runtime: session.runtime.as_deref(),
            machine: session.machine.as_deref(),
        };
        let body = |new_image: &str| create_body(Parts { container, image: &old["Config"], new_image, givers, dialect });
        let mut made = body(&image);
        made.body["Image"] = reference.as_str().into();
        let again = body(&container.image_id());
        let again =
            Again { image: container.image_id(), reference: container.written().to_owned(), body: again.body, connects: again.connects };
        Member {
            old: container.id().to_owned(),
            name: container.name().to_owned(),
            aside: aside::aside(container.name(), self.mark),
            reference,
            image,
            naming,
            uses: places(container, self.family),
            body: made.body,
            connects: made.connects,
            policy: container.policy().clone(),
            holds,
            running: container.is_running(),
            paused: container.flag("Paused"),
            removes: container.host()["AutoRemove"].as_bool() == Some(true),
            again: Some(again),
            made: None,
        }
    }
}

impl Member {
    fn facts(&self) -> Facts {
        Facts { running: self.running, paused: self.paused, connects: !self.connects.is_empty(), holds: self.holds }
    }
}

impl Plan {
    /// Writes the ids of new containers into the body of the one that uses them; and those of the old ones into what an old one is made of again.
    pub(super) fn introduce(&mut self, member: usize) {
        let ids: Vec<_> = self.members.iter().map(|member| (member.made.clone(), member.old.clone())).collect();
        let Some(member) = self.members.get_mut(member) else { return };
        for Use { place, provider } in &member.uses {
            let Some((made, old)) = ids.get(*provider) else { continue };
            if let Some(id) = made {
                member.body["HostConfig"][place.as_str()] = format!("container:{id}").into();
            }
            if let Some(again) = &mut member.again {
                again.body["HostConfig"][place.as_str()] = format!("container:{old}").into();
            }
        }
    }
}

/// The containers as they are by now, where they are still those that were looked at: the pull took its time.
async fn now(door: &Door<'_>, survey: &Survey) -> Result<Vec<Relative>, StepError> {
    let interfered = |detail: String| StepError::Failed(UpdateTrouble::Interfered { detail });
    let mut family = Vec::new();
    for seen in &survey.docker.family {
        let (id, name) = (seen.container.id(), seen.container.name());
        let container = door.container(id).await.map_err(StepError::Away)?;
        let container = container.ok_or_else(|| interfered("the container is gone".to_owned()))?;
        if container.name() != name {
            return Err(interfered(format!("the container is called {}", container.name())));
        }
        settled(&container).map_err(|_| interfered(format!("the container is {}", container.status())))?;
        family.push(Relative { container, ..seen.clone() });
    }
    Ok(family)
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
