//! Updates without being asked for.

use tracing::warn;

use super::wish::Wish;
use crate::{
    store::Store,
    wire::{Snapshot, Verdict},
};

/// The wishes for workloads whose switch is on and whose tag was rebuilt. What was rolled back once is not tried again: it would fail
/// at every check, with the outage that a failed update is.
pub(super) async fn wanted(snapshot: &Snapshot, store: &Store) -> Vec<Wish> {
    let mut wanted = Vec::new();
    for group in &snapshot.groups {
        let Some(digest) = &group.remote_digest else { continue };
        for row in group.workloads.iter().filter(|row| row.auto_update && is_rebuilt(&row.verdict)) {
            match store.rolled_back(&row.host, &row.name).await {
                Ok(bad) if bad.contains(digest) => {}
                Ok(_) => wanted.push(Wish::same(&row.host, &row.name)),
                // what cannot be ruled out is not risked
                Err(error) => warn!(%error, host = row.host, container = row.name, "Not updated without being asked for"),
            }
        }
    }
    wanted
}

/// Whether the same tag stands for a new digest. Everything else needs somebody to decide.
fn is_rebuilt(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Rebuilt | Verdict::Newer { rebuilt: true, .. })
}
