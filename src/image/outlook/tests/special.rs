//! What the table does not show: steps, doubts, bounds, and tags that other tools stumble over.

use super::{best, over};
use crate::{
    image::outlook::{HELD_MAX, NEWER_MAX, outlook},
    wire::{Doubt, Level, TagKind},
};

/// The newer tags, between spaces.
fn newer(current: &str, tags: &str) -> String {
    over(current, tags).newer.iter().map(|newer| newer.tag.as_str()).collect::<Vec<_>>().join(" ")
}

#[test]
fn every_newer_tag_is_there_newest_first() {
    assert_eq!(
        newer("28.0.9-apache", "29.0.8-apache 30.0.1-apache 28.0.9-apache 29.0.1-apache"),
        "30.0.1-apache 29.0.8-apache 29.0.1-apache"
    );
    assert_eq!(newer("1.2.3", "1.2.4 1.2.4 1.2.10 1.2.4"), "1.2.10 1.2.4");
}

#[test]
fn a_jump_with_nothing_between_is_in_doubt_and_all_beyond_it() {
    let found = over("1.8.0", "1.9.0 24.3.0 25.1.0 2.0.0");
    let doubts: Vec<_> = found.newer.iter().map(|newer| (newer.tag.as_str(), newer.doubt)).collect();
    assert_eq!(doubts, [("25.1.0", Some(Doubt::Jump)), ("24.3.0", Some(Doubt::Jump)), ("2.0.0", None), ("1.9.0", None)]);
    // who counts fast, or has a hundred behind him, may leave some out
    assert_eq!(best(&over("118.0.1", "131.0.2"), Level::Major), "131.0.2");
    assert_eq!(best(&over("1.8.0", "12.0.0 3.0.0"), Level::Major), "12.0.0");
}

#[test]
fn a_counter_with_a_gap_is_in_doubt_within_one_release_alone() {
    assert_eq!(best(&over("1.0.0-ls10", "1.0.0-ls20 1.0.0-ls40"), Level::Patch), "1.0.0-ls40");
    assert_eq!(best(&over("1.0.0-ls10", "1.0.0-ls31"), Level::Patch), "1.0.0-ls31?");
    assert_eq!(best(&over("1.0.0-ls10", "1.0.1-ls99"), Level::Patch), "1.0.1-ls99");
    // builds without a name count what they like
    assert_eq!(best(&over("8.7-1031", "8.7-1200"), Level::Patch), "8.7-1200");
}

#[test]
fn numbers_of_any_length_are_numbers() {
    assert_eq!(
        newer("1.4294967296", "1.4294967297 1.4294967295 1.99999999999999999999999999999999999999999"),
        "1.99999999999999999999999999999999999999999 1.4294967297"
    );
    assert_eq!(newer("1.0.0.4294967299.1", "1.0.0.4294967298.9 1.0.0.4294967300.0"), "1.0.0.4294967300.0");
}

#[test]
fn months_may_be_padded_and_versions_may_not_begin_to_be() {
    assert_eq!(newer("2026.04.0", "2026.10.0 2026.05.1 2026.5.1"), "2026.10.0 2026.05.1");
    assert_eq!(newer("2026.10.0", "2027.01.0"), "2027.01.0");
    assert_eq!(newer("24.10.1", "25.04.0"), "25.04.0");
    assert_eq!(newer("1.2.3", "1.2.04 1.02.5 1.3.0"), "1.3.0");
}

#[test]
fn two_numbers_are_a_track_where_finer_tags_exist() {
    assert_eq!(over("11.4", "11.4.2 11.7").kind, TagKind::Track);
    assert_eq!(over("16.4", "16.6 17.2").kind, TagKind::Version);
    assert_eq!(over("2024.10", "2024.11").kind, TagKind::Version);
    assert_eq!(best(&over("2024.10", "2024.11"), Level::Minor), "2024.11");
    assert_eq!(over("2024.10", "2024.11 2024.10.1").kind, TagKind::Track);
}

#[test]
fn lines_with_long_support_lead_to_lines_with_long_support() {
    assert_eq!(newer("17-jdk-alpine", "18-jdk-alpine 21-jdk-alpine 23-jdk-alpine 25-jdk-alpine"), "25-jdk-alpine 21-jdk-alpine");
    assert_eq!(newer("8-jdk", "9-jdk 11-jdk 12-jdk 17-jdk"), "17-jdk 11-jdk");
    // Gradle's own ninth
    assert_eq!(newer("8-jdk", "9-jdk"), "9-jdk");
    // months of something else
    assert_eq!(newer("22.04", "22.05 24.04"), "24.04 22.05");
}

#[test]
fn other_kinds_of_tags_find_their_own() {
    // current, among, newer
    let cases = [
        ("server-b4719", "server-b5000 full-b5001 b6000", "server-b5000"),
        (
            "1.17.3-erlang-27.1.2-debian-bookworm-20241016-slim",
            "1.18.0-erlang-27.1.2-debian-bookworm-20250101-slim \
          1.18.0-erlang-28.0-debian-bookworm-20250101-slim",
            "1.18.0-erlang-27.1.2-debian-bookworm-20250101-slim",
        ),
        ("21.0.5_11-jre-ubi9-minimal", "21.0.6_7-jre-ubi9-minimal 21.0.6_7-jre-ubi10-minimal 21.0.6_7-jdk", "21.0.6_7-jre-ubi9-minimal"),
        ("8u392-b08-jre", "8u402-b06-jre 8u382-b05-jre", "8u402-b06-jre"),
        ("17.5.1-ce.0", "17.5.2-ce.0 17.6.0-ee.0 17.6.0-rc1-ce.0", "17.5.2-ce.0"),
        ("2.5.0-g1a2b3c4", "2.5.0-g5d6e7f8 2.6.0-g9a8b7c6", "2.6.0-g9a8b7c6"),
        ("4.0.0-beta.400", "4.0.0-beta.401 4.1.0-beta.1", "4.0.0-beta.401"),
        ("1.2.3-dev", "1.2.4-dev 1.2.4", "1.2.4-dev"),
        ("x86_64-1.2.3", "x86_64-1.2.4 aarch64-1.2.5", "x86_64-1.2.4"),
        ("v1.2.3+build.5", "v1.2.3+build.6", "v1.2.3+build.6"),
        ("2022-latest", "2025-latest", "2025-latest"),
        ("9.4.3-php8.2", "9.4.4-php8.3 9.4.4-php8.2", "9.4.4-php8.2"),
        ("10.4.3-security-01", "10.4.3 10.4.3-security-02 10.4.4", "10.4.4 10.4.3-security-02"),
        ("16.6-alpine3.21", "16.7-alpine3.20", ""),
        ("5.0.0_v2.0.10-ls358", "5.0.1_v2.0.11-ls365 5.0.1_v1.2.19-ls20-x", "5.0.1_v2.0.11-ls365"),
        ("1.41.0.8994-f2c27da23", "1.41.1.9057-af5eaea7a 1.40.5.9001-0f5eaea7a", "1.41.1.9057-af5eaea7a"),
        ("2022-CU14-ubuntu-22.04", "2022-CU15-ubuntu-22.04 2022-CU16-ubuntu-20.04 2019-CU28-ubuntu-20.04", "2022-CU15-ubuntu-22.04"),
        ("16-3.4", "16-3.5 17-3.5 17-3.5-alpine 18beta1-3.6", "17-3.5 16-3.5"),
        ("12.4.1-base-ubuntu22.04", "12.6.0-base-ubuntu22.04 12.6.0-base-ubuntu24.04 12.6.0-devel-ubuntu22.04", "12.6.0-base-ubuntu22.04"),
        ("3.12-slim-bookworm", "3.13-slim-bookworm 3.13-slim 3.14-rc-slim-bookworm 3.12.7", "3.13-slim-bookworm"),
        ("v24.10.2", "v25.02.1 v24.12 v24.12.1 v2025.1.1", "v25.02.1 v24.12.1"),
        ("27.3.1-dind", "27.4.0-dind 28.0.0-rc.1-dind 27.4.0-dind-alpine3.20 27.4.0", "27.4.0-dind"),
        ("7.7.1-1-ubi8", "7.7.1-2-ubi8 7.8.0-1-ubi9 7.8.0", "7.8.0-1-ubi9 7.7.1-2-ubi8"),
    ];
    for (current, among, expected) in cases {
        assert_eq!(newer(current, among), expected, "{current}");
    }
}

#[test]
fn words_are_channels_and_branches_have_no_order() {
    for channel in ["latest", "latest-alpine", "pg16", "ubi9", "debian-12", "openjdk-17", "lts", "main", "x86_64"] {
        assert_eq!(over(channel, "9.9.9").kind, TagKind::Channel, "{channel}");
    }
    for unordered in ["pr-12", "sha-3f2a91c", "fix__50", "", "a b", "é1.2", "feature-x-12"] {
        assert_eq!(outlook(unordered, []).kind, TagKind::Unordered, "{unordered}");
    }
}

#[test]
fn what_is_kept_is_bounded_and_has_the_best_of_each_level_and_every_step() {
    let tags: Vec<String> = (1..=5).flat_map(|major| (0..1000).map(move |minor| format!("{major}.{minor}.7"))).collect();
    let mut all: Vec<&str> = tags.iter().map(String::as_str).collect();
    all.extend(["1.0.8", "1.0.9"]);
    let found = outlook("1.0.7", all);
    assert_eq!(found.newer.len(), NEWER_MAX);
    assert_eq!([Level::Patch, Level::Minor, Level::Major].map(|level| best(&found, level)), ["1.0.9", "1.999.7", "5.999.7"]);
    for step in ["2.999.7", "3.999.7", "4.999.7"] {
        assert!(found.newer.iter().any(|newer| newer.tag == step), "{step}");
    }
    let held: Vec<String> = (0..500).map(|n| format!("9.{n}.0-rc1")).chain((0..500).map(|n| format!("9.{n}.0-slim"))).collect();
    let found = outlook("1.0.0", held.iter().map(String::as_str));
    assert_eq!((found.held[0].tag.as_str(), found.held[1].tag.as_str()), ("9.499.0-rc1", "9.499.0-slim"));
    assert!(found.held.len() <= HELD_MAX);
}
