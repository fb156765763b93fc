//! Logging in: challenges and tokens, as the distribution project specifies them
//! (<https://distribution.github.io/distribution/spec/auth/token/>).

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use reqwest::{RequestBuilder, Response, StatusCode, Url, header};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::{
    Credentials,
    challenge::{Bearer, Offers},
    one::Registry,
};
use crate::{image::Step, wire::Reason};

/// How long a token lives where the registry does not say.
const LIFETIME: u64 = 60;

/// A token this close to its end is not sent any more, in seconds.
const MARGIN: u64 = 10;

/// Longest life of a token that is believed, in seconds: a day.
const LIFETIME_MAX: u64 = 86_400;

/// Largest answer of a token server, in bytes.
const SIZE_MAX: usize = 256 * 1024;

/// How long refused credentials are not tried again: registries block whoever keeps trying.
const REFUSED_FOR: Duration = Duration::from_mins(10);

/// What a registry wants to see, and what was got for that.
#[derive(Debug, Default)]
pub(super) struct Login {
    state: Mutex<State>,
    /// held while credentials are tried that were never accepted yet, so that wrong ones are tried once and not by everyone at once
    first_try: tokio::sync::Mutex<()>,
}

/// What is known of the way in.
#[derive(Debug, Default)]
struct State {
    /// what the registry asked for last
    challenge: Option<Challenge>,
    /// by repository
    tokens: HashMap<String, Token>,
    /// whether the credentials were good once
    accepted: bool,
    /// when they were refused last
    refused: Option<Instant>,
}

/// What a registry asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Challenge {
    /// a token from `realm`
    Bearer { realm: Url, service: Option<String> },
    /// user and password
    Basic,
}

/// What opens one repository for a while.
#[derive(Debug, Clone)]
struct Token {
    value: SecretString,
    until: Instant,
}

/// What a token server answers. Either name, at least one.
#[derive(Deserialize)]
struct TokenReply {
    token: Option<SecretString>,
    access_token: Option<SecretString>,
    expires_in: Option<u64>,
}

impl Login {
    /// Nothing in there can panic while the lock is held.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Registry {
    /// Sends a request about `repository` with what the registry wants to see. Where it wants something else than was sent, once more.
    pub(super) async fn authorized(
        &self,
        repository: &str,
        shown: &str,
        steps: &mut Vec<Step>,
        build: impl Fn(Option<&header::HeaderValue>) -> RequestBuilder,
    ) -> Result<Response, Reason> {
        let known = self.login.state().challenge.clone();
        let first = match known {
            Some(challenge) => self.authorization(&challenge, repository, steps).await?,
            None => None,
        };
        let response = self.send(shown, steps, || build(first.as_ref())).await?;
        if response.status() != StatusCode::UNAUTHORIZED {
            return Ok(response);
        }
        let challenge = self.challenge(&response)?;
        if challenge == Challenge::Basic && first.is_some() {
            self.login.state().refused = Some(Instant::now());
            return Err(Reason::CredentialsRefused { registry: self.name().to_owned() });
        }
        {
            let mut state = self.login.state();
            // a token that was refused is of no more use
            state.tokens.remove(repository);
            state.challenge = Some(challenge.clone());
        }
        let careful = if challenge == Challenge::Basic { self.careful().await } else { None };
        let second = self.authorization(&challenge, repository, steps).await?;
        if second.is_none() {
            return Ok(response);
        }
        let response = self.send(shown, steps, || build(second.as_ref())).await?;
        if challenge == Challenge::Basic {
            let mut state = self.login.state();
            if response.status() == StatusCode::UNAUTHORIZED {
                state.refused = Some(Instant::now());
                return Err(Reason::CredentialsRefused { registry: self.name().to_owned() });
            }
            state.accepted = true;
        }
        drop(careful);
        Ok(response)
    }

    /// Waits until nobody else tries credentials for the first time. None where they were accepted before, or there are none.
    async fn careful(&self) -> Option<tokio::sync::MutexGuard<'_, ()>> {
        let needed = self.credentials().await.is_some() && !self.login.state().accepted;
        if needed { Some(self.login.first_try.lock().await) } else { None }
    }

    /// The value of `Authorization` that answers `challenge`. None where there is nothing to send.
    async fn authorization(
        &self,
        challenge: &Challenge,
        repository: &str,
        steps: &mut Vec<Step>,
    ) -> Result<Option<header::HeaderValue>, Reason> {
        let text = match challenge {
            Challenge::Basic => {
                let Some(credentials) = self.credentials().await else { return Ok(None) };
                self.unless_refused()?;
                basic(credentials)
            }
            Challenge::Bearer { realm, service } => {
                let token = self.token(realm, service.as_deref(), repository, steps).await?;
                SecretString::from(format!("Bearer {}", token.expose_secret()))
            }
        };
        let bad = |_| Reason::BadAnswer { registry: self.name().to_owned(), detail: "a token that fits in no header".into() };
        let mut value = header::HeaderValue::from_str(text.expose_secret()).map_err(bad)?;
        value.set_sensitive(true);
        Ok(Some(value))
    }

    /// What a 401 asks for: `Bearer` before `Basic`.
    fn challenge(&self, response: &Response) -> Result<Challenge, Reason> {
        let bad = |detail: &str| Reason::BadAnswer { registry: self.name().to_owned(), detail: detail.into() };
        let values = response.headers().get_all(header::WWW_AUTHENTICATE);
        let offers = Offers::read(values.iter().filter_map(|value| value.to_str().ok()));
        let Some(Bearer { realm, service }) = offers.bearer else {
            // without a challenge that is understood, 401 says no more than that there is no access
            return if offers.basic { Ok(Challenge::Basic) } else { Err(self.refusal(response)) };
        };
        // a realm may be relative to the address that was asked
        let realm = response.url().join(&realm).map_err(|_| bad("a token server without an address"))?;
        if !self.place.trusts(&realm) {
            return Err(bad("it names a token server that Plimsoll may not ask"));
        }
        Ok(Challenge::Bearer { realm, service })
    }

    /// A token to pull `repository`: the one that is known while it lives, else a new one.
    async fn token(&self, realm: &Url, service: Option<&str>, repository: &str, steps: &mut Vec<Step>) -> Result<SecretString, Reason> {
        if let Some(token) = self.login.state().tokens.get(repository).filter(|token| Instant::now() < token.until) {
            return Ok(token.value.clone());
        }
        let credentials = self.credentials().await;
        let careful = self.careful().await;
        if credentials.is_some() {
            self.unless_refused()?;
        }
        let mut url = realm.clone();
        if let Some(service) = service {
            url.query_pairs_mut().append_pair("service", service);
        }
        // always our own scope: what challenges name is a placeholder at GHCR and Gitea
        url.query_pairs_mut().append_pair("scope", &format!("repository:{repository}:pull"));
        let shown = format!("GET {}{}", realm.origin().ascii_serialization(), realm.path());
        let response = self
            .send(&shown, steps, || {
                let request = self.client.get(url.clone());
                match credentials {
                    Some(Credentials { username, password }) => request.basic_auth(username, Some(password.expose_secret())),
                    None => request,
                }
            })
            .await?;
        match response.status() {
            StatusCode::OK => {}
            // 403 is about the repository: GHCR answers so to a good login that may not see it
            StatusCode::UNAUTHORIZED if credentials.is_some() => {
                self.login.state().refused = Some(Instant::now());
                return Err(Reason::CredentialsRefused { registry: self.name().to_owned() });
            }
            _ => return Err(self.refusal(&response)),
        }
        let token = self.read_token(response).await?;
        let mut state = self.login.state();
        state.accepted |= credentials.is_some();
        if state.tokens.len().is_power_of_two() {
            // now and then is enough, and costs little however many there are
            let now = Instant::now();
            state.tokens.retain(|_, token| now < token.until);
        }
        state.tokens.insert(repository.to_owned(), token.clone());
        drop(state);
        drop(careful);
        Ok(token.value)
    }

    /// Reads what a token server sent.
    async fn read_token(&self, mut response: Response) -> Result<Token, Reason> {
        let bad = |detail: &str| Reason::BadAnswer { registry: self.name().to_owned(), detail: detail.into() };
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| super::trouble::reason(&error, self.name(), self.timeout))? {
            if body.len() + chunk.len() > SIZE_MAX {
                return Err(bad("a token of more than 256 KiB"));
            }
            body.extend_from_slice(&chunk);
        }
        let reply: TokenReply = serde_json::from_slice(&body).map_err(|_| bad("the token server's answer is no token"))?;
        let value = reply.token.or(reply.access_token).filter(|token| !token.expose_secret().is_empty());
        let lifetime = reply.expires_in.unwrap_or(LIFETIME).clamp(LIFETIME, LIFETIME_MAX) - MARGIN;
        Ok(Token {
            value: value.ok_or_else(|| bad("the token server's answer has no token"))?,
            until: Instant::now() + Duration::from_secs(lifetime),
        })
    }

    /// Refused credentials are not tried again for a while.
    fn unless_refused(&self) -> Result<(), Reason> {
        let refused = self.login.state().refused.is_some_and(|at| at.elapsed() < REFUSED_FOR);
        if refused { Err(Reason::CredentialsRefused { registry: self.name().to_owned() }) } else { Ok(()) }
    }
}

/// The value of `Authorization` for a user and a password.
fn basic(credentials: &Credentials) -> SecretString {
    let pair = SecretString::from(format!("{}:{}", credentials.username, credentials.password.expose_secret()));
    format!("Basic {}", BASE64_STANDARD.encode(pair.expose_secret())).into()
}
