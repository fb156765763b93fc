//! Requests to an Engine over a few kept connections.

use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use http::{Request, Response, header};
use http_body_util::Full;
use hyper::{body::Incoming, client::conn::http1::SendRequest};
use hyper_util::rt::TokioIo;

use super::connection;
use crate::host::{Endpoint, HostError};

/// How many idle connections are kept.
const IDLE: usize = 8;

/// The way to one Engine.
#[derive(Debug)]
pub(super) struct Transport {
    endpoint: Endpoint,
    idle: Mutex<Vec<Connection>>,
}

/// One connection, with nothing under way on it.
pub(super) type Connection = SendRequest<Full<Bytes>>;

impl Transport {
    pub(super) fn new(endpoint: Endpoint) -> Self {
        Self { endpoint, idle: Mutex::default() }
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
        while let Some(mut connection) = self.take() {
            if connection.ready().await.is_err() {
                continue;
            }
            // the Engine may have closed it meanwhile: what was not sent, or changes nothing, may be sent again
            let again = request.method().is_safe().then(|| request.clone());
            match connection.try_send_request(request).await {
                Ok(response) => return Ok((response, connection)),
                Err(mut error) => match error.take_message().or(again) {
                    Some(again) => request = again,
                    None => return Err(self.broken(explain(error.error()))),
                },
            }
        }
        let mut connection = self.open().await?;
        let response = connection.send_request(request).await;
        let response =
            response.map_err(|error| connection::refused(&self.endpoint, &error).unwrap_or_else(|| self.broken(explain(&error))))?;
        Ok((response, connection))
    }

    /// Keeps a connection for the next request.
    pub(super) fn keep(&self, connection: Connection) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < IDLE && !connection.is_closed() {
            idle.push(connection);
        }
    }

    fn take(&self) -> Option<Connection> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    async fn open(&self) -> Result<Connection, HostError> {
        let stream = connection::connect(&self.endpoint).await?;
        let (sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(|error| self.broken(explain(&error)))?;
        // it ends when the sender and the body are dropped; what goes wrong on it is told by them
        tokio::spawn(connection);
        Ok(sender)
    }

    /// The `Host` header. On a socket the name means nothing, but there must be one.
    fn host(&self) -> String {
        match &self.endpoint {
            Endpoint::Unix(_) => "docker".to_owned(),
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
