//! A request, read.

use std::{collections::BTreeMap, io};

use base64::{Engine as _, engine::general_purpose::URL_SAFE};
use bytes::Bytes;
use http::{HeaderMap, Method, Request, header};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use serde_json::{Map, Value};

use super::{Call, EngineError};

/// The largest body that is read.
const LARGEST: usize = 4 << 20;

/// A request, read.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) method: Method,
    /// as it was sent, with its version
    path: String,
    pub(super) query: BTreeMap<String, String>,
    headers: HeaderMap,
    body: Bytes,
}

impl Asked {
    /// Reads a request to its end.
    pub(super) async fn read(request: Request<Incoming>) -> io::Result<Self> {
        let (parts, body) = request.into_parts();
        let body = Limited::new(body, LARGEST).collect().await.map_err(io::Error::other)?.to_bytes();
        let query = url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
        Ok(Self { method: parts.method, path: parts.uri.path().to_owned(), query, headers: parts.headers, body })
    }

    /// The path as it was sent.
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// The path without its version.
    pub(super) fn unversioned(&self) -> &str {
        let rest = self.path.strip_prefix("/v1.").and_then(|rest| rest.find('/').map(|end| &rest[end..]));
        rest.unwrap_or(&self.path)
    }

    /// Whether it is about an id that spells words. An Engine draws its ids and never draws such a one: who asks for it wants to know whether
    /// he is heard, and nothing else. So it is no call that is counted, held or goes wrong by itself.
    pub(super) fn is_about_nobody(&self) -> bool {
        let letter = |pair: &[u8]| std::str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok());
        let spells =
            |id: &str| id.len() == 64 && id.as_bytes().chunks(2).all(|pair| letter(pair).is_some_and(|byte| byte.is_ascii_lowercase()));
        let texts = [self.path.as_str()].into_iter().chain(self.query.values().map(String::as_str));
        texts.flat_map(|text| text.split(|letter: char| !letter.is_ascii_hexdigit())).any(spells)
    }

    /// The call as tests look at it.
    pub(super) fn call(&self) -> Call {
        Call {
            method: self.method.clone(),
            path: self.unversioned().to_owned(),
            query: self.query.clone(),
            body: serde_json::from_slice(&self.body).unwrap_or_default(),
            login: self.login().unwrap_or_default(),
        }
    }

    /// A parameter of the query; empty where there is none.
    pub(super) fn text(&self, name: &str) -> &str {
        self.query.get(name).map(String::as_str).unwrap_or_default()
    }

    /// A switch in the query, as the Engine reads one.
    pub(super) fn is_true(&self, name: &str) -> bool {
        !matches!(self.text(name).to_ascii_lowercase().as_str(), "" | "0" | "no" | "false" | "none")
    }

    /// The document in the body, for an Engine of this age.
    pub(super) fn document(&self, engine: u16) -> Result<Map<String, Value>, EngineError> {
        let kind = self.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if kind.split(';').next().map(str::trim) != Some("application/json") {
            return Err(EngineError::Invalid(format!("Content-Type specified ({kind}) must be 'application/json'")));
        }
        match serde_json::from_slice(&self.body) {
            Ok(Value::Object(document)) => Ok(document),
            Ok(_) => Err(EngineError::Invalid("json: cannot unmarshal into Go value".to_owned())),
            // old ones take what they cannot read for a failure of their own
            Err(_) if engine < 42 => Err(EngineError::Failed(if self.body.is_empty() { "EOF" } else { "unexpected EOF" }.to_owned())),
            Err(_) if self.body.is_empty() => Err(EngineError::Invalid("invalid JSON: got EOF while reading request body".to_owned())),
            Err(error) => Err(EngineError::Invalid(format!("invalid JSON: {error}"))),
        }
    }

    /// The login for a registry: base64 in the alphabet of URLs, of a JSON document. None where there is none, and where it is neither.
    pub(super) fn login(&self) -> Option<Value> {
        let decoded = URL_SAFE.decode(self.headers.get("x-registry-auth")?.as_bytes()).ok()?;
        serde_json::from_slice(&decoded).ok()
    }
}
