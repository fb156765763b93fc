//! Updates that were wished for together: what each waits for, and what they share.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::watch;
use tracing::warn;

use super::{keeper::Keeper, record::Record};
use crate::{
    fleet::{Order, needs, order},
    wire::{Operation, Outcome, UpdateTrouble},
};

/// What the updates of one wish share: a reference is pulled once on each host.
#[derive(Debug, Default)]
pub(super) struct Pulled(Mutex<HashSet<(String, String)>>);

impl Pulled {
    /// Whether this was pulled already.
    pub(super) fn has(&self, host: &str, reference: &str) -> bool {
        self.all().contains(&(host.to_owned(), reference.to_owned()))
    }

    /// It was pulled.
    pub(super) fn note(&self, host: &str, reference: &str) {
        self.all().insert((host.to_owned(), reference.to_owned()));
    }

    /// Whole entries go in and out: a poisoned set is as good as any.
    fn all(&self) -> std::sync::MutexGuard<'_, HashSet<(String, String)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How an update of the batch ended: whether what needs it may be updated.
type End = watch::Receiver<Option<bool>>;

impl Keeper {
    /// Works on updates that were wished for together: each behind what it needs, those of one image one after another, a few at once. Where one
    /// fails, what needs it is left alone, and nothing else.
    pub(super) fn work_on_all(self: &Arc<Self>, accepted: Vec<Record>) {
        let Order { places, needs, .. } = self.ordered(&accepted);
        let images: Vec<_> = accepted.iter().map(|record| (record.operation().host.clone(), record.operation().image.clone())).collect();
        let names: Vec<_> = accepted.iter().map(|record| record.operation().name.clone()).collect();
        let (senders, ends): (Vec<_>, Vec<End>) = accepted.iter().map(|_| watch::channel(None)).unzip();
        let mut records: Vec<_> = accepted.into_iter().zip(senders).map(Some).collect();
        for (turn, place) in places.iter().enumerate() {
            let Some((record, sender)) = records[*place].take() else { continue };
            let needed = needs[*place].iter().map(|need| (names[*need].clone(), ends[*need].clone())).collect();
            let before = places[..turn].iter().rev().find(|earlier| images[**earlier] == images[*place]);
            let before = before.map(|earlier| ends[*earlier].clone());
            let keeper = Arc::clone(self);
            self.tasks.spawn(async move {
                let well = keeper.work_behind(record, needed, before).await;
                // nobody may wait for it
                let _ = sender.send(Some(well));
            });
        }
    }

    /// Works on an update behind what it needs, and behind another one of its image. Answers whether what needs it may be updated.
    async fn work_behind(self: &Arc<Self>, record: Record, needed: Vec<(String, End)>, before: Option<End>) -> bool {
        let waiting = async {
            if let Some(before) = before {
                ended_well(before).await;
            }
            for (name, end) in needed {
                if !ended_well(end).await {
                    return Err(UpdateTrouble::Dependency { name });
                }
            }
            Ok(())
        };
        let waited = tokio::select! {
            biased;
            () = self.stop.cancelled() => Err(UpdateTrouble::Interrupted),
            () = record.chosen().cancelled() => Err(UpdateTrouble::Cancelled),
            waited = waiting => waited,
        };
        let ended = match waited {
            Ok(()) => self.work(record).await,
            Err(trouble) => Some(self.end_early(record, trouble).await),
        };
        ended.is_some_and(|operation| is_well(&operation))
    }

    /// In which order they come, and what each needs of the others.
    fn ordered(&self, accepted: &[Record]) -> Order {
        let state = self.live.state();
        let place =
            |host: &str, name: &str| accepted.iter().position(|other| other.operation().host == host && other.operation().name == name);
        let wanted = |record: &Record| {
            let Operation { host, name, .. } = record.operation();
            let all = state.workloads(host);
            let Some(workload) = all.iter().find(|workload| workload.name == *name) else { return Vec::new() };
            needs(workload, all).iter().filter_map(|need| place(host, need)).collect()
        };
        let order = order(&accepted.iter().map(wanted).collect::<Vec<_>>());
        for circle in &order.circles {
            let names: Vec<_> = circle.iter().map(|place| accepted[*place].operation().name.as_str()).collect();
            warn!(containers = names.join(", "), "These containers need each other in a circle, which is cut to update them");
        }
        order
    }
}

/// Waits for the end; what ended without a word did not end well.
async fn ended_well(mut end: End) -> bool {
    end.wait_for(Option::is_some).await.is_ok_and(|end| *end == Some(true))
}

fn is_well(operation: &Operation) -> bool {
    matches!(operation.outcome, Some(Outcome::Updated | Outcome::Unchanged | Outcome::LeftOver { .. }))
}
