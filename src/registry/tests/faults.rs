//! The fault matrix: each on a registry of its own, all at once.

use futures_util::future::join_all;

use super::*;

/// What is done to the registry, what comes of asking it, and the requests that this takes: `HEAD`, `GET`, token.
struct Case {
    name: &'static str,
    access: Access,
    scope: Scope,
    faults: Vec<Fault>,
    times: Option<u32>,
    answer: Result<Digest, Reason>,
    requests: [u64; 3],
}

/// A fault that strikes the image for ever, in an open registry.
fn open(name: &'static str, fault: Fault, answer: Result<Digest, Reason>, requests: [u64; 2]) -> Case {
    let [head, get] = requests;
    Case {
        name,
        access: Access::Open,
        scope: Scope::repository(REPOSITORY),
        faults: vec![fault],
        times: None,
        answer,
        requests: [head, get, 0],
    }
}

/// A fault that strikes the first request only.
fn once(name: &'static str, fault: Fault) -> Case {
    Case { times: Some(1), ..open(name, fault, Ok(digest()), [2, 0]) }
}

/// Faults of a registry that wants tokens.
fn token(name: &'static str, faults: Vec<Fault>, answer: Result<Digest, Reason>, requests: [u64; 3]) -> Case {
    Case { name, access: tokens(), scope: Scope::Whole, faults, times: None, answer, requests }
}

/// A fault of the token server alone.
fn token_server(name: &'static str, fault: Fault, answer: Result<Digest, Reason>, requests: [u64; 3]) -> Case {
    Case { scope: Scope::Token, ..token(name, vec![fault], answer, requests) }
}

/// Answers that are none, or not of the image.
fn answers() -> Vec<Case> {
    let other = Digest::of(b"another image");
    vec![
        Case { faults: vec![], ..open("an honest registry", Fault::Hang, Ok(digest()), [1, 0]) },
        open("never answers", Fault::Hang, timed_out(), [1, 0]),
        open("closes the connection", Fault::Reset, unreachable(Trouble::Broken), [3, 0]),
        once("closes the connection once", Fault::Reset),
        once("a gateway fails once", Fault::Status(502)),
        once("is away for a moment", Fault::Status(503)),
        once("a gateway waits too long once", Fault::Status(504)),
        open("is away", Fault::Status(503), server_error(503), [3, 0]),
        once("fails once", Fault::Status(500)),
        open("fails", Fault::Status(500), server_error(500), [3, 0]),
        open("a teapot", Fault::Status(418), bad("status 418"), [1, 0]),
        open("401 without a challenge", Fault::Status(401), no_access(401), [1, 0]),
        open("403", Fault::Status(403), no_access(403), [1, 0]),
        open("404", Fault::Status(404), no_access(404), [1, 0]),
        open("429, seconds", Fault::TooMany(RetryAfter::Seconds(300)), limited(Some(300)), [1, 0]),
        once("429 once, seconds", Fault::TooMany(RetryAfter::Seconds(1))),
        once("429 once, a date", Fault::TooMany(RetryAfter::Date(1))),
        once("429 once, nothing said", Fault::TooMany(RetryAfter::Missing)),
        once("429 once, said in the body", Fault::TooMany(RetryAfter::Body)),
        open("429, nothing said", Fault::TooMany(RetryAfter::Missing), limited(None), [3, 0]),
        open("429, said in the body, which a HEAD has not", Fault::TooMany(RetryAfter::Body), limited(None), [3, 0]),
        open("a page of HTML", Fault::Html, bad("a web page instead of a manifest"), [1, 0]),
        open("the first schema", Fault::Schema1, Err(Reason::SchemaTooOld { registry: registry() }), [1, 0]),
        // a HEAD has no bytes to hold a digest against: what it says is believed
        open("another digest", Fault::Digest(other.to_string()), Ok(other), [1, 0]),
        open("no digest but words", Fault::Digest("yes".into()), Ok(digest()), [1, 1]),
        open("an empty digest", Fault::Digest(String::new()), Ok(digest()), [1, 1]),
        open("a digest cut short", Fault::Digest("sha256:0123".into()), Ok(digest()), [1, 1]),
        open("takes no HEAD", Fault::HeadRefused, Ok(digest()), [1, 1]),
        open("no digest of a HEAD", Fault::NoDigestOfHead, Ok(digest()), [1, 1]),
        open("no digest at all", Fault::NoDigest, Ok(digest()), [1, 1]),
        open("a body without end", Fault::HugeBody, bad("a manifest of more than 4 MiB"), [1, 1]),
        open("a body byte by byte", Fault::SlowBody, timed_out(), [1, 1]),
        open("a body that breaks off", Fault::ResetMidBody, unreachable(Trouble::Broken), [1, 1]),
        open("compressed unasked", Fault::Gzip, bad("a compressed manifest without its digest"), [1, 1]),
        Case {
            scope: Scope::Whole,
            ..open("redirects for ever", Fault::Redirect("/v2/".into()), bad("it redirects to where Plimsoll may not follow"), [1, 0])
        },
    ]
}

/// Challenges and tokens that are odd, and such that are of no use.
fn token_servers() -> Vec<Case> {
    let good = |name, faults| token(name, faults, Ok(digest()), [1, 0, 1]);
    vec![
        good("tokens", vec![]),
        good("a scheme in lower case", vec![Fault::LowerCaseScheme]),
        good("two challenges in one header", vec![Fault::TwoChallenges]),
        good("a scope that is none", vec![Fault::PlaceholderScope]),
        good("a realm without quotation marks", vec![Fault::UnquotedRealm]),
        good("a realm without quotation marks, and a second challenge", vec![Fault::UnquotedRealm, Fault::TwoChallenges]),
        good("only an access token", vec![Fault::AccessTokenOnly]),
        good("no expiry", vec![Fault::NoExpiry]),
        good("a realm below the address that was asked", vec![Fault::Realm("/token".into())]),
        good("much at once", vec![Fault::LowerCaseScheme, Fault::TwoChallenges, Fault::AccessTokenOnly, Fault::NoExpiry]),
        token("takes no HEAD, and wants a token", vec![Fault::HeadRefused], Ok(digest()), [1, 1, 1]),
        token("a token of no use", vec![Fault::UselessToken], no_access(401), [2, 0, 2]),
        token("a realm without a host", vec![Fault::Realm("http://".into())], bad("a token server without an address"), [1, 0, 0]),
        token(
            "a realm of another kind",
            vec![Fault::Realm("file:///etc/passwd".into())],
            bad("it names a token server that Plimsoll may not ask"),
            [1, 0, 0],
        ),
        token("nobody at the realm", vec![Fault::Realm("http://127.0.0.1:1/".into())], unreachable(Trouble::Refused), [0, 0, 0]),
        token_server("a token server that never answers", Fault::Hang, timed_out(), [0, 0, 1]),
        token_server("a token server that fails", Fault::Status(500), server_error(500), [0, 0, 3]),
        token_server("a token server that is away", Fault::Status(503), server_error(503), [0, 0, 3]),
        token_server("a token server that breaks off", Fault::Reset, unreachable(Trouble::Broken), [0, 0, 3]),
        token_server("a token server that wants a login", Fault::Status(401), no_access(401), [0, 0, 1]),
        token_server("a token server that refuses", Fault::Status(403), no_access(403), [0, 0, 1]),
        token_server("a token server with a limit", Fault::TooMany(RetryAfter::Seconds(300)), limited(Some(300)), [0, 0, 1]),
        token_server("a token server with a limit that it names in words", Fault::TooMany(RetryAfter::Body), limited(Some(1)), [0, 0, 3]),
        token_server("a page instead of a token", Fault::Html, bad("the token server's answer is no token"), [0, 0, 1]),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_fault_has_its_reason_and_its_price() {
    // first all are prepared: making a client takes time, which must not run while a short limit does
    let prepared = join_all(answers().into_iter().chain(token_servers()).map(prepared)).await;
    let wrong: Vec<String> = join_all(prepared.into_iter().map(tried)).await.into_iter().flatten().collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The registry of a case, and the way to it.
async fn prepared(case: Case) -> (Case, Simulated, Registries) {
    let simulated = simulated().await;
    simulated.set_access(case.access.clone());
    for fault in case.faults.iter().cloned() {
        match case.times {
            Some(times) => simulated.fault_times(case.scope.clone(), fault, times),
            None => simulated.fault(case.scope.clone(), fault),
        }
    }
    let waits = matches!(case.answer, Err(Reason::TimedOut { .. }));
    let registries = registries(&simulated, if waits { SHORT } else { LONG }, None);
    (case, simulated, registries)
}

/// Asks, and says what came out otherwise than it should.
async fn tried((case, simulated, registries): (Case, Simulated, Registries)) -> Option<String> {
    let lookup = registries.look_up(&reference()).await;
    let counts = simulated.counts();
    let answer = lookup.answer;
    let requests = [counts.head, counts.get, counts.token];
    let told = lookup.steps.iter().any(|step| step.request.contains(['?', '@']));
    let right = answer == case.answer && requests == case.requests && !told;
    (!right).then(|| {
        format!("{}: {answer:?} after {requests:?}, {:?}; expected {:?}, {:?}", case.name, lookup.steps, case.answer, case.requests)
    })
}

#[tokio::test]
async fn a_date_to_come_back_is_told_in_seconds() {
    let simulated = simulated().await;
    simulated.fault(Scope::repository(REPOSITORY), Fault::TooMany(RetryAfter::Date(600)));
    match registries(&simulated, LONG, None).look_up(&reference()).await.answer {
        Err(Reason::RateLimited { retry_after: Some(seconds), .. }) => assert!((500..=600).contains(&seconds), "{seconds}"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_is_not_there_is_told_from_what_cannot_be_reached() {
    let simulated = simulated().await;
    let asked = |text: &str| text.parse::<Reference>().unwrap();
    let known = registries(&simulated, LONG, None);
    for missing in ["ghcr.io/acme/app:2", "ghcr.io/acme/other:1"] {
        assert_eq!(known.look_up(&asked(missing)).await.answer, no_access(404), "{missing}");
    }
    // bound and never listening: nobody else can be given the port while this test asks there
    let silent = tokio::net::TcpSocket::new_v4().unwrap();
    silent.bind(([127, 0, 0, 1], 0).into()).unwrap();
    let address = silent.local_addr().unwrap().to_string();
    let settings = RegistrySettings { insecure: true, address: Some(address.clone()), ..RegistrySettings::default() };
    let gone = with(BTreeMap::from([(HOST.to_owned(), settings)]), LONG).look_up(&reference()).await;
    assert!(matches!(gone.answer, Err(Reason::Unreachable { trouble: Trouble::Refused, .. })), "{:?}", gone.answer);
    let asked = gone.steps.last().unwrap();
    assert!(asked.status.is_none() && asked.trouble.is_some());
    assert_eq!(asked.request, format!("HEAD http://{address}/v2/acme/app/manifests/1"));
}

#[tokio::test]
async fn a_registry_without_tls_where_tls_is_spoken_is_told_so() {
    let simulated = simulated().await;
    // an address of this machine that is not loopback: no plain http unless it was asked for
    let host = format!("0.0.0.0:{}", simulated.address().port());
    let reference: Reference = format!("{host}/{REPOSITORY}:1").parse().unwrap();
    let lookup = with(BTreeMap::new(), LONG).look_up(&reference).await;
    assert_eq!(lookup.answer, Err(Reason::Unreachable { registry: host.clone(), trouble: Trouble::Tls }), "{:?}", lookup.steps);
    let plain = RegistrySettings { insecure: true, ..RegistrySettings::default() };
    let lookup = with(BTreeMap::from([(host, plain)]), LONG).look_up(&reference).await;
    assert_eq!(lookup.answer.unwrap(), digest());
}

#[tokio::test]
async fn a_name_without_an_address_is_told_so() {
    // neither TLS nor a resolver takes a label of 64 letters, so that nobody outside is asked
    let host = format!("{}.example", "a".repeat(64));
    for insecure in [false, true] {
        let known = RegistrySettings { insecure, ..RegistrySettings::default() };
        let registries = with(BTreeMap::from([(host.clone(), known)]), LONG);
        let lookup = registries.look_up(&format!("{host}/{REPOSITORY}:1").parse().unwrap()).await;
        assert_eq!(lookup.answer, Err(Reason::Unreachable { registry: host.clone(), trouble: Trouble::Name }), "{:?}", lookup.steps);
        assert_eq!(lookup.steps.len(), 2, "once is enough, behind the question what it wants to see");
    }
}

#[tokio::test]
async fn a_pinned_reference_is_held_against_its_digest() {
    let simulated = simulated().await;
    simulated.push(REPOSITORY, "1", 2);
    let pinned: Reference = format!("{HOST}/{REPOSITORY}:1@{}", digest()).parse().unwrap();
    let registries = registries(&simulated, LONG, None);
    assert_eq!(registries.look_up(&pinned).await.answer.unwrap(), digest());
    let wrong = bad("another digest than the one that was asked for");
    for fault in [Fault::Digest(Digest::of(b"another").to_string()), Fault::Digest(String::new())] {
        simulated.heal();
        simulated.fault(Scope::Whole, fault.clone());
        let answer = registries.look_up(&pinned).await.answer;
        // without a digest in the header the bytes are read, and they are right
        assert_eq!(answer, if fault == Fault::Digest(String::new()) { Ok(digest()) } else { wrong.clone() });
    }
}
