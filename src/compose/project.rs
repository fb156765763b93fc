//! What a container's labels tell of its project.

use std::{
    collections::BTreeMap,
    path::{Component, Path, PathBuf},
};

/// The project that a container belongs to, as Docker Compose wrote it down when it made the container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// its name
    pub name: String,
    /// the service that the container is of
    pub service: String,
    /// the directory that relative paths start from; a path of the machine that Compose ran on
    pub directory: PathBuf,
    /// its files, the later winning; as written, so `-` for standard input
    pub files: Vec<PathBuf>,
    /// files with variables that were named on the command line, the later winning; where there is none, Compose reads `.env`
    pub environment: Vec<PathBuf>,
}

/// What all labels of Compose start with (`api.ProjectLabel` and its neighbours in Compose's sources).
const PREFIX: &str = "com.docker.compose.";

impl Project {
    /// Reads the labels. None where no project brought the container up, and for what `docker compose run` made, which `up` never touches.
    pub fn of(labels: &BTreeMap<String, String>) -> Option<Self> {
        let label = |name: &str| labels.get(&format!("{PREFIX}{name}")).map(String::as_str).filter(|text| !text.is_empty());
        if label("oneoff").is_some_and(|text| text.eq_ignore_ascii_case("true")) {
            return None;
        }
        let (name, service) = (label("project")?, label("service")?);
        let directory = PathBuf::from(label("project.working_dir").unwrap_or_default());
        // the first generation of Compose wrote paths as they were given
        let paths = |text: Option<&str>| {
            let each = text.unwrap_or_default().split(',').filter(|path| !path.is_empty());
            each.map(|path| if path == "-" { path.into() } else { under(&directory, path) }).collect()
        };
        let files = paths(label("project.config_files"));
        let environment = paths(label("project.environment_file"));
        Some(Self { name: name.to_owned(), service: service.to_owned(), files, environment, directory })
    }
}

/// A path as seen from a directory, without `.` and `..`.
pub(super) fn under(directory: &Path, path: &str) -> PathBuf {
    if is_foreign(path) {
        return path.into();
    }
    let mut plain = PathBuf::new();
    for part in directory.join(path).components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            _ => plain.push(part),
        }
    }
    plain
}

/// Whether it is a path of Windows.
pub(super) fn is_foreign(path: &str) -> bool {
    let bytes = path.as_bytes();
    path.contains('\\') || (bytes.first().is_some_and(u8::is_ascii_alphabetic) && bytes.get(1) == Some(&b':'))
}
