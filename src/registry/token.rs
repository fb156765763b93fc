//! Tokens: got for many repositories at once, and for one alone where that does not do.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use reqwest::{
    Response, StatusCode, Url,
    header::{CONTENT_TYPE, HeaderValue},
};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use url::form_urlencoded;

use super::{
    Credentials,
    credentials::{Known, Secret},
    login::{Batch, Way},
    one::Registry,
    trouble,
};
use crate::{image::Step, wire::Reason};

/// How long a token lives where the registry does not say, in seconds; also the shortest life that is believed. So the specification.
const LIFETIME: u64 = 60;

/// A token this close to its end is not sent any more, in seconds.
const MARGIN: u64 = 10;

/// Longest life of a token that is believed, in seconds: a day.
const LIFETIME_MAX: u64 = 86_400;

/// Largest answer of a token server, in bytes.
const SIZE_MAX: usize = 256 * 1024;

/// How Plimsoll introduces itself where an identity token is exchanged, which asks for a name.
const CLIENT: &str = "plimsoll";

/// What a token server answers. Either name, at least one.
#[derive(Deserialize)]
struct TokenReply {
    token: Option<SecretString>,
    access_token: Option<SecretString>,
    expires_in: Option<u64>,
}

impl Registry {
    /// A token to pull `repository`, and whether it opens others too: the one that is known while it lives, else a new one, got together
    /// with those of its batch. `alone` is one that opens nothing else.
    pub(super) async fn token(
        &self,
        realm: &Url,
        service: Option<&str>,
        repository: &str,
        mut alone: bool,
        steps: &mut Vec<Step>,
    ) -> Result<(HeaderValue, bool), Reason> {
        loop {
            let batch = match self.login.way(repository, realm, service, self.known().await, alone) {
                Way::Token(value, shared) => return Ok((value, shared)),
                Way::Batch(batch) => batch,
            };
            let outcome = batch
                .outcome
                .get_or_init(async || {
                    // in a box: one of those who wait asks
                    let outcome = Box::pin(self.fetch(realm, service, &batch, steps)).await;
                    self.login.done(&batch);
                    outcome
                })
                .await;
            match outcome {
                Ok(value) => return Ok((value.clone(), batch.is_shared())),
                // that may have been about another of them, or about their number
                Err(Reason::NotFoundOrNoAccess { .. } | Reason::BadAnswer { .. }) if batch.is_shared() => alone = true,
                Err(reason) => return Err(reason.clone()),
            }
        }
    }

    /// Gets the token of a batch, all of whose repositories have the same login.
    async fn fetch(&self, realm: &Url, service: Option<&str>, batch: &Arc<Batch>, steps: &mut Vec<Step>) -> Result<HeaderValue, Reason> {
        let known = match batch.repositories.first() {
            Some(repository) => self.known_for(repository).await,
            None => None,
        };
        // credentials that were never accepted are tried by one at a time: registries block whoever keeps failing
        let careful = match known {
            Some(known) => known.trial.careful().await,
            None => None,
        };
        if known.is_some_and(|known| known.trial.was_refused()) {
            return Err(self.credentials_refused());
        }
        let response = self.ask_for_token(realm, service, batch, known, steps).await?;
        let refused = match (response.status(), known) {
            (StatusCode::OK, _) => false,
            // 403 is about the repository: GHCR answers so to a good login that may not see it
            (StatusCode::UNAUTHORIZED, Some(_)) => true,
            // so the OAuth2 form says that it is not taken (RFC 6749, 5.2)
            (StatusCode::BAD_REQUEST, Some(known)) => known.password().is_none(),
            _ => return Err(self.refusal(&response)),
        };
        if let Some(known) = known {
            if refused {
                known.trial.refused();
                return Err(self.credentials_refused());
            }
            known.trial.accepted();
        }
        let (value, until) = self.read_token(response).await?;
        self.login.keep(batch, &value, until);
        drop(careful);
        Ok(value)
    }

    /// Asks the token server: with user and password, with an identity token, or as nobody.
    async fn ask_for_token(
        &self,
        realm: &Url,
        service: Option<&str>,
        batch: &Batch,
        known: Option<&Known>,
        steps: &mut Vec<Step>,
    ) -> Result<Response, Reason> {
        let place = format!("{}{}", realm.origin().ascii_serialization(), realm.path());
        if let Some(Secret::Identity(identity)) = known.map(|known| &known.shown) {
            let form = exchange(service, batch, identity);
            let shown = format!("POST {place}");
            let ask = || {
                let request = self.client.post(realm.clone()).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
                request.body(form.expose_secret().to_owned())
            };
            let response = self.send(&shown, steps, ask).await?;
            if !matches!(response.status(), StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED) {
                return Ok(response);
            }
            // a token server of the older kind has no use for an identity token: what is public can be read without
        }
        let mut url = realm.clone();
        if let Some(service) = service {
            url.query_pairs_mut().append_pair("service", service);
        }
        for repository in &batch.repositories {
            url.query_pairs_mut().append_pair("scope", &scope(repository));
        }
        let shown = format!("GET {place}");
        let password = known.and_then(Known::password);
        let ask = || {
            let request = self.client.get(url.clone());
            match password {
                Some(Credentials { username, password }) => request.basic_auth(username, Some(password.expose_secret())),
                None => request,
            }
        };
        self.send(&shown, steps, ask).await
    }

    /// Reads what a token server sent: the value of `Authorization`, and until when it is good.
    async fn read_token(&self, mut response: Response) -> Result<(HeaderValue, Instant), Reason> {
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| trouble::reason(&error, self.name(), self.timeout))? {
            if body.len() + chunk.len() > SIZE_MAX {
                return Err(self.bad("a token of more than 256 KiB"));
            }
            body.extend_from_slice(&chunk);
        }
        let reply: TokenReply = serde_json::from_slice(&body).map_err(|_| self.bad("the token server's answer is no token"))?;
        let filled = |token: &SecretString| !token.expose_secret().is_empty();
        let value = reply.token.filter(filled).or(reply.access_token.filter(filled));
        let value = value.ok_or_else(|| self.bad("the token server's answer has no token"))?;
        let value = self.secret(&format!("Bearer {}", value.expose_secret()).into())?;
        // from receipt: clocks differ
        let lifetime = reply.expires_in.unwrap_or(LIFETIME).clamp(LIFETIME, LIFETIME_MAX) - MARGIN;
        Ok((value, Instant::now() + Duration::from_secs(lifetime)))
    }

    /// A secret as a header's value.
    pub(super) fn secret(&self, text: &SecretString) -> Result<HeaderValue, Reason> {
        let value = HeaderValue::from_str(text.expose_secret());
        let mut value = value.map_err(|_| self.bad("a token that fits in no header"))?;
        value.set_sensitive(true);
        Ok(value)
    }
}

/// What is asked for. Always our own scope: what challenges name is a placeholder at GHCR and Gitea.
fn scope(repository: &str) -> String {
    format!("repository:{repository}:pull")
}

/// The form that exchanges an identity token (<https://distribution.github.io/distribution/spec/auth/oauth/>).
fn exchange(service: Option<&str>, batch: &Batch, identity: &SecretString) -> SecretString {
    let scopes: Vec<_> = batch.repositories.iter().map(|repository| scope(repository)).collect();
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("grant_type", "refresh_token").append_pair("client_id", CLIENT).append_pair("scope", &scopes.join(" "));
    if let Some(service) = service {
        form.append_pair("service", service);
    }
    form.append_pair("refresh_token", identity.expose_secret()).finish().into()
}

/// The value of `Authorization` for a user and a password.
pub(super) fn basic(credentials: &Credentials) -> SecretString {
    let pair = SecretString::from(format!("{}:{}", credentials.username, credentials.password.expose_secret()));
    format!("Basic {}", BASE64_STANDARD.encode(pair.expose_secret())).into()
}
