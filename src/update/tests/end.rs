//! The model: how it may look when an update has ended, however it came to that.

use std::collections::BTreeMap;

use serde_json::Value;

use super::harbour::Harbour;
use crate::wire::{Operation, Outcome};

/// A container as it was before the update.
#[derive(Debug, Clone)]
pub(super) struct Before {
    name: String,
    document: Value,
    /// names and ids of all that there were
    all: Vec<(String, String)>,
}

/// Which of the two is there at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    Old,
    New,
}

impl Before {
    pub(super) fn of(harbour: &Harbour, name: &str) -> Self {
        let document = harbour.engine.inspect(name).unwrap();
        Self { name: name.to_owned(), document, all: harbour.engine.containers() }
    }

    /// Holds that there is one container of the name, the old one in its earlier state or a new one in that state, with restart policy and
    /// volumes as they were, and nothing else of ours. Answers which.
    pub(super) fn hold(&self, harbour: &Harbour, what: &str) -> Which {
        let names = |all: &[(String, String)]| {
            let mut names: Vec<_> = all.iter().map(|(name, _)| name.clone()).collect();
            names.sort();
            names
        };
        let all = harbour.engine.containers();
        assert_eq!(names(&all), names(&self.all), "{what}: the containers");
        for other in self.all.iter().filter(|(name, _)| *name != self.name) {
            assert!(all.contains(other), "{what}: {other:?} is another one");
        }
        let now = harbour.engine.inspect(&self.name).unwrap();
        for part in ["/State/Running", "/State/Paused", "/HostConfig/RestartPolicy", "/Config/Env", "/Config/Image"] {
            assert_eq!(now.pointer(part), self.document.pointer(part), "{what}: {part}");
        }
        assert_eq!(volumes(&now), volumes(&self.document), "{what}: the volumes");
        for volume in volumes(&now).into_keys() {
            assert!(harbour.engine.volumes().contains(&volume), "{what}: {volume} is gone");
        }
        let is_old = now["Id"] == self.document["Id"];
        assert_eq!(is_old, now["Image"] == self.document["Image"], "{what}: the image");
        if is_old { Which::Old } else { Which::New }
    }

    /// The id that it had.
    pub(super) fn id(&self) -> &Value {
        &self.document["Id"]
    }

    /// The same as [`Before::hold_and_told`], where the old container may have been made again, because its Engine had removed it.
    pub(super) fn hold_again(&self, harbour: &Harbour, operation: &Operation, what: &str) -> Which {
        if self.document["HostConfig"]["AutoRemove"] != true {
            return self.hold_and_told(harbour, operation, what);
        }
        assert!(matches!(operation.outcome, Some(Outcome::RolledBack { .. })), "{what}: {operation:?}");
        let now = harbour.engine.inspect(&self.name).unwrap();
        for part in ["/State/Running", "/State/Paused", "/HostConfig/AutoRemove", "/Config/Env", "/Config/Image", "/Image"] {
            assert_eq!(now.pointer(part), self.document.pointer(part), "{what}: {part}");
        }
        assert_eq!(volumes(&now), volumes(&self.document), "{what}: the volumes");
        assert_eq!(harbour.engine.containers().len(), self.all.len(), "{what}");
        Which::Old
    }

    /// The same, and that the operation tells the truth about it.
    pub(super) fn hold_and_told(&self, harbour: &Harbour, operation: &Operation, what: &str) -> Which {
        let which = self.hold(harbour, what);
        let told = match &operation.outcome {
            Some(Outcome::Updated) => Which::New,
            Some(Outcome::RolledBack { .. } | Outcome::Failed { .. } | Outcome::Refused { .. }) => Which::Old,
            // as it was when that was wished for
            Some(Outcome::Unchanged) => which,
            other => panic!("{what}: {other:?}"),
        };
        assert_eq!(which, told, "{what}: {:?}", operation.outcome);
        which
    }
}

/// The volumes of a container, and where they are mounted.
fn volumes(document: &Value) -> BTreeMap<String, String> {
    let mounts = document["Mounts"].as_array().cloned().unwrap_or_default();
    let named = |mount: &Value| Some((mount["Name"].as_str()?.to_owned(), mount["Destination"].as_str()?.to_owned()));
    mounts.iter().filter_map(named).collect()
}
