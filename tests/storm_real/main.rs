//! A storm: one update after another, each with something that goes wrong. Whatever does, in the end there is one container of the name, in the
//! state that it had, with its volumes, and nothing that was not there.
//!
//! What happens follows from a seed, which is printed: `PLIMSOLL_STORM_SEED` repeats it, as far as time allows. `PLIMSOLL_STORM` is how many updates.

#[path = "../support/cut.rs"]
mod cut;
mod dice;
#[path = "../support/engine.rs"]
mod engine;
#[path = "../support/lab.rs"]
mod lab;
#[path = "../support/served.rs"]
mod served;
#[path = "../support/versions.rs"]
mod versions;
mod victims;
#[path = "../support/way.rs"]
mod way;
mod weather;

use std::{collections::BTreeSet, env, time::Instant};

use serde_json::Value;

use dice::{Dice, Fault, Quality};
use engine::Hands;
use victims::{KINDS, Kind};
use weather::Weather;

/// How many updates, where nothing else is asked for.
const USUAL: usize = 25;

/// Everything that can be left behind.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Belongings {
    containers: BTreeSet<String>,
    volumes: BTreeSet<String>,
    networks: BTreeSet<String>,
    /// the images that no container uses, by id and names
    images: BTreeSet<String>,
}

impl Belongings {
    async fn of(hands: &Hands) -> Self {
        let texts = |list: &Value, field: fn(&Value) -> String| list.as_array().into_iter().flatten().map(field).collect::<BTreeSet<_>>();
        let containers = hands.get("/containers/json?all=1").await;
        let used = texts(&containers, |one| one["ImageID"].to_string());
        let images = hands.get("/images/json").await;
        let idle = images.as_array().into_iter().flatten().filter(|image| !used.contains(&image["Id"].to_string()));
        Self {
            containers: texts(&containers, |one| one["Names"][0].to_string()),
            volumes: texts(&hands.get("/volumes").await["Volumes"], |one| one["Name"].to_string()),
            networks: texts(&hands.get("/networks").await, |one| one["Name"].to_string()),
            images: idle.map(|image| format!("{} {}", image["Id"], image["RepoTags"])).collect(),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_storm_of_faults_loses_or_leaves_anything() {
    const TEST: &str = "no_storm_of_faults_loses_or_leaves_anything";
    let Some(mut weather) = Weather::open(TEST).await else { return };
    let rounds = env::var("PLIMSOLL_STORM").ok().and_then(|text| text.parse().ok()).unwrap_or(USUAL);
    let mut dice = Dice::new();
    let before = Belongings::of(&weather.hands).await;
    let (begun, mut wrong) = (Instant::now(), Vec::new());
    for round in 0..rounds {
        let victim = dice.below(KINDS.len());
        let quality = dice.of(&[Quality::Good, Quality::Good, Quality::Ends, Quality::Unhealthy]);
        let fault = Fault::any(&mut dice);
        // who removes the owner of a network takes it from the others too
        let fault = if KINDS[victim] == Kind::Owner && fault.deed().is_some() { Fault::Nothing } else { fault };
        let started = Instant::now();
        let (outcome, found) = weather.round(victim, &format!("v{round}"), quality, fault).await;
        println!("{round}: {:?} {quality:?} {fault:?}: {outcome}, {} ms", KINDS[victim], started.elapsed().as_millis());
        wrong.extend(found.into_iter().map(|found| format!("{round}: {:?} {quality:?} {fault:?}: {outcome}: {found}", KINDS[victim])));
    }
    println!("{rounds} updates in {} s", begun.elapsed().as_secs());
    // then each can be updated, and with nothing to be kept nothing is left
    for (victim, kind) in KINDS.iter().enumerate() {
        let (outcome, found) = weather.round(victim, "last", Quality::Good, Fault::Nothing).await;
        wrong.extend(found.into_iter().map(|found| format!("last: {kind:?}: {outcome}: {found}")));
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.join("\n"), weather.plimsoll.log());
    let before = weather.renamed(before);
    let same = async || {
        let now = Belongings::of(&weather.hands).await;
        (now == before).then_some(())
    };
    let begun = Instant::now();
    while same().await.is_none() {
        let now = Belongings::of(&weather.hands).await;
        assert!(begun.elapsed() < served::LONG, "before: {before:#?}\nnow: {now:#?}\n{}", weather.plimsoll.log());
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    weather.close().await;
}
