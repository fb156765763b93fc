//! `plimsoll serve`.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use rustix::process::{Resource, getrlimit, setrlimit};
use secrecy::ExposeSecret;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    time::timeout,
};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::{Failure, door::Door, healthcheck, log, start};
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
    log::start(&loaded.config.log, loaded.config.timezone.zone(), environment.get("NO_COLOR").is_some());
    if let Some(found) = start::found(&loaded.config, environment)? {
        info!("No host is configured: taking {found}");
    }
    let hosts = start::hosts(&loaded.config, environment)?;
    let registries = start::registries(&loaded.config, Some(environment))?;
    let store = Store::open(&loaded.config.data_dir).await.map_err(|error| Failure::Run(error.to_string()))?;
    raise_open_files();
    let door = loaded.config.data_dir.clone();
    serve(loaded, hosts, registries, store, Some(door)).await
}

/// Serves what it is given. The door for the command line stands in that data directory; the demo, which comes in here too, has neither.
pub(super) async fn serve(
    loaded: Loaded,
    hosts: Vec<crate::host::Host>,
    registries: crate::registry::Registries,
    store: Store,
    data_dir: Option<PathBuf>,
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
    let base = config.base_path.prefix().to_owned();
    let sample = data_dir.is_none();
    let app = App::start(Parts { config, hosts, registries, store, access, sample }, stop.clone()).await;
    let app = app.map_err(|error| Failure::Run(error.to_string()))?;
    let _door = data_dir.and_then(|directory| open_door(&directory, address, &base, &app.access));
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

/// Opens the door for the command line, which is gone when this is dropped. Without one, all else works.
fn open_door(directory: &Path, listen: SocketAddr, base: &str, access: &Access) -> Option<Door> {
    let token = access.open_door(listen.ip()).inspect_err(|error| warn!(%error, "The command line has no way in")).ok()?;
    let door = Door::open(directory, healthcheck::reachable(listen), base, &token);
    door.inspect_err(|error| warn!(%error, "The command line has no way in")).ok()
}

/// Allows as many open files as the system does: each connection is one, and the usual first limit is a tenth of what is accepted.
fn raise_open_files() {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    // where that is refused, fewer connections must do
    let _ = setrlimit(Resource::Nofile, limit);
}

/// Where a person on this machine would open it.
fn address_for_people(config: &crate::config::Config, address: SocketAddr) -> String {
    if let Some(url) = &config.public_url {
        return format!("{}/", url.as_str().trim_end_matches('/'));
    }
    let port = address.port();
    let host = if address.ip().is_unspecified() { "127.0.0.1".to_owned() } else { address.ip().to_string() };
    let host = if host.contains(':') { format!("[{host}]") } else { host };
    format!("http://{host}:{port}{}", config.base_path.with_slash())
}

/// Stops at the first SIGTERM or SIGINT; a second one finds nobody and ends the process as usual.
pub(super) async fn stop_on_signal(stop: CancellationToken) {
    let (Ok(mut terminate), Ok(mut interrupt)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt())) else { return };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    stop.cancel();
}
