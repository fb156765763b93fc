//! The headline and what stands around it.

use super::count;
use crate::{ui::situation::Situation, wire::Quota};

/// The headline: what is strong, and the rest of the sentence.
pub fn headline(situation: Situation) -> (String, String) {
    let images = |n| count(n, "image", "images");
    let (strong, rest) = match situation {
        Situation::NoHost => ("Nothing to show".to_owned(), " yet.".to_owned()),
        Situation::Looking => ("Looking".to_owned(), " for containers…".to_owned()),
        Situation::Empty => ("No container".to_owned(), " runs here. Start one, and it appears by itself.".to_owned()),
        Situation::Stopped { images: n } => (images(n), ", and nothing runs.".to_owned()),
        Situation::Checking { images: n } => (images(n), ". Asking their registries…".to_owned()),
        Situation::Unchecked { images: n } => (images(n), if n == 1 { ", not checked yet." } else { ", none checked yet." }.to_owned()),
        Situation::Behind { behind: 1, images: 1 } => ("The only image".to_owned(), " has fallen behind.".to_owned()),
        Situation::Behind { behind, images: n } if behind == n => (format!("All {n} images"), " have fallen behind.".to_owned()),
        Situation::Behind { behind: 1, images: n } => (format!("1 of {n} images"), " has fallen behind.".to_owned()),
        Situation::Behind { behind, images: n } => (format!("{behind} of {n} images"), " have fallen behind.".to_owned()),
        Situation::AllCurrent { images: 1 } => ("The only image".to_owned(), " is up to date.".to_owned()),
        Situation::AllCurrent { images: n } => (format!("All {n} images"), " are up to date.".to_owned()),
        Situation::NoneBehind { images: n } => (format!("None of {}", images(n)), " has fallen behind.".to_owned()),
        Situation::NoneKnownBehind { unknown, .. } => {
            ("None known".to_owned(), format!(" to have fallen behind; {} could not be checked.", images(unknown)))
        }
        Situation::AllUnknown { images: n } => ("Nothing is known".to_owned(), format!(" of {}: no check succeeded.", images(n))),
    };
    (strong, rest)
}

/// How far a check is.
pub fn checking(done: u32, total: u32) -> String {
    if total == 0 { "Checking…".to_owned() } else { format!("Checking: {done} of {}", count(total, "image", "images")) }
}

/// The pulls that registries have left for the user, behind what stands before.
pub fn quotas(quotas: &[Quota]) -> String {
    let one = |quota: &Quota| format!(" · {}: {} of {} pulls left", quota.registry, quota.remaining, quota.limit);
    quotas.iter().map(one).collect::<Vec<_>>().concat()
}

/// How far a check is, on its button.
pub fn progress_short(done: u32, total: u32) -> String {
    if total == 0 { "Checking…".to_owned() } else { format!("{done} of {total}") }
}

/// The title of the tab, with the count where there is one.
pub fn title(behind: u32, page: Option<&str>) -> String {
    let name = match page {
        Some(page) => format!("{page} · Plimsoll"),
        None => "Plimsoll".to_owned(),
    };
    if behind == 0 { name } else { format!("({behind}) {name}") }
}

/// How many images a section has, and how many of them are behind.
pub fn section_count(behind: u32, images: u32) -> String {
    match behind {
        0 => count(images, "image", "images"),
        _ => format!("{behind} of {images} behind"),
    }
}

/// What stands where a search or a filter leaves nothing.
pub fn nothing_matches(q: &str, kind: Option<&str>) -> String {
    match (q, kind) {
        ("", None) => "No image to show.".to_owned(),
        ("", Some(kind)) => format!("No image is “{kind}”."),
        (q, None) => format!("No image, container or stack matches “{q}”."),
        (q, Some(kind)) => format!("Nothing that is “{kind}” matches “{q}”."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headlines_have_the_right_words() {
        let cases = [
            (Situation::NoHost, "Nothing to show yet."),
            (Situation::Looking, "Looking for containers…"),
            (Situation::Empty, "No container runs here. Start one, and it appears by itself."),
            (Situation::Stopped { images: 1 }, "1 image, and nothing runs."),
            (Situation::Checking { images: 41 }, "41 images. Asking their registries…"),
            (Situation::Unchecked { images: 1 }, "1 image, not checked yet."),
            (Situation::Unchecked { images: 41 }, "41 images, none checked yet."),
            (Situation::Behind { behind: 1, images: 1 }, "The only image has fallen behind."),
            (Situation::Behind { behind: 1, images: 41 }, "1 of 41 images has fallen behind."),
            (Situation::Behind { behind: 6, images: 41 }, "6 of 41 images have fallen behind."),
            (Situation::Behind { behind: 41, images: 41 }, "All 41 images have fallen behind."),
            (Situation::AllCurrent { images: 1 }, "The only image is up to date."),
            (Situation::AllCurrent { images: 41 }, "All 41 images are up to date."),
            (Situation::NoneBehind { images: 41 }, "None of 41 images has fallen behind."),
            (Situation::NoneKnownBehind { unknown: 1, images: 41 }, "None known to have fallen behind; 1 image could not be checked."),
            (Situation::AllUnknown { images: 41 }, "Nothing is known of 41 images: no check succeeded."),
        ];
        for (situation, expected) in cases {
            let (strong, rest) = headline(situation);
            assert_eq!(format!("{strong}{rest}"), expected);
        }
    }

    #[test]
    fn the_title_counts() {
        assert_eq!(title(6, None), "(6) Plimsoll");
        assert_eq!(title(0, Some("nginx:1.27")), "nginx:1.27 · Plimsoll");
    }

    #[test]
    fn progress_counts() {
        assert_eq!(checking(0, 0), "Checking…");
        assert_eq!(checking(12, 41), "Checking: 12 of 41 images");
        assert_eq!(progress_short(12, 41), "12 of 41");
        assert_eq!(section_count(0, 1), "1 image");
        assert_eq!(section_count(2, 5), "2 of 5 behind");
    }

    #[test]
    fn an_empty_list_says_why() {
        assert_eq!(nothing_matches("", Some("major")), "No image is “major”.");
        assert_eq!(nothing_matches("foo", None), "No image, container or stack matches “foo”.");
        assert_eq!(nothing_matches("foo", Some("major")), "Nothing that is “major” matches “foo”.");
    }
}
