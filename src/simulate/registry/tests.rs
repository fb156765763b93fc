//! The simulated registry is held against what docker-registry 2.8.2 and the specifications say, so that what passes on it is worth
//! something.

mod faulty;
mod honest;
mod lists;

use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::{BodyExt, Empty};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::{Fault, Registry, RetryAfter, Scope};

/// What every client that knows its trade accepts.
const ACCEPT: &str = "application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json, \
                      application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json";

/// An answer.
struct Got {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Got {
    /// The value of a header; empty where there is none.
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The code of the first error.
    fn code(&self) -> String {
        let body: serde_json::Value = serde_json::from_slice(&self.body).unwrap();
        body["errors"][0]["code"].as_str().unwrap().to_owned()
    }

    /// The tags of a list.
    fn tags(&self) -> Vec<String> {
        let body: serde_json::Value = serde_json::from_slice(&self.body).unwrap();
        serde_json::from_value(body["tags"].clone()).unwrap()
    }
}

/// Sends one request on a connection of its own. None where that is closed before the whole answer came.
async fn send(registry: &Registry, method: Method, path: &str, headers: &[(header::HeaderName, &str)]) -> Option<Got> {
    let stream = TcpStream::connect(registry.address()).await.unwrap();
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
    let connection = tokio::spawn(connection);
    let mut request = Request::builder().method(method).uri(path).header(header::HOST, "registry");
    for (name, value) in headers {
        request = request.header(name, *value);
    }
    let response = sender.send_request(request.body(Empty::<Bytes>::new()).unwrap()).await.ok()?;
    let (parts, body) = response.into_parts();
    let body = body.collect().await.ok()?.to_bytes();
    connection.abort();
    Some(Got { status: parts.status, headers: parts.headers, body })
}

/// `GET` with the usual `Accept`.
async fn get(registry: &Registry, path: &str) -> Got {
    send(registry, Method::GET, path, &[(header::ACCEPT, ACCEPT)]).await.unwrap()
}

/// `HEAD` with the usual `Accept`.
async fn head(registry: &Registry, path: &str) -> Got {
    send(registry, Method::HEAD, path, &[(header::ACCEPT, ACCEPT)]).await.unwrap()
}
