//! Finding values in a tree.

use std::collections::{BTreeSet, HashSet};

use super::{Id, Kind, Node, Tree};

/// How deep aliases and merge keys lead.
const DEPTH_MAX: usize = 32;

/// A value in a mapping.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::compose) struct Entry {
    /// the node of its key
    pub(in crate::compose) key: Id,
    /// the node of its value, which is no alias
    pub(in crate::compose) value: Id,
    /// whether the mapping that it stands in is written as `{…}`
    pub(in crate::compose) flow: bool,
    /// whether an alias or a merge key led there
    pub(in crate::compose) through_anchor: bool,
}

impl Tree {
    /// The node that an alias stands for, or else the node itself.
    pub(in crate::compose) fn resolve(&self, id: Id) -> Id {
        match self.node(id).kind {
            // an alias never stands for an alias: an anchor belongs to a value
            Kind::Alias(to) => to,
            _ => id,
        }
    }

    /// The value of a scalar.
    pub(in crate::compose) fn scalar(&self, id: Id) -> Option<&str> {
        match &self.node(self.resolve(id)).kind {
            Kind::Scalar { value, .. } => Some(value),
            _ => None,
        }
    }

    /// The items of a list, or the one value in place of a list.
    pub(in crate::compose) fn items(&self, id: Id) -> Vec<Id> {
        let id = self.resolve(id);
        match &self.node(id).kind {
            Kind::List(items) => items.iter().map(|item| self.resolve(*item)).collect(),
            _ => vec![id],
        }
    }

    /// Whether it is a mapping.
    pub(in crate::compose) fn is_map(&self, id: Id) -> bool {
        matches!(self.node(self.resolve(id)).kind, Kind::Map { .. })
    }

    /// The value of a key: what stands there itself wins over what merge keys bring, and of those the first.
    pub(in crate::compose) fn get(&self, map: Id, key: &str) -> Option<Entry> {
        self.get_in(map, key, DEPTH_MAX, &mut HashSet::new())
    }

    /// `seen`: each mapping is looked through once, however many merge keys lead there.
    fn get_in(&self, map: Id, key: &str, depth: usize, seen: &mut HashSet<Id>) -> Option<Entry> {
        let depth = depth.checked_sub(1)?;
        let at = self.resolve(map);
        if !seen.insert(at) {
            return None;
        }
        let Node { kind: Kind::Map { pairs, flow }, .. } = self.node(at) else { return None };
        let named = |name: &'static str| pairs.iter().filter(move |(each, _)| self.is_key(*each, name));
        let own = pairs.iter().find(|(each, _)| self.is_plain_key(*each, key));
        if let Some((key, value)) = own {
            let through_anchor = at != map || matches!(self.node(*value).kind, Kind::Alias(_));
            return Some(Entry { key: *key, value: self.resolve(*value), flow: *flow, through_anchor });
        }
        let merged = named("<<").flat_map(|(_, value)| self.items(*value));
        let found = merged.into_iter().find_map(|each| self.get_in(each, key, depth, seen))?;
        Some(Entry { through_anchor: true, ..found })
    }

    /// The keys of a mapping, those that merge keys bring too.
    pub(in crate::compose) fn keys(&self, map: Id) -> BTreeSet<String> {
        let mut keys = BTreeSet::new();
        self.keys_in(map, &mut keys, DEPTH_MAX, &mut HashSet::new());
        keys
    }

    /// `seen` as in `get_in`.
    fn keys_in(&self, map: Id, keys: &mut BTreeSet<String>, depth: usize, seen: &mut HashSet<Id>) {
        let at = self.resolve(map);
        let (Some(depth), true) = (depth.checked_sub(1), seen.insert(at)) else { return };
        let Kind::Map { pairs, .. } = &self.node(at).kind else { return };
        for (key, value) in pairs {
            if self.is_key(*key, "<<") {
                for each in self.items(*value) {
                    self.keys_in(each, keys, depth, seen);
                }
            } else if let Some(name) = self.scalar(*key) {
                keys.insert(name.to_owned());
            }
        }
    }

    /// Whether a key is this one, however it is written.
    fn is_plain_key(&self, id: Id, name: &str) -> bool {
        self.scalar(id) == Some(name)
    }

    /// Whether a key is this one, not between quotes: a quoted `<<` merges nothing.
    fn is_key(&self, id: Id, name: &str) -> bool {
        matches!(&self.node(id).kind, Kind::Scalar { value, quoted: false, .. } if value == name)
    }
}
