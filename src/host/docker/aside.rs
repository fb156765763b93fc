//! Names of containers that an update has set aside.
//!
//! While an update is under way there are two containers, and after one that broke off as well: only one of them is shown, under the
//! name that it had before. Pure.

use std::collections::HashMap;

use crate::fleet::Workload;

/// What stands between the name of a container and the mark of the update that has set it aside.
const INFIX: &str = ".plimsoll-";

/// The name of a container while it is set aside.
pub(super) fn aside(name: &str, mark: &str) -> String {
    format!("{name}{INFIX}{mark}")
}

/// The name that a container had before it was set aside; `None` where it was not.
pub(super) fn plain(name: &str) -> Option<&str> {
    name.rsplit_once(INFIX).filter(|(plain, mark)| !plain.is_empty() && !mark.is_empty()).map(|(plain, _)| plain)
}

/// Of a container and those that were set aside under its name, leaves the one that does the work: the one that has the name, unless
/// only another one runs. What is left has the plain name.
pub(super) fn settle(workloads: Vec<Workload>) -> Vec<Workload> {
    let (set_aside, mut rest): (Vec<_>, Vec<_>) = workloads.into_iter().partition(|workload| plain(&workload.name).is_some());
    let mut places: HashMap<String, usize> = rest.iter().enumerate().map(|(at, workload)| (workload.name.clone(), at)).collect();
    for mut workload in set_aside {
        if let Some(name) = plain(&workload.name) {
            workload.name = String::from(name);
        }
        match places.get(&workload.name) {
            Some(at) if rest[*at].state.is_running() || !workload.state.is_running() => {}
            Some(at) => rest[*at] = workload,
            None => {
                places.insert(workload.name.clone(), rest.len());
                rest.push(workload);
            }
        }
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        fleet::{ImageName, LocalImage},
        wire::WorkloadState::{self, Created, Exited, Running},
    };

    fn workload(id: &str, name: &str, state: WorkloadState) -> Workload {
        Workload {
            id: id.to_owned(),
            name: name.to_owned(),
            image: ImageName::Invalid(String::new()),
            local: LocalImage::default(),
            labels: std::collections::BTreeMap::default(),
            created: 0,
            state,
            health: None,
        }
    }

    #[test]
    fn a_name_and_its_mark_are_told_apart() {
        for (name, expected) in [
            (aside("web", "17").as_str(), Some("web")),
            (&aside(&aside("web", "1"), "2"), Some("web.plimsoll-1")),
            ("web", None),
            ("plimsoll-web", None),
            (".plimsoll-17", None),
            ("web.plimsoll-", None),
        ] {
            assert_eq!(plain(name), expected, "{name}");
        }
    }

    #[test]
    fn only_one_of_them_is_shown() {
        let web = |state| workload("new", "web", state);
        let old = |state| workload("old", "web.plimsoll-17", state);
        for (what, listed, shown) in [
            ("nothing is set aside", vec![web(Running)], "new"),
            ("the new one is not started yet", vec![web(Created), old(Running)], "old"),
            ("the same, in another order", vec![old(Running), web(Created)], "old"),
            ("the new one runs", vec![web(Running), old(Exited)], "new"),
            ("neither runs just now", vec![web(Created), old(Exited)], "new"),
            ("both run: the one with the name", vec![web(Running), old(Running)], "new"),
            ("there is no new one", vec![old(Exited)], "old"),
            ("two were left over", vec![old(Exited), workload("older", "web.plimsoll-3", Running)], "older"),
        ] {
            let shown_now: Vec<_> = settle(listed).into_iter().map(|workload| (workload.id, workload.name)).collect();
            assert_eq!(shown_now, [(shown.to_owned(), "web".to_owned())], "{what}");
        }
    }

    #[test]
    fn others_stay_as_they_are() {
        let listed = vec![workload("a", "a", Running), workload("b", "b", Exited), workload("c", "a.plimsoll-1", Exited)];
        let shown: Vec<_> = settle(listed).into_iter().map(|workload| workload.id).collect();
        assert_eq!(shown, ["a", "b"]);
    }
}
