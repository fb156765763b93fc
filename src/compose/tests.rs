//! Where tags are pinned, and what an edit leaves as it was.

mod disk;
mod edits;
mod env_files;
mod noise;
mod places;
mod reasons;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use super::*;

/// The files of a project in `/p`: those that begin with `compose` are named by the labels, in this order.
struct Folder {
    files: BTreeMap<PathBuf, String>,
    labels: BTreeMap<String, String>,
}

fn folder(files: &[(&str, &str)]) -> Folder {
    let named: Vec<String> = files.iter().filter(|(name, _)| name.starts_with("compose")).map(|(name, _)| format!("/p/{name}")).collect();
    let files = files.iter().map(|(name, text)| (Path::new("/p").join(name), (*text).to_owned())).collect();
    let label = |name: &str, value: &str| (format!("com.docker.compose.{name}"), value.to_owned());
    let labels = BTreeMap::from([
        label("project", "shop"),
        label("service", "web"),
        label("oneoff", "False"),
        label("project.working_dir", "/p"),
        label("project.config_files", &named.join(",")),
    ]);
    Folder { files, labels }
}

impl Folder {
    fn label(mut self, name: &str, value: &str) -> Self {
        self.labels.insert(format!("com.docker.compose.{name}"), value.to_owned());
        self
    }

    fn read(&self) -> impl Fn(&Path) -> Result<String, Unreadable> {
        |path: &Path| self.files.get(path).cloned().ok_or(Unreadable::Absent)
    }

    fn locate(&self, image: &str) -> Result<Pin, Unlocated> {
        locate(&Project::of(&self.labels).expect("a project"), &image.parse().expect("a reference"), &self.read())
    }

    /// The change to a tag of a container that was made from `image`.
    fn change(&self, image: &str, tag: &str) -> Result<Change, Unlocated> {
        self.locate(image)?.to(&Target { tag: tag.to_owned(), digest: None })
    }
}

/// `FILE:LINE BECOMES`, and the place where it is not at the service itself.
fn told(change: &Change) -> String {
    let file = change.file.strip_prefix("/p").unwrap_or(&change.file).display();
    let place = if change.place == Place::Service { String::new() } else { format!(" {:?}", change.place) };
    format!("{file}:{}{place} |{}|", change.line, change.becomes)
}
