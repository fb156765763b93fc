//! Tokens are kept, refused credentials are not tried again, and neither leaves for another host.

use futures_util::future::join_all;

use super::*;

/// Asks for the image and keeps the digest.
async fn ask(registries: &Registries, repository: &str) -> Result<Digest, Reason> {
    let reference: Reference = format!("{HOST}/{repository}:1").parse().unwrap();
    registries.look_up(&reference).await.answer
}

/// The registry refused the credentials.
fn refused() -> Result<Digest, Reason> {
    Err(Reason::CredentialsRefused { registry: registry() })
}

#[tokio::test]
async fn a_token_is_kept_and_got_anew_once_when_it_is_refused() {
    let simulated = simulated().await;
    simulated.set_access(tokens());
    let registries = registries(&simulated, LONG, None);
    for _ in 0..5 {
        assert_eq!(ask(&registries, REPOSITORY).await, Ok(digest()));
    }
    let counts = simulated.counts();
    assert_eq!((counts.token, counts.head), (1, 5));
    simulated.revoke_tokens();
    assert_eq!(ask(&registries, REPOSITORY).await, Ok(digest()));
    let counts = simulated.counts();
    assert_eq!((counts.token, counts.head), (2, 7));
}

#[tokio::test]
async fn each_repository_has_its_own_token() {
    let simulated = simulated().await;
    simulated.set_access(tokens());
    simulated.push("acme/other", "1", 1);
    let registries = registries(&simulated, LONG, None);
    assert_eq!(ask(&registries, REPOSITORY).await, Ok(digest()));
    assert_eq!(ask(&registries, "acme/other").await, Ok(digest_of("acme/other", 1)));
    // the registry is known to want a token by then: no request is wasted on being told so again
    let counts = simulated.counts();
    assert_eq!((counts.ping, counts.token, counts.head), (1, 2, 2));
}

#[tokio::test]
async fn what_is_private_is_seen_with_the_right_login_only() {
    for (login, answer) in [(None, no_access(401)), (Some(("me", "secret")), Ok(digest())), (Some(("me", "wrong")), refused())] {
        let simulated = simulated().await;
        simulated.set_access(tokens());
        simulated.hide(REPOSITORY);
        assert_eq!(ask(&registries(&simulated, LONG, login), REPOSITORY).await, answer, "{login:?}");
    }
    for (login, answer) in [(None, no_access(401)), (Some(("me", "secret")), Ok(digest())), (Some(("me", "wrong")), refused())] {
        let simulated = simulated().await;
        simulated.set_access(Access::Basic(Login::new("me", "secret")));
        assert_eq!(ask(&registries(&simulated, LONG, login), REPOSITORY).await, answer, "{login:?}");
    }
}

#[tokio::test]
async fn refused_credentials_are_tried_once_however_many_ask() {
    for access in [tokens(), Access::Basic(Login::new("me", "secret"))] {
        let simulated = simulated().await;
        simulated.set_access(access.clone());
        let registries = registries(&simulated, LONG, Some(("me", "wrong")));
        let names: Vec<_> = (0..20).map(|n| format!("acme/app{n}")).collect();
        for answer in join_all(names.iter().map(|name| ask(&registries, name))).await {
            assert_eq!(answer, refused(), "{access:?}");
        }
        assert_eq!(ask(&registries, REPOSITORY).await, refused());
        assert_eq!(simulated.counts().logins, 1, "{access:?}");
    }
}

#[tokio::test]
async fn a_login_that_may_not_see_one_image_is_good_for_the_others() {
    let simulated = simulated().await;
    simulated.set_access(tokens());
    let registries = registries(&simulated, LONG, Some(("me", "secret")));
    // GHCR's token server answers so for a repository that the login may not see
    simulated.fault_times(Scope::Token, Fault::Status(403), 1);
    assert_eq!(ask(&registries, "acme/hidden").await, no_access(403));
    assert_eq!(ask(&registries, REPOSITORY).await, Ok(digest()));
}

#[tokio::test]
async fn credentials_and_tokens_stay_at_home_when_a_redirect_leads_away() {
    for access in [tokens(), Access::Basic(Login::new("me", "secret"))] {
        let (home, away) = (simulated().await, simulated().await);
        home.set_access(access);
        let registries = registries(&home, LONG, Some(("me", "secret")));
        // first so that the login is known, and would be sent at once
        assert_eq!(ask(&registries, REPOSITORY).await, Ok(digest()));
        home.fault(Scope::repository(REPOSITORY), Fault::Redirect(format!("http://{}/v2/acme/app/manifests/1", away.address())));
        assert_eq!(ask(&registries, REPOSITORY).await, Ok(digest()));
        assert_eq!((away.counts().head, away.counts().authorized), (1, 0));
    }
}

#[tokio::test]
async fn a_redirect_at_home_keeps_what_was_shown() {
    let simulated = simulated().await;
    simulated.set_access(Access::Basic(Login::new("me", "secret")));
    simulated.push("acme/old", "1", 1);
    let registries = registries(&simulated, LONG, Some(("me", "secret")));
    simulated.fault(Scope::repository("acme/old"), Fault::Redirect("/v2/acme/app/manifests/1".into()));
    assert_eq!(ask(&registries, "acme/old").await, Ok(digest()));
}

#[tokio::test]
async fn no_secret_is_in_a_step_an_error_or_a_debug_text() {
    let simulated = simulated().await;
    simulated.set_access(tokens());
    let registries = registries(&simulated, LONG, Some(("me", "secret")));
    let lookup = registries.look_up(&reference()).await;
    assert_eq!(lookup.answer.as_ref(), Ok(&digest()));
    let address = simulated.address();
    let seen: Vec<_> = lookup.steps.iter().map(|step| (step.request.as_str(), step.status)).collect();
    let head = format!("HEAD http://{address}/v2/acme/app/manifests/1");
    assert_eq!(
        seen,
        [(&*format!("GET http://{address}/v2/"), Some(401)), (&*format!("GET http://{address}/token"), Some(200)), (&*head, Some(200))]
    );
    // the simulated server's first token
    let token = Digest::of(&1_u64.to_le_bytes()).hex().to_owned();
    let text = format!("{registries:?} {lookup:?}");
    for secret in ["secret", "bWU6c2VjcmV0", &token] {
        assert!(!text.contains(secret), "{secret} is in {text}");
    }
}

#[tokio::test]
async fn docker_s_own_logins_are_used() {
    let simulated = simulated().await;
    simulated.set_access(Access::Basic(Login::new("me", "secret")));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.json");
    let known = RegistrySettings { address: Some(simulated.address().to_string()), ..RegistrySettings::default() };
    let ask_with = async |host: &str, text: &str| {
        std::fs::write(&file, text).unwrap();
        let registries = BTreeMap::from([(host.to_owned(), known.clone())]);
        let logins = vec![file.clone()];
        let user_agent = "plimsoll/test".to_owned();
        let settings = Settings { registries, logins, timeout: LONG, user_agent, ..Settings::default() };
        let reference = format!("{host}/{REPOSITORY}:1").parse().unwrap();
        Registries::new(settings).unwrap().look_up(&reference).await.answer
    };
    let entry = |key: &str| format!(r#"{{"auths":{{"{key}":{{"auth":"bWU6c2VjcmV0"}}}}}}"#);
    assert_eq!(ask_with(HOST, &entry(HOST)).await, Ok(digest()));
    assert_eq!(ask_with("docker.io", &entry("https://index.docker.io/v1/")).await, Ok(digest()));
    for unknown in [entry("quay.io"), String::new(), "{".to_owned(), "[]".to_owned(), r#"{"auths":{"ghcr.io":{"auth":"%"}}}"#.to_owned()] {
        assert_eq!(ask_with(HOST, &unknown).await, no_access(401), "{unknown}");
    }
}

#[tokio::test]
async fn a_pull_gets_the_login_of_its_registry() {
    use secrecy::ExposeSecret;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.json");
    std::fs::write(&file, r#"{"auths":{"https://index.docker.io/v1/":{"auth":"bWU6c2VjcmV0"},"ghcr.io":{"auth":"bWU6c2VjcmV0"}}}"#)
        .unwrap();
    let own = Credentials { username: "you".to_owned(), password: "word".into() };
    let configured = RegistrySettings { credentials: Some(own), ..RegistrySettings::default() };
    let registries = BTreeMap::from([("ghcr.io".to_owned(), configured)]);
    let user_agent = "plimsoll/test".to_owned();
    let settings = Settings { registries, logins: vec![file], timeout: LONG, user_agent, ..Settings::default() };
    let registries = Registries::new(settings).unwrap();
    for (reference, expected) in
        [("nginx:1", Some(("me", "secret"))), ("ghcr.io/acme/app:1", Some(("you", "word"))), ("quay.io/acme/app:1", None)]
    {
        let login = registries.login_for(&reference.parse().unwrap()).await;
        let login = login.as_ref().map(|login| (login.username.as_str(), login.password.expose_secret()));
        assert_eq!(login, expected, "{reference}");
    }
}

#[tokio::test]
async fn an_identity_token_is_exchanged_for_others() {
    for (identity, faults, answer) in [
        ("secret", vec![], Ok(digest())),
        ("wrong", vec![], refused()),
        // what is private stays so where nothing is exchanged
        ("secret", vec![Fault::NoExchange], no_access(401)),
    ] {
        let simulated = simulated().await;
        simulated.set_access(tokens());
        simulated.hide(REPOSITORY);
        for fault in faults {
            simulated.fault(Scope::Token, fault);
        }
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.json");
        std::fs::write(&file, format!(r#"{{"auths":{{"ghcr.io":{{"auth":"bWU6","identitytoken":"{identity}"}}}}}}"#)).unwrap();
        let known = RegistrySettings { address: Some(simulated.address().to_string()), ..RegistrySettings::default() };
        let registries = BTreeMap::from([(HOST.to_owned(), known)]);
        let settings =
            Settings { registries, logins: vec![file], timeout: LONG, user_agent: "plimsoll/test".to_owned(), ..Settings::default() };
        assert_eq!(ask(&Registries::new(settings).unwrap(), REPOSITORY).await, answer, "{identity}");
    }
}

#[tokio::test]
async fn a_login_for_a_part_of_a_registry_is_used_there_alone() {
    let simulated = simulated().await;
    simulated.set_access(tokens());
    for name in ["acme/app", "other/app", "third/app"] {
        simulated.push(name, "1", 1);
        simulated.hide(name);
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("auth.json");
    let wrong = "bWU6d3Jvbmc=";
    let text = format!(r#"{{"auths":{{"ghcr.io/acme":{{"auth":"bWU6c2VjcmV0"}},"ghcr.io/other/app":{{"auth":"{wrong}"}}}}}}"#);
    std::fs::write(&file, text).unwrap();
    let known = RegistrySettings { address: Some(simulated.address().to_string()), ..RegistrySettings::default() };
    let registries = BTreeMap::from([(HOST.to_owned(), known)]);
    let settings =
        Settings { registries, logins: vec![file], timeout: LONG, user_agent: "plimsoll/test".to_owned(), ..Settings::default() };
    let registries = Registries::new(settings).unwrap();
    let references: Vec<Reference> =
        ["acme/app", "other/app", "third/app"].map(|name| format!("{HOST}/{name}:1").parse().unwrap()).into_iter().collect();
    registries.announce(&references);
    let answers = join_all(references.iter().map(async |reference| registries.look_up(reference).await.answer)).await;
    assert_eq!(answers, [Ok(digest()), refused(), no_access(401)]);
}
