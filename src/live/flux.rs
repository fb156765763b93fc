//! What an update makes of an inventory while it lasts. Pure.
//!
//! Between the old container and the new one there is a moment when neither runs, and where only what runs is listed, none of the name is
//! there. The page shows one row all the time: the old container until the new one runs.

use std::{collections::HashMap, iter, sync::Arc};

use crate::{
    fleet::{Inventory, Workload},
    wire::{Operation, Outcome, Phase},
};

/// The workloads that are being replaced, by host and name.
#[derive(Debug, Default)]
pub(super) struct Flux(HashMap<(String, String), Replacing>);

/// A workload that is being replaced.
#[derive(Debug)]
struct Replacing {
    /// the row as it was when that began; none where nothing of the name was known
    before: Option<Workload>,
    /// whether the operation has ended, and only the Engine's word for it is still to come
    ended: bool,
}

impl Flux {
    /// Takes note of an operation. `shown` is what its host was last shown to run.
    pub(super) fn note(&mut self, operation: &Operation, shown: &Inventory) {
        for name in iter::once(&operation.name).chain(&operation.along) {
            self.note_one(operation, name, shown);
        }
    }

    fn note_one(&mut self, operation: &Operation, name: &str, shown: &Inventory) {
        let key = (operation.host.clone(), name.to_owned());
        match &operation.outcome {
            None => {
                // until the first step, what is known of it is what will be replaced
                if operation.phase < Phase::SettingAside || !self.0.contains_key(&key) {
                    let before = shown.workloads.iter().find(|workload| workload.name == *name).cloned();
                    self.0.insert(key, Replacing { before, ended: false });
                }
            }
            // under the name is what should be there: the events that say so are on their way
            Some(Outcome::Updated | Outcome::RolledBack { .. }) => {
                if let Some(replacing) = self.0.get_mut(&key) {
                    replacing.ended = true;
                }
            }
            Some(_) => drop(self.0.remove(&key)),
        }
    }

    /// A new inventory of this host has come, which is right about everything that ended before.
    pub(super) fn listed(&mut self, host: &str) {
        self.0.retain(|(its, _), replacing| its != host || !replacing.ended);
    }

    /// What is shown of `seen`, the newest inventory of `host`.
    pub(super) fn shown(&self, host: &str, seen: &Arc<Inventory>) -> Arc<Inventory> {
        let mut shown = Arc::clone(seen);
        for ((_, name), replacing) in self.0.iter().filter(|((its, _), _)| its == host) {
            let Some(before) = &replacing.before else { continue };
            let present = seen.workloads.iter().find(|workload| workload.name == *name);
            let keep = match present {
                None => true,
                // made, and not started yet
                Some(new) => new.id != before.id && before.state.is_running() && !new.state.is_running(),
            };
            if keep {
                let workloads = &mut Arc::make_mut(&mut shown).workloads;
                workloads.retain(|workload| workload.name != *name);
                workloads.push(before.clone());
                workloads.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.id.cmp(&b.id)));
            }
        }
        shown
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{
        fleet::{ImageName, LocalImage},
        wire::{Asker, Target, UpdateTrouble, WorkloadState},
    };

    fn workload(id: &str, name: &str, state: WorkloadState) -> Workload {
        let image = ImageName::Reference("nginx:1".parse().unwrap());
        let (id, name) = (id.to_owned(), name.to_owned());
        Workload { id, name, image, local: LocalImage::default(), labels: BTreeMap::new(), created: 0, state, health: None }
    }

    fn inventory(workloads: &[(&str, &str, WorkloadState)]) -> Arc<Inventory> {
        let workloads = workloads.iter().map(|(id, name, state)| workload(id, name, *state)).collect();
        Arc::new(Inventory { engine: "Docker 28".to_owned(), workloads })
    }

    fn operation(outcome: Option<Outcome>) -> Operation {
        Operation {
            id: 1,
            host: "harbor".into(),
            name: "web".into(),
            image: "docker.io/library/nginx:1".into(),
            asker: Asker::Anyone,
            begun: 0,
            ended: None,
            phase: Phase::Waiting,
            pull: None,
            outcome,
            from: None,
            to: None,
            target: Target::Same,
            along: Vec::new(),
            overdue: false,
            log: false,
            kept_until: None,
            compose: None,
        }
    }

    fn rows(inventory: &Inventory) -> Vec<(&str, &str)> {
        inventory.workloads.iter().map(|workload| (workload.id.as_str(), workload.name.as_str())).collect()
    }

    const RUNS: WorkloadState = WorkloadState::Running;
    const OLD: (&str, &str) = ("old", "web");
    const NEW: (&str, &str) = ("new", "web");
    const DB: (&str, &str) = ("db", "db");

    /// A flux with an update of `web`, which runs as `old`.
    fn flux() -> Flux {
        let mut flux = Flux::default();
        flux.note(&operation(None), &inventory(&[("db", "db", RUNS), ("old", "web", RUNS)]));
        flux
    }

    #[test]
    fn one_row_is_shown_all_the_time() {
        let flux = flux();
        let cases = [
            (vec![("db", "db", RUNS), ("old", "web", RUNS)], vec![DB, OLD]),
            (vec![("db", "db", RUNS)], vec![DB, OLD]),
            (vec![("db", "db", RUNS), ("new", "web", WorkloadState::Created)], vec![DB, OLD]),
            (vec![("db", "db", RUNS), ("new", "web", RUNS)], vec![DB, NEW]),
            // somebody stopped it while the image was pulled: that is seen
            (vec![("old", "web", WorkloadState::Exited)], vec![OLD]),
        ];
        for (seen, expected) in cases {
            assert_eq!(rows(&flux.shown("harbor", &inventory(&seen))), expected, "{seen:?}");
        }
        assert_eq!(rows(&flux.shown("nas", &inventory(&[("db", "db", RUNS)]))), [DB]);
    }

    #[test]
    fn a_container_that_does_not_run_is_replaced_by_one_that_does_not() {
        let mut flux = Flux::default();
        flux.note(&operation(None), &inventory(&[("old", "web", WorkloadState::Exited)]));
        let between = inventory(&[("new", "web", WorkloadState::Created)]);
        assert_eq!(rows(&flux.shown("harbor", &between)), [NEW]);
    }

    #[test]
    fn after_the_end_the_next_inventory_is_right() {
        let trouble = UpdateTrouble::Unhealthy;
        let stuck = Outcome::Stuck { trouble: trouble.clone(), container: "web-old".into() };
        let between = inventory(&[("db", "db", RUNS)]);
        for (outcome, at_once) in [
            (Outcome::Updated, vec![DB, OLD]),
            (Outcome::RolledBack { trouble: trouble.clone() }, vec![DB, OLD]),
            (stuck, vec![DB]),
            (Outcome::Failed { trouble }, vec![DB]),
        ] {
            let mut flux = flux();
            flux.note(&operation(Some(outcome.clone())), &between);
            assert_eq!(rows(&flux.shown("harbor", &between)), at_once, "{outcome:?}");
            flux.listed("nas");
            assert_eq!(rows(&flux.shown("harbor", &between)), at_once, "{outcome:?}");
            flux.listed("harbor");
            assert_eq!(rows(&flux.shown("harbor", &between)), [DB], "{outcome:?}");
        }
    }

    #[test]
    fn a_second_update_begins_with_what_the_first_one_left() {
        let mut flux = flux();
        let after = inventory(&[("new", "web", RUNS)]);
        flux.note(&operation(Some(Outcome::Updated)), &after);
        flux.listed("harbor");
        flux.note(&operation(None), &after);
        assert_eq!(rows(&flux.shown("harbor", &inventory(&[]))), [NEW]);
    }
}
