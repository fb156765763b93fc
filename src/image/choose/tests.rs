//! What is chosen of what there is.

mod properties;

use std::collections::{BTreeMap, BTreeSet};

use super::{Around, Choice, UNEXPLAINED_MAX, choose};
use crate::{
    image::{Details, Digest, Platform, PlatformImage, Policy, outlook::outlook},
    wire::{Doubt, Level, WhyNot},
};

/// A day, in seconds.
const DAY: i64 = 24 * 3600;

/// Now.
const NOW: i64 = 1_800_000_000;

/// What is known in a test.
#[derive(Default)]
struct World {
    platforms: BTreeSet<Platform>,
    details: BTreeMap<String, Details>,
    running_since: Option<i64>,
}

impl World {
    /// The choice for `current` among `tags`.
    fn choose(&self, current: &str, tags: &str, policy: &Policy) -> Choice {
        let around = Around { platforms: &self.platforms, details: &self.details, running_since: self.running_since, now: NOW };
        choose(&outlook(current, tags.split(' ')), policy, around)
    }

    /// Knows of a tag: how many days ago it was made, and for what.
    fn knows(mut self, tag: &str, days: Option<i64>, platforms: &str) -> Self {
        let digest = Digest::of(tag.as_bytes());
        let image = |platform| PlatformImage { platform, manifest: digest.clone(), config: None, size: Some(7) };
        let platforms = platforms.split_whitespace().map(|name| image(platform(name))).collect();
        let created = days.map(|days| NOW - days * DAY);
        self.details.insert(tag.to_owned(), Details { digest: digest.clone(), platforms, created, version: None });
        self
    }

    /// The running image is so many days old.
    fn runs_since(mut self, days: i64) -> Self {
        self.running_since = Some(NOW - days * DAY);
        self
    }

    /// The fleet has such a platform.
    fn with_platform(mut self, name: &str) -> Self {
        self.platforms.insert(platform(name));
        self
    }
}

/// Linux on an architecture.
fn platform(architecture: &str) -> Platform {
    Platform { os: "linux".to_owned(), architecture: architecture.to_owned(), variant: None }
}

/// A policy that follows a level.
fn follow(level: Level) -> Policy {
    Policy { follow: Some(level), ..Policy::default() }
}

/// The candidates between spaces, the offered one with `!`.
fn shown(choice: &Choice) -> String {
    let mark = |offered| if offered { "!" } else { "" };
    choice.candidates.iter().map(|candidate| format!("{}{}", candidate.tag, mark(candidate.offered))).collect::<Vec<_>>().join(" ")
}

/// What was passed over, and why.
fn passed(choice: &Choice) -> Vec<(&str, WhyNot)> {
    choice.passed_over.iter().map(|passed| (passed.tag.as_str(), passed.why.clone())).collect()
}

#[test]
fn the_policy_says_which_candidate_is_offered() {
    let tags = "1.2.3 1.2.4 1.2.5 1.3.0 2.0.1 3.1.0 3.0.0 4.0.0";
    let cases = [
        (None, "1.2.5 1.3.0 2.0.1 3.1.0 4.0.0"),
        (Some(Level::Patch), "1.2.5! 1.3.0 2.0.1 3.1.0 4.0.0"),
        (Some(Level::Minor), "1.2.5 1.3.0! 2.0.1 3.1.0 4.0.0"),
        (Some(Level::Major), "1.2.5 1.3.0 2.0.1 3.1.0 4.0.0!"),
    ];
    for (level, expected) in cases {
        let choice = World::default().choose("1.2.3", tags, &Policy { follow: level, ..Policy::default() });
        assert_eq!(shown(&choice), expected);
        assert_eq!(choice.unexplained, ["1.2.5", "1.3.0", "4.0.0"], "the steps between are not asked about");
    }
    // where nothing of the level is there, the next lower
    assert_eq!(shown(&World::default().choose("1.2.3", "1.2.5 2.0.0", &follow(Level::Minor))), "1.2.5! 2.0.0");
}

#[test]
fn every_major_step_is_listed() {
    // row 56 of the table: some programs forbid to leave one out
    let choice = World::default().choose("28.0.9-apache", "28.0.9-apache 29.0.8-apache 29.0.1-apache 30.0.1-apache", &Policy::default());
    assert_eq!(shown(&choice), "29.0.8-apache 30.0.1-apache");
    // days are no steps
    assert_eq!(shown(&World::default().choose("2024-01-01", "2024-02-01 2025-01-01", &Policy::default())), "2025-01-01");
}

#[test]
fn what_is_not_there_for_every_platform_of_the_fleet_is_passed_over() {
    // row 20 of the table
    let world = || World::default().with_platform("arm64").knows("1.2.4", Some(1), "amd64");
    let missing = WhyNot::NoPlatform { platform: "linux/arm64".to_owned() };
    let choice = world().choose("1.2.3", "1.2.3 1.2.4", &follow(Level::Major));
    assert_eq!((shown(&choice).as_str(), passed(&choice)), ("", vec![("1.2.4", missing.clone())]));
    // the next lower of its level is taken, once something is known of it
    let tags = "1.2.3 1.2.4 1.2.5";
    let world = world().knows("1.2.5", Some(1), "amd64 arm");
    assert_eq!(shown(&world.choose("1.2.2", tags, &follow(Level::Patch))), "1.2.3!");
    let choice = world.choose("1.2.2", tags, &follow(Level::Patch));
    assert_eq!((passed(&choice), choice.unexplained.clone()), (vec![("1.2.5", missing)], vec!["1.2.3".to_owned()]));
    let both = World::default().with_platform("arm64").with_platform("amd64").knows("1.2.4", Some(1), "amd64 arm64");
    let choice = both.choose("1.2.3", "1.2.4", &follow(Level::Patch));
    assert_eq!((shown(&choice).as_str(), choice.candidates[0].size, choice.unexplained.len()), ("1.2.4!", Some(7), 0));
    // a registry that does not say is no reason
    let silent = World::default().with_platform("arm64").knows("1.2.4", None, "");
    assert_eq!(shown(&silent.choose("1.2.3", "1.2.4", &follow(Level::Patch))), "1.2.4!");
}

#[test]
fn what_is_in_doubt_needs_both_dates() {
    let doubt = WhyNot::Unconfirmed { doubt: Doubt::CounterRestarted };
    let (current, tags) = ("v1.0.20210914-ls99", "v1.0.20210914-ls6 v1.0.20210914-ls126");
    let newer = "v1.0.20210914-ls126";
    let choose = |world: World| {
        let choice = world.choose(current, tags, &follow(Level::Major));
        (shown(&choice), choice.passed_over.first().map(|passed| passed.why.clone()), choice.unexplained)
    };
    assert_eq!(choose(World::default().runs_since(10)), (String::new(), Some(doubt.clone()), vec![newer.to_owned()]));
    assert_eq!(choose(World::default().runs_since(10).knows(newer, None, "")), (String::new(), Some(doubt.clone()), vec![]));
    assert_eq!(choose(World::default().knows(newer, Some(5), "")), (String::new(), Some(doubt), vec![]));
    assert_eq!(choose(World::default().runs_since(10).knows(newer, Some(5), "")), (format!("{newer}!"), None, vec![]));
    assert_eq!(choose(World::default().runs_since(10).knows(newer, Some(11), "")), (String::new(), Some(WhyNot::Older), vec![]));
}

#[test]
fn what_is_much_older_than_what_runs_is_passed_over() {
    let choose = |days| {
        let choice = World::default().runs_since(10).knows("1.3.0", Some(days), "").choose("1.2.3", "1.3.0", &follow(Level::Minor));
        (shown(&choice), passed(&choice).first().map(|(_, why)| why.clone()))
    };
    assert_eq!(choose(9), ("1.3.0!".to_owned(), None));
    assert_eq!(choose(39), ("1.3.0!".to_owned(), None), "old tags are made anew");
    assert_eq!(choose(41), (String::new(), Some(WhyNot::Older)));
    assert_eq!(choose(NOW / DAY), ("1.3.0!".to_owned(), None), "1970 is no date but a reproducible build");
}

#[test]
fn wishes_about_tags_hold() {
    let tags = "16.9.0 16.9.1 17.0.0 17.1.0 18.0.0 18.0.1-rc1";
    let pattern = |text: &str| Some(text.parse().unwrap());
    let major = || follow(Level::Major);
    let bound = WhyNot::NotBelow { bound: "18".to_owned() };
    let rc = ("18.0.1-rc1", WhyNot::Prerelease);
    let cases = [
        (major(), "16.9.1 17.1.0 18.0.0!", vec![rc.clone()]),
        (Policy { below: Some("18".to_owned()), ..major() }, "16.9.1 17.1.0!", vec![("18.0.0", bound)]),
        (Policy { ignore: vec!["18.0.0".to_owned()], ..major() }, "16.9.1 17.1.0!", vec![("18.0.0", WhyNot::Ignored), rc.clone()]),
        (Policy { exclude: pattern(r"^17|rc"), ..major() }, "16.9.1 18.0.0!", vec![]),
        (Policy { exclude: pattern(r"^18\.0\.0$"), ..major() }, "16.9.1 17.1.0!", vec![("18.0.0", WhyNot::Excluded), rc.clone()]),
        (Policy { include: pattern(r"\.0\.0$"), ..major() }, "17.0.0 18.0.0!", vec![("16.9.1", WhyNot::NotIncluded)]),
        (Policy { pin: true, ..major() }, "", vec![]),
        (Policy { enable: false, ..major() }, "", vec![]),
    ];
    for (policy, candidates, expected) in cases {
        let choice = World::default().choose("16.9.0", tags, &policy);
        assert_eq!((shown(&choice).as_str(), passed(&choice)), (candidates, expected), "{policy:?}");
    }
}

#[test]
fn a_bound_is_a_number_not_a_text() {
    let below = |bound: &str, tags: &str| {
        shown(&World::default().choose("9.1.0", tags, &Policy { below: Some(bound.to_owned()), ..Policy::default() }))
    };
    assert_eq!(below("10", "9.9.9 10.0.0"), "9.9.9");
    assert_eq!(below("9.10", "9.9.9 9.10.0"), "9.9.9");
    assert_eq!(below("v9.2.1", "9.2.0 9.2.1"), "9.2.0");
    assert_eq!(below("nothing", "9.9.9"), "", "a bound that is none lets nothing pass");
}

#[test]
fn a_candidate_must_be_as_old_as_the_policy_wishes() {
    let policy = Policy { cooldown: Some(3 * 24 * 3600), ..follow(Level::Minor) };
    let tags = "1.2.4 1.3.0 1.3.1";
    let world = World::default().knows("1.3.1", Some(2), "").knows("1.3.0", Some(4), "");
    let choice = world.choose("1.2.3", tags, &policy);
    let young = WhyNot::TooYoung { until: NOW + DAY };
    assert_eq!((shown(&choice).as_str(), passed(&choice)), ("1.2.4 1.3.0!", vec![("1.3.1", young)]));
    // what has no date, or nothing at all, waits
    let undated = World::default().knows("1.3.1", None, "").choose("1.2.3", tags, &policy);
    assert_eq!((shown(&undated).as_str(), undated.unexplained), ("1.2.4 1.3.1", vec!["1.2.4".to_owned()]));
}

#[test]
fn a_newer_track_is_information_unless_it_is_followed() {
    // rows 22, 23 and 116 of the table
    let track = |policy: &Policy| {
        let choice = World::default().choose("1.25", "1 1.24 1.25 1.25.5 1.26 1.27 2.0", policy);
        let track = choice.track.as_ref().map(|track| track.tag.clone());
        (shown(&choice), track, choice.unexplained)
    };
    assert_eq!(track(&Policy::default()), (String::new(), Some("2.0".to_owned()), vec![]));
    assert_eq!(track(&follow(Level::Minor)), ("1.27!".to_owned(), Some("2.0".to_owned()), vec!["1.27".to_owned()]));
    let below = Policy { below: Some("1.27".to_owned()), ..Policy::default() };
    assert_eq!(track(&below).1, Some("1.26".to_owned()));
    let choice = World::default().choose("1.2.3", "1.2.4", &Policy::default());
    assert_eq!(choice.track, None);
}

#[test]
fn what_is_asked_about_is_bounded() {
    let tags: Vec<String> = (40..80).map(|major| format!("{major}.0.0")).chain(["1.2.9".to_owned(), "1.9.0".to_owned()]).collect();
    let choice = World::default().choose("1.2.3", &tags.join(" "), &follow(Level::Major));
    assert_eq!(choice.unexplained, ["1.2.9", "1.9.0", "79.0.0"]);
    assert!(choice.unexplained.len() <= UNEXPLAINED_MAX);
    assert_eq!(shown(&choice), "1.2.9 1.9.0!", "all the others are in doubt");
}
