//! The life of the fleet.

use super::{life, start};

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

#[test]
fn something_happens_every_20_to_40_seconds() {
    let pauses: Vec<_> = (0..500).map(|step| life::pause(step).as_secs()).collect();
    assert!(pauses.iter().all(|pause| (20..=40).contains(pause)));
    assert!(pauses.iter().any(|pause| *pause < 25) && pauses.iter().any(|pause| *pause > 35));
}
