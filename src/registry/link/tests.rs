use proptest::prelude::*;

use super::*;

#[test]
fn the_next_page_is_found_however_it_is_written() {
    let long = r#"</v2/a/tags/list?last=x&n=100>; rel="next""#;
    for (value, expected) in [
        (long, Some("/v2/a/tags/list?last=x&n=100")),
        ("</next>; rel=next", Some("/next")),
        ("</next>;rel=next", Some("/next")),
        ("</next> ;\trel = \"next\" ", Some("/next")),
        ("</next>; REL=\"Next\"", Some("/next")),
        ("</next>; rel=\"last next\"", Some("/next")),
        ("</next>; title=\"a, b; rel=prev\"; rel=next", Some("/next")),
        (r#"</next>; title="a \"quoted\" word"; rel=next"#, Some("/next")),
        ("</first>; rel=first, </next>; rel=next, </last>; rel=last", Some("/next")),
        (" , </first>; rel=\"first\" , , </next>; rel=\"next\"", Some("/next")),
        ("</a,b;c>; rel=next", Some("/a,b;c")),
        ("< /next >; rel=next", Some("/next")),
        ("</next>; crossorigin; rel=next;", Some("/next")),
        ("</next>; rel=next; rel=prev", Some("/next")),
        ("<?n=1>; rel=\"next\"", Some("?n=1")),
        ("<https://registry.example/v2/a/tags/list>; rel=\"next\"", Some("https://registry.example/v2/a/tags/list")),
        ("</next>; rel=\"next", Some("/next")),
        // not the next page
        ("", None),
        ("</prev>; rel=prev; rel=next", None),
        ("</next>", None),
        ("</next>; rel", None),
        ("</next>; rel=nexte", None),
        ("</next>; rev=next", None),
        ("</next; rel=next", None),
        ("/next; rel=next", None),
    ] {
        assert_eq!(next([value]), expected, "{value}");
    }
    assert_eq!(next(["</a>; rel=prev", "</b>; rel=next", "</c>; rel=next"]), Some("/b"));
    assert_eq!(next([]), None);
}

/// A target, and parameters with their values; of each whether it stands between quotation marks at any rate.
type Printed = (String, Vec<(String, String, bool)>);

/// What is read of it.
type Found = (String, Vec<(String, String)>);

/// A link as a server may write it: each value with quotation marks, or without where it needs none.
fn print(links: &[Printed]) -> String {
    let mut text = String::new();
    for (target, parameters) in links {
        text.push_str(if text.is_empty() { "<" } else { " ,\t<" });
        text.push_str(target);
        text.push('>');
        for (name, value, quoted) in parameters {
            let plain = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_alphanumeric());
            text.push_str("; ");
            text.push_str(name);
            text.push('=');
            if *quoted || !plain {
                text.push('"');
                text.push_str(&value.replace('\\', "\\\\").replace('"', "\\\""));
                text.push('"');
            } else {
                text.push_str(value);
            }
        }
    }
    text
}

proptest! {
    #[test]
    fn what_is_printed_is_read(links in proptest::collection::vec(
        ("[!-;=?-~]{0,20}", proptest::collection::vec(("[a-z*]{1,5}", "[ -~]{0,8}", any::<bool>()), 0..4)), 0..4,
    )) {
        let text = print(&links);
        let found: Vec<Found> = read(&text)
            .into_iter()
            .map(|link| (link.target.to_owned(), link.parameters.into_iter().map(|(n, v)| (n.to_owned(), v.into_owned())).collect()))
            .collect();
        let expected: Vec<Found> = links
            .into_iter()
            .map(|(target, parameters)| (target, parameters.into_iter().map(|(name, value, _)| (name, value)).collect()))
            .collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn nothing_makes_it_panic(value in any::<String>(), bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
        let _ = next([value.as_str()]);
        let _ = next([String::from_utf8_lossy(&bytes).as_ref()]);
    }
}

#[test]
fn what_is_nearly_a_link_ends_too_and_gives_a_part_of_what_came() {
    const SEEDS: [&str; 4] = [
        r#"</v2/a/tags/list?last=x&n=100>; rel="next", </v2/a>; rel=first"#,
        r#"</a>; title="a \"b\" c"; rel="prev next""#,
        "<ü>; rel=next;;,,<>;=;rel=\"",
        "<https://[::1]:5000/v2/ä/ö?%20>;\trel = next ; x",
    ];
    const PIECES: [&str; 12] = ["<", ">", ";", ",", "=", "\"", "\\", " ", "\t", "rel", "next", "é"];
    // a fixed sequence (Knuth's constants), so that what fails once fails always
    let mut state = 0x1234_5678_9abc_def0_u64;
    let mut any = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    for round in 0..20_000 {
        let mut characters: Vec<char> = SEEDS[round % SEEDS.len()].chars().collect();
        for _ in 0..=any(6) {
            let at = any(characters.len() + 1);
            let end = (at + any(4)).min(characters.len());
            let piece = PIECES[any(PIECES.len())].chars();
            characters.splice(at..end, piece);
        }
        let text: String = characters.into_iter().collect();
        let target = next([text.as_str()]);
        assert!(target.is_none_or(|target| text.contains(&format!("<{target}")) || text.contains(target)), "{text}");
        assert!(target.is_none_or(|target| !target.contains('>')), "{text}");
        assert_eq!(target, next(["<x>; rel=prev", text.as_str()]), "{text}");
    }
}
