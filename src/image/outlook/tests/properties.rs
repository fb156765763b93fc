//! What holds of any list of tags.

use proptest::{collection::vec, prelude::*};

use crate::image::{
    Tag,
    outlook::{HELD_MAX, NEWER_MAX, outlook},
};

/// A tag such as people write.
fn tag() -> impl Strategy<Value = String> {
    let version = "(v|version-|)[0-9]{1,2}(\\.[0-9]{1,3}){0,3}";
    let date = "(nightly-|)20[0-9]{2}-(0[1-9]|1[0-2])-[0-2][1-9]";
    let tail = "(|-rc\\.?[1-3]|b[1-3]|-alpine|-alpine3\\.(19|20)|-ls[0-9]{1,3}|-r[0-9]-ls[0-9]{1,2}|-pg1[4-7]|-slim|-[0-9a-f]{8}|-security-0[1-3])";
    prop_oneof![8 => (version, tail).prop_map(|(a, b)| a + &b), 2 => (date, "(|-alpine)").prop_map(|(a, b)| a + &b), 1 => "[a-z0-9._-]{0,20}"]
}

proptest! {
    #[test]
    fn nothing_panics_and_all_is_bounded(current in any::<String>(), tags in vec(any::<String>(), 0..20)) {
        let found = outlook(&current, tags.iter().map(String::as_str));
        prop_assert_eq!(found.listed, tags.contains(&current));
    }

    #[test]
    fn a_newer_tag_is_one_of_the_list_and_never_lower(current in tag(), tags in vec(tag(), 0..60)) {
        let found = outlook(&current, tags.iter().map(String::as_str));
        prop_assert!(found.newer.len() <= NEWER_MAX && found.held.len() <= HELD_MAX);
        let read = Tag::parse(&current);
        for newer in &found.newer {
            prop_assert!(tags.contains(&newer.tag));
            let newer = Tag::parse(&newer.tag);
            prop_assert!(newer.compare(&read).is_gt());
            prop_assert!(newer.prefix() == read.prefix() && read.same_scheme(&newer) && read.same_variant(&newer));
        }
        prop_assert!(found.newer.is_sorted_by(|a, b| Tag::parse(&a.tag).compare(&Tag::parse(&b.tag)).is_ge()));
        for held in &found.held {
            prop_assert!(tags.contains(&held.tag) && found.newer.iter().all(|newer| newer.tag != held.tag));
        }
    }

    #[test]
    fn a_glance_sees_what_reading_sees(
        current in "(v|)[12](\\.(0|1|04|10)){0,3}(|-rc1|-alpine|-alpine3\\.[12]|-r[12]|b1|-2024)",
        tag in "(v|)([123]|2024|20240102|12345)(\\.(0|1|04|10|1111111111)){0,4}(|-rc1|-alpine|-alpine3\\.[12]|-r[12]|-security-1|b1|-01|-2024)",
    ) {
        let (mine, theirs) = (Tag::parse(&current), Tag::parse(&tag));
        let stage_is_wished = mine.is_prerelease() && mine.same_release(&theirs);
        let expected = mine.prefix() == theirs.prefix()
            && mine.same_scheme(&theirs)
            && mine.same_variant(&theirs)
            && theirs.compare(&mine).is_gt()
            && (stage_is_wished || !theirs.is_prerelease());
        prop_assert_eq!(outlook(&current, [tag.as_str()]).newer.len(), usize::from(expected));
        // what was seen before decides nothing but what is held back
        let among = outlook(&current, ["3.1111", "v3.9.9", "3.9.9-alpine", tag.as_str()]);
        prop_assert_eq!(among.newer.iter().any(|newer| newer.tag == tag), expected);
    }

    #[test]
    fn what_does_not_belong_changes_nothing(current in tag(), tags in vec(tag(), 0..30), elsewhere in vec("(zz|qq-)[a-z]{0,9}[0-9]?", 0..30)) {
        let mut all = tags.clone();
        all.extend(elsewhere.into_iter().filter(|tag| *tag != current));
        prop_assert_eq!(outlook(&current, tags.iter().map(String::as_str)), outlook(&current, all.iter().map(String::as_str)));
    }

    #[test]
    fn the_order_of_the_list_does_not_matter(current in tag(), tags in vec(tag(), 0..30)) {
        let forwards = outlook(&current, tags.iter().map(String::as_str));
        let backwards = outlook(&current, tags.iter().rev().map(String::as_str));
        prop_assert_eq!(forwards.newer, backwards.newer);
        prop_assert_eq!(forwards.kind, backwards.kind);
    }
}
