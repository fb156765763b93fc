//! Everything that a registry can do wrong, over HTTP: which reason it gives, and how many requests it costs.

mod batches;
mod bounds;
mod details;
mod faults;
mod logins;
mod tags;

use std::{collections::BTreeMap, time::Duration};

use super::{Credentials, Registries, RegistrySettings, Settings};
use crate::{
    image::{Digest, Reference},
    simulate::registry::{Access, Fault, Login, Registry as Simulated, RetryAfter, Scope, digest_of},
    wire::{Reason, Trouble},
};

/// The registry that the simulated one stands for.
const HOST: &str = "ghcr.io";

/// The repository that is there in every test.
const REPOSITORY: &str = "acme/app";

/// Long enough for every answer that does come, on a busy machine too.
const LONG: Duration = Duration::from_secs(20);

/// Short enough to wait for an answer that never comes.
const SHORT: Duration = Duration::from_millis(500);

/// A simulated registry with one image.
async fn simulated() -> Simulated {
    let simulated = Simulated::start().await.unwrap();
    simulated.push(REPOSITORY, "1", 1);
    simulated
}

/// The digest of that image.
fn digest() -> Digest {
    digest_of(REPOSITORY, 1)
}

/// The way to `simulated`, under the name of `HOST`.
fn registries(simulated: &Simulated, timeout: Duration, login: Option<(&str, &str)>) -> Registries {
    let credentials = login.map(|(username, password)| Credentials { username: username.to_owned(), password: password.into() });
    let known = RegistrySettings { address: Some(simulated.address().to_string()), credentials, ..RegistrySettings::default() };
    with(BTreeMap::from([(HOST.to_owned(), known)]), timeout)
}

/// The way to these registries.
fn with(registries: BTreeMap<String, RegistrySettings>, timeout: Duration) -> Registries {
    let user_agent = "plimsoll/test".to_owned();
    Registries::new(Settings { registries, timeout, user_agent, ..Settings::default() }).unwrap()
}

/// The reference of the image that is there.
fn reference() -> Reference {
    format!("{HOST}/{REPOSITORY}:1").parse().unwrap()
}

/// Who was asked, as reasons name it.
fn registry() -> String {
    HOST.to_owned()
}

/// Tokens that live for five minutes, and a login for what is hidden.
fn tokens() -> Access {
    Access::Token { lifetime: Duration::from_mins(5), login: Some(Login::new("me", "secret")) }
}

/// "Not found or no access" with this status.
fn no_access(status: u16) -> Result<Digest, Reason> {
    Err(Reason::NotFoundOrNoAccess { registry: registry(), status })
}

/// A status that says nothing of the image.
fn server_error(status: u16) -> Result<Digest, Reason> {
    Err(Reason::ServerError { registry: registry(), status })
}

/// No answer within `SHORT`, which is told as the second that it nearly is.
fn timed_out() -> Result<Digest, Reason> {
    Err(Reason::TimedOut { registry: registry(), seconds: 1 })
}

/// A connection that was refused or broke.
fn unreachable(trouble: Trouble) -> Result<Digest, Reason> {
    Err(Reason::Unreachable { registry: registry(), trouble })
}

/// An answer that no registry should give.
fn bad(detail: &str) -> Result<Digest, Reason> {
    Err(Reason::BadAnswer { registry: registry(), detail: detail.to_owned() })
}

/// More requests than the registry wants.
fn limited(retry_after: Option<u32>) -> Result<Digest, Reason> {
    Err(Reason::RateLimited { registry: registry(), retry_after })
}
