//! `plimsoll healthcheck`: for a `HEALTHCHECK` in an image without a shell.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    process::ExitCode,
    time::Duration,
};

use bytes::Bytes;
use http::{Request, StatusCode, header};
use http_body_util::Empty;
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, time::timeout};

use crate::config::{self, Config, Environment, Overrides};

/// How long the answer may take.
const PATIENCE: Duration = Duration::from_secs(3);

/// Asks the server that runs with the same configuration whether it lives. Exits with 0 or 1: Docker knows no other codes.
pub(super) fn run(overrides: &Overrides) -> ExitCode {
    let loaded = Environment::of_process().and_then(|environment| config::load(overrides, &environment));
    let alive = loaded.map_err(|error| error.to_string()).and_then(|loaded| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| error.to_string())?;
        runtime.block_on(ask(&loaded.config, PATIENCE))
    });
    match alive {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("plimsoll: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Asks, with a limit on the time.
async fn ask(config: &Config, patience: Duration) -> Result<(), String> {
    let address = reachable(config.listen);
    let path = format!("{}/livez", config.base_path.prefix());
    match timeout(patience, get(address, &path)).await {
        Ok(Ok(status)) if status.is_success() => Ok(()),
        Ok(Ok(status)) => Err(format!("http://{address}{path} answers {status}")),
        Ok(Err(error)) => Err(format!("http://{address}{path}: {error}")),
        Err(_) => Err(format!("http://{address}{path} gives no answer within {patience:?}")),
    }
}

/// The status that a GET is answered with.
async fn get(address: SocketAddr, path: &str) -> Result<StatusCode, Box<dyn std::error::Error + Send + Sync>> {
    let stream = TcpStream::connect(address).await?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let request = Request::get(path).header(header::HOST, address.to_string()).body(Empty::<Bytes>::new())?;
    // the connection moves while the answer is awaited, and is dropped with it
    tokio::select! {
        answer = sender.send_request(request) => Ok(answer?.status()),
        ended = connection => Err(ended.err().map_or_else(|| "the connection was closed".into(), Into::into)),
    }
}

/// Where a server that listens there can be reached from this machine.
pub(super) fn reachable(listen: SocketAddr) -> SocketAddr {
    let address = match listen.ip() {
        IpAddr::V4(address) if address.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(address) if address.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        address => address,
    };
    SocketAddr::new(address, listen.port())
}

#[cfg(test)]
mod tests {
    use axum::{Router, routing::get};
    use tokio::net::TcpListener;

    use super::*;

    /// A server with these routes, and the configuration that finds it.
    async fn server(routes: Router) -> Config {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let overrides = Overrides {
            listen: Some(format!("0.0.0.0:{}", listener.local_addr().unwrap().port())),
            data_dir: Some(tempfile::tempdir().unwrap().path().to_owned()),
            ..Overrides::default()
        };
        tokio::spawn(async move { axum::serve(listener, routes).await });
        config::load(&overrides, &Environment::from([("PLIMSOLL_BASE_PATH", "/below")])).unwrap().config
    }

    #[tokio::test]
    async fn it_lives_or_not() {
        let alive = server(Router::new().route("/below/livez", get(|| async { "" }))).await;
        assert_eq!(ask(&alive, PATIENCE).await, Ok(()));

        let other = server(Router::new()).await;
        assert!(ask(&other, PATIENCE).await.unwrap_err().ends_with("/below/livez answers 404 Not Found"));

        let gone = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        assert!(ask(&Config { listen: gone, ..alive }, PATIENCE).await.is_err());
    }

    #[tokio::test]
    async fn it_does_not_wait_for_ever() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let alive = server(Router::new()).await;
        let silent = Config { listen: listener.local_addr().unwrap(), ..alive };
        let error = ask(&silent, Duration::from_millis(50)).await.unwrap_err();
        assert!(error.ends_with("no answer within 50ms"), "{error}");
    }

    #[test]
    fn everywhere_is_also_here() {
        for (listen, expected) in [("0.0.0.0:1", "127.0.0.1:1"), ("[::]:1", "[::1]:1"), ("10.0.0.1:1", "10.0.0.1:1")] {
            assert_eq!(reachable(listen.parse().unwrap()).to_string(), expected);
        }
    }
}
