//! The pull: one request whose answer tells of the progress, a JSON document a line.

mod lines;
mod progress;

use std::time::Duration;

use base64::{Engine as _, prelude::BASE64_URL_SAFE};
use bytes::Bytes;
use futures_util::{Stream, stream};
use http::{HeaderValue, Method, Request};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use secrecy::ExposeSecret;
use serde_json::json;
use tokio::time::{Instant, timeout, timeout_at};

use self::{
    lines::Lines,
    progress::{Progress, Told},
};
use crate::{
    host::{
        HostError, Login,
        docker::{
            Engine,
            api::{self, Answer},
            session::Flavour,
            transport::{Connection, explain},
        },
    },
    image::{Reference, reference::DOCKER_HUB},
    wire::{self, UpdateTrouble},
};

/// Longest silence. A pull as a whole may take as long as it takes.
const SILENCE: Duration = Duration::from_mins(2);

/// Shortest time between two states that are told.
const PACE: Duration = Duration::from_millis(100);

/// Largest answer that is no stream, in bytes.
const REFUSAL: usize = 64 * 1024;

/// What Docker calls its own registry where it is about logins.
const DOCKER_HUB_LOGIN: &str = "https://index.docker.io/v1/";

/// Pulls what `reference` stands for. The stream ends without an error only where the Engine itself has said that the image is there.
pub(super) fn pull(
    engine: Engine,
    reference: Reference,
    login: Option<Login>,
) -> impl Stream<Item = Result<wire::Pull, UpdateTrouble>> + Send + use<> {
    let wish = Wish { engine, reference, login };
    stream::try_unfold(State::Wished(wish), async |state| {
        let mut reading = match state {
            State::Wished(wish) => open(wish).await?,
            State::Reading(reading) => reading,
            State::Ended => return Ok(None),
        };
        let next = reading.next().await?;
        Ok(Some(match next {
            Next::More(pull) => (pull, State::Reading(reading)),
            Next::Last(pull) => (pull, State::Ended),
        }))
    })
}

/// What is to be pulled.
struct Wish {
    engine: Engine,
    reference: Reference,
    login: Option<Login>,
}

/// How far the stream is.
enum State {
    Wished(Wish),
    Reading(Box<Reading>),
    Ended,
}

/// A state to tell.
enum Next {
    More(wire::Pull),
    Last(wire::Pull),
}

/// The answer as far as it came.
struct Reading {
    engine: Engine,
    flavour: Flavour,
    /// not read from, but with it the connection would go
    _connection: Connection,
    body: Incoming,
    lines: Lines,
    progress: Progress,
    /// when the last state was told, where one was
    told: Option<Instant>,
}

/// Asks for the pull.
async fn open(wish: Wish) -> Result<Box<Reading>, UpdateTrouble> {
    let Wish { engine, reference, login } = wish;
    let session = engine.session().await.map_err(|error| away(&error))?;
    // without a tag all of them would be pulled
    let path = format!("/images/create?fromImage={}&tag={}", api::path(&reference.name()), api::path(reference.identifier()));
    let mut request = Request::builder().method(Method::POST).uri(session.path(&path));
    if let Some(login) = login {
        request = request.header("x-registry-auth", authorization(&reference, &login));
    }
    let transport = &engine.shared.transport;
    let request = request.body(Full::<Bytes>::default()).map_err(|error| away(&transport.broken(error)))?;
    let sent = timeout(SILENCE, transport.send(request)).await.map_err(|_| silent())?;
    let (response, connection) = sent.map_err(|error| away(&error))?;
    let status = response.status();
    let (parts, body) = response.into_parts();
    if !status.is_success() {
        let body = timeout(SILENCE, Limited::new(body, REFUSAL).collect()).await.map_err(|_| silent())?;
        let body = body.map(http_body_util::Collected::to_bytes).unwrap_or_default();
        let words = api::words(&Answer { status, headers: parts.headers, body });
        return Err(failed(words.unwrap_or_else(|| format!("status {}", status.as_u16()))));
    }
    let flavour = session.flavour;
    Ok(Box::new(Reading {
        flavour,
        _connection: connection,
        body,
        lines: Lines::default(),
        progress: Progress::default(),
        told: None,
        engine,
    }))
}

impl Reading {
    /// The next state that is worth telling.
    async fn next(&mut self) -> Result<Next, UpdateTrouble> {
        let mut changed = false;
        let mut heard = Instant::now();
        loop {
            let due = self.told.map_or(heard, |told| told + PACE);
            if changed && Instant::now() >= due {
                self.told = Some(Instant::now());
                return Ok(Next::More(self.progress.pull()));
            }
            let until = if changed { due } else { heard + SILENCE };
            let frame = match timeout_at(until, self.body.frame()).await {
                Ok(frame) => frame,
                Err(_) if heard.elapsed() >= SILENCE => return Err(silent()),
                Err(_) => continue,
            };
            let Some(frame) = frame else { return self.end() };
            let frame = frame.map_err(|error| away(&self.engine.shared.transport.broken(explain(&error))))?;
            heard = Instant::now();
            if let Ok(data) = frame.into_data() {
                changed |= self.read(&data)?;
            }
        }
    }

    /// Reads what came, and answers whether that changed anything.
    fn read(&mut self, data: &[u8]) -> Result<bool, UpdateTrouble> {
        self.lines.push(data);
        let mut changed = false;
        while let Some(line) = self.lines.next() {
            match self.progress.line(&line) {
                Told::Nothing => {}
                Told::Progress => changed = true,
                Told::Failure(words) => return Err(failed(api::told(&words))),
            }
        }
        if self.lines.is_too_long() { Err(failed("the Engine sent a line without end".to_owned())) } else { Ok(changed) }
    }

    /// The Engine has closed the answer: well only where it has said so before.
    fn end(&mut self) -> Result<Next, UpdateTrouble> {
        if let Some(rest) = self.lines.rest()
            && let Told::Failure(words) = self.progress.line(&rest)
        {
            return Err(failed(api::told(&words)));
        }
        if self.progress.is_complete(self.flavour) {
            self.progress.finish();
            return Ok(Next::Last(self.progress.pull()));
        }
        Err(failed("the Engine broke off the pull".to_owned()))
    }
}

/// The login in the form in which Engines read it: base64 for URLs, with padding.
fn authorization(reference: &Reference, login: &Login) -> HeaderValue {
    let server = if reference.registry() == DOCKER_HUB { DOCKER_HUB_LOGIN } else { reference.registry() };
    let document = json!({ "username": login.username, "password": login.password.expose_secret(), "serveraddress": server });
    let text = BASE64_URL_SAFE.encode(document.to_string());
    let mut value = HeaderValue::from_str(&text).expect("base64 fits in a header");
    value.set_sensitive(true);
    value
}

fn away(error: &HostError) -> UpdateTrouble {
    UpdateTrouble::HostAway { detail: error.to_string() }
}

fn failed(detail: String) -> UpdateTrouble {
    UpdateTrouble::Pull { detail }
}

fn silent() -> UpdateTrouble {
    failed(format!("the Engine said nothing for {} s", SILENCE.as_secs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_is_encoded_for_urls() {
        for (reference, server) in
            [("nginx:1", DOCKER_HUB_LOGIN), ("ghcr.io/acme/app:1", "ghcr.io"), ("127.0.0.1:5000/a:1", "127.0.0.1:5000")]
        {
            let login = Login { username: "me".into(), password: "?>~?>~ÿ".into() };
            let value = authorization(&reference.parse().expect("a reference"), &login);
            assert!(value.is_sensitive(), "it is in no log");
            let text = value.to_str().expect("text");
            assert!(!text.contains(['+', '/']), "{text}: Engines refuse the other alphabet");
            assert_eq!(text.len() % 4, 0, "{text}: Engines want the padding");
            let document: serde_json::Value = serde_json::from_slice(&BASE64_URL_SAFE.decode(text).expect("base64")).expect("a document");
            assert_eq!(document, json!({ "username": "me", "password": "?>~?>~ÿ", "serveraddress": server }));
        }
    }
}
