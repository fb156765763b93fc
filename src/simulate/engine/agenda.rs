//! What will happen by itself, and when: ends, health checks, restarts.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use tokio::{
    sync::Notify,
    time::{Instant, sleep_until},
};
use tokio_util::sync::CancellationToken;

use super::{Health, Shared};

/// What will happen, soonest first.
#[derive(Debug, Default)]
pub(super) struct Agenda {
    entries: BTreeMap<(Instant, u64), Entry>,
    serial: u64,
    /// rung whenever there is something new
    bell: Arc<Notify>,
}

/// Something that will happen to a container, unless that life of it is over by then.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// its id
    pub(super) container: String,
    /// which of its lives, as [`Container::life`](super::world::Container::life) counts them
    pub(super) life: u64,
    pub(super) what: Happening,
}

/// What happens to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Happening {
    /// it ends with this code
    End(u8),
    /// its health check says something
    Health(Health),
    /// its restart policy starts it
    Restart,
}

impl Agenda {
    /// Puts something down for later.
    pub(super) fn add(&mut self, after: Duration, entry: Entry) {
        self.serial += 1;
        self.entries.insert((Instant::now() + after, self.serial), entry);
        self.bell.notify_one();
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.entries.clear();
    }

    fn next(&self) -> Option<Instant> {
        self.entries.keys().next().map(|(time, _)| *time)
    }

    /// Takes what is due.
    fn due(&mut self) -> Option<Entry> {
        self.next().filter(|time| *time <= Instant::now())?;
        self.entries.pop_first().map(|(_, entry)| entry)
    }
}

/// Lets things happen when their time has come, until `end`.
pub(super) async fn keep(shared: Arc<Shared>, end: CancellationToken) {
    let bell = shared.world().agenda.bell.clone();
    loop {
        let next = shared.world().agenda.next();
        tokio::select! {
            () = end.cancelled() => return,
            () = bell.notified() => {}
            () = async { match next {
                Some(time) => sleep_until(time).await,
                None => std::future::pending().await,
            } } => {
                let mut world = shared.world();
                while let Some(entry) = world.agenda.due() {
                    world.happen(&entry);
                }
            }
        }
    }
}
