//! What holds of every choice.

use proptest::{collection::vec, option, prelude::*};

use super::{DAY, World};
use crate::{
    image::{Policy, Tag, choose::UNEXPLAINED_MAX},
    wire::Level,
};

/// Any level, or none.
fn level() -> impl Strategy<Value = Option<Level>> {
    option::of(prop_oneof![Just(Level::Patch), Just(Level::Minor), Just(Level::Major)])
}

proptest! {
    #[test]
    fn candidates_are_newer_and_at_most_one_is_offered(
        current in "[0-3]\\.[0-9]\\.[0-9](-rc[1-3])?",
        tags in vec("[0-9]{1,2}(\\.[0-9]){1,2}(-rc[1-3]|-alpine)?", 1..40),
        follow in level(),
        cooldown in option::of(0u32..500_000),
        known in vec((0usize..40, option::of(0i64..100)), 0..20),
        running in 0i64..100,
    ) {
        let mut world = World::default().runs_since(running).with_platform("amd64");
        for (at, days) in known {
            world = world.knows(&tags[at % tags.len()], days, if at % 3 == 0 { "arm64" } else { "amd64" });
        }
        let policy = Policy { follow, cooldown, below: Some("8".to_owned()), ..Policy::default() };
        let choice = world.choose(&current, &tags.join(" "), &policy);
        for candidate in choice.candidates.iter().chain(&choice.track) {
            prop_assert!(tags.contains(&candidate.tag));
            prop_assert!(Tag::parse(&candidate.tag).compare(&Tag::parse(&current)).is_gt());
            prop_assert!(!candidate.tag.starts_with(['8', '9']));
        }
        let offered: Vec<_> = choice.candidates.iter().filter(|candidate| candidate.offered).collect();
        prop_assert!(offered.len() <= 1);
        for offered in offered {
            prop_assert!(follow >= Some(offered.level));
            let old = offered.created.is_some_and(|at| super::NOW - at >= cooldown.unwrap_or(0).into());
            prop_assert!(cooldown.is_none() || old);
            prop_assert!(offered.created.is_none_or(|at| super::NOW - at <= (running + 30) * DAY));
        }
        prop_assert!(choice.unexplained.len() <= UNEXPLAINED_MAX);
        prop_assert!(choice.candidates.is_sorted_by_key(|candidate| candidate.level));
    }
}
