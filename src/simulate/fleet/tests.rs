//! The life of the fleet.

use super::{
    life,
    sample::{SAMPLES, Standing},
    start,
};
use crate::{
    image::Reference,
    simulate::engine::{ContainerSpec, tests::client::Client},
};

#[tokio::test]
async fn every_step_of_a_life_succeeds_and_nothing_piles_up() {
    let fleet = start(super::SIZE, false).await.expect("a fleet");
    let images = || fleet.engine.images().len();
    let before = images();
    for step in 0..120 {
        life::happen(&fleet.engine, &fleet.registries, step).unwrap_or_else(|error| panic!("step {step}: {error}"));
    }
    assert_eq!(images(), before, "old images are tidied away");
}

#[tokio::test]
async fn whatever_is_behind_can_be_pulled() {
    let fleet = start(super::SIZE, false).await.expect("a fleet");
    fleet.hurry();
    let client = Client::of(&fleet.engine);
    for sample in SAMPLES.iter().filter(|sample| sample.standing.is_behind()) {
        let reference: Reference = sample.image.parse().expect("a reference");
        let query = format!("fromImage={}&tag={}", reference.name(), reference.tag().unwrap_or("latest"));
        let (lines, whole) = client.pull(&query).await;
        let last = lines.last().and_then(|line| line["status"].as_str()).unwrap_or_default();
        let expected = if matches!(sample.standing, Standing::Recreate | Standing::Partial) { "up to date" } else { "newer image" };
        assert!(whole && last.contains(expected), "{}: {last}", sample.image);
    }
}

#[tokio::test]
async fn one_of_the_newer_images_does_not_run() {
    let fleet = start(super::SIZE, false).await.expect("a fleet");
    fleet.hurry();
    let client = Client::of(&fleet.engine);
    client.pull("fromImage=lscr.io/linuxserver/radarr&tag=latest").await;
    fleet.engine.remove("radarr").expect("it is there");
    fleet.engine.run(ContainerSpec::new("radarr", "lscr.io/linuxserver/radarr:latest").restart("unless-stopped")).expect("it starts");
    let restarts = || fleet.engine.inspect("radarr").expect("it is there")["RestartCount"].as_u64();
    for _ in 0..1000 {
        if restarts() > Some(0) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("it stays up");
}

#[test]
fn something_happens_every_20_to_40_seconds() {
    let pauses: Vec<_> = (0..500).map(|step| life::pause(step).as_secs()).collect();
    assert!(pauses.iter().all(|pause| (20..=40).contains(pause)));
    assert!(pauses.iter().any(|pause| *pause < 25) && pauses.iter().any(|pause| *pause > 35));
}
