//! Docker Hub: nothing is taken from the user's pulls.

use super::*;

/// What is pushed there.
const NGINX: &str = "library/nginx";

/// A registry that stands for Docker Hub and its API, and the way there.
async fn hub(timeout: Duration, login: Option<(&str, &str)>) -> (Simulated, Registries) {
    let simulated = Simulated::start().await.unwrap();
    simulated.push_built(NGINX, "1.27", 1, &versioned());
    simulated.set_access(tokens());
    let credentials = login.map(|(username, password)| Credentials { username: username.to_owned(), password: password.into() });
    let known = RegistrySettings { address: Some(simulated.address().to_string()), credentials, ..RegistrySettings::default() };
    let registries = Registries::new(Settings {
        registries: BTreeMap::from([("docker.io".to_owned(), known)]),
        logins: Vec::new(),
        timeout,
        user_agent: "plimsoll/test".to_owned(),
        hub_api: Some(format!("http://{}/", simulated.address())),
    });
    (simulated, registries.unwrap())
}

/// Asks for nginx.
async fn ask(registries: &Registries, known: Option<&Details>, config: bool) -> Result<Details, Reason> {
    registries.details(&"nginx:1.27".parse().unwrap(), &platforms(&["linux/amd64"]), known, config).await.answer
}

/// Requests to the API, `HEAD` and `GET` of manifests, blobs.
fn spent(simulated: &Simulated) -> [u64; 4] {
    let counts = simulated.counts();
    [counts.hub, counts.head, counts.get, counts.blob]
}

/// What the API tells.
const API: Learnt = Learnt { created: true, size: true, ..INDEX };

#[tokio::test]
async fn its_api_tells_nearly_everything_without_a_login() {
    let (simulated, registries) = hub(LONG, Some(("me", "secret"))).await;
    let details = ask(&registries, None, false).await.unwrap();
    assert_eq!(learnt(&details, &platforms(&["linux/amd64"])), API);
    assert_eq!(spent(&simulated), [1, 0, 0, 0]);
    let counts = simulated.counts();
    assert_eq!((counts.authorized, counts.token, counts.ping), (0, 0, 0), "nobody sees the login, and no token is got that opens nothing");
}

#[tokio::test]
async fn the_configuration_costs_one_pull_and_only_who_needs_it_pays() {
    let (simulated, registries) = hub(LONG, None).await;
    let details = ask(&registries, None, true).await.unwrap();
    assert_eq!(learnt(&details, &platforms(&["linux/amd64"])), ALL);
    let counts = simulated.counts();
    assert_eq!((counts.hub, counts.head, counts.get, counts.blob), (1, 0, 1, 1));
}

#[tokio::test]
async fn what_is_known_of_it_costs_no_request_to_the_api() {
    let (simulated, registries) = hub(LONG, None).await;
    let known = ask(&registries, None, false).await.unwrap();
    assert_eq!(ask(&registries, Some(&known), false).await.unwrap(), known);
    assert_eq!(simulated.counts().hub, 1);
    simulated.push(NGINX, "1.27", 2);
    assert_eq!(ask(&registries, Some(&known), false).await.unwrap().digest, digest_of(NGINX, 2));
    let counts = simulated.counts();
    assert_eq!((counts.hub, counts.get), (2, 0));
}

#[tokio::test]
async fn what_the_api_does_not_tell_the_registry_does_for_nothing() {
    let (simulated, registries) = hub(LONG, Some(("me", "secret"))).await;
    let digest = ask(&registries, None, false).await.unwrap().digest;
    simulated.fault(Scope::Hub, Fault::HubNoDigest);
    let details = ask(&registries, None, false).await.unwrap();
    assert_eq!((&details.digest, learnt(&details, &platforms(&["linux/amd64"]))), (&digest, API));
    simulated.heal();
    simulated.hide(NGINX);
    let private = ask(&registries, None, false).await.unwrap();
    assert_eq!(private, Details { digest, platforms: Vec::new(), created: None, version: None });
    assert_eq!(simulated.counts().get, 0);
    simulated.remove(NGINX, "1.27");
    assert_eq!(ask(&registries, None, false).await, Err(Reason::NotFoundOrNoAccess { registry: "docker.io".to_owned(), status: 404 }));
}

#[tokio::test]
async fn an_api_that_wants_fewer_requests_gets_none_for_a_while() {
    for fault in [Fault::TooMany(RetryAfter::Seconds(600)), Fault::HubRemaining(3)] {
        let (simulated, registries) = hub(LONG, None).await;
        simulated.fault_times(Scope::Hub, fault.clone(), 1);
        let first = ask(&registries, None, false).await;
        let left = |answer: Result<Details, Reason>| match answer {
            Err(Reason::RateLimited { retry_after, .. }) => retry_after.unwrap(),
            other => panic!("{other:?}"),
        };
        match fault {
            // what it tells beside is good
            Fault::HubRemaining(_) => assert!(first.is_ok()),
            _ => assert_eq!(left(first), 600),
        }
        for _ in 0..3 {
            assert!((1..=600).contains(&left(ask(&registries, None, false).await)));
        }
        assert_eq!(spent(&simulated), [1, 0, 0, 0], "{fault:?}");
        // its registry has a limit of its own
        assert!(registries.look_up(&"nginx:1.27".parse().unwrap()).await.answer.is_ok());
    }
}

#[tokio::test]
async fn an_api_that_fails_gives_its_reason() {
    let registry = || "docker.io".to_owned();
    let bad = || Reason::BadAnswer { registry: registry(), detail: "what Docker Hub's API sent tells of no tag".to_owned() };
    for (fault, reason) in [
        (Fault::Html, bad()),
        (Fault::Status(500), Reason::ServerError { registry: registry(), status: 500 }),
        (Fault::Status(503), Reason::ServerError { registry: registry(), status: 503 }),
        (Fault::Reset, Reason::Unreachable { registry: registry(), trouble: Trouble::Broken }),
        (Fault::Hang, Reason::TimedOut { registry: registry(), seconds: 1 }),
    ] {
        let (simulated, registries) = hub(if fault == Fault::Hang { SHORT } else { LONG }, None).await;
        simulated.fault(Scope::Hub, fault.clone());
        assert_eq!(ask(&registries, None, false).await, Err(reason), "{fault:?}");
        assert_eq!(simulated.counts().get, 0);
    }
}
