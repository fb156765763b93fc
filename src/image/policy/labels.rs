//! A policy from labels: Plimsoll's own, and those of other tools where they restrict.

use std::collections::{BTreeMap, BTreeSet};

use super::{Policy, values};
use crate::wire::{LabelProblem, LabelProblemKind, Level};

/// A tool whose labels are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tool {
    /// Watchtower: `com.centurylinklabs.watchtower.*`
    Watchtower,
    /// What's Up Docker: `wud.*`
    Wud,
    /// Cupdate: `cupdate.config.*`, on Kubernetes `config.cupdate/*`
    Cupdate,
    /// Image Watch: `image-watch.auto-update`
    ImageWatch,
}

/// What labels say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Labelled {
    /// what may be offered
    pub policy: Policy,
    /// whether updates shall be taken without being asked for; none where no label speaks of it
    pub auto_update: Option<bool>,
    /// labels whose value was not understood, and which therefore say nothing
    pub problems: Vec<LabelProblem>,
}

/// Most of a wrong value that is shown, in characters.
const VALUE_SHOWN: usize = 60;

// === impl Tool ===

impl Tool {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Watchtower, Self::Wud, Self::Cupdate, Self::ImageWatch];

    /// Its name in the configuration.
    pub fn name(self) -> &'static str {
        match self {
            Self::Watchtower => "watchtower",
            Self::Wud => "wud",
            Self::Cupdate => "cupdate",
            Self::ImageWatch => "image-watch",
        }
    }

    /// The tool of a name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tool| tool.name() == name)
    }
}

/// What `labels` make of `base`, the policy of the configuration.
///
/// A label of Plimsoll wins over those of other tools, and any label over the configuration. Labels of other tools restrict; only those
/// of a tool in `adopt` can wish for updates without being asked, because whoever wrote them meant another program. A value that is not
/// understood changes nothing and is told.
pub fn from_labels(labels: &BTreeMap<String, String>, base: &Policy, adopt: &BTreeSet<Tool>) -> Labelled {
    let mut labels = Labels { labels, problems: Vec::new() };
    let mut policy = base.clone();
    let mut auto_update = None;
    watchtower(&mut labels, adopt, &mut policy, &mut auto_update);
    wud(&mut labels, adopt, &mut policy, &mut auto_update);
    cupdate(&mut labels, &mut policy);
    image_watch(&mut labels, adopt, &mut auto_update);
    own(&mut labels, &mut policy, &mut auto_update);
    Labelled { policy, auto_update, problems: labels.problems }
}

/// Labels, and what was wrong with them.
struct Labels<'a> {
    labels: &'a BTreeMap<String, String>,
    problems: Vec<LabelProblem>,
}

impl Labels<'_> {
    /// The value of a label, if it is there and understood.
    fn read<T>(&mut self, label: &str, parse: impl FnOnce(&str) -> Result<T, LabelProblemKind>) -> Option<T> {
        let value = self.labels.get(label)?.trim();
        match parse(value) {
            Ok(value) => Some(value),
            Err(kind) => {
                let shown = value.char_indices().nth(VALUE_SHOWN).map(|(end, _)| format!("{}…", &value[..end]));
                let value = shown.unwrap_or_else(|| value.to_owned());
                self.problems.push(LabelProblem { label: label.to_owned(), value, kind });
                None
            }
        }
    }

    /// Whether a label is there and says so.
    fn says(&mut self, label: &str, expected: bool) -> bool {
        self.read(label, values::boolean) == Some(expected)
    }
}

/// Plimsoll's own labels.
fn own(labels: &mut Labels<'_>, policy: &mut Policy, auto_update: &mut Option<bool>) {
    /// Takes a value where there is one.
    fn set<T>(place: &mut T, value: Option<T>) {
        if let Some(value) = value {
            *place = value;
        }
    }
    set(&mut policy.enable, labels.read("plimsoll.enable", values::boolean));
    set(&mut policy.follow, labels.read("plimsoll.follow", values::follow));
    set(&mut policy.include, labels.read("plimsoll.tag.include", values::pattern));
    set(&mut policy.exclude, labels.read("plimsoll.tag.exclude", values::pattern));
    set(&mut policy.pin, labels.read("plimsoll.pin", values::boolean));
    set(&mut policy.below, labels.read("plimsoll.below", values::version));
    set(&mut policy.ignore, labels.read("plimsoll.tag.ignore", |text| Ok(values::list(text))));
    set(&mut policy.cooldown, labels.read("plimsoll.cooldown", values::duration));
    if let Some(wish) = labels.read("plimsoll.auto-update", values::boolean) {
        *auto_update = Some(wish);
    }
}

/// `enable`, `monitor-only` and `no-pull`: <https://containrrr.dev/watchtower/arguments/>.
fn watchtower(labels: &mut Labels<'_>, adopt: &BTreeSet<Tool>, policy: &mut Policy, auto_update: &mut Option<bool>) {
    match labels.read("com.centurylinklabs.watchtower.enable", values::boolean) {
        Some(false) => policy.enable = false,
        Some(true) if adopt.contains(&Tool::Watchtower) => *auto_update = Some(true),
        _ => {}
    }
    if labels.says("com.centurylinklabs.watchtower.monitor-only", true) | labels.says("com.centurylinklabs.watchtower.no-pull", true) {
        *auto_update = Some(false);
    }
}

/// `wud.watch`, `wud.tag.include`, `wud.tag.exclude` and, as a wish for updates, `wud.trigger.include`. `wud.tag.transform` is not read: it
/// is JavaScript's.
fn wud(labels: &mut Labels<'_>, adopt: &BTreeSet<Tool>, policy: &mut Policy, auto_update: &mut Option<bool>) {
    if labels.says("wud.watch", false) {
        policy.enable = false;
    }
    if let Some(Some(pattern)) = labels.read("wud.tag.include", values::pattern) {
        policy.include = Some(pattern);
    }
    if let Some(Some(pattern)) = labels.read("wud.tag.exclude", values::pattern) {
        policy.exclude = Some(pattern);
    }
    let triggered = labels.labels.get("wud.trigger.include").is_some_and(|triggers| !triggers.trim().is_empty());
    // what restricted before stays so
    if triggered && adopt.contains(&Tool::Wud) && auto_update.is_none() {
        *auto_update = Some(true);
    }
}

/// `ignore`, `pin`, `stay-on-current-major` and `stay-below`, in both spellings. Its pin still takes new digests of the same tag.
fn cupdate(labels: &mut Labels<'_>, policy: &mut Policy) {
    let mut says = |name: &str| {
        let spellings = [format!("config.cupdate/{name}"), format!("cupdate.config.{name}")];
        spellings.iter().any(|label| labels.says(label, true))
    };
    if says("ignore") {
        policy.enable = false;
    }
    if says("stay-on-current-major") {
        policy.follow = policy.follow.min(Some(Level::Minor));
    }
    if says("pin") {
        policy.follow = None;
    }
    for label in ["cupdate.config.stay-below", "config.cupdate/stay-below"] {
        if let Some(Some(bound)) = labels.read(label, values::version) {
            policy.below = Some(bound);
        }
    }
}

/// `image-watch.auto-update`.
fn image_watch(labels: &mut Labels<'_>, adopt: &BTreeSet<Tool>, auto_update: &mut Option<bool>) {
    match labels.read("image-watch.auto-update", values::boolean) {
        Some(false) => *auto_update = Some(false),
        Some(true) if adopt.contains(&Tool::ImageWatch) && auto_update.is_none() => *auto_update = Some(true),
        _ => {}
    }
}
