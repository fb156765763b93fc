//! A sample fleet: the containers of a house that never existed, and the registries that its images come from.
//!
//! It has every verdict, and where nothing can be known, most of the reasons why. The demo shows it, tests and benchmarks run on it.

mod filler;
mod life;
mod plant;
mod sample;
#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, io, time::Duration};

use tokio::net::TcpSocket;
use tokio_util::task::AbortOnDropHandle;

use super::{
    engine::{Engine, Options},
    registry::{Access, Fault, Registry, Scope},
};

/// How many images the demo has where nobody says otherwise.
pub const SIZE: u32 = 25;

/// How long tokens of the simulated registries live.
const TOKEN: Duration = Duration::from_mins(5);

/// The registries: host, delay of each request in milliseconds, and whether they want a token.
const REGISTRIES: [(&str, u64, bool); 6] = [
    ("docker.io", 90, true),
    ("ghcr.io", 60, true),
    ("lscr.io", 120, true),
    ("quay.io", 80, true),
    ("codeberg.org", 110, false),
    (SILENT, 40, false),
];

/// The registry that takes requests and never answers.
const SILENT: &str = "git.lan";

/// The registry that refuses the connection.
const REFUSING: &str = "registry.lan:5000";

/// A sample fleet. Everything of it ends when it is dropped.
#[derive(Debug)]
pub struct Fleet {
    /// runs the containers
    pub engine: Engine,
    /// by the host that stands in references; the one that refuses connections is not among them
    pub registries: BTreeMap<&'static str, Registry>,
    /// a port that is taken, on which nobody listens
    refusing: TcpSocket,
    life: Option<AbortOnDropHandle<()>>,
}

/// Starts a fleet of `size` images; a `lively` one has something happen to it every now and then.
pub async fn start(size: u32, lively: bool) -> io::Result<Fleet> {
    let refusing = TcpSocket::new_v4()?;
    refusing.bind(([127, 0, 0, 1], 0).into())?;
    let mut registries = BTreeMap::new();
    for (host, delay, token) in REGISTRIES {
        let registry = Registry::start().await?;
        registry.set_delay(Duration::from_millis(delay));
        if token {
            registry.set_access(Access::Token { lifetime: TOKEN, login: None });
        }
        registries.insert(host, registry);
    }
    if let Some(silent) = registries.get(SILENT) {
        silent.fault(Scope::Whole, Fault::Hang);
    }
    let engine = Engine::start(Options { name: "harbour".to_owned(), ..Options::default() }).await?;
    let mut fleet = Fleet { engine, registries, refusing, life: None };
    plant::plant(&fleet, size).map_err(io::Error::other)?;
    if lively {
        fleet.life = Some(AbortOnDropHandle::new(tokio::spawn(life::live(fleet.engine.clone(), fleet.registries.clone()))));
    }
    Ok(fleet)
}

impl Fleet {
    /// Where the Engine listens, as `DOCKER_HOST` would have it.
    pub fn host(&self) -> &str {
        self.engine.address()
    }

    /// For each host that stands in a reference, the address (`127.0.0.1:4321`, plain http) where its registry is to be asked.
    pub fn addresses(&self) -> io::Result<BTreeMap<String, String>> {
        let refusing = (REFUSING.to_owned(), self.refusing.local_addr()?.to_string());
        let answering = self.registries.iter().map(|(host, registry)| ((*host).to_owned(), registry.address().to_string()));
        Ok(answering.chain([refusing]).collect())
    }

    /// Takes the delay off every registry and every pull, for tests and measurements.
    pub fn hurry(&self) {
        self.engine.hurry();
        for registry in self.registries.values() {
            registry.set_delay(Duration::ZERO);
        }
    }
}
