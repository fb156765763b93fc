//! The socket: it can be closed and opened again while the Engine lives.

use std::{io, net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, UnixListener},
    sync::watch,
    time::sleep,
};
use tokio_util::sync::CancellationToken;

use super::{Listen, Shared, route};

/// How long to wait before an address that is taken is tried again.
const AGAIN: Duration = Duration::from_millis(20);

/// A listener, and where it is to be opened again.
#[derive(Debug)]
pub(super) enum Bound {
    /// on a port
    Tcp(TcpListener, SocketAddr),
    /// on a socket
    Unix(UnixListener, PathBuf),
}

/// Where a listener was.
enum Place {
    Tcp(SocketAddr),
    Unix(PathBuf),
}

impl Bound {
    pub(super) async fn bind(listen: &Listen) -> io::Result<Self> {
        match listen {
            Listen::Loopback => Place::Tcp(SocketAddr::from(([127, 0, 0, 1], 0))).open().await,
            Listen::Unix(path) => Place::Unix(path.clone()).open().await,
        }
    }

    pub(super) fn address(&self) -> String {
        match self {
            Self::Tcp(_, address) => format!("tcp://{address}"),
            Self::Unix(_, path) => format!("unix://{}", path.display()),
        }
    }

    /// Takes one connection and leaves it to a task of its own.
    async fn take(&self, shared: &Arc<Shared>, end: &CancellationToken) -> io::Result<()> {
        match self {
            Self::Tcp(listener, _) => listener.accept().await.map(|(stream, _)| spawn(shared, stream, end)),
            Self::Unix(listener, _) => listener.accept().await.map(|(stream, _)| spawn(shared, stream, end)),
        }
    }

    /// Closes it. A socket's file goes too, as when a daemon ends.
    fn close(self) -> Place {
        match self {
            Self::Tcp(_, address) => Place::Tcp(address),
            Self::Unix(_, path) => {
                let _ = std::fs::remove_file(&path);
                Place::Unix(path)
            }
        }
    }
}

impl Place {
    async fn open(&self) -> io::Result<Bound> {
        match self {
            Self::Tcp(address) => {
                let listener = TcpListener::bind(address).await?;
                let address = listener.local_addr()?;
                Ok(Bound::Tcp(listener, address))
            }
            Self::Unix(path) => Ok(Bound::Unix(UnixListener::bind(path)?, path.clone())),
        }
    }
}

/// Listens while `wanted` says so, and tells it; ends with `end`.
pub(super) async fn serve(
    shared: Arc<Shared>,
    mut bound: Bound,
    mut wanted: watch::Receiver<bool>,
    told: watch::Sender<bool>,
    end: CancellationToken,
) {
    loop {
        let connections = end.child_token();
        let ended = loop {
            tokio::select! {
                biased;
                () = end.cancelled() => break true,
                closed = wanted.wait_for(|open| !open) => break closed.is_err(),
                // a failed accept concerns one connection only
                _ = bound.take(&shared, &connections) => {}
            }
        };
        connections.cancel();
        let place = bound.close();
        told.send_replace(false);
        if ended {
            return;
        }
        bound = tokio::select! {
            () = end.cancelled() => return,
            opened = reopen(&place, &mut wanted) => match opened {
                Some(bound) => bound,
                None => return,
            },
        };
        told.send_replace(true);
    }
}

/// Opens the place again once that is wanted; nothing where nobody is left to want it.
async fn reopen(place: &Place, wanted: &mut watch::Receiver<bool>) -> Option<Bound> {
    loop {
        wanted.wait_for(|open| *open).await.ok()?;
        match place.open().await {
            Ok(bound) => return Some(bound),
            Err(_) => sleep(AGAIN).await,
        }
    }
}

fn spawn(shared: &Arc<Shared>, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, end: &CancellationToken) {
    let (shared, end) = (shared.clone(), end.clone());
    tokio::spawn(end.run_until_cancelled_owned(async move {
        let service = service_fn(move |request| route::answer(shared.clone(), request));
        // a client that goes away ends its connection with an error that concerns nobody
        let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
    }));
}
