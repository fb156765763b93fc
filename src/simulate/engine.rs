//! A Docker Engine as an HTTP server: its containers and images live in memory and are moved by a handle, and every move tells the
//! events that a real Engine tells, in the same order.
//!
//! It speaks one version of the API and keeps its images in one of the two ways, as asked for. What it must not do: know Plimsoll.

mod actions;
mod agenda;
mod answers;
mod asked;
mod behaviour;
mod calls;
mod defaults;
mod error;
mod event;
mod faults;
mod image;
mod listen;
mod merge;
mod offer;
mod options;
mod pull;
mod route;
mod spec;
mod stream;
#[cfg(test)]
pub(super) mod tests;
mod words;
mod world;

pub use behaviour::Behaviour;
pub use calls::{Call, Held};
pub use error::EngineError;
pub use faults::{Fault, On, When};
pub use image::Image;
pub use offer::{Offer, Trouble};
pub use options::{Listen, Options, Store};
pub use spec::{ContainerSpec, Health, State};

use std::{
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::watch;
use tokio_util::sync::{CancellationToken, DropGuard};

use self::{calls::Calls, faults::Mode, listen::Bound, world::World};

/// A running Engine. Clones are the same one; it ends when the last of them is dropped, or by [`stop_serving`](Self::stop_serving).
#[derive(Debug, Clone)]
pub struct Engine {
    shared: Arc<Shared>,
    address: Arc<str>,
    /// whether there should be a listener
    door: watch::Sender<bool>,
    /// whether there is one
    listening: watch::Receiver<bool>,
    end: Arc<DropGuard>,
}

/// What the handle and the connections have in common.
#[derive(Debug)]
struct Shared {
    options: Options,
    world: Mutex<World>,
    calls: Mutex<Calls>,
    mode: watch::Sender<Mode>,
    /// counts how often the event streams were cut
    cuts: watch::Sender<u64>,
}

impl Engine {
    /// Starts an Engine with neither images nor containers.
    pub async fn start(options: Options) -> io::Result<Self> {
        let bound = Bound::bind(&options.listen).await?;
        let address = bound.address().into();
        let world = Mutex::new(World::new(options.store, options.api));
        let shared =
            Arc::new(Shared { options, world, calls: Mutex::default(), mode: watch::Sender::default(), cuts: watch::Sender::default() });
        let (door, wanted) = watch::channel(true);
        let (told, listening) = watch::channel(true);
        let end = CancellationToken::new();
        tokio::spawn(agenda::keep(shared.clone(), end.clone()));
        tokio::spawn(listen::serve(shared.clone(), bound, wanted, told, end.clone()));
        Ok(Self { shared, address, door, listening, end: Arc::new(end.drop_guard()) })
    }

    /// Where it listens, as `DOCKER_HOST` would have it: `unix:///run/docker.sock`, `tcp://127.0.0.1:2375`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Ends it, whoever else holds a clone, and returns when nobody listens any more.
    pub async fn stop_serving(&self) {
        self.end.token().cancel();
        self.until_listening(false).await;
    }

    async fn until_listening(&self, wanted: bool) {
        // an error means that the listener is gone for good: there is nothing left to wait for
        let _ = self.listening.clone().wait_for(|listening| *listening == wanted).await;
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.shared.world()
    }
}

impl Shared {
    /// Nothing panics while it holds the lock, and if it did, each move of the world is whole.
    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn calls(&self) -> MutexGuard<'_, Calls> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
