//! What else a change changes.

use std::{collections::BTreeMap, path::Path};

use super::{
    env::{Variables, assignments},
    files::Source,
    interpolate::{Value, interpolate},
    model::Model,
    project::under,
    traced::Traced,
    unlocated::Unlocated,
    yaml::{Id, Kind, Tree, parse},
};

/// Something beside the service's image that becomes another by a change.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Also {
    /// the image of another service
    Service(String),
    /// another value of the project, by its path: `services.web.environment.VERSION`
    Value(String),
}

/// Most nodes that are compared, those that aliases repeat counted each time.
const VALUES_MAX: usize = 50_000;

/// Most keys of one mapping.
const KEYS_MAX: usize = 2_000;

/// How deep values are compared.
const DEPTH_MAX: usize = 40;

/// Compares two states of a project, of which `path` differs, and names what differs beside the image of `service`.
pub(super) fn also(old: &mut Model, new: &mut Model, service: &str, path: &Path) -> Result<Vec<Also>, Unlocated> {
    let mut found = Vec::new();
    for other in old.services()?.into_iter().filter(|other| other != service) {
        let image = |model: &mut Model| model.image(&other).ok().map(|found| found.value.text().to_owned());
        if image(old) != image(new) {
            found.push(Also::Service(other));
        }
    }
    let (before, after) = (values(old)?, values(new)?);
    let differ = before.iter().filter(|(key, value)| after.get(*key) != Some(value)).map(|((_, key), _)| key.clone());
    found.extend(differ.map(Also::Value));
    found.extend(readers(old, path).into_iter().map(Also::Value));
    found.sort();
    found.dedup();
    Ok(found)
}

/// All values but images, with variables filled in; by the number of their file and their path.
fn values(model: &Model) -> Result<BTreeMap<(usize, String), String>, Unlocated> {
    let (mut found, mut left) = (BTreeMap::new(), VALUES_MAX);
    for number in 0..model.sources.len() {
        let Some(tree) = model.sources.get(number).tree.clone() else { continue };
        for (document, root) in tree.roots.iter().enumerate() {
            let path = if document == 0 { String::new() } else { format!("[{document}]") };
            Walk { variables: model.variables_of(number), number, tree: &tree, left: &mut left, found: &mut found }
                .node(*root, path, DEPTH_MAX)?;
        }
    }
    Ok(found)
}

/// The way through one document.
struct Walk<'a> {
    /// what stands for variables in its file
    variables: &'a Variables,
    number: usize,
    tree: &'a Tree,
    /// how many more nodes may be looked at
    left: &'a mut usize,
    found: &'a mut BTreeMap<(usize, String), String>,
}

impl Walk<'_> {
    /// Notes a node, and what is in it.
    fn node(&mut self, id: Id, path: String, depth: usize) -> Result<(), Unlocated> {
        let depth = depth.checked_sub(1).ok_or(Unlocated::TooLarge)?;
        *self.left = self.left.checked_sub(1).ok_or(Unlocated::TooLarge)?;
        let id = self.tree.resolve(id);
        match &self.tree.node(id).kind {
            Kind::Scalar { value, .. } => {
                if is_image(&path) {
                    return Ok(());
                }
                // what is written with escapes is the same before and after
                let known = |name: &str| self.variables.get(name).filter(|value| matches!(value, Value::Known(_)));
                let filled = interpolate(&Traced::written(value, self.number, 0), &known);
                let value = filled.map_or_else(|_| value.clone(), |filled| filled.value.text().to_owned());
                self.found.insert((self.number, path), value);
            }
            Kind::List(items) => {
                for (at, item) in items.iter().enumerate() {
                    self.node(*item, format!("{path}[{at}]"), depth)?;
                }
            }
            Kind::Map { .. } => {
                let keys = self.tree.keys(id);
                if keys.len() > KEYS_MAX {
                    return Err(Unlocated::TooLarge);
                }
                // what stands at the top under `x-` means nothing by itself
                for key in keys.iter().filter(|key| !(depth == DEPTH_MAX - 1 && key.starts_with("x-"))) {
                    let Some(entry) = self.tree.get(id, key) else { continue };
                    let dot = if path.is_empty() { "" } else { "." };
                    self.node(entry.value, format!("{path}{dot}{key}"), depth)?;
                }
            }
            Kind::Alias(_) => {}
        }
        Ok(())
    }
}

/// Whether a path is that of a service's image, which is compared as a whole.
fn is_image(path: &str) -> bool {
    let path = path.rsplit_once(']').map_or(path, |(_, rest)| rest.trim_start_matches('.'));
    path.strip_prefix("services.").and_then(|rest| rest.strip_suffix(".image")).is_some_and(|service| !service.is_empty())
}

/// The services that get all variables of a file: `env_file`.
fn readers(model: &Model, path: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for number in 0..model.sources.len() {
        let Some(tree) = model.sources.get(number).tree.clone() else { continue };
        let directory = model.sources.get(number).path.parent().map(Path::to_owned).unwrap_or_default();
        for root in &tree.roots {
            let Some(services) = tree.get(*root, "services") else { continue };
            for name in tree.keys(services.value) {
                let files = tree.get(services.value, &name).and_then(|service| tree.get(service.value, "env_file"));
                let files = files.map(|files| tree.items(files.value)).unwrap_or_default();
                let plain = |id: Id| if tree.is_map(id) { tree.get(id, "path").map(|entry| entry.value) } else { Some(id) };
                let mut words = files.into_iter().filter_map(|id| tree.scalar(plain(id)?));
                if words.any(|word| under(&directory, word) == path || under(model.top.directory(), word) == path) {
                    found.push(format!("services.{name}.env_file"));
                }
            }
        }
    }
    found
}

/// Whether a file differs from what it was in the value of one node, or of one variable, and in nothing else.
pub(super) fn differ_in_one(source: &Source, after: &str) -> bool {
    let Some(before) = &source.tree else {
        let (old, new) = (assignments(&source.text), assignments(after));
        let same = |(a, b): &(&super::env::Assignment, &super::env::Assignment)| {
            source.text[a.at.clone()] == after[b.at.clone()] && a.written == b.written
        };
        return old.len() == new.len()
            && old.iter().zip(&new).all(|(a, b)| a.name == b.name)
            && old.iter().zip(&new).filter(|pair| !same(pair)).count() == 1;
    };
    let Ok(after) = parse(after) else { return false };
    let pairs = || before.nodes().iter().zip(after.nodes());
    let scalar = |kind: &Kind| matches!(kind, Kind::Scalar { .. });
    before.nodes().len() == after.nodes().len()
        && before.roots == after.roots
        && pairs().all(|(a, b)| a.tag == b.tag && (a.kind == b.kind || (scalar(&a.kind) && scalar(&b.kind))))
        && pairs().filter(|(a, b)| a.kind != b.kind).count() == 1
}
