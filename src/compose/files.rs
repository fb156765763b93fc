//! Reading files, where they are seen from here, and remembering what was read.

use std::{
    fs::File,
    io::{self, Read as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    unlocated::{Unlocated, Unreadable},
    yaml::{Tree, parse},
};
use crate::config::Compose;

/// Largest file that is read, in bytes.
pub(super) const FILE_MAX: u64 = 1 << 20;

/// Most files of one project.
const FILES_MAX: usize = 64;

/// Most bytes of all files of one project together.
const ALL_MAX: usize = 4 << 20;

/// What reads a file, by the path that its host knows.
pub trait Read {
    /// The whole text.
    fn read(&self, path: &Path) -> Result<String, Unreadable>;
}

impl<F: Fn(&Path) -> Result<String, Unreadable>> Read for F {
    fn read(&self, path: &Path) -> Result<String, Unreadable> {
        self(path)
    }
}

/// Files of this machine, of which `compose.paths` may say that they are seen elsewhere.
#[derive(Debug, Clone, Copy)]
pub struct Disk<'a>(pub &'a Compose);

impl Read for Disk<'_> {
    fn read(&self, path: &Path) -> Result<String, Unreadable> {
        let here = self.0.here(path);
        let why = |error: io::Error| match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Unreadable::Absent,
            io::ErrorKind::PermissionDenied => Unreadable::Denied,
            kind => Unreadable::Failed(kind),
        };
        // asked before it is opened: opening a pipe would wait
        if !std::fs::metadata(&here).map_err(why)?.is_file() {
            return Err(Unreadable::NotAFile);
        }
        let mut bytes = Vec::new();
        File::open(&here).map_err(why)?.take(FILE_MAX + 1).read_to_end(&mut bytes).map_err(why)?;
        if bytes.len() as u64 > FILE_MAX {
            return Err(Unreadable::TooLarge);
        }
        String::from_utf8(bytes).map_err(|_| Unreadable::NotText)
    }
}

/// One file that was read.
#[derive(Debug, Clone)]
pub(super) struct Source {
    /// as its host knows it
    pub(super) path: PathBuf,
    /// all of it, byte for byte
    pub(super) text: String,
    /// what it says, where it is YAML
    pub(super) tree: Option<Arc<Tree>>,
}

/// The files of one project, each read once.
pub(super) struct Sources<'r> {
    read: &'r dyn Read,
    list: Vec<Source>,
}

impl<'r> Sources<'r> {
    /// None yet.
    pub(super) fn new(read: &'r dyn Read) -> Self {
        Self { read, list: Vec::new() }
    }

    /// A file by its number.
    pub(super) fn get(&self, number: usize) -> &Source {
        &self.list[number]
    }

    /// Everything that was read.
    pub(super) fn into_list(self) -> Vec<Source> {
        self.list
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    /// The number of a file of Compose.
    pub(super) fn compose(&mut self, path: &Path) -> Result<usize, Unlocated> {
        if path == Path::new("-") {
            return Err(Unlocated::StandardInput);
        }
        let number = self.text(path)?;
        let source = &mut self.list[number];
        if source.tree.is_none() {
            let tree = parse(&source.text).map_err(|line| Unlocated::NotYaml { file: source.path.clone(), line })?;
            source.tree = Some(Arc::new(tree));
        }
        Ok(number)
    }

    /// The number of any file.
    pub(super) fn text(&mut self, path: &Path) -> Result<usize, Unlocated> {
        if let Some(known) = self.list.iter().position(|source| source.path == path) {
            return Ok(known);
        }
        if !path.is_absolute() {
            return Err(Unlocated::Foreign(path.to_owned()));
        }
        if self.list.len() >= FILES_MAX {
            return Err(Unlocated::TooLarge);
        }
        let text = self.read.read(path).map_err(|why| Unlocated::Unreadable { file: path.to_owned(), why })?;
        if text.len() as u64 > FILE_MAX {
            return Err(Unlocated::Unreadable { file: path.to_owned(), why: Unreadable::TooLarge });
        }
        if self.list.iter().map(|source| source.text.len()).sum::<usize>() + text.len() > ALL_MAX {
            return Err(Unlocated::TooLarge);
        }
        self.list.push(Source { path: path.to_owned(), text, tree: None });
        Ok(self.list.len() - 1)
    }
}
