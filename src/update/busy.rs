//! Workloads that are being exchanged just now. An update may exchange several that belong together, and waits until nobody else is at one of them.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::pace::Ending;

/// Host and name of a workload.
type Key = (String, String);

/// The workloads that are being exchanged. Clones share them.
#[derive(Debug, Clone, Default)]
pub(super) struct Busy(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    held: Mutex<HashSet<Key>>,
    freed: Notify,
}

/// The right to exchange some workloads. It ends when it is dropped.
#[derive(Debug)]
pub(super) struct Held {
    busy: Busy,
    keys: Vec<Key>,
}

impl Busy {
    /// Waits until all of these are free, and takes them at once: who held one and waited for another could wait for ever.
    pub(super) async fn take(&self, host: &str, names: &[String], stop: &CancellationToken) -> Result<Held, Ending> {
        let keys: Vec<Key> = names.iter().map(|name| (host.to_owned(), name.clone())).collect();
        loop {
            let freed = self.0.freed.notified();
            tokio::pin!(freed);
            // from now on no word is missed
            freed.as_mut().enable();
            if self.try_take(&keys) {
                return Ok(Held { busy: self.clone(), keys });
            }
            tokio::select! {
                biased;
                () = stop.cancelled() => return Err(Ending),
                () = freed => {}
            }
        }
    }

    fn try_take(&self, keys: &[Key]) -> bool {
        let mut held = self.held();
        let free = keys.iter().all(|key| !held.contains(key));
        if free {
            held.extend(keys.iter().cloned());
        }
        free
    }

    /// Whole keys go in and out: a poisoned set is as good as any.
    fn held(&self) -> MutexGuard<'_, HashSet<Key>> {
        self.0.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut held = self.busy.held();
        for key in &self.keys {
            held.remove(key);
        }
        drop(held);
        self.busy.0.freed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use tokio::task::yield_now;

    use super::*;

    #[tokio::test]
    async fn all_are_taken_at_once_or_waited_for() {
        let (busy, stop) = (Busy::default(), CancellationToken::new());
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let first = busy.take("harbor", &names(&["web"]), &stop).await.unwrap();
        let elsewhere = busy.take("nas", &names(&["web"]), &stop).await.unwrap();
        let (waits, ends) = (busy.clone(), stop.clone());
        let both = tokio::spawn(async move { waits.take("harbor", &["db".to_owned(), "web".to_owned()], &ends).await.map(drop) });
        yield_now().await;
        assert!(!both.is_finished());
        drop(busy.take("harbor", &names(&["db"]), &stop).await.unwrap());
        drop(elsewhere);
        yield_now().await;
        assert!(!both.is_finished());
        drop(first);
        assert_eq!(both.await.unwrap(), Ok(()));
        let held = busy.take("harbor", &names(&["db"]), &stop).await.unwrap();
        stop.cancel();
        assert_eq!(busy.take("harbor", &names(&["db"]), &stop).await.map(drop), Err(Ending));
        drop(held);
    }
}
