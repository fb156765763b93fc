//! Properties: an edit changes its value and nothing else, and no text brings the search down.

use proptest::prelude::*;

use super::*;
use crate::compose::env::assignments;

/// A way to write a service: `IMAGE` stands for its image.
fn writing() -> impl Strategy<Value = (String, &'static str)> {
    let shape = prop::sample::select(vec![
        "services:\n  web:\n    image: IMAGE\n",
        "services:\n  web:\n    image: IMAGE   # a comment: with {signs}\n    ports: [\"80:80\"]\n",
        "services:\n  web:\n    tty: true\n    image: \"IMAGE\"\n",
        "services:\n    web:\n        image:    'IMAGE'\n",
        "services: {db: {image: x}, web: {image: IMAGE, tty: true}}\n",
        "services: {web: {tty: true, image: \"IMAGE\"}}",
        "x-a: &a\n  image: IMAGE\nservices:\n  web:\n    <<: *a\n",
        "x-a: &a IMAGE\nservices:\n  web: {image: *a}\n",
        "services:\n  web:\n    image: ${I:-IMAGE}\n",
        "name: shop\nservices:\n  # ♥ web\n  db: {image: \"IMAGE\"}\n  web:\n    labels:\n      - a=IMAGE\n    image: IMAGE\nvolumes: {}\n",
    ]);
    (shape, any::<bool>(), any::<bool>()).prop_map(|(shape, returns, mark)| {
        let text = if returns { shape.replace('\n', "\r\n") } else { shape.to_owned() };
        (if mark { format!("\u{feff}{text}") } else { text }, shape)
    })
}

const TAG: &str = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}";

/// Pieces that files are made of, well and badly put together.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "services",
        ":",
        " ",
        "\n",
        "  ",
        "web",
        "image",
        "nginx:1.27",
        "nginx",
        "{",
        "}",
        "[",
        "]",
        ",",
        "&a",
        "*a",
        "<<",
        "- ",
        "'",
        "\"",
        "\\",
        "#",
        "$",
        "${",
        "${T",
        ":-",
        "}",
        "extends",
        "include",
        "path",
        "file",
        "service",
        "\r\n",
        "\t",
        "|",
        ">",
        "!reset",
        "---\n",
        "...",
        "?",
        "é",
        "\u{feff}",
        "=",
        "env_file",
        ".env",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_edit_changes_the_tag_alone((text, shape) in writing(), old in TAG, new in TAG) {
        let image = format!("ghcr.io/acme/app:{old}");
        let before = text.replace("IMAGE", &image);
        let change = folder(&[("compose.yaml", &before)]).change(&image, &new);
        if old == new {
            prop_assert!(change.is_err());
            return Ok(());
        }
        let change = change.map_err(|error| TestCaseError::fail(format!("{error} in {before:?}")))?;
        // the last one is the service's in all of these
        let at = before.rfind(&image).expect("it stands there") + "ghcr.io/acme/app:".len();
        let expected = format!("{}{new}{}", &before[..at], &before[at + old.len()..]);
        prop_assert_eq!(&change.after, &expected, "{}", shape);
        prop_assert!(change.also.is_empty());
    }

    #[test]
    fn no_text_brings_it_down(compose in pieces(), other in pieces(), env in pieces(), head in any::<bool>()) {
        let head = if head { "services:\n  web:\n    image: nginx:${T:-1.27}\n" } else { "" };
        let text = format!("{head}{compose}");
        for (number, assignment) in assignments(&env).iter().enumerate() {
            prop_assert!(env.get(assignment.at.clone()).is_some(), "{}", number);
        }
        if let Ok(change) = folder(&[("compose.yaml", &text), (".env", &env), ("other.yml", &other)]).change("nginx:1.27", "2.0") {
            prop_assert!(change.after.contains("2.0"));
        }
    }

    #[test]
    fn no_damage_brings_it_down(cuts in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..4, pieces()), 1..4)) {
        let mut text = "x-a: &a {image: nginx:1.27}\nservices:\n  web:\n    <<: *a\n    environment:\n      - T=${T:-x}\n  db:\n    image: \"nginx:$T\"\ninclude:\n  - path: other.yml\n".to_owned();
        for (at, length, piece) in cuts {
            let borders: Vec<usize> = (0..=text.len()).filter(|at| text.is_char_boundary(*at)).collect();
            let at = at.index(borders.len());
            let end = (at + length).min(borders.len() - 1);
            text.replace_range(borders[at]..borders[end], &piece);
        }
        if let Ok(change) = folder(&[("compose.yaml", &text), (".env", "T=1\n")]).change("nginx:1.27", "2.0") {
            prop_assert!(change.after.contains("2.0"));
        }
    }
}
