//! A Docker Engine, or a Podman by the same API.
//!
//! The dozen calls that Plimsoll makes are made by itself over hyper, with structures that let anything be missing: strict models fail a
//! whole list where one field of one entry is not what the newest Docker sends, and Podman's never is.

mod answers;
mod api;
mod aside;
mod connection;
mod events;
mod images;
mod inventory;
mod permits;
mod session;
mod ssh;
mod transport;
mod update;
mod workload;

#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::Stream;

pub(super) use self::update::{Plan, Seen};
use self::{images::Images, session::Session, transport::Transport};
use super::{Endpoint, Event, HostError, Moment};
use crate::fleet::Inventory;

/// The door to one Engine.
#[derive(Debug, Clone)]
pub(super) struct Engine {
    shared: Arc<Shared>,
}

/// What the clones of an [`Engine`] have in common.
#[derive(Debug)]
struct Shared {
    transport: Transport,
    /// what was learnt when the Engine was last greeted
    session: Mutex<Option<Arc<Session>>>,
    /// what was learnt of its images; never locked across an await
    images: Mutex<Images>,
}

impl Engine {
    pub(super) fn new(endpoint: Endpoint) -> Self {
        let shared = Shared { transport: Transport::new(endpoint), session: Mutex::default(), images: Mutex::default() };
        Self { shared: Arc::new(shared) }
    }

    pub(super) fn address(&self) -> String {
        self.shared.transport.address()
    }

    pub(super) fn is_near(&self) -> bool {
        matches!(self.shared.transport.endpoint(), Endpoint::Unix(_))
    }

    pub(super) async fn greet(&self) -> Result<Moment, HostError> {
        self.forget();
        let session = session::open(&self.shared.transport).await?;
        let clock = session.clock;
        *lock(&self.shared.session) = Some(Arc::new(session));
        Ok(clock)
    }

    pub(super) async fn ping(&self) -> Result<(), HostError> {
        session::ping(&self.shared.transport).await.map(drop)
    }

    pub(super) async fn inventory(&self, include_stopped: bool) -> Result<Inventory, HostError> {
        let session = self.session().await?;
        inventory::take(&self.shared.transport, &session, &self.shared.images, include_stopped).await
    }

    pub(super) fn events(&self, since: Moment) -> impl Stream<Item = Result<Event, HostError>> + Send + use<> {
        events::follow(self.clone(), since)
    }

    pub(super) fn note(&self, event: &Event) {
        lock(&self.shared.images).note(event);
    }

    pub(super) fn forget(&self) {
        lock(&self.shared.images).forget();
    }

    /// What the Engine is; greets it where that was not done yet.
    async fn session(&self) -> Result<Arc<Session>, HostError> {
        let known = lock(&self.shared.session).clone();
        if let Some(session) = known {
            return Ok(session);
        }
        let session = Arc::new(session::open(&self.shared.transport).await?);
        *lock(&self.shared.session) = Some(session.clone());
        Ok(session)
    }
}

/// Nothing in here panics while it holds a lock, and if it did, what it guards is still whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
