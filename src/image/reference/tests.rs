//! References: the case tables of `distribution/reference`, what real hosts write, and two properties.

use proptest::prelude::*;

use super::{Reference, ReferenceError, is_host};

mod properties;

/// Writes out `{64 f}` as 64 times `f`.
fn written_out(text: &str) -> String {
    let Some((before, rest)) = text.split_once('{') else { return text.to_owned() };
    let (run, after) = rest.split_once('}').expect("the tables close their braces");
    let (count, what) = run.split_once(' ').expect("the tables write a count and a text");
    format!("{before}{}{}", what.repeat(count.parse().expect("a count")), written_out(after))
}

/// The rows of a table: fields between bars, comments left out.
fn rows(table: &str) -> impl Iterator<Item = Vec<String>> + '_ {
    table.lines().filter(|line| !line.starts_with('#')).map(|line| line.split(" | ").map(|field| written_out(field.trim())).collect())
}

#[test]
fn normalises_as_docker_does() {
    let mut count = 0;
    for row in rows(include_str!("tests/valid.txt")) {
        let [input, registry, repository, tag, digest, familiar] = &row[..] else { panic!("six fields in {row:?}") };
        let reference: Reference = input.parse().unwrap_or_else(|error| panic!("{input}: {error}"));
        assert_eq!(reference.registry(), registry, "{input}");
        assert_eq!(reference.repository(), repository, "{input}");
        assert_eq!(reference.tag().unwrap_or("-"), tag, "{input}");
        assert_eq!(reference.digest().map_or("-", |digest| digest.as_str()), digest, "{input}");
        assert_eq!(reference.familiar_name(), *familiar, "{input}");
        assert_eq!(reference.name(), format!("{registry}/{repository}"), "{input}");
        assert_eq!(reference.to_string().parse(), Ok(reference), "{input}");
        count += 1;
    }
    assert_eq!(count, 86);
}

#[test]
fn refuses_as_docker_does() {
    let mut count = 0;
    for row in rows(include_str!("tests/invalid.txt")) {
        let [input, wrong] = &row[..] else { panic!("two fields in {row:?}") };
        let found = match input.parse::<Reference>() {
            Ok(reference) => panic!("{input} was read as {reference}"),
            Err(ReferenceError::Form(_)) => "form",
            Err(ReferenceError::Uppercase(_)) => "upper case",
            Err(ReferenceError::Length(_)) => "length",
            Err(ReferenceError::ImageId(_)) => "image id",
            Err(ReferenceError::Digest { .. }) => "digest",
        };
        assert_eq!(found, wrong, "{input}");
        count += 1;
    }
    assert_eq!(count, 26);
}

#[test]
fn knows_hosts() {
    let cases = [
        ("test.com", true),
        ("test.com:10304", true),
        ("test.com:http", false),
        ("localhost", true),
        ("localhost:8080", true),
        ("a", true),
        ("a.b", true),
        ("ab.cd.com", true),
        ("a-b.com", true),
        ("-ab.com", false),
        ("ab-.com", false),
        ("ab.c-om", true),
        ("ab.-com", false),
        ("ab.com-", false),
        ("0101.com", true),
        ("001a.com", true),
        ("b.gbc.io:443", true),
        ("b.gbc.io", true),
        ("xn--n3h.com", true),
        ("Asdf.com", true),
        ("[fd00:1:2::3]75050", false),
        ("[fd00:1:2::3]::75050", false),
        ("[fd00:1:2::3%eth0]:75050", false),
        ("fd00:1:2::3:75050", false),
        ("[2001:0db8:85a3:0000:0000:8a2e:0370:7334]:65535", true),
        // the grammar takes the next five; no address can be made of them, so they are refused here
        ("192.168.1.1:75050", false),
        ("192.168.1.1:750050", false),
        ("[fd00:1:2::3]:75050", false),
        ("[fd00123123123]:5050", false),
        ("[2001:0db8:85a3:0000:0000:8a2e:0370:7334]:750505", false),
    ];
    for (host, good) in cases {
        assert_eq!(is_host(host), good, "{host}");
        // behind a slash the host decides over the whole, wherever it can only be a host
        if host.contains(['.', ':']) {
            assert_eq!(format!("{host}/repo").parse::<Reference>().is_ok(), good, "{host}");
        }
    }
}

#[test]
fn survives_what_real_hosts_write() {
    let id = "f".repeat(64);
    let image_id = |text: &str| Err(ReferenceError::ImageId(text.to_owned()));
    let form = |text: &str| Err(ReferenceError::Form(text.to_owned()));
    let prefixed = format!("sha256:{id}");
    let cases = [
        (id.as_str(), image_id(&id)),
        (prefixed.as_str(), image_id(&prefixed)),
        ("<none>:<none>", form("<none>:<none>")),
        ("${VAR:-x}", form("${VAR:-x}")),
        (" nginx", form(" nginx")),
        ("nginx:1.25+b", form("nginx:1.25+b")),
    ];
    for (text, error) in cases {
        assert_eq!(text.parse::<Reference>(), error, "{text}");
    }
    assert!(matches!("<none>@<none>".parse::<Reference>(), Err(ReferenceError::Digest { .. })));
    // one digit less is a name, however odd
    assert!(id[1..].parse::<Reference>().is_ok());
    // a Swarm service: the tag is the track, the digest what runs
    let pinned: Reference = format!("nginx:1.25@sha256:{id}").parse().unwrap();
    assert_eq!((pinned.tag(), pinned.identifier()), (Some("1.25"), prefixed.as_str()));
    assert_eq!(pinned.familiar(), format!("nginx:1.25@sha256:{id}"));
}

#[test]
fn bounds_hold_to_the_letter() {
    let tag = |length| format!("nginx:{}", "t".repeat(length)).parse::<Reference>();
    assert!(tag(128).is_ok() && tag(129).is_err());
    let path = |length| format!("ghcr.io/{}", "a".repeat(length)).parse::<Reference>();
    assert!(path(255).is_ok());
    assert!(matches!(path(256), Err(ReferenceError::Length(_))));
    // `library/` counts: with it the path would not be read again
    let short = |length| "a".repeat(length).parse::<Reference>();
    assert!(short(247).is_ok());
    assert!(matches!(short(248), Err(ReferenceError::Length(_))));
    // an error quotes a little, whatever came in
    let error = "é".repeat(10_000).parse::<Reference>().unwrap_err();
    assert!(error.to_string().chars().count() < 300);
}

#[test]
fn a_repository_named_like_a_registry_keeps_its_own() {
    for text in ["docker.io/docker.io/library/redis", "docker.io/index.docker.io/redis", "docker.io/ghcr.io/redis"] {
        let reference: Reference = text.parse().unwrap();
        assert_eq!(reference.familiar_name(), text);
        assert_eq!(reference.familiar().parse(), Ok(reference));
    }
}
