//! The accept loop: connections are bounded in number, in the time they may take to say what they want, and at the end.
//!
//! `axum::serve` has none of these bounds and waits for ever on open streams.

use std::{
    convert::Infallible,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use axum::{body::Body, extract::Request};
use http::Response;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;
use tower::{Service, ServiceExt};
use tracing::{debug, warn};

use super::Patience;

/// Open connections; more wait in the kernel's queue. Five thousand followers of the event stream fit twice.
const CONNECTIONS: usize = 10_240;

/// The address of the client's end of the connection.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer(pub(super) SocketAddr);

impl Peer {
    /// The address without its port. An IPv4 address that came in over an IPv6 socket counts as what it is.
    pub(super) fn ip(self) -> IpAddr {
        self.0.ip().to_canonical()
    }
}

/// Accepts and serves until `stop` is cancelled, then lets open requests end.
pub(super) async fn serve<S>(listener: TcpListener, service: S, patience: Patience, stop: CancellationToken)
where
    S: Service<Request, Response = Response<Body>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    let graceful = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            permit = Arc::clone(&room).acquire_owned() => {
                let Ok(permit) = permit else { break };
                tokio::select! {
                    () = stop.cancelled() => break,
                    accepted = listener.accept() => accepted.map(|(stream, peer)| (stream, peer, permit)),
                }
            }
        };
        let (stream, peer, permit) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // out of file descriptors, most likely: accepting again at once would spin
                warn!(%error, "Cannot accept a connection");
                sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let connection = graceful.watch(connection(stream, peer, service.clone(), patience.head));
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                debug!(%error, %peer, "Connection ended early");
            }
            drop(permit);
        });
    }
    drop(listener);
    if timeout(patience.stop, graceful.shutdown()).await.is_err() {
        debug!("Stopped with requests open");
    }
}

/// One connection. HTTP/1.1 only: HTTP/2 comes with TLS, which the proxy in front ends.
fn connection<S>(
    stream: TcpStream,
    peer: SocketAddr,
    service: S,
    head_within: Duration,
) -> hyper::server::conn::http1::Connection<
    TokioIo<TcpStream>,
    impl hyper::service::Service<hyper::Request<hyper::body::Incoming>, Response = Response<Body>, Error = Infallible, Future: Send>,
>
where
    S: Service<Request, Response = Response<Body>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    // small answers go out at once; a failure to say so costs nothing but a little time
    let _ = stream.set_nodelay(true);
    let service = service.map_request(move |request: hyper::Request<hyper::body::Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(Peer(peer));
        request
    });
    hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(head_within)
        .max_buf_size(64 * 1024)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service))
}
