//! The way from the command line to a server that runs: a file in the data directory that only its owner can read.

use std::{
    fs, io,
    net::SocketAddr,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    time::Duration,
};

use bytes::Bytes;
use http::{Method, Request, StatusCode, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::rt::TokioIo;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::{net::TcpStream, time::timeout};

/// The file's name in the data directory.
const FILE: &str = "door.json";

/// How long one answer may take: longer than the server takes for any.
const PATIENCE: Duration = Duration::from_secs(35);

/// Bytes of an answer.
const ANSWER_MAX: usize = 4 * 1024 * 1024;

/// The file while the server runs; it goes with this.
#[derive(Debug)]
pub(super) struct Door(PathBuf);

impl Door {
    /// Writes the file, whole or not at all. The caller holds the lock of the data directory: what lies there is of a process that is no more.
    pub(super) fn open(directory: &Path, address: SocketAddr, base: &str, token: &SecretString) -> io::Result<Self> {
        let (path, new) = (directory.join(FILE), directory.join(format!("{FILE}.new")));
        match fs::remove_file(&new) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new)?;
        serde_json::to_writer(&file, &json!({ "address": address, "base": base, "token": token.expose_secret() }))?;
        file.sync_all()?;
        fs::rename(&new, &path)?;
        Ok(Self(path))
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        // a file that stays opens nothing: its token goes with the process
        let _ = fs::remove_file(&self.0);
    }
}

/// A server that runs, and the token that it takes.
#[derive(Debug, Deserialize)]
pub(super) struct Server {
    address: SocketAddr,
    /// what stands before every path
    base: String,
    token: SecretString,
}

impl Server {
    /// The server that uses the data directory.
    pub(super) fn find(directory: &Path) -> io::Result<Self> {
        Ok(serde_json::from_slice(&fs::read(directory.join(FILE))?)?)
    }

    /// Asks it; the answer in JSON, or nothing where it is none. Straight to the address: the token goes through no proxy.
    pub(super) async fn ask(&self, method: Method, path: &str, body: Option<&Value>) -> io::Result<(StatusCode, Value)> {
        let asked = timeout(PATIENCE, exchange(self, method, path, body)).await;
        asked.unwrap_or_else(|_| Err(io::Error::new(io::ErrorKind::TimedOut, format!("no answer within {PATIENCE:?}"))))
    }
}

/// One request and its answer.
async fn exchange(server: &Server, method: Method, path: &str, body: Option<&Value>) -> io::Result<(StatusCode, Value)> {
    let stream = TcpStream::connect(server.address).await?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(io::Error::other)?;
    let bytes = body.map(Value::to_string).unwrap_or_default();
    let request = Request::builder()
        .method(method)
        .uri(format!("{}{path}", server.base))
        .header(header::HOST, server.address.to_string())
        .header(header::AUTHORIZATION, format!("Bearer {}", server.token.expose_secret()))
        .header(header::CONTENT_TYPE, "application/json")
        .body(Full::new(Bytes::from(bytes)))
        .map_err(io::Error::other)?;
    let answer = async {
        let answer = sender.send_request(request).await.map_err(io::Error::other)?;
        let (head, body) = answer.into_parts();
        let bytes = Limited::new(body, ANSWER_MAX).collect().await.map_err(io::Error::other)?.to_bytes();
        Ok((head.status, serde_json::from_slice(&bytes).unwrap_or_default()))
    };
    // the connection moves while the answer is awaited, and is dropped with it
    let mut connection = std::pin::pin!(connection);
    let mut answer = std::pin::pin!(answer);
    tokio::select! {
        answer = &mut answer => answer,
        // closed by the server behind its answer: what has arrived is still read
        _ = &mut connection => answer.await,
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_file_is_its_owners_and_goes_with_the_server() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(FILE);
        fs::write(&path, "of an earlier process").unwrap();
        fs::write(directory.path().join("door.json.new"), "half of one").unwrap();
        let address: SocketAddr = "127.0.0.1:8099".parse().unwrap();
        let door = Door::open(directory.path(), address, "/below", &"secret".into()).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let server = Server::find(directory.path()).unwrap();
        assert_eq!((server.address, server.base.as_str(), server.token.expose_secret()), (address, "/below", "secret"));
        assert!(!format!("{server:?}").contains("secret"));
        drop(door);
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
        assert_eq!(Server::find(directory.path()).unwrap_err().kind(), io::ErrorKind::NotFound);
    }
}
