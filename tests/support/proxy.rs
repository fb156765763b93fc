//! A socket proxy before an Engine, by the rules of Tecnativa's (`haproxy.cfg` of docker-socket-proxy): nothing but looking unless `POST` is on,
//! then the first part of the path by its own switch, and a page of HTML for everything else. The switches can be turned while it runs.

#![allow(dead_code, reason = "each file of tests takes what it needs of it")]

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http_body_util::{Either, Full};
use hyper::{Method, Request, Response, StatusCode, body::Incoming, client, header, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream, UnixStream},
    sync::watch,
    task::JoinHandle,
};

/// What is let through where nobody turns a switch, and what an inventory needs.
pub(crate) const LOOKING: &[&str] = &["EVENTS", "PING", "VERSION", "CONTAINERS", "IMAGES", "INFO"];

/// All that an update takes.
pub(crate) const UPDATES: &[&str] = &["EVENTS", "PING", "VERSION", "CONTAINERS", "IMAGES", "INFO", "POST", "NETWORKS"];

/// A proxy.
pub(crate) struct Proxy {
    /// where it listens: `tcp://127.0.0.1:41234`
    pub(crate) address: String,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

struct Shared {
    engine: String,
    on: Mutex<Vec<&'static str>>,
    denied: Mutex<Vec<String>>,
    /// counts how often all connections were cut
    cuts: watch::Sender<u64>,
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

impl Proxy {
    /// A proxy before the Engine at `engine` (`unix://…` or `tcp://…`), with these switches on.
    pub(crate) async fn open(engine: &str, on: &[&'static str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("tcp://{}", listener.local_addr().expect("an address"));
        let shared = Arc::new(Shared {
            engine: engine.to_owned(),
            on: Mutex::new(on.to_vec()),
            denied: Mutex::default(),
            cuts: watch::Sender::default(),
        });
        let serving = Arc::clone(&shared);
        let task = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let shared = Arc::clone(&serving);
                let mut cuts = shared.cuts.subscribe();
                tokio::spawn(async move {
                    let passing = service_fn(move |request| pass(Arc::clone(&shared), request));
                    tokio::select! {
                        _ = http1::Builder::new().serve_connection(TokioIo::new(near), passing) => {}
                        _ = cuts.changed() => {}
                    }
                });
            }
        });
        Self { address, shared, task }
    }

    /// Turns the switches, as its owner does: it is started anew, so every connection goes.
    pub(crate) fn turn(&self, on: &[&'static str]) {
        *self.shared.on.lock().expect("whole") = on.to_vec();
        self.shared.cuts.send_modify(|cuts| *cuts += 1);
    }

    /// What was not let through: `POST /containers/create`.
    pub(crate) fn denied(&self) -> Vec<String> {
        self.shared.denied.lock().expect("whole").clone()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
        self.shared.cuts.send_modify(|cuts| *cuts += 1);
    }
}

/// The rules.
fn allows(on: &[&str], method: &Method, path: &str) -> bool {
    let on = |switch: &str| on.contains(&switch);
    if !matches!(*method, Method::GET | Method::HEAD) && !on("POST") {
        return false;
    }
    let path = match path.strip_prefix("/v").and_then(|rest| rest.split_once('/')) {
        Some((version, rest)) if version.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') => rest,
        _ => path.trim_start_matches('/'),
    };
    let sections = [
        ("auth", "AUTH"),
        ("build", "BUILD"),
        ("commit", "COMMIT"),
        ("configs", "CONFIGS"),
        ("containers", "CONTAINERS"),
        ("distribution", "DISTRIBUTION"),
        ("events", "EVENTS"),
        ("exec", "EXEC"),
        ("images", "IMAGES"),
        ("info", "INFO"),
        ("networks", "NETWORKS"),
        ("nodes", "NODES"),
        ("_ping", "PING"),
        ("services", "SERVICES"),
        ("system", "SYSTEM"),
        ("tasks", "TASKS"),
        ("version", "VERSION"),
        ("volumes", "VOLUMES"),
    ];
    sections.iter().any(|(section, switch)| path.starts_with(section) && on(switch))
}

type Body = Either<Full<Bytes>, Incoming>;

async fn pass(shared: Arc<Shared>, request: Request<Incoming>) -> Result<Response<Body>, hyper::Error> {
    let page = |status: StatusCode, text: &str| {
        let mut response = Response::new(Either::Left(Full::from(format!("<html><body><h1>{text}</h1></body></html>\n"))));
        *response.status_mut() = status;
        response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static("text/html"));
        response
    };
    let allowed = allows(&shared.on.lock().expect("whole"), request.method(), request.uri().path());
    if !allowed {
        let call = format!("{} {}", request.method(), request.uri().path());
        shared.denied.lock().expect("whole").push(call);
        return Ok(page(StatusCode::FORBIDDEN, "403 Forbidden</h1>\nRequest forbidden by administrative rules.\n<h1>"));
    }
    let Ok(far) = reach(&shared.engine).await else { return Ok(page(StatusCode::SERVICE_UNAVAILABLE, "503 Service Unavailable")) };
    let (mut sender, connection) = client::conn::http1::handshake(TokioIo::new(far)).await?;
    tokio::spawn(connection);
    let mut response = sender.send_request(request).await?;
    // how the body is framed is this connection's own business
    response.headers_mut().remove(header::TRANSFER_ENCODING);
    response.headers_mut().remove(header::CONNECTION);
    Ok(response.map(Either::Right))
}

async fn reach(engine: &str) -> std::io::Result<Box<dyn Stream>> {
    Ok(match engine.strip_prefix("unix://") {
        Some(path) => Box::new(UnixStream::connect(path).await?),
        None => Box::new(TcpStream::connect(engine.trim_start_matches("tcp://")).await?),
    })
}
