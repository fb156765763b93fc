//! A life of its own: now and then something small happens, and every round ends about where it began.

use std::{collections::BTreeMap, time::Duration};

use tokio::time::sleep;

use super::{
    plant::{self, NEW},
    sample::{Berth, SAMPLES, Sample},
};
use crate::{
    image::Reference,
    simulate::{
        engine::{ContainerSpec, Engine, EngineError, Health, Image},
        registry::Registry,
    },
};

/// Whose image is rebuilt, pulled and put to use, one a round.
const REBUILT: [&str; 4] = ["grafana", "sonarr", "prometheus", "homeassistant"];

/// How many things happen in a round.
const ROUND: u64 = 10;

/// The container that comes and goes.
const VISITOR: &str = "nightly-export";

/// Lets things happen, for ever.
pub(super) async fn live(engine: Engine, registries: BTreeMap<&'static str, Registry>) {
    for step in 0.. {
        sleep(pause(step)).await;
        // whoever tries the demo out may have removed what a step is about: then it is left out
        let _ = happen(&engine, &registries, step);
    }
}

/// How long nothing happens before a step: 20 to 40 seconds, not always the same.
pub(super) fn pause(step: u64) -> Duration {
    Duration::from_millis(20_000 + step.wrapping_mul(7_919) % 20_001)
}

/// Does one step.
pub(super) fn happen(engine: &Engine, registries: &BTreeMap<&'static str, Registry>, step: u64) -> Result<(), EngineError> {
    let round = step / ROUND;
    let chosen = REBUILT[usize::try_from(round).unwrap_or_default() % REBUILT.len()];
    // no two rounds push the same
    let seed = NEW + 1 + round;
    match step % ROUND {
        0 => engine.health("pihole", Health::Healthy),
        1 => engine.restart("mosquitto"),
        2 => rebuild(engine, registries, chosen, seed),
        3 => engine.health("immich_server", Health::Unhealthy),
        4 => engine.run(ContainerSpec::new(VISITOR, "redis:7-alpine")).map(drop),
        5 => engine.health("immich_server", Health::Healthy),
        6 => engine.restart("pihole"),
        7 => pull(engine, chosen, seed),
        8 => engine.remove(VISITOR),
        _ => recreate(engine, chosen),
    }
}

/// What is known of a sample by the name of one of its containers.
struct Known {
    reference: Reference,
    sample: &'static Sample,
    berth: Berth<'static>,
}

impl Known {
    fn of(name: &str) -> Result<Self, EngineError> {
        let missing = || EngineError::NoContainer(name.to_owned());
        let found = SAMPLES.iter().find_map(|sample| sample.berths.iter().find(|berth| berth.name == name).map(|berth| (sample, berth)));
        let (sample, berth) = found.ok_or_else(missing)?;
        let reference = sample.image.parse().map_err(|_| EngineError::Reference(sample.image.to_owned()))?;
        Ok(Self { reference, sample, berth: *berth })
    }

    fn content(&self, seed: u64) -> Image {
        plant::content(&self.reference, self.sample.source, self.sample.berths, seed)
    }
}

/// Somebody pushes a new image under the same tag.
fn rebuild(engine: &Engine, registries: &BTreeMap<&'static str, Registry>, name: &str, seed: u64) -> Result<(), EngineError> {
    let known = Known::of(name)?;
    if let Some(registry) = registries.get(known.reference.registry()) {
        registry.push(known.reference.repository(), known.reference.tag().unwrap_or("latest"), seed);
    }
    engine.offer(known.sample.image, plant::offer(known.content(seed)))
}

/// Somebody pulls it by hand.
fn pull(engine: &Engine, name: &str, seed: u64) -> Result<(), EngineError> {
    let known = Known::of(name)?;
    engine.pull(known.sample.image, known.content(seed)).map(drop)
}

/// Somebody puts it to use and tidies up.
fn recreate(engine: &Engine, name: &str) -> Result<(), EngineError> {
    let known = Known::of(name)?;
    engine.remove(name)?;
    engine.run(known.berth.spec(known.sample.image).aged(Duration::ZERO))?;
    engine.prune();
    Ok(())
}
