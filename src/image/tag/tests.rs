//! What tags say.

use std::cmp::Ordering;

use proptest::prelude::*;

use super::{Kind, Scheme, Tag};

/// A tag's parts, as `kind:text`.
fn parts(text: &str) -> String {
    let letter = |kind| match kind {
        Kind::Prefix => "prefix",
        Kind::Release => "release",
        Kind::Stage => "stage",
        Kind::StageNumbers => "nth",
        Kind::Base => "base",
        Kind::BaseNumbers => "on",
        Kind::Counter => "counter",
        Kind::CounterNumbers => "count",
        Kind::Word => "word",
        Kind::Hash => "hash",
    };
    Tag::parse(text).parts().map(|(kind, text)| format!("{}:{text}", letter(kind))).collect::<Vec<_>>().join(" ")
}

#[test]
fn tags_have_parts() {
    let cases = [
        ("1.2.3", "release:1.2.3"),
        ("v1.27.3-alpine3.20-ls45", "prefix:v release:1.27.3 base:alpine on:3.20 counter:ls count:45"),
        ("pg14-v0.2.0", "prefix:pg14-v release:0.2.0"),
        ("RELEASE.2024-01-01T16-36-33Z.fips", "prefix:RELEASE. release:2024-01-01T16-36-33Z word:fips"),
        ("0.5.0b3.dev101-ls250", "release:0.5.0 stage:b nth:3 stage:dev nth:101 counter:ls count:250"),
        ("12.0.1-rc-noble", "release:12.0.1 stage:rc word:noble"),
        ("v1.31.3-rc1-k3s1", "prefix:v release:1.31.3 stage:rc nth:1 counter:k3s count:1"),
        ("3.4.6-debian-9-r24", "release:3.4.6 base:debian on:9 counter:r count:24"),
        ("9.4-1214.1726694543", "release:9.4 count:1214.1726694543"),
        ("8.0.10-jammy-chiseled-arm64v8", "release:8.0.10 word:jammy word:chiseled word:arm64v8"),
        ("1.2.3-x86_64", "release:1.2.3 word:x86_64"),
        ("0.8.0-pg16", "release:0.8.0 word:pg16"),
        ("1.2-cuda-12.1-slim", "release:1.2 word:cuda word:12.1 word:slim"),
        ("33acdda4-ls73", "prefix:33acdda4 counter:ls count:73"),
        ("ubuntu22.04-1.2.3", "prefix:ubuntu22.04- release:1.2.3"),
        ("1.2.3-alpine-4", "release:1.2.3 base:alpine count:4"),
        ("latest", ""),
    ];
    for (text, expected) in cases {
        assert_eq!(parts(text), expected, "{text}");
    }
}

#[test]
fn tags_count_in_their_way() {
    let cases = [
        ("1.2.3", Scheme::Version),
        ("2024-01-31", Scheme::Date),
        ("2024-01", Scheme::Date),
        ("2024-13-01", Scheme::Version),
        ("20240131", Scheme::Date),
        ("20240199", Scheme::Build),
        ("20240131153000", Scheme::Date),
        ("2024013115300", Scheme::Build),
        ("1726694543", Scheme::Build),
        ("12345", Scheme::Build),
        ("1234", Scheme::Version),
        ("b4719", Scheme::Build),
        ("33acdda4-ls73", Scheme::Rebuild),
        ("33acdda4", Scheme::Unordered),
        ("alpine3.20", Scheme::Version),
        ("3proxy", Scheme::Channel),
        ("k3s", Scheme::Channel),
    ];
    for (text, expected) in cases {
        assert_eq!(Tag::parse(text).scheme(), expected, "{text}");
    }
}

#[test]
fn later_stages_and_counts_come_later() {
    let rising = [
        "1.2.3-dev.4",
        "1.2.3-alpha",
        "1.2.3-alpha.1",
        "1.2.3-beta2",
        "1.2.3-beta10",
        "1.2.3b11.dev1",
        "1.2.3b11",
        "1.2.3-rc1",
        "1.2.3",
        "1.2.3-security-01",
        "1.2.3-security-2",
        "1.2.4-rc9",
    ];
    for pair in rising.windows(2) {
        assert_eq!(Tag::parse(pair[0]).compare(&Tag::parse(pair[1])), Ordering::Less, "{pair:?}");
    }
}

/// Texts that are nearly tags.
fn nearly() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[a-zT-Z0-9._+-]{0,140}",
        "v?[0-9]{1,40}(\\.[0-9]{1,3}){0,4}(-?(rc|b|alpine|ls|r|pg|k3s|dev)\\.?[0-9]{0,3}){0,3}",
    ]
}

proptest! {
    #[test]
    fn printing_gives_back_what_was_read(text in nearly()) {
        let tag = Tag::parse(&text);
        prop_assert_eq!(tag.to_string(), text.as_str());
        prop_assert!(!tag.parts().any(|(_, part)| part.is_empty()));
    }

    #[test]
    fn the_order_is_total(a in nearly(), b in nearly(), c in nearly()) {
        let (a, b, c) = (Tag::parse(&a), Tag::parse(&b), Tag::parse(&c));
        prop_assert_eq!(a.compare(&a), Ordering::Equal);
        prop_assert_eq!(a.compare(&b), b.compare(&a).reverse());
        let mut sorted = [a, b, c];
        sorted.sort_by(Tag::compare);
        prop_assert!(sorted[0].compare(&sorted[2]).is_le());
    }

    #[test]
    fn a_family_is_ordered_and_the_rough_order_agrees(mut texts in proptest::collection::vec("[0-9]{1,11}\\.[0-9]{1,2}(-rc[0-9])?-r[0-9]", 3)) {
        texts.sort();
        let tags: Vec<_> = texts.iter().map(|text| Tag::parse(text)).collect();
        for a in &tags {
            for b in &tags {
                let alike = a.scheme() == b.scheme() && a.numbers() == b.numbers();
                prop_assert!(!alike || a.rough_order() == b.rough_order() || a.rough_order().cmp(&b.rough_order()) == a.compare(b));
                for c in &tags {
                    if a.compare(b).is_le() && b.compare(c).is_le() {
                        prop_assert!(a.compare(c).is_le());
                    }
                }
            }
        }
    }
}
