//! A client that shows answers as they came.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::{body::Incoming, client::conn::http1};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::{
    net::{TcpStream, UnixStream},
    time::timeout,
};

use super::Engine;

/// Longer than anything takes that works.
const LIMIT: Duration = Duration::from_secs(10);

/// A client of one Engine.
#[derive(Debug, Clone)]
pub(in crate::simulate) struct Client {
    address: String,
}

/// An answer, read to its end.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

/// An open stream of events.
#[derive(Debug)]
pub(super) struct Events {
    body: Incoming,
    /// what came and was not read yet
    buffer: Vec<u8>,
}

impl Client {
    pub(in crate::simulate) fn of(engine: &Engine) -> Self {
        Self { address: engine.address().to_owned() }
    }

    /// Sends a request over a connection of its own.
    pub(super) async fn send(&self, method: Method, path: &str) -> Result<Response<Incoming>, String> {
        self.request(method, path, None, &[]).await
    }

    /// Sends a request with a body and headers.
    pub(super) async fn request(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        headers: &[(&str, &str)],
    ) -> Result<Response<Incoming>, String> {
        let mut sender = match self.address.split_once("://") {
            Some(("unix", path)) => handshake(UnixStream::connect(path).await.map_err(|error| error.to_string())?).await,
            Some((_, authority)) => handshake(TcpStream::connect(authority).await.map_err(|error| error.to_string())?).await,
            None => panic!("no address: {}", self.address),
        }?;
        let mut request = Request::builder().method(method).uri(path).header("host", "docker");
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = body.map(Value::to_string).unwrap_or_default();
        let request = request.body(Full::from(body)).expect("a request");
        sender.send_request(request).await.map_err(|error| error.to_string())
    }

    pub(super) async fn ask(&self, method: Method, path: &str) -> Answer {
        let response = timeout(LIMIT, self.send(method, path)).await.expect("an answer in time").expect("an answer");
        Self::whole(response).await
    }

    async fn whole(response: Response<Incoming>) -> Answer {
        let (parts, body) = response.into_parts();
        let body = timeout(LIMIT, body.collect()).await.expect("a body in time").expect("a body").to_bytes();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// The document at a path.
    pub(super) async fn get(&self, path: &str) -> Value {
        let answer = self.ask(Method::GET, path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {:?}", answer.body);
        serde_json::from_slice(&answer.body).expect("JSON")
    }

    /// Status and message of a refusal.
    pub(super) async fn refusal(&self, path: &str) -> (u16, String) {
        let answer = self.ask(Method::GET, path).await;
        let body: Value = serde_json::from_slice(&answer.body).expect("JSON");
        (answer.status.as_u16(), body["message"].as_str().expect("a message").to_owned())
    }

    /// Status and document of an answer to a request that changes something; null where it is empty, the words of a refusal alone.
    pub(super) async fn tell(&self, method: Method, path: &str, body: Value) -> (u16, Value) {
        let body = Some(&body).filter(|body| !body.is_null());
        let response = timeout(LIMIT, self.request(method, path, body, &[])).await.expect("an answer in time").expect("an answer");
        let answer = Self::whole(response).await;
        let told: Value = if answer.body.is_empty() { Value::Null } else { serde_json::from_slice(&answer.body).expect("JSON") };
        (answer.status.as_u16(), told.get("message").cloned().unwrap_or(told))
    }

    /// The same without anything to say, for the status alone.
    pub(super) async fn post(&self, path: &str) -> u16 {
        self.tell(Method::POST, path, Value::Null).await.0
    }

    /// The lines of a pull, and whether the stream came to a proper end.
    pub(in crate::simulate) async fn pull(&self, query: &str) -> (Vec<Value>, bool) {
        let path = format!("/images/create?{query}");
        let response = timeout(LIMIT, self.send(Method::POST, &path)).await.expect("in time").expect("an answer");
        assert_eq!(response.status(), StatusCode::OK);
        let (mut body, mut text, mut whole) = (response.into_body(), Vec::new(), true);
        while let Some(frame) = timeout(LIMIT, body.frame()).await.expect("a line in time") {
            match frame {
                Ok(frame) => text.extend(frame.into_data().expect("data")),
                Err(_) => {
                    whole = false;
                    break;
                }
            }
        }
        let text = String::from_utf8(text).expect("text");
        (text.split_terminator("\r\n").map(|line| serde_json::from_str(line).expect("a document a line")).collect(), whole)
    }

    pub(super) async fn events(&self, query: &str) -> Events {
        let response = timeout(LIMIT, self.send(Method::GET, &format!("/events?{query}"))).await.expect("in time").expect("an answer");
        assert_eq!(response.status(), StatusCode::OK);
        Events { body: response.into_body(), buffer: Vec::new() }
    }
}

impl Events {
    /// The next event; nothing once the stream has ended.
    pub(super) async fn next(&mut self) -> Option<Value> {
        loop {
            if let Some(end) = self.buffer.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.buffer.drain(..=end).collect();
                return Some(serde_json::from_slice(&line).expect("an event a line"));
            }
            let frame = timeout(LIMIT, self.body.frame()).await.expect("an event in time")?.ok()?;
            self.buffer.extend(frame.into_data().expect("data"));
        }
    }

    /// Types and actions of the next events.
    pub(super) async fn actions(&mut self, count: usize) -> Vec<String> {
        let mut actions = Vec::new();
        for _ in 0..count {
            let event = self.next().await.expect("an event");
            actions.push(format!("{} {}", event["Type"].as_str().expect("a type"), event["Action"].as_str().expect("an action")));
        }
        actions
    }
}

async fn handshake<S>(stream: S) -> Result<http1::SendRequest<Full<Bytes>>, String>
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
{
    let (sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(|error| error.to_string())?;
    tokio::spawn(connection);
    Ok(sender)
}
