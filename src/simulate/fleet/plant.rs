//! Puts a fleet where it belongs: images into registries, images and containers onto the Engine.

use std::time::Duration;

use super::{
    Fleet,
    filler::filler,
    sample::{Berth, SAMPLES, Standing, TAGS},
};
use crate::{
    image::Reference,
    simulate::{
        engine::{Behaviour, ContainerSpec, EngineError, Health, Image, Offer},
        registry::{Fault, Registry, RetryAfter, Scope, created_of, digest_of},
    },
};

/// The content that the host has from long ago.
const OLD: u64 = 1;

/// What was pushed since.
pub(super) const NEW: u64 = 2;

/// What other tags stand for, from here upwards.
const OTHERS: u64 = 20;

/// The container whose newest image does not run: its update is rolled back.
const BROKEN: &str = "radarr";

/// How long health checks take.
const CHECKED: Duration = Duration::from_secs(4);

/// How long the registry that wants fewer requests wants to be left alone, in seconds.
const PATIENCE: u32 = 1800;

/// Puts `size` images there, with all that run them.
pub(super) fn plant(fleet: &Fleet, size: u32) -> Result<(), EngineError> {
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    for sample in SAMPLES.iter().take(size) {
        one(fleet, sample.image, sample.standing, sample.source, sample.berths)?;
    }
    for number in SAMPLES.len()..size {
        let filler = filler(number);
        let berths: Vec<Berth> = filler
            .berths
            .iter()
            .map(|(name, hours)| Berth {
                name,
                compose: Some((&filler.project, name)),
                state: filler.state,
                health: filler.health,
                hours: *hours,
            })
            .collect();
        one(fleet, &filler.image, filler.standing, Some(&filler.source), &berths)?;
    }
    Ok(())
}

/// One image and the containers that run it.
fn one(fleet: &Fleet, image: &str, standing: Standing, source: Option<&str>, berths: &[Berth<'_>]) -> Result<(), EngineError> {
    let engine = &fleet.engine;
    let reference: Reference = image.parse().map_err(|_| EngineError::Reference(image.to_owned()))?;
    let repository = reference.repository();
    let content = |seed| content(&reference, source, berths, seed);
    if standing.is_behind() {
        engine.offer(image, offer(content(NEW)))?;
    }
    for tag in newer_tags(&reference) {
        engine.offer(&format!("{}:{tag}", reference.familiar_name()), offer(content(OTHERS)))?;
    }
    if let Some(registry) = fleet.registries.get(reference.registry()) {
        publish(registry, &reference, standing);
    }
    let mut written = image.to_owned();
    match standing {
        Standing::Built => {
            engine.build(image, labelled(Image::built(image), &reference, source))?;
        }
        Standing::BareId => written = engine.pull(image, content(OLD))?,
        Standing::Pinned => {
            written = format!("{image}@{}", digest_of(repository, OLD));
            engine.pull(&written, content(OLD))?;
        }
        _ => {
            engine.pull(image, content(OLD))?;
        }
    }
    let (last, others) = match berths.split_last() {
        Some((last, others)) if standing == Standing::Partial => (Some(last), others),
        _ => (None, berths),
    };
    for berth in others {
        engine.run(berth.spec(&written))?;
    }
    if matches!(standing, Standing::Recreate | Standing::Partial) {
        engine.pull(image, content(NEW))?;
    }
    if standing == Standing::BareId {
        engine.untag(image)?;
    }
    last.map_or(Ok(()), |berth| engine.run(berth.spec(&written)).map(drop))
}

/// What the registry has of it, and how it answers.
fn publish(registry: &Registry, reference: &Reference, standing: Standing) {
    let (repository, tag) = (reference.repository(), reference.tag().unwrap_or("latest"));
    match standing {
        Standing::Gone | Standing::Built | Standing::BareId | Standing::Refused => return,
        Standing::Private => registry.hide(repository),
        Standing::Limited => {
            registry.fault(Scope::repository(repository), Fault::TooMany(RetryAfter::Seconds(PATIENCE)));
        }
        _ => {}
    }
    registry.push(repository, tag, OLD);
    if standing.is_behind() {
        registry.push(repository, tag, NEW);
    }
    registry.push_all(repository, newer_tags(reference).iter().map(|tag| (*tag).to_owned()), OTHERS);
}

/// What other tags the repository has.
fn newer_tags(reference: &Reference) -> &'static [&'static str] {
    TAGS.iter().find(|(image, _)| image.parse().as_ref() == Ok(reference)).map_or(&[], |(_, tags)| tags)
}

/// What a seed gives under a reference, and how its containers do. The newest of one of them does not run.
pub(super) fn content(reference: &Reference, source: Option<&str>, berths: &[Berth<'_>], seed: u64) -> Image {
    let image = Image::pulled(digest_of(reference.repository(), seed)).created(created_of(seed));
    let image = labelled(image, reference, source);
    if seed >= NEW && berths.iter().any(|berth| berth.name == BROKEN) {
        return image.behaving(Behaviour::Ends { code: 1, after: Duration::from_secs(2) });
    }
    image.behaving(match berths.iter().find_map(|berth| berth.health) {
        Some(Health::Starting) => Behaviour::NeverHealthy,
        Some(Health::Unhealthy) => Behaviour::UnhealthyAfter(CHECKED),
        Some(Health::Healthy) | None => Behaviour::HealthyAfter(CHECKED),
    })
}

/// What a registry has: it comes within some seconds.
pub(super) fn offer(image: Image) -> Offer {
    let takes = Duration::from_millis(4_000 + image.size % 4_000);
    Offer::of(image).taking(takes)
}

/// The labels that builders put onto images.
fn labelled(image: Image, reference: &Reference, source: Option<&str>) -> Image {
    let Some(source) = source else { return image };
    let title = reference.repository().rsplit('/').next().unwrap_or_default();
    image.label("org.opencontainers.image.source", source).label("org.opencontainers.image.title", title)
}

impl Berth<'_> {
    /// The container, as it was made long ago.
    pub(super) fn spec(&self, image: &str) -> ContainerSpec {
        let spec = ContainerSpec::new(self.name, image).state(self.state).aged(Duration::from_secs(u64::from(self.hours) * 3600));
        let mut spec = spec.restart("unless-stopped");
        spec.health = self.health;
        match self.compose {
            Some((project, service)) => spec.compose(project, service),
            None => spec,
        }
    }
}
