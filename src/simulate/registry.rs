//! A registry as an HTTP server on loopback: manifests, tags, tokens, and on demand everything that registries do wrong.
//!
//! What a tag stands for is made from a number (its *seed*), so that a hundred thousand tags cost little, and an Engine beside it can
//! tell the digest of what was pushed long ago. One server may stand for several registries at once; where their faults or logins are to
//! differ, start one for each.

mod access;
mod challenge;
mod content;
mod counts;
mod fault;
mod hub;
mod manifests;
mod quota;
mod reply;
mod route;
mod serve;
mod shelf;
mod tags;
#[cfg(test)]
mod tests;
mod token;

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{net::TcpListener, task::AbortHandle};

use crate::image::{Digest, Platform};
use access::Grants;
pub use access::{Access, Login};
use content::Recipe;
pub use content::{Build, Child, Shape, child_of, created_of, digest_of};
use counts::Counter;
pub use counts::Counts;
use fault::Faults;
pub use fault::{Fault, RetryAfter, Scope};
use quota::Quota;
use shelf::Shelves;

/// A running registry. Cheap to clone; it stops, and cuts its connections, when the last clone is gone.
#[derive(Debug, Clone)]
pub struct Registry(Arc<Running>);

/// Ends the server with the last handle.
#[derive(Debug)]
struct Running {
    shared: Arc<Shared>,
    task: AbortHandle,
}

/// What the server and its handles share.
#[derive(Debug)]
struct Shared {
    address: SocketAddr,
    counter: Counter,
    state: Mutex<State>,
}

/// Everything that can be changed while it runs. Locked for moments, never across an await.
#[derive(Debug)]
struct State {
    shelves: Shelves,
    access: Access,
    grants: Grants,
    faults: Faults,
    delay: Duration,
    quota: Option<Quota>,
    page: usize,
}

impl Shared {
    /// Only whole values are put in: a poisoned state is as good as any.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Registry {
    /// Starts an empty, open registry on a free port of loopback.
    pub async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let state = State {
            shelves: Shelves::default(),
            access: Access::Open,
            grants: Grants::default(),
            faults: Faults::default(),
            delay: Duration::ZERO,
            quota: None,
            page: tags::PAGE,
        };
        let shared = Arc::new(Shared { address: listener.local_addr()?, counter: Counter::default(), state: Mutex::new(state) });
        let task = tokio::spawn(serve::serve(listener, Arc::clone(&shared))).abort_handle();
        Ok(Self(Arc::new(Running { shared, task })))
    }

    /// Where it listens: as a registry's `address` it answers in that one's place.
    pub fn address(&self) -> SocketAddr {
        self.0.shared.address
    }

    /// Makes `tag` stand for the content of `seed`, which differs from that of every other seed. What it stood for stays there by digest.
    pub fn push(&self, repository: &str, tag: &str, seed: u64) -> Digest {
        self.state().shelves.push(repository, tag, Recipe::usual(seed));
        digest_of(repository, seed)
    }

    /// The same with an image for these platforms.
    pub fn push_for(&self, repository: &str, tag: &str, seed: u64, platforms: &[Platform]) -> Digest {
        self.push_built(repository, tag, seed, &Build { platforms: platforms.to_vec(), ..Build::default() })
    }

    /// The same with an image that is built in this way, for one platform at least.
    pub fn push_built(&self, repository: &str, tag: &str, seed: u64, build: &Build) -> Digest {
        let recipe = Recipe::built(seed, build);
        let digest = recipe.digest(repository);
        self.state().shelves.push(repository, tag, recipe);
        digest
    }

    /// Pushes the index of a tag anew, as a build does that changes nothing: it names the same manifests, and an attestation that differs
    /// each time. None where there is no such tag.
    pub fn repush_index(&self, repository: &str, tag: &str) -> Option<Digest> {
        let mut state = self.state();
        let recipe = state.shelves.recipe(repository, tag)?.indexed_anew();
        let digest = recipe.digest(repository);
        state.shelves.push(repository, tag, recipe);
        Some(digest)
    }

    /// Makes each of `tags` stand for a content of its own, from `seed` upwards. Cheap, because no digest is worked out yet.
    pub fn push_all(&self, repository: &str, tags: impl IntoIterator<Item = String>, seed: u64) {
        let mut state = self.state();
        for (seed, tag) in (seed..).zip(tags) {
            state.shelves.push(repository, &tag, Recipe::usual(seed));
        }
    }

    /// Removes a tag, as a registry's owner may.
    pub fn remove(&self, repository: &str, tag: &str) {
        self.state().shelves.remove(repository, tag);
    }

    /// Makes a repository private: only who logs in sees it.
    pub fn hide(&self, repository: &str) {
        self.state().shelves.hide(repository);
    }

    /// Says who may read from now on. Tokens that were given stay good.
    pub fn set_access(&self, access: Access) {
        self.state().access = access;
    }

    /// Takes back every token that was given, as a registry does that was restarted with new keys.
    pub fn revoke_tokens(&self) {
        self.state().grants = Grants::default();
    }

    /// How long every request waits before it is answered.
    pub fn set_delay(&self, delay: Duration) {
        self.state().delay = delay;
    }

    /// Counts pulls from now on, as Docker Hub does: `remaining` are left of `limit`.
    pub fn set_quota(&self, limit: u32, remaining: u32) {
        self.state().quota = Some(Quota { limit, remaining });
    }

    /// How many tags a page has at most, and where nobody says how many.
    pub fn set_page(&self, size: usize) {
        self.state().page = size.max(1);
    }

    /// Switches a fault on, beside those that are on already.
    pub fn fault(&self, scope: Scope, fault: Fault) {
        self.state().faults.add(scope, fault, None);
    }

    /// Switches a fault on for the next `times` requests that meet it.
    pub fn fault_times(&self, scope: Scope, fault: Fault, times: u32) {
        self.state().faults.add(scope, fault, Some(times));
    }

    /// Switches all faults off.
    pub fn heal(&self) {
        self.state().faults = Faults::default();
    }

    /// The requests that came so far.
    pub fn counts(&self) -> Counts {
        self.0.shared.counter.counts()
    }

    /// What can be changed.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.shared.state()
    }
}
