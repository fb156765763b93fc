//! Who works on a workload: one operation at a time.

use std::{
    collections::HashSet,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

/// Host and name of a workload.
type Key = (String, String);

/// The workloads that are worked on. Clones share them.
#[derive(Debug, Clone, Default)]
pub(super) struct Claims(Arc<Mutex<HashSet<Key>>>);

/// The right to work on one workload. It ends when it is released, or with its last clone, so that no panic can leave it behind.
#[derive(Debug, Clone)]
pub(super) struct Claim(Arc<Held>);

#[derive(Debug)]
struct Held {
    claims: Claims,
    key: Key,
    released: AtomicBool,
}

impl Claims {
    /// Takes the right to work on a workload; none where somebody has it.
    pub(super) fn take(&self, host: &str, name: &str) -> Option<Claim> {
        let key = (host.to_owned(), name.to_owned());
        let free = self.keys().insert(key.clone());
        free.then(|| Claim(Arc::new(Held { claims: self.clone(), key, released: AtomicBool::new(false) })))
    }

    /// Whole keys go in and out: a poisoned set is as good as any.
    fn keys(&self) -> MutexGuard<'_, HashSet<Key>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Claim {
    /// Gives the right back, whoever holds a clone of it.
    pub(super) fn release(&self) {
        self.0.release();
    }
}

impl Held {
    fn release(&self) {
        // once: by the second time it may be somebody else's
        if !self.released.swap(true, Ordering::AcqRel) {
            self.claims.keys().remove(&self.key);
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.release();
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn of_many_at_once_exactly_one_gets_it() {
        let claims = Claims::default();
        for _ in 0..50 {
            let taken: Vec<Claim> = thread::scope(|scope| {
                let all: Vec<_> = (0..8).map(|_| scope.spawn(|| claims.take("harbor", "web"))).collect();
                all.into_iter().filter_map(|one| one.join().unwrap()).collect()
            });
            assert_eq!(taken.len(), 1);
        }
    }

    #[test]
    fn it_ends_with_its_last_clone_or_when_it_is_released() {
        let claims = Claims::default();
        let claim = claims.take("harbor", "web").unwrap();
        let clone = claim.clone();
        assert!(claims.take("nas", "web").is_some());
        drop(claim);
        assert!(claims.take("harbor", "web").is_none());
        clone.release();
        let next = claims.take("harbor", "web").unwrap();
        drop(clone);
        assert!(claims.take("harbor", "web").is_none(), "it is somebody else's by now");
        drop(next);
        assert!(claims.take("harbor", "web").is_some());
    }
}
