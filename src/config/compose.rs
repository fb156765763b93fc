//! Files of Compose: whether they are edited, and where they are seen from here.

use std::path::{Path, PathBuf};

/// The files of Compose.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Compose {
    /// whether Plimsoll may change the tag that a file pins
    pub edit: bool,
    /// directories that have other names here than on the machine where Compose ran
    pub paths: Vec<Seen>,
}

/// A directory that has two names, as one that is mounted into a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// its name on the machine where Compose ran
    pub there: PathBuf,
    /// its name here
    pub here: PathBuf,
}

impl Compose {
    /// A path of the machine where Compose ran, as it is called here. Of several directories that it lies in, the innermost counts.
    pub fn here(&self, path: &Path) -> PathBuf {
        let seen = self.paths.iter().filter_map(|seen| Some((seen, path.strip_prefix(&seen.there).ok()?)));
        let innermost = seen.max_by_key(|(seen, _)| seen.there.components().count());
        match innermost {
            // a mapping of a file itself leaves nothing to join
            Some((seen, rest)) if rest.as_os_str().is_empty() => seen.here.clone(),
            Some((seen, rest)) => seen.here.join(rest),
            None => path.to_owned(),
        }
    }
}

impl Seen {
    /// `/there=/here`, both absolute and without `..`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (there, here) = text.split_once('=')?;
        let path = |text: &str| {
            let path = PathBuf::from(text);
            let plain = path.is_absolute() && !path.components().any(|part| part == std::path::Component::ParentDir);
            plain.then_some(path)
        };
        Some(Self { there: path(there)?, here: path(here)? })
    }
}
