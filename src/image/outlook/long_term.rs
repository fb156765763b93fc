//! Lines with long support, where the tag itself tells that it is on one: Java and Ubuntu. Who is on such a line means the next one.
//!
//! Lines that only the name of the image tells (Node's even numbers) are for a policy: `exclude`.

use super::Entry;
use crate::image::tag::{Kind, Scheme, Tag, number};

/// Takes out of `newer` what is on no such line, and returns it in the same order.
pub(super) fn take_others<'a>(current: &Tag<'_>, newer: &mut Vec<Entry<'a>>) -> Vec<Entry<'a>> {
    let lasting: fn(&Tag<'_>) -> bool = if is_java(current, newer) {
        |tag| is_java_lts(number::value(tag.major()))
    } else if is_ubuntu(current, newer) {
        is_ubuntu_lts
    } else {
        return Vec::new();
    };
    newer.extract_if(.., |entry| !lasting(&entry.tag)).collect()
}

/// Whether `current` is a release of Java with long support. Gradle's `8-jdk` counts Gradle: there, the other lines are missing.
fn is_java(current: &Tag<'_>, newer: &[Entry<'_>]) -> bool {
    let word = |text: &str| text.split(['-', '_']).any(|word| matches!(word, "jre" | "jdk" | "openjdk"));
    let named = current.parts().any(|(kind, text)| matches!(kind, Kind::Prefix | Kind::Word) && word(text));
    let major = number::value(current.major());
    let has = |line| newer.iter().any(|entry| number::value(entry.tag.major()) == line);
    named && current.scheme() == Scheme::Version && (major >= 11 && is_java_lts(major) || major == 8 && has(11) && has(17))
}

/// 8, 11, 17, and from there every fourth: <https://www.oracle.com/java/technologies/java-se-support-roadmap.html>.
fn is_java_lts(major: u64) -> bool {
    matches!(major, 8 | 11) || major >= 17 && (major - 17).is_multiple_of(4)
}

/// Whether `current` is an Ubuntu with long support: `22.04`, among tags of April and October alone.
fn is_ubuntu(current: &Tag<'_>, newer: &[Entry<'_>]) -> bool {
    is_ubuntu_lts(current) && newer.iter().all(|entry| matches!(year_and_month(&entry.tag), Some((_, "04" | "10"))))
}

/// April of even years: <https://ubuntu.com/about/release-cycle>.
fn is_ubuntu_lts(tag: &Tag<'_>) -> bool {
    matches!(year_and_month(tag), Some((year, "04")) if year.is_multiple_of(2))
}

/// The two numbers of `22.04`.
fn year_and_month<'a>(tag: &Tag<'a>) -> Option<(u64, &'a str)> {
    let mut numbers = number::runs(tag.release());
    let (year, month) = (numbers.next()?, numbers.next()?);
    (tag.numbers() == 2 && year.len() == 2 && year >= "10").then(|| (number::value(year), month))
}
