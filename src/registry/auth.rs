//! Getting in: what a registry asks for is shown with each request, as the distribution project specifies
//! (<https://distribution.github.io/distribution/spec/auth/token/>).

use reqwest::{RequestBuilder, Response, StatusCode, header};
use tokio::sync::MutexGuard;

use super::{
    challenge::{Bearer, Offers},
    credentials::Known,
    login::Challenge,
    one::Registry,
    token::basic,
    trouble,
};
use crate::{image::Step, wire::Reason};

/// What is shown with a request.
enum Shown<'a> {
    /// a user and a password; others wait until it is known whether they are good
    Basic { known: &'a Known, value: header::HeaderValue, _careful: Option<MutexGuard<'a, ()>> },
    /// a token, which may open others too
    Token { value: header::HeaderValue, shared: bool },
}

impl Shown<'_> {
    /// The value of `Authorization`.
    fn value(&self) -> &header::HeaderValue {
        match self {
            Self::Basic { value, .. } | Self::Token { value, .. } => value,
        }
    }
}

impl Registry {
    /// Finds out what the registry wants, and gets the token that `repository` needs together with the others that were announced. That
    /// takes no look-up's turn, so that all batches are got at once.
    pub(super) async fn prepare(&self, repository: &str, steps: &mut Vec<Step>) -> Result<(), Reason> {
        self.greet(steps).await;
        match self.login.challenge().as_deref() {
            Some(Challenge::Bearer { realm, service }) => {
                self.token(realm, service.as_deref(), repository, false, steps).await?;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Sends a request about `repository` with what the registry wants to see. Where it wants something else than was sent, once more.
    pub(super) async fn authorized(
        &self,
        repository: &str,
        shown: &str,
        steps: &mut Vec<Step>,
        build: impl Fn(Option<&header::HeaderValue>) -> RequestBuilder,
    ) -> Result<Response, Reason> {
        let first = self.authorization(repository, false, steps).await?;
        let response = self.send(shown, steps, || build(first.as_ref().map(Shown::value))).await?;
        match (response.status(), &first) {
            // a token for many may lack one of them: one of its own decides
            (StatusCode::FORBIDDEN, Some(Shown::Token { shared: true, .. })) => {}
            (StatusCode::UNAUTHORIZED, _) => {
                let challenge = self.challenge(&response)?;
                if let (Challenge::Basic, Some(Shown::Basic { known, .. })) = (&challenge, &first) {
                    known.trial.refused();
                    return Err(self.credentials_refused());
                }
                self.login.greeted(Some(challenge));
            }
            (_, first) => {
                if let Some(Shown::Basic { known, .. }) = first {
                    known.trial.accepted();
                }
                return Ok(response);
            }
        }
        let had_token = match &first {
            Some(Shown::Token { value, .. }) => {
                self.login.drop_token(repository, value);
                true
            }
            _ => false,
        };
        drop(first);
        let Some(second) = self.authorization(repository, had_token, steps).await? else { return Ok(response) };
        let response = self.send(shown, steps, || build(Some(second.value()))).await?;
        if let Shown::Basic { known, .. } = &second {
            if response.status() == StatusCode::UNAUTHORIZED {
                known.trial.refused();
                return Err(self.credentials_refused());
            }
            known.trial.accepted();
        }
        Ok(response)
    }

    /// Asks what the registry wants to see, where that is not known: one for all, while the others wait. Nothing that comes of it is a
    /// failure of an image: `/v2/` may be answered otherwise than what is below it.
    async fn greet(&self, steps: &mut Vec<Step>) {
        if self.login.is_greeted() {
            return;
        }
        let _one = self.login.greeting.lock().await;
        if !self.login.is_greeted() {
            // in a box: one of those who wait asks
            Box::pin(self.ask_for_challenge(steps)).await;
        }
    }

    /// The same by who is to ask.
    async fn ask_for_challenge(&self, steps: &mut Vec<Step>) {
        let url = self.place.url("");
        let shown = format!("GET {url}");
        // an answer that takes so long is not worth waiting for: the requests themselves tell more
        let within = self.timeout / 2;
        let asked = tokio::time::timeout(within, self.send_once(&shown, steps, || self.client.get(&url))).await;
        if asked.is_err()
            && let Some(step) = steps.last_mut()
        {
            step.trouble = Some(trouble::NO_ANSWER.to_owned());
        }
        let challenge = asked.ok().flatten().and_then(|response| match response.status() {
            StatusCode::UNAUTHORIZED => self.challenge(&response).ok(),
            StatusCode::OK => Some(Challenge::Open),
            _ => None,
        });
        self.login.greeted(challenge);
    }

    /// What answers the registry's challenge, as far as that is known; `alone` with a token for nothing but `repository`. None where there
    /// is nothing to show.
    async fn authorization(&self, repository: &str, alone: bool, steps: &mut Vec<Step>) -> Result<Option<Shown<'_>>, Reason> {
        match self.login.challenge().as_deref() {
            None | Some(Challenge::Open) => Ok(None),
            Some(Challenge::Basic) => {
                let Some((known, credentials)) = self.known_for(repository).await.and_then(|known| Some((known, known.password()?))) else {
                    return Ok(None);
                };
                let careful = known.trial.careful().await;
                if known.trial.was_refused() {
                    return Err(self.credentials_refused());
                }
                Ok(Some(Shown::Basic { known, value: self.secret(&basic(credentials))?, _careful: careful }))
            }
            Some(Challenge::Bearer { realm, service }) => {
                let (value, shared) = self.token(realm, service.as_deref(), repository, alone, steps).await?;
                Ok(Some(Shown::Token { value, shared }))
            }
        }
    }

    /// What a 401 asks for: `Bearer` before `Basic`.
    fn challenge(&self, response: &Response) -> Result<Challenge, Reason> {
        let values = response.headers().get_all(header::WWW_AUTHENTICATE);
        let offers = Offers::read(values.iter().filter_map(|value| value.to_str().ok()));
        let Some(Bearer { realm, service }) = offers.bearer else {
            // without a challenge that is understood, 401 says no more than that there is no access
            return if offers.basic { Ok(Challenge::Basic) } else { Err(self.refusal(response)) };
        };
        // a realm may be relative to the address that was asked
        let realm = response.url().join(&realm).map_err(|_| self.bad("a token server without an address"))?;
        if !self.place.trusts(&realm) {
            return Err(self.bad("it names a token server that Plimsoll may not ask"));
        }
        Ok(Challenge::Bearer { realm, service })
    }

    /// The registry, or its token server, took offence at the credentials.
    pub(super) fn credentials_refused(&self) -> Reason {
        Reason::CredentialsRefused { registry: self.name().to_owned() }
    }
}
