//! `plimsoll serve`.

use std::{process::ExitCode, time::Duration};

use secrecy::ExposeSecret;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    time::timeout,
};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::{Failure, log, start};
use crate::{
    access::{Access, Clock},
    app::{App, Parts},
    config::{Environment, Loaded},
    server,
    store::Store,
};

/// How long updates may take to come to rest after the doors were closed. They began with that when the doors did, so it is long over mostly.
const UPDATES_WITHIN: Duration = Duration::from_millis(500);

/// Serves until it is told to stop.
pub(super) async fn run(loaded: Loaded, environment: &Environment) -> Result<ExitCode, Failure> {
    log::start(&loaded.config.log, environment.get("NO_COLOR").is_some());
    let hosts = start::hosts(&loaded.config, environment)?;
    let registries = start::registries(&loaded.config, Some(environment))?;
    let store = Store::open(&loaded.config.data_dir).await.map_err(|error| Failure::Run(error.to_string()))?;
    serve(loaded, hosts, registries, store, false).await
}

/// Serves what it is given; the demo comes in here too.
pub(super) async fn serve(
    loaded: Loaded,
    hosts: Vec<crate::host::Host>,
    registries: crate::registry::Registries,
    store: Store,
    sample: bool,
) -> Result<ExitCode, Failure> {
    let Loaded { config, .. } = loaded;
    let access = Access::new(&config.access, store.clone(), Clock::system()).await.map_err(|error| Failure::Run(error.to_string()))?;
    let listen = config.listen;
    let listener = TcpListener::bind(listen).await.map_err(|error| Failure::Run(format!("cannot listen on {listen}: {error}")))?;
    let address = listener.local_addr().unwrap_or(listen);
    let url = address_for_people(&config, address);
    info!(listen = %address, "Serving on {url}");
    if let Some(token) = access.setup_token() {
        info!("Nobody can change anything yet. To set a password, open once: {url}setup?token={}", token.expose_secret());
    }
    let stop = CancellationToken::new();
    let app = App::start(Parts { config, hosts, registries, store, access, sample }, stop.clone()).await;
    let app = app.map_err(|error| Failure::Run(error.to_string()))?;
    let updates = app.updates.clone();
    tokio::spawn(stop_on_signal(stop));
    server::run(listener, app, server::Patience::default()).await.map_err(|error| Failure::Usage(format!("public_url: {error}")))?;
    // a step that is under way ends in time, or is left to the journal
    if timeout(UPDATES_WITHIN, updates.at_rest()).await.is_err() {
        warn!("An update is left to the journal");
    }
    info!("Stopped");
    Ok(ExitCode::SUCCESS)
}

/// Where a person on this machine would open it.
fn address_for_people(config: &crate::config::Config, address: std::net::SocketAddr) -> String {
    if let Some(url) = &config.public_url {
        return format!("{}/", url.as_str().trim_end_matches('/'));
    }
    let port = address.port();
    let host = if address.ip().is_unspecified() { "127.0.0.1".to_owned() } else { address.ip().to_string() };
    let host = if host.contains(':') { format!("[{host}]") } else { host };
    format!("http://{host}:{port}{}", config.base_path.with_slash())
}

/// Stops at the first SIGTERM or SIGINT; a second one finds nobody and ends the process as usual.
async fn stop_on_signal(stop: CancellationToken) {
    let (Ok(mut terminate), Ok(mut interrupt)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt())) else { return };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    stop.cancel();
}
