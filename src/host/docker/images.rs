//! What is remembered between two inventories, so that a re-list after an event costs one request and not hundreds.

use std::{collections::HashMap, sync::Arc};

use jiff::Timestamp;

use super::answers::Image;
use crate::{
    host::{Event, Subject},
    image::Platform,
};

/// Dates before this one (1990) stand in images whose build wrote no date.
const TELLING: i64 = 631_152_000;

/// What is remembered of an Engine's images and containers.
#[derive(Debug, Default)]
pub(super) struct Images {
    /// counts what was forgotten, so that an answer that was under way meanwhile is not remembered
    generation: u64,
    /// images by id
    facts: HashMap<String, Arc<Facts>>,
    /// what containers were started from, by the container's id; never changes
    written: HashMap<String, String>,
}

/// What is known of one image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Facts {
    /// the Engine's id of it
    pub(super) id: String,
    /// `repository@digest`, as the Engine writes it
    pub(super) repo_digests: Vec<String>,
    /// what it runs on
    pub(super) platform: Option<Platform>,
    /// whether it was built here and never pulled, where the Engine says so
    pub(super) built: bool,
    /// when it was made, in Unix seconds. Reproducible builds say 1970 or 1980, which tells nothing
    pub(super) created: Option<i64>,
}

impl From<Image> for Facts {
    fn from(image: Image) -> Self {
        let platform = (!image.os.is_empty() && !image.architecture.is_empty()).then(|| Platform {
            os: image.os,
            architecture: image.architecture,
            variant: Some(image.variant).filter(|variant| !variant.is_empty()),
        });
        Self {
            id: full_id(&image.id),
            repo_digests: image.repo_digests,
            platform,
            created: image.created.parse::<Timestamp>().ok().map(Timestamp::as_second).filter(|at| *at > TELLING),
            built: !image.identity.build.is_empty() && image.identity.pull.is_empty(),
        }
    }
}

/// An image id with its algorithm, which Podman leaves out in places.
pub(super) fn full_id(id: &str) -> String {
    if id.len() == 64 && !id.contains(':') { format!("sha256:{id}") } else { id.to_owned() }
}

impl Images {
    /// Which generation of knowledge this is.
    pub(super) fn generation(&self) -> u64 {
        self.generation
    }

    /// The image `id`, where it is known.
    pub(super) fn facts(&self, id: &str) -> Option<Arc<Facts>> {
        self.facts.get(id).cloned()
    }

    /// What the container `id` was started from, where it is known.
    pub(super) fn written(&self, id: &str) -> Option<String> {
        self.written.get(id).cloned()
    }

    /// Remembers what was asked for in `generation`, and keeps nothing of images and containers that are no more.
    pub(super) fn remember(&mut self, generation: u64, facts: HashMap<String, Arc<Facts>>, written: HashMap<String, String>) {
        self.written = written;
        if generation == self.generation {
            self.facts = facts;
        }
    }

    /// Forgets everything about images.
    pub(super) fn forget(&mut self) {
        self.generation += 1;
        self.facts.clear();
    }

    /// Forgets what `event` may have changed. Any event of an image can move digests between images that it does not name (a pull that
    /// ends at an image already there under another name, a load, a prune), so it makes all of them be asked for again; events of
    /// containers, which are the many, cost nothing.
    pub(super) fn note(&mut self, event: &Event) {
        match event.subject {
            Subject::Workload => {}
            Subject::Image | Subject::Unknown => self.forget(),
        }
    }

    /// The ids that are known.
    #[cfg(test)]
    fn known(&self) -> std::collections::BTreeSet<&str> {
        self.facts.keys().map(String::as_str).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::host::Moment;

    fn event(subject: Subject) -> Event {
        Event { subject, action: "pull".into(), id: "nginx:1.27".into(), name: None, at: Moment(1) }
    }

    fn facts(id: &str) -> HashMap<String, Arc<Facts>> {
        let facts = Facts { id: id.into(), repo_digests: Vec::new(), platform: None, built: false, created: None };
        [(id.to_owned(), Arc::new(facts))].into()
    }

    #[test]
    fn image_events_make_it_forget_and_container_events_do_not() {
        let mut images = Images::default();
        images.remember(images.generation(), facts("sha256:a"), HashMap::new());
        images.note(&event(Subject::Workload));
        assert_eq!(images.known(), ["sha256:a"].into());
        images.note(&event(Subject::Image));
        assert_eq!(images.known(), BTreeSet::new());
    }

    #[test]
    fn an_answer_from_before_an_event_is_not_remembered() {
        let mut images = Images::default();
        let asked_in = images.generation();
        images.note(&event(Subject::Image));
        images.remember(asked_in, facts("sha256:a"), [("c1".to_owned(), "nginx".to_owned())].into());
        assert_eq!(images.known(), BTreeSet::new());
        assert_eq!(images.written("c1").as_deref(), Some("nginx"), "what a container was started from never changes");
    }
}
