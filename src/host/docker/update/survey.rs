//! Looking at a container before an update. Changes nothing.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{
    Relative, Seen,
    container::{Container, text},
    door::Door,
    family::{dependants, givers},
    own,
    refuse::{Facts, may_be_replaced, refuse},
};
use crate::{
    fleet::Workload,
    host::{
        Endpoint, HostError, Survey, SurveyError,
        docker::{
            Engine, answers, aside,
            images::{self, full_id},
            workload::{self, Dialect, store_by_images, workload},
        },
    },
    image::Reference,
    wire::Refusal,
};

/// Looks at the container called `name`.
pub(super) async fn survey(engine: &Engine, name: &str) -> Result<Survey, SurveyError> {
    let host = SurveyError::Host;
    let door = Door::open(engine).await.map_err(host)?;
    let listed = door.containers().await.map_err(host)?;
    let found = listed.iter().find(|listed| is_called(listed, name));
    let Some(found) = found else {
        let left = listed.iter().any(|listed| names(listed).any(|other| aside::plain(other) == Some(name)));
        return Err(SurveyError::Refused(if left { Refusal::SetAside } else { Refusal::NotFound }));
    };
    let id = text(&found["Id"]);
    let container = door.container(id).await.map_err(host)?.ok_or(SurveyError::Refused(Refusal::NotFound))?;
    let others = listed.iter().map(|listed| text(&listed["Id"])).filter(|other| *other != id).map(str::to_owned);
    let others = door.all(others.collect()).await.map_err(host)?;
    let image = door.image(&container.image_id()).await.map_err(host)?;
    let workload = told(&door, found, &container, image.as_ref()).await.map_err(host)?;
    let facts = Facts { container: &container, workload: &workload, others: &others, own: is_own(engine, &container) };
    let reference = refuse(facts).map_err(SurveyError::Refused)?;
    // without it nobody can tell what of the container came from it
    let missing = || host(door.bad("GET /images/{id}/json", "the image that the container runs is not there any more"));
    let along: Vec<Container> = dependants(&container, &others).into_iter().cloned().collect();
    let everything: Vec<Container> = others.iter().cloned().chain([container.clone()]).collect();
    let digest = digest(&workload);
    let givers = |to: &Container| givers(to, &everything).cloned().collect();
    let mut family = vec![Relative { image: image.ok_or_else(missing)?, givers: givers(&container), container }];
    for dependant in along {
        let rest: Vec<Container> = everything.iter().filter(|other| other.id() != dependant.id()).cloned().collect();
        may_be_replaced(&dependant, &rest, is_own(engine, &dependant))
            .map_err(|_| SurveyError::Refused(Refusal::SharedBy { name: dependant.name().to_owned() }))?;
        let image = door.image(&dependant.image_id()).await.map_err(host)?.ok_or_else(missing)?;
        family.push(Relative { image, givers: givers(&dependant), container: dependant });
    }
    let (image, written) = (family[0].container.image_id(), family[0].container.written().to_owned());
    let along = family[1..].iter().map(|one| one.container.name().to_owned()).collect();
    Ok(Survey { name: name.to_owned(), digest, along, image, written, docker: Seen { reference, family } })
}

/// Whether Plimsoll runs in the container, or reaches its Engine through it.
fn is_own(engine: &Engine, container: &Container) -> bool {
    own::is_own(container.id(), |path| std::fs::read_to_string(path).ok()) || carries(engine, container)
}

/// A reference in full: Podman asks its configuration what a short name means.
pub(super) fn full_name(reference: &Reference) -> String {
    reference.to_string()
}

/// The container as the inventory tells of it.
async fn told(door: &Door<'_>, listed: &Value, container: &Container, image: Option<&Value>) -> Result<Workload, HostError> {
    let named = match container.written().parse::<Reference>() {
        Ok(reference) if reference.digest().is_none() => door.image(&reference.to_string()).await?,
        _ => None,
    };
    let read = |image: &Value| images::Facts::from(lax::<answers::Image>(image));
    let (image, named) = (image.map(read), named.as_ref().map(read));
    let store = door.session.store.or_else(|| store_by_images(&image));
    let dialect = Dialect { flavour: door.session.flavour, store };
    let listed: answers::Listed = lax(listed);
    let seen = workload::Seen { listed: &listed, written: container.written(), health: None, image: image.as_ref(), named: named.as_ref() };
    Ok(workload(dialect, seen))
}

/// The digest that stands for what it runs: in containerd's store its id, else any that was recorded.
pub(super) fn digest(workload: &Workload) -> Option<String> {
    let local = &workload.local;
    local.digests.iter().find(|digest| digest.as_str() == local.id).or(local.digests.first()).map(ToString::to_string)
}

/// The digests of `image` in the repository of `reference`, most telling first.
pub(super) fn digest_of(reference: &Reference, image: &Value) -> Option<String> {
    let id = full_id(text(&image["Id"]));
    let recorded = super::container::list(&image["RepoDigests"]).iter().filter_map(|text| text.as_str()?.parse::<Reference>().ok());
    let digests: BTreeMap<bool, String> = recorded
        .filter(|recorded| recorded.name() == reference.name())
        .filter_map(|recorded| recorded.digest().map(ToString::to_string))
        .map(|digest| (digest != id, digest))
        .collect();
    digests.into_values().next()
}

/// Whether the connection to the Engine goes through the container.
fn carries(engine: &Engine, container: &Container) -> bool {
    match engine.shared.transport.endpoint() {
        Endpoint::Unix(_) | Endpoint::Ssh(_) => false,
        Endpoint::Tcp { host, .. } | Endpoint::Tls { host, .. } => own::carries(host, container),
    }
}

fn names(listed: &Value) -> impl Iterator<Item = &str> {
    super::container::list(&listed["Names"]).iter().map(|name| text(name).trim_start_matches('/'))
}

fn is_called(listed: &Value, name: &str) -> bool {
    names(listed).any(|own| own == name)
}

/// Reads a document of which anything may be missing.
fn lax<T: DeserializeOwned + Default>(document: &Value) -> T {
    T::deserialize(document).unwrap_or_default()
}
