//! A real registry that wants a login: a password (`htpasswd`), or a token.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use plimsoll::{
    image::{Digest, Reference},
    registry::{Credentials, Listed, Registries, RegistrySettings},
    wire::Reason,
};

use crate::{
    configured, lab,
    repository::Repository,
    started::Started,
    token_server::{ISSUER, LOGIN, SERVICE, TokenServer},
};

/// The password is `U*U` (a test vector of `crypt_blowfish`).
const HTPASSWD: &str = "me:$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW\n";

/// The same login in `Authorization`.
const BASIC: &str = "Basic bWU6VSpV";

/// The way to `registry` with a login.
fn with_login(registry: &Started, login: Option<(&str, &str)>) -> Registries {
    let credentials = login.map(|(username, password)| Credentials { username: username.to_owned(), password: password.into() });
    configured(BTreeMap::from([(registry.address.clone(), RegistrySettings { credentials, ..RegistrySettings::default() })]))
}

/// The answers for all of `references`, asked for at the same time as a check does.
async fn ask(registries: &Registries, references: &[Reference]) -> Vec<Result<Digest, Reason>> {
    registries.announce(references);
    join_all(references.iter().map(async |reference| registries.look_up(reference).await.answer)).await
}

/// The tags of a repository.
async fn tags(registries: &Registries, reference: &Reference) -> Vec<String> {
    match registries.tags(reference, &[]).await.answer {
        Ok(Listed::Tags(listing)) => listing.iter().map(str::to_owned).collect(),
        other => panic!("no list of tags: {other:?}"),
    }
}

/// "Not found or no access", as a registry says 401.
fn no_access(registry: &Started) -> Result<Digest, Reason> {
    Err(Reason::NotFoundOrNoAccess { registry: registry.address.clone(), status: 401 })
}

/// The registry refused the credentials.
fn refused(registry: &Started) -> Result<Digest, Reason> {
    Err(Reason::CredentialsRefused { registry: registry.address.clone() })
}

#[tokio::test]
async fn a_registry_with_passwords_is_read_with_the_right_one() {
    let test = "a_registry_with_passwords_is_read_with_the_right_one";
    if lab::variable("PLIMSOLL_LAB", test).is_none() {
        return;
    }
    let auth = "auth: {htpasswd: {realm: lab, path: FOLDER/htpasswd}}";
    let registry = Started::new("127.0.0.1", "", auth, &[("htpasswd", HTPASSWD)]);
    let repositories: Vec<_> =
        (0..20).map(|n| Repository::with_authorization(registry.address.clone(), &format!("basic{n}"), BASIC)).collect();
    let mut digests = Vec::new();
    for repository in &repositories {
        digests.push(Ok(repository.push("1", "behind a password").await));
    }
    let references: Vec<_> = repositories.iter().map(|repository| repository.reference("1")).collect();

    let right = with_login(&registry, Some(("me", "U*U")));
    assert_eq!(ask(&right, &references).await, digests);
    assert_eq!(tags(&right, &references[0]).await, ["1"]);
    assert_eq!(ask(&with_login(&registry, None), &references[..1]).await, [no_access(&registry)]);

    let tried = || registry.log().matches("error authenticating user").count();
    assert_eq!(tried(), 0, "{}", registry.log());
    let wrong = with_login(&registry, Some(("me", "wrong")));
    assert_eq!(ask(&wrong, &references).await, vec![refused(&registry); references.len()]);
    assert_eq!(ask(&wrong, &references[..1]).await, [refused(&registry)], "a later check");
    assert_eq!(tried(), 1, "wrong credentials are shown once: {}", registry.log());
}

#[tokio::test]
async fn a_registry_with_a_token_server_is_read_with_its_tokens() {
    let test = "a_registry_with_a_token_server_is_read_with_its_tokens";
    let Some(ca) = lab::variable("PLIMSOLL_LAB_REGISTRY_CA", test) else { return };
    let server = TokenServer::start(ca.trim_end_matches("/ca.pem")).await;
    let auth =
        format!("auth: {{token: {{realm: \"{}\", service: \"{SERVICE}\", issuer: \"{ISSUER}\", rootcertbundle: \"{ca}\"}}}}", server.realm);
    let registry = Started::new("127.0.0.1", "", &auth, &[]);
    let mut digests = Vec::new();
    let mut references = Vec::new();
    for test in ["public-one", "public-two", "hidden-one", "hidden-two"] {
        let name = Repository::new(registry.address.clone(), test).name().to_owned();
        let repository = Repository::with_authorization(registry.address.clone(), test, &format!("Bearer {}", server.for_pushing(&name)));
        digests.push(Ok(repository.push("1", "behind a token").await));
        references.push(repository.reference("1"));
    }
    let names: Vec<_> = references.iter().map(|reference| reference.repository().to_owned()).collect();
    assert_eq!(server.asked(), []);

    let right = with_login(&registry, Some(LOGIN));
    assert_eq!(ask(&right, &references).await, digests);
    for reference in &references {
        assert_eq!(tags(&right, reference).await, ["1"]);
    }
    let mut all = names.clone();
    all.sort_unstable();
    assert_eq!(server.asked(), [("me".to_owned(), all.clone())], "one token opens all, for digests and for lists");

    let nobody = with_login(&registry, None);
    let seen = [digests[0].clone(), digests[1].clone(), no_access(&registry), no_access(&registry)];
    assert_eq!(ask(&nobody, &references).await, seen, "a token for all that opens some hides none of those");
    let asked = server.asked();
    let alone = |name: &String| asked.contains(&(String::new(), vec![name.clone()]));
    assert!(asked.len() == 3 && asked[0] == (String::new(), all) && alone(&names[2]) && alone(&names[3]), "{asked:?}");

    let wrong = with_login(&registry, Some((LOGIN.0, "wrong")));
    assert_eq!(ask(&wrong, &references).await, vec![refused(&registry); references.len()]);
    assert_eq!(ask(&wrong, &references[..1]).await, [refused(&registry)], "a later check");
    assert_eq!(server.asked().len(), 1, "wrong credentials are shown once");
}
