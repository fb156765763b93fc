use super::*;

/// Tags, and of each page how many entries it has and how many of them are new.
type Read = (Vec<String>, Vec<(usize, usize)>);

/// The tags of these pages, and what each of the pages brought.
fn read(pages: &[&str]) -> Result<Read, Flaw> {
    let mut gathered = Gathered::default();
    let brought = pages.iter().map(|page| gathered.read(page.as_bytes()).map(|page| (page.entries, page.new))).collect::<Result<_, _>>()?;
    assert_eq!(gathered.listing.len(), gathered.listing.iter().count());
    Ok((gathered.listing.iter().map(str::to_owned).collect(), brought))
}

#[test]
fn a_page_is_read_whatever_stands_between_its_tags() {
    let hex = "0123456789abcdef".repeat(4);
    let attached =
        format!(r#"["1","sha256-{hex}","sha256-{hex}.sig","sha256-{hex}.att","sha256-{hex}.sbom","sha256-{hex}x","sha256-1.0"]"#);
    let digests = format!(r#"["sha256:{hex}","1"]"#);
    let long = format!(r#"["{}","{}"]"#, "a".repeat(128), "a".repeat(129));
    let plain = "a".repeat(128);
    let odd = format!("sha256-{hex}x");
    for (tags, expected, brought) in [
        ("null", &[][..], (0, 0)),
        ("[]", &[], (0, 0)),
        (r#"["1.0","latest"]"#, &["1.0", "latest"], (2, 2)),
        (r#"["b","a","b"]"#, &["b", "a"], (3, 2)),
        (r#"["a",null,"",true,1,-1,1.5,[["x"]],{"x":["y"]},"b"]"#, &["a", "b"], (10, 3)),
        (r#"[" ","a b","a/b","-a",".a","é","a\nb","_a"]"#, &["_a"], (8, 8)),
        (r#"["1.\u0030"]"#, &["1.0"], (1, 1)),
        (&attached, &["1", &odd, "sha256-1.0"], (7, 7)),
        (&digests, &["1"], (2, 2)),
        (&long, &[&plain], (2, 2)),
    ] {
        let body = format!(r#"{{"name":"a","child":[],"manifest":{{"tags":["no"]}},"tags":{tags},"more":1}}"#);
        let expected = expected.iter().map(ToString::to_string).collect();
        assert_eq!(read(&[&body]), Ok((expected, vec![brought])), "{tags}");
    }
}

#[test]
fn what_is_no_list_is_told_from_an_empty_one() {
    for body in [
        "",
        "[]",
        "null",
        "{}",
        r#"{"name":"a"}"#,
        r#"{"tags":"a"}"#,
        r#"{"tags":{}}"#,
        r#"{"tags":["a""#,
        r#"{"tags":["a"]"#,
        r#"{"tags":["a"]} {}"#,
        "<!doctype html>",
        r#"{"errors":[{"code":"DENIED"}]}"#,
    ] {
        assert_eq!(read(&[body]), Err(Flaw::Form), "{body}");
    }
}

#[test]
fn each_tag_is_there_once_and_what_is_new_is_told() {
    let (tags, brought) = read(&[r#"{"tags":["a","b"]}"#, r#"{"tags":["b","c"]}"#, r#"{"tags":["c","a"]}"#]).unwrap();
    assert_eq!((tags, brought), (vec!["a".to_owned(), "b".to_owned(), "c".to_owned()], vec![(2, 2), (2, 1), (2, 0)]));
}

#[test]
fn a_list_has_an_end() {
    let body = |count: usize| serde_json::json!({ "tags": (0..count).map(|n| n.to_string()).collect::<Vec<_>>() }).to_string();
    assert_eq!(Gathered::default().read(body(ENTRIES_MAX).as_bytes()).unwrap().new, ENTRIES_MAX);
    assert_eq!(Gathered::default().read(body(ENTRIES_MAX + 1).as_bytes()).unwrap_err(), Flaw::Length);
}

#[test]
fn the_last_entry_is_known_even_where_it_is_no_tag() {
    let page = Gathered::default().read(br#"{"tags":["1","sha256:00",null]}"#).unwrap();
    assert_eq!((page.entries, page.last.as_str()), (3, "sha256:00"));
}
