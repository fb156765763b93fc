//! Challenges, well written and otherwise.

use proptest::prelude::*;

use super::{Bearer, Offers};

#[test]
fn challenges_are_read_as_registries_write_them() {
    let offers = |bearer: Option<(&str, Option<&str>)>, basic| Offers {
        bearer: bearer.map(|(realm, service)| Bearer { realm: realm.to_owned(), service: service.map(str::to_owned) }),
        basic,
    };
    let hub = "https://auth.docker.io/token";
    let cases: [(&[&str], Offers); 17] = [
        (&[], offers(None, false)),
        (&[""], offers(None, false)),
        (
            &[r#"Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull""#],
            offers(Some((hub, Some("registry.docker.io"))), false),
        ),
        (&[r#"bearer Realm="https://auth.docker.io/token""#], offers(Some((hub, None)), false)),
        (&[r#"BEARER realm = "https://auth.docker.io/token" , SERVICE=x"#], offers(Some((hub, Some("x"))), false)),
        (&[r#"Basic realm="Artifactory Realm""#], offers(None, true)),
        (&["basic"], offers(None, true)),
        // Codeberg: two challenges in one header
        (
            &[r#"Bearer realm="https://codeberg.org/v2/token",service="container_registry",scope="*",Basic realm="https://codeberg.org""#],
            offers(Some(("https://codeberg.org/v2/token", Some("container_registry"))), true),
        ),
        (&[r#"Basic realm="x", Bearer realm="https://auth.docker.io/token""#], offers(Some((hub, None)), true)),
        // or in two headers
        (&[r#"Basic realm="x""#, r#"Bearer realm="https://auth.docker.io/token""#], offers(Some((hub, None)), true)),
        (&[r#"Bearer realm="https://auth.docker.io/token""#, r#"Bearer realm="https://other""#], offers(Some((hub, None)), false)),
        // Zot: no quotation marks around an address
        (&["bearer realm=https://auth.docker.io/token,service=zot"], offers(Some((hub, Some("zot"))), false)),
        (&["Bearer service=zot, realm=https://auth.docker.io/token, Basic realm=x y"], offers(Some((hub, Some("zot"))), true)),
        // what is no challenge spoils none of the others
        (&["Negotiate", "Basic"], offers(None, true)),
        (&["???", r#"Bearer realm="https://auth.docker.io/token""#], offers(Some((hub, None)), false)),
        (&[r#"Bearer service="x""#], offers(None, false)),
        (&[r#"Digest realm="x", qop="auth, auth-int", nonce="y""#], offers(None, false)),
    ];
    for (values, expected) in cases {
        assert_eq!(Offers::read(values.iter().copied()), expected, "{values:?}");
    }
}

proptest! {
    #[test]
    fn reading_never_panics(value in any::<String>(), near in r#"[a-zA-Z ,=":/\\]{0,60}"#) {
        Offers::read([value.as_str(), near.as_str()].into_iter());
    }
}

/// Whatever becomes of a challenge on its way: it is read or it is not, in the same way each time, and what is read was written there.
#[test]
fn spoilt_challenges_are_read_without_harm() {
    const WRITTEN: [&str; 4] = [
        r#"Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull""#,
        r#"Bearer realm="https://codeberg.org/v2/token",service="container_registry",scope="*",Basic realm="https://codeberg.org""#,
        "bearer realm=https://auth.docker.io/token,service=zot",
        r#"Digest realm="x", qop="auth, auth-int", nonce="y\"z""#,
    ];
    const LETTERS: &[u8] = b"\"\\,= \t;aB\xc3\xa9\0";
    // xorshift: the same every time
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut next = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % u64::try_from(below).unwrap()).unwrap()
    };
    for round in 0..4000 {
        let mut text = WRITTEN[round % WRITTEN.len()].as_bytes().to_vec();
        for _ in 0..=next(6) {
            let at = next(text.len());
            match next(4) {
                0 => text[at] = LETTERS[next(LETTERS.len())],
                1 => text.insert(at, LETTERS[next(LETTERS.len())]),
                2 => text.truncate(at.max(1)),
                _ => drop(text.remove(at)),
            }
            if text.is_empty() {
                text.push(b' ');
            }
        }
        let text = String::from_utf8_lossy(&text);
        let offers = Offers::read([&*text].into_iter());
        assert_eq!(super::read_challenge(&text), offers.basic || offers.bearer.is_some());
        if let Some(Bearer { realm, .. }) = offers.bearer {
            let plain = |text: &str| text.replace('\\', "");
            assert!(plain(&text).contains(&plain(&realm)), "{text} has no {realm}");
        }
    }
}
