//! The ids that clients were given. An update replaces the container, and its id with it; a client still asks by the id that it knows.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::{
    server::api::image_watch::{find, is_id, listed},
    wire::{Operation, Snapshot, WorkloadRow},
};

/// Ids that are remembered: those of the largest fleet, a few times over.
const REMEMBERED: usize = 16_384;

/// Characters of an id by which it is remembered: as many as the contract shows.
const KEY: usize = 12;

/// Host and name of a container: what stays the same over updates.
type Place = (String, String);

/// The ids that clients know, and which container each was. Clones share them.
#[derive(Debug, Clone, Default)]
pub(in crate::server) struct Ids(Arc<Shared>);

/// What the clones share.
#[derive(Debug, Default)]
struct Shared {
    memory: Mutex<Memory>,
    /// held while a switch is read and moved: two who press it at once move it twice
    toggling: tokio::sync::Mutex<()>,
}

/// Whose id each was.
#[derive(Debug, Default)]
struct Memory {
    /// id in full and place, by the first characters of the id
    known: HashMap<String, (String, Place)>,
    /// the keys, oldest first
    order: VecDeque<String>,
}

impl Ids {
    /// Remembers what a client is told.
    pub(super) fn note<'a>(&self, rows: impl Iterator<Item = &'a WorkloadRow>) {
        let mut memory = self.memory();
        for row in rows {
            memory.note(row);
        }
    }

    /// The container of that id, or the one that took its place: it runs, or is being updated.
    pub(super) fn find(&self, snapshot: &Snapshot, id: &str) -> Option<Place> {
        if let Some(row) = find(snapshot, id) {
            self.memory().note(row);
            return Some(place(row));
        }
        let place = self.memory().place(id)?;
        let runs = listed(snapshot).any(|row| is_at(&row.host, &row.name, &place));
        let updated =
            || snapshot.operations.iter().any(|operation| operation.is_running() && is_at(&operation.host, &operation.name, &place));
        (runs || updated()).then_some(place)
    }

    /// The newest operation of the container that has, or had, that id.
    pub(super) fn operation<'a>(&self, snapshot: &'a Snapshot, id: &str) -> Option<&'a Operation> {
        let mut rows = snapshot.groups.iter().flat_map(|group| &group.workloads);
        let place = rows.find(|row| is_id(&row.id, id)).map(place).or_else(|| self.memory().place(id))?;
        snapshot.operations.iter().find(|operation| is_at(&operation.host, &operation.name, &place))
    }

    /// Until this is dropped, nobody else moves a switch through the contract.
    pub(super) async fn toggling(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.0.toggling.lock().await
    }

    /// The memory, also after a panic elsewhere: every change of it leaves it usable.
    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.0.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Memory {
    fn note(&mut self, row: &WorkloadRow) {
        let key = row.id.get(..KEY).unwrap_or(&row.id);
        if self.known.get(key).is_some_and(|(id, place)| *id == row.id && is_at(&row.host, &row.name, place)) {
            return;
        }
        if self.known.insert(key.to_owned(), (row.id.clone(), place(row))).is_none() {
            self.order.push_back(key.to_owned());
        }
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
    }

    fn place(&self, asked: &str) -> Option<Place> {
        let (id, place) = self.known.get(asked.get(..KEY).unwrap_or(asked))?;
        is_id(id, asked).then(|| place.clone())
    }
}

fn place(row: &WorkloadRow) -> Place {
    (row.host.clone(), row.name.clone())
}

fn is_at(host: &str, name: &str, place: &Place) -> bool {
    (host, name) == (place.0.as_str(), place.1.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        server::api::sample::{ended, group, operation, snapshot, workload},
        wire::{Outcome, Verdict, WorkloadState},
    };

    /// `web` with an id that begins with `id`.
    fn web(id: &str) -> WorkloadRow {
        WorkloadRow { id: format!("{id:0<64}"), ..workload("web", Verdict::Rebuilt) }
    }

    fn fleet(rows: Vec<WorkloadRow>) -> Snapshot {
        snapshot(if rows.is_empty() { Vec::new() } else { vec![group("nginx:1", rows)] })
    }

    #[test]
    fn an_id_leads_to_the_container_that_took_its_place() {
        let ids = Ids::default();
        let (old, new) = (web("aaa"), web("bbb"));
        assert_eq!(ids.find(&fleet(vec![new.clone()]), &old.id), None, "nobody was told of it");
        ids.note([&old].into_iter());
        for asked in [&old.id[..12], &old.id, &new.id[..12]] {
            assert_eq!(ids.find(&fleet(vec![new.clone()]), asked), Some(("local".into(), "web".into())), "{asked}");
        }
        assert_eq!(ids.find(&fleet(vec![new.clone()]), &old.id[..13]), None);
        assert_eq!(ids.find(&fleet(vec![new.clone()]), "é"), None);
        // gone for good; stopped, and updated just now
        assert_eq!(ids.find(&fleet(Vec::new()), &old.id), None);
        let mut between = fleet(vec![WorkloadRow { state: WorkloadState::Created, ..new }]);
        assert_eq!(ids.find(&between, &old.id), None);
        between.operations = vec![operation(1, "web")];
        assert!(ids.find(&between, &old.id).is_some());
    }

    #[test]
    fn the_newest_operation_of_the_name_counts() {
        let ids = Ids::default();
        let mut fleet = fleet(vec![web("aaa")]);
        fleet.operations = vec![operation(4, "db"), operation(3, "web"), ended(2, "web", Outcome::Updated)];
        let number = |ids: &Ids, id: &str| ids.operation(&fleet, id).map(|operation| operation.id);
        assert_eq!((number(&ids, &web("aaa").id[..12]), number(&ids, &web("bbb").id)), (Some(3), None));
        ids.note([&web("bbb")].into_iter());
        assert_eq!(number(&ids, &web("bbb").id), Some(3));
    }

    #[test]
    fn the_memory_is_bounded() {
        let ids = Ids::default();
        let rows: Vec<_> = (0..=REMEMBERED).map(|n| web(&format!("{n:x}-"))).collect();
        ids.note(rows.iter());
        ids.note(rows[1..].iter());
        let memory = ids.memory();
        assert_eq!((memory.known.len(), memory.order.len()), (REMEMBERED, REMEMBERED));
        assert!(memory.place(&rows[0].id).is_none() && memory.place(&rows[REMEMBERED].id).is_some());
    }
}
