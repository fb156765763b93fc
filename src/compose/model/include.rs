//! What files include: projects of their own, whose services become part of this one.

use std::{collections::BTreeSet, path::PathBuf, sync::Arc};

use super::{Lookup, Model, SERVICES_MAX, Scope, Way, variables};
use crate::compose::{
    project::under,
    unlocated::Unlocated,
    yaml::{Id, Tree},
};

impl Model<'_> {
    /// Looks for a service in what a document includes.
    pub(super) fn included(
        &mut self,
        scope: &Scope,
        (number, tree): (usize, &Tree),
        root: Id,
        service: &str,
        depth: usize,
    ) -> Result<Lookup, Unlocated> {
        let mut failed = None;
        for item in includes(tree, root) {
            let found = self.include(scope, (number, tree), item).and_then(|inner| self.find(&inner, service, depth));
            match found {
                Ok(Lookup::Absent) => {}
                Ok(Lookup::Image(mut found)) => {
                    found.way = found.way.max(Way::Included);
                    return Ok(Lookup::Image(found));
                }
                Ok(bare) => return Ok(bare),
                // the service may still stand in another one
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        failed.map_or(Ok(Lookup::Absent), Err)
    }

    /// The files of one entry of `include`.
    fn include(&mut self, scope: &Scope, (number, tree): (usize, &Tree), item: Id) -> Result<Scope, Unlocated> {
        let key = |name: &str| tree.get(item, name).map(|entry| entry.value);
        let path = if tree.is_map(item) { key("path") } else { Some(item) };
        let paths = |id: Option<Id>| -> Result<Vec<PathBuf>, Unlocated> {
            let each = id.map(|id| tree.items(id)).unwrap_or_default();
            each.into_iter().map(|id| Ok(under(&scope.directory, &self.word(scope, number, tree, id)?))).collect()
        };
        let (files, named, directory) = (paths(path)?, paths(key("env_file"))?, paths(key("project_directory"))?);
        let first = files.first().and_then(|file| file.parent()).ok_or(Unlocated::TooLarge)?.to_owned();
        let directory = directory.into_iter().next().unwrap_or(first);
        let variables = variables(&mut self.sources, &scope.variables, &named, &directory);
        Ok(Scope { directory, files, variables: Arc::new(variables) })
    }

    /// The names of all services, those of included files too.
    pub(in crate::compose) fn services(&mut self) -> Result<BTreeSet<String>, Unlocated> {
        let mut names = BTreeSet::new();
        self.services_in(&self.top.clone(), &mut names, super::DEPTH_MAX)?;
        Ok(names)
    }

    /// The names in the files of a scope.
    fn services_in(&mut self, scope: &Scope, names: &mut BTreeSet<String>, depth: usize) -> Result<(), Unlocated> {
        let depth = depth.checked_sub(1).ok_or(Unlocated::TooLarge)?;
        for file in &scope.files {
            let number = self.open_file(scope, file)?;
            let tree = self.tree(number);
            for root in &tree.roots {
                names.extend(tree.get(*root, "services").map(|services| tree.keys(services.value)).unwrap_or_default());
                if names.len() > SERVICES_MAX {
                    return Err(Unlocated::TooLarge);
                }
                for item in includes(&tree, *root) {
                    // what cannot be read has nothing that an edit of another file could change
                    if let Ok(inner) = self.include(scope, (number, &tree), item) {
                        self.services_in(&inner, names, depth).or_else(|error| match error {
                            Unlocated::TooLarge => Err(error),
                            _ => Ok(()),
                        })?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// The entries of `include` in a document.
fn includes(tree: &Tree, root: Id) -> Vec<Id> {
    tree.get(root, "include").map(|entry| tree.items(entry.value)).unwrap_or_default()
}
