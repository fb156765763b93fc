//! What to tell somebody who wants another tag.

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use super::{
    change::{Change, Target},
    files::{Disk, Read},
    pin::locate,
    project::Project,
    shared::Also,
    unlocated::{Unlocated, Unreadable},
};
use crate::{config::Compose, image::Reference};

/// Longest wait for files; a network's file system may be away.
const PATIENCE: Duration = Duration::from_secs(5);

/// What to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Advice {
    /// Compose did not make the container, or would not touch it: nothing
    Free,
    /// the files say the new tag already
    Already {
        /// the file
        file: PathBuf,
        /// the line, from 1
        line: u32,
    },
    /// this line must change, else the next `docker compose up` takes the new version back
    Line {
        /// which, and into what
        change: Box<Change>,
        /// why Plimsoll does not change it itself; none where it may
        unedited: Option<Unedited>,
    },
    /// it is not known which line
    Unlocated(Unlocated),
}

/// Why Plimsoll does not edit a file that it can read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unedited {
    /// `compose.edit` is off
    NotAllowed,
    /// the service is built from sources too
    Built,
    /// something else would become another
    Shared(Vec<Also>),
}

impl Change {
    /// Whether Plimsoll may make it; `together` are the services that are moved to the same tag in the same go.
    pub fn unedited(&self, settings: &Compose, together: &[&str]) -> Option<Unedited> {
        let apart: Vec<Also> =
            self.also.iter().filter(|also| !matches!(also, Also::Service(name) if together.contains(&name.as_str()))).cloned().collect();
        match (settings.edit, self.built) {
            (false, _) => Some(Unedited::NotAllowed),
            (true, true) => Some(Unedited::Built),
            (true, false) => (!apart.is_empty()).then_some(Unedited::Shared(apart)),
        }
    }
}

/// Finds out what to tell. `reference` is the image that the container was made from, `together` the services that are moved to the same
/// tag in the same go. Reads files: blocking.
pub fn advice(
    labels: &BTreeMap<String, String>,
    reference: &Reference,
    target: &Target,
    together: &[&str],
    settings: &Compose,
    read: &dyn Read,
) -> Advice {
    let Some(project) = Project::of(labels) else { return Advice::Free };
    match locate(&project, reference, read).and_then(|pin| pin.to(target)) {
        Ok(change) => Advice::Line { unedited: change.unedited(settings, together), change: Box::new(change) },
        Err(Unlocated::Differs { file, line, says, .. }) if is_already(&says, reference, target) => Advice::Already { file, line },
        Err(error) => Advice::Unlocated(error),
    }
}

/// The same from this machine's files, on a thread of its own, with a bound on the time. Only for containers of an Engine of this machine:
/// a path that another one names may well exist here too, and be another project ([`Unlocated::OtherMachine`]).
pub async fn advise(
    labels: BTreeMap<String, String>,
    reference: Reference,
    target: Target,
    together: Vec<String>,
    settings: Compose,
) -> Advice {
    let file = settings.here(Project::of(&labels).and_then(|project| project.files.first().cloned()).unwrap_or_default().as_path());
    let work = tokio::task::spawn_blocking(move || {
        let together: Vec<&str> = together.iter().map(String::as_str).collect();
        advice(&labels, &reference, &target, &together, &settings, &Disk(&settings))
    });
    match tokio::time::timeout(PATIENCE, work).await {
        Ok(Ok(advice)) => advice,
        // the thread is left to itself: what a file system that is away keeps cannot be taken from it
        _ => Advice::Unlocated(Unlocated::Unreadable { file, why: Unreadable::Failed(std::io::ErrorKind::TimedOut) }),
    }
}

/// Whether what a file says is the image that is wished for.
fn is_already(says: &str, reference: &Reference, target: &Target) -> bool {
    let says = says.parse::<Reference>();
    says.is_ok_and(|says| {
        says.name() == reference.name()
            && says.tag() == Some(&target.tag)
            && says.digest().is_none_or(|digest| target.digest.as_ref() == Some(digest))
    })
}
