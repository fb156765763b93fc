//! Requests to an Engine over a few kept connections.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use bytes::Bytes;
use http::{Request, Response, header};
use http_body_util::Full;
use hyper::{body::Incoming, client::conn::http1::SendRequest};
use hyper_util::rt::TokioIo;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::connection;
use crate::host::{Endpoint, HostError};

/// How many idle connections are kept.
const IDLE: usize = 8;

/// How long one is kept idle. A host is asked something every 20 s, which is when older ones are ended.
const IDLE_FOR: Duration = Duration::from_mins(1);

/// Conversations by ssh at once, the stream of events and pulls among them. Each is a process here and one there, and sshd turns
/// away some of those that come together with more than ten others (`MaxStartups`).
const BY_SSH: usize = 8;

/// The way to one Engine.
#[derive(Debug)]
pub(super) struct Transport {
    endpoint: Endpoint,
    idle: Mutex<Vec<Idle>>,
    /// what each connection in use takes one of; none where they cost next to nothing
    places: Option<Arc<Semaphore>>,
}

/// A connection that nobody uses.
#[derive(Debug)]
struct Idle {
    sender: Sender,
    since: Instant,
}

/// The end of a connection that takes requests.
type Sender = SendRequest<Full<Bytes>>;

/// One connection in use.
#[derive(Debug)]
pub(super) struct Connection {
    sender: Sender,
    _place: Option<OwnedSemaphorePermit>,
}

impl Transport {
    pub(super) fn new(endpoint: Endpoint) -> Self {
        let places = matches!(endpoint, Endpoint::Ssh(_)).then(|| Arc::new(Semaphore::new(BY_SSH)));
        Self { endpoint, idle: Mutex::default(), places }
    }

    pub(super) fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    pub(super) fn address(&self) -> String {
        self.endpoint.to_string()
    }

    /// A failure of the connection.
    pub(super) fn broken(&self, detail: impl ToString) -> HostError {
        HostError::Broken { address: self.address(), detail: detail.to_string() }
    }

    /// Sends a request, over a kept connection where one is alive. The caller bounds the wait, and gives the connection back by
    /// [`keep`](Self::keep) once it has read the whole body.
    pub(super) async fn send(&self, mut request: Request<Full<Bytes>>) -> Result<(Response<Incoming>, Connection), HostError> {
        if let Ok(host) = self.host().parse() {
            request.headers_mut().insert(header::HOST, host);
        }
        let place = match &self.places {
            // it is never closed
            Some(places) => places.clone().acquire_owned().await.ok(),
            None => None,
        };
        while let Some(mut sender) = self.take() {
            if sender.ready().await.is_err() {
                continue;
            }
            // the Engine may have closed it meanwhile: what was not sent, or changes nothing, may be sent again
            let again = request.method().is_safe().then(|| request.clone());
            match sender.try_send_request(request).await {
                Ok(response) => return Ok((response, Connection { sender, _place: place })),
                Err(mut error) => match error.take_message().or(again) {
                    Some(again) => request = again,
                    None => return Err(self.failed(error.error())),
                },
            }
        }
        let mut sender = self.open().await?;
        let response = sender.send_request(request).await.map_err(|error| self.failed(&error))?;
        Ok((response, Connection { sender, _place: place }))
    }

    /// Keeps a connection for the next request.
    pub(super) fn keep(&self, connection: Connection) {
        // its place is free when it can be taken
        let Connection { sender, _place } = connection;
        let mut idle = self.idle();
        if idle.len() < IDLE && !sender.is_closed() {
            idle.push(Idle { sender, since: Instant::now() });
        }
    }

    /// The connection that was used last, after those that nobody wanted for long have been ended.
    fn take(&self) -> Option<Sender> {
        let mut idle = self.idle();
        idle.retain(|idle| idle.since.elapsed() < IDLE_FOR);
        idle.pop().map(|idle| idle.sender)
    }

    /// Nothing panics in here, and if it did, the list is whole.
    fn idle(&self) -> MutexGuard<'_, Vec<Idle>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn open(&self) -> Result<Sender, HostError> {
        let stream = connection::connect(&self.endpoint).await?;
        let (sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(|error| self.broken(explain(&error)))?;
        // it ends when the sender and the body are dropped; what goes wrong on it is told by them
        tokio::spawn(connection);
        Ok(sender)
    }

    /// Why a request has no answer.
    fn failed(&self, error: &hyper::Error) -> HostError {
        connection::refused(&self.endpoint, error).unwrap_or_else(|| self.broken(explain(error)))
    }

    /// The `Host` header. On a socket the name means nothing, but there must be one.
    fn host(&self) -> String {
        match &self.endpoint {
            Endpoint::Unix(_) | Endpoint::Ssh(_) => "docker".to_owned(),
            Endpoint::Tcp { .. } | Endpoint::Tls { .. } => self.address().trim_start_matches("tcp://").to_owned(),
        }
    }
}

/// The whole chain of causes: hyper's own words alone say little.
pub(super) fn explain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        source = cause.source();
    }
    text
}
