//! The image of a service, found as Compose finds it: in several files, in what they extend and in what they include.

mod fill;
mod include;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

pub(super) use fill::Found;

use super::{
    env::Variables,
    files::{Read, Source, Sources},
    project::{Project, is_foreign, under},
    unlocated::{Unlocated, Unreadable},
    yaml::{Id, Tree},
};

/// How many services deep `extends` and `include` lead.
const DEPTH_MAX: usize = 16;

/// Most services that are looked at.
pub(super) const SERVICES_MAX: usize = 500;

/// Most look-ups of one model: a service that extends two others that extend two others is soon a million.
const LOOKUPS_MAX: usize = 20_000;

/// How the value that pins an image was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Way {
    /// it stands at the service
    Straight,
    /// an alias or a merge key leads there
    Anchor,
    /// it stands at a service that this one extends
    Extended,
    /// it stands in a file that is included
    Included,
}

/// Files that are read together.
#[derive(Debug, Clone)]
pub(super) struct Scope {
    /// what relative paths start from
    directory: PathBuf,
    /// the later win
    files: Vec<PathBuf>,
    /// what stands for variables
    pub(super) variables: Arc<Variables>,
}

impl Scope {
    /// What relative paths start from.
    pub(super) fn directory(&self) -> &Path {
        &self.directory
    }
}

/// What was found of a service.
enum Lookup {
    /// nothing
    Absent,
    /// the service, without an image; whether it is built
    Bare { built: bool },
    /// its image
    Image(Box<Found>),
}

/// A project's files.
pub(super) struct Model<'r> {
    /// what was read
    pub(super) sources: Sources<'r>,
    /// the project's own files
    pub(super) top: Scope,
    /// what stands for variables in each file, as far as it was looked at
    seen: BTreeMap<usize, Arc<Variables>>,
    lookups: usize,
}

impl<'r> Model<'r> {
    /// Reads a project's files, as far as they are needed so far.
    pub(super) fn open(project: &Project, read: &'r dyn Read) -> Result<Self, Unlocated> {
        if project.files.is_empty() {
            return Err(Unlocated::NoFiles);
        }
        if let Some(foreign) = project.files.iter().find(|path| path.to_str().is_none_or(is_foreign)) {
            return Err(Unlocated::Foreign(foreign.clone()));
        }
        let mut sources = Sources::new(read);
        for file in &project.files {
            sources.compose(file)?;
        }
        let directory = match (project.directory.as_os_str().is_empty(), project.files[0].parent()) {
            (true, Some(parent)) => parent.to_owned(),
            _ => project.directory.clone(),
        };
        let variables = variables(&mut sources, &Variables::default(), &project.environment, &directory);
        let top = Scope { directory, files: project.files.clone(), variables: Arc::new(variables) };
        Ok(Self { sources, top, seen: BTreeMap::new(), lookups: 0 })
    }

    /// What was read.
    pub(super) fn into_sources(self) -> Vec<Source> {
        self.sources.into_list()
    }

    /// The value that says a service's image.
    pub(super) fn image(&mut self, service: &str) -> Result<Found, Unlocated> {
        match self.find(&self.top.clone(), service, DEPTH_MAX)? {
            Lookup::Image(found) => Ok(*found),
            Lookup::Bare { .. } => Err(Unlocated::NoImage(service.to_owned())),
            Lookup::Absent => Err(Unlocated::NoService(service.to_owned())),
        }
    }

    /// Looks for a service in the files of a scope.
    fn find(&mut self, scope: &Scope, service: &str, depth: usize) -> Result<Lookup, Unlocated> {
        let depth = depth.checked_sub(1).ok_or(Unlocated::TooLarge)?;
        self.lookups += 1;
        if self.lookups > LOOKUPS_MAX {
            return Err(Unlocated::TooLarge);
        }
        let (mut seen, mut built, mut image) = (false, false, None);
        for file in scope.files.iter().rev() {
            let number = self.open_file(scope, file)?;
            let tree = self.tree(number);
            for root in tree.roots.iter().rev() {
                let at = tree.get(*root, "services").and_then(|services| tree.get(services.value, service));
                let lookup = match at {
                    Some(at) => self.service(scope, (number, &tree), (at.value, at.through_anchor), depth)?,
                    None if seen => continue,
                    None => self.included(scope, (number, &tree), *root, service, depth)?,
                };
                match lookup {
                    Lookup::Absent => continue,
                    Lookup::Bare { built: too } => built |= too,
                    Lookup::Image(found) => {
                        built |= found.built;
                        image = image.or(Some(found));
                    }
                }
                seen = true;
            }
        }
        Ok(match (image, seen) {
            (Some(found), _) => Lookup::Image(Box::new(Found { built, ..*found })),
            (None, true) => Lookup::Bare { built },
            (None, false) => Lookup::Absent,
        })
    }

    /// What one file says of the service whose mapping is at `at`.
    fn service(&mut self, scope: &Scope, file: (usize, &Tree), at: (Id, bool), depth: usize) -> Result<Lookup, Unlocated> {
        let ((number, tree), (node, anchored)) = (file, at);
        let built = tree.get(node, "build").is_some();
        if let Some(entry) = tree.get(node, "image") {
            if tree.node(entry.value).tag.as_deref() == Some("reset") {
                return Ok(Lookup::Bare { built });
            }
            let way = if anchored || entry.through_anchor { Way::Anchor } else { Way::Straight };
            let found = self.fill(scope, number, tree, entry)?;
            return Ok(Lookup::Image(Box::new(Found { way, built, ..found })));
        }
        let Some(extends) = tree.get(node, "extends") else { return Ok(Lookup::Bare { built }) };
        let word = |key: &str| tree.get(extends.value, key).map(|entry| entry.value);
        let (base, other) = if tree.is_map(extends.value) { (word("service"), word("file")) } else { (Some(extends.value), None) };
        let base = base.and_then(|base| tree.scalar(base)).ok_or_else(|| self.unusual(number, tree.node(extends.value).span.start))?;
        let path = match other {
            Some(file) => under(&scope.directory, &self.word(scope, number, tree, file)?),
            None => self.sources.get(number).path.clone(),
        };
        let directory = if other.is_some() { path.parent().unwrap_or(&path).to_owned() } else { scope.directory.clone() };
        let lookup = match self.find(&Scope { directory, files: vec![path], ..scope.clone() }, base, depth)? {
            Lookup::Absent if other.is_none() => self.find(scope, base, depth)?,
            lookup => lookup,
        };
        Ok(match lookup {
            Lookup::Absent => Lookup::Bare { built },
            Lookup::Bare { built: too } => Lookup::Bare { built: built || too },
            Lookup::Image(found) => {
                Lookup::Image(Box::new(Found { way: found.way.max(Way::Extended), built: built || found.built, ..*found }))
            }
        })
    }

    /// The number of a file of a scope.
    fn open_file(&mut self, scope: &Scope, file: &Path) -> Result<usize, Unlocated> {
        let number = self.sources.compose(file)?;
        self.seen.insert(number, Arc::clone(&scope.variables));
        Ok(number)
    }

    /// What stands for variables in a file.
    pub(super) fn variables_of(&self, number: usize) -> &Variables {
        self.seen.get(&number).unwrap_or(&self.top.variables)
    }

    /// What a file says.
    pub(super) fn tree(&self, number: usize) -> Arc<Tree> {
        self.sources.get(number).tree.clone().unwrap_or_default()
    }
}

/// The variables that files set: those that are named, or else `.env` in the directory, which need not be there.
fn variables(sources: &mut Sources, before: &Variables, named: &[PathBuf], directory: &Path) -> Variables {
    let default = [directory.join(".env")];
    let (files, optional) = if named.is_empty() { (&default[..], true) } else { (named, false) };
    let (mut known, mut lost) = (Vec::new(), before.lost.clone());
    for file in files {
        match sources.text(file) {
            Ok(number) => known.push(number),
            Err(Unlocated::Unreadable { why: Unreadable::Absent | Unreadable::NotAFile, .. }) if optional => {}
            Err(error) => lost = lost.or(Some(error)),
        }
    }
    let mut variables = before.and(&known, sources);
    variables.lost = lost;
    variables
}
