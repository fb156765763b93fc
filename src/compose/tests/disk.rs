//! Edits of real files.

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt, symlink},
};

use super::*;
use crate::config::{Compose, Seen};

const TEXT: &str = "services:\r\n  web:\r\n    image: nginx:1.27 # keep\r\n";

/// A project on disk, whose host knows it as `/there`.
struct Stack {
    folder: tempfile::TempDir,
    settings: Compose,
}

impl Stack {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join("stack")).expect("a folder");
        fs::write(folder.path().join("stack/compose.yaml"), TEXT).expect("a file");
        let here = folder.path().join("stack");
        Self { folder, settings: Compose { edit: true, paths: vec![Seen { there: "/there".into(), here }] } }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn change(&self) -> Change {
        let folder = folder(&[]).label("project.working_dir", "/there").label("project.config_files", "/there/compose.yaml");
        let project = Project::of(&folder.labels).expect("a project");
        let pin = locate(&project, &"nginx:1.27".parse().expect("a reference"), &Disk(&self.settings)).expect("it is found");
        pin.to(&Target { tag: "2.0".to_owned(), digest: None }).expect("a change")
    }

    fn edit(&self, change: &Change) -> Result<How, EditError> {
        edit(change, &[], &self.settings, &self.path("backups"))
    }

    fn text(&self) -> String {
        fs::read_to_string(self.path("stack/compose.yaml")).expect("a file")
    }

    /// The names in the project's directory.
    fn names(&self) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(self.path("stack"))
            .expect("a folder")
            .map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"))
            .collect();
        names.sort();
        names
    }
}

#[test]
fn one_value_of_the_file_changes() {
    let stack = Stack::new();
    let path = stack.path("stack/compose.yaml");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("a mode");
    let before = fs::metadata(&path).expect("a file");
    let change = stack.change();
    assert_eq!(change.file, Path::new("/there/compose.yaml"), "told as the machine knows it");
    assert_eq!(stack.edit(&change), Ok(How::Replaced));
    assert_eq!(stack.text(), TEXT.replace("1.27", "2.0"));
    let after = fs::metadata(&path).expect("a file");
    assert_eq!((after.mode(), after.uid(), after.gid()), (before.mode(), before.uid(), before.gid()));
    assert_eq!(stack.names(), ["compose.yaml"]);
    // it is another file now
    assert_eq!(stack.edit(&change), Err(EditError::Changed));
}

#[test]
fn what_is_not_allowed_is_not_done() {
    let mut stack = Stack::new();
    let change = stack.change();
    stack.settings.edit = false;
    assert_eq!(stack.edit(&change), Err(EditError::Unedited(Unedited::NotAllowed)));
    stack.settings.edit = true;
    fs::write(stack.path("stack/compose.yaml"), format!("{TEXT}# mine\n")).expect("a file");
    assert_eq!(stack.edit(&change), Err(EditError::Changed));
    fs::remove_file(stack.path("stack/compose.yaml")).expect("a file");
    assert_eq!(stack.edit(&change), Err(EditError::Unreadable(Unreadable::Absent)));
    assert_eq!(stack.names(), Vec::<String>::new());
}

#[test]
fn links_are_followed_within_the_directory_alone() {
    let stack = Stack::new();
    let (path, real) = (stack.path("stack/compose.yaml"), stack.path("stack/real.yaml"));
    fs::rename(&path, &real).expect("a file");
    symlink("real.yaml", &path).expect("a link");
    assert_eq!(stack.edit(&stack.change()), Ok(How::Replaced));
    assert!(fs::symlink_metadata(&path).expect("a link").is_symlink(), "the link stays one");
    assert!(fs::read_to_string(&real).expect("a file").contains("nginx:2.0"));

    let stack = Stack::new();
    let (path, outside) = (stack.path("stack/compose.yaml"), stack.path("outside.yaml"));
    fs::rename(&path, &outside).expect("a file");
    symlink("../outside.yaml", &path).expect("a link");
    let outside = fs::canonicalize(outside).expect("a path");
    assert_eq!(stack.edit(&stack.change()), Err(EditError::Link(outside.clone())));
    assert_eq!(fs::read_to_string(outside).expect("a file"), TEXT);
}

#[test]
fn a_file_with_two_names_is_written_in_place() {
    let stack = Stack::new();
    fs::hard_link(stack.path("stack/compose.yaml"), stack.path("other-name")).expect("a link");
    let Ok(How::InPlace { backup }) = stack.edit(&stack.change()) else { panic!("not in place") };
    assert_eq!(stack.text(), TEXT.replace("1.27", "2.0"));
    assert_eq!(fs::read_to_string(stack.path("other-name")).expect("a file"), stack.text());
    assert_eq!(fs::read_to_string(&backup).expect("a file"), TEXT);
    assert_eq!(fs::metadata(&backup).expect("a file").mode() & 0o777, 0o600);
    assert!(backup.starts_with(stack.path("backups")));
}

#[test]
fn what_is_no_file_of_compose_is_not_read() {
    let stack = Stack::new();
    let read = |path: &str| Disk(&stack.settings).read(Path::new(path));
    assert_eq!(read("/there/gone.yaml"), Err(Unreadable::Absent));
    assert_eq!(read("/there/compose.yaml/x"), Err(Unreadable::Absent));
    assert_eq!(read("/there"), Err(Unreadable::NotAFile));
    assert_eq!(read("/dev/zero"), Err(Unreadable::NotAFile));
    fs::write(stack.path("stack/large"), vec![b'#'; (1 << 20) + 1]).expect("a file");
    assert_eq!(read("/there/large"), Err(Unreadable::TooLarge));
    fs::write(stack.path("stack/bytes"), [0xff, 0xfe, 0x00]).expect("a file");
    assert_eq!(read("/there/bytes"), Err(Unreadable::NotText));
}

#[test]
fn paths_are_seen_where_they_are_mounted() {
    let seen = |there: &str, here: &str| Seen { there: there.into(), here: here.into() };
    let settings = Compose { edit: false, paths: vec![seen("/opt", "/a"), seen("/opt/stacks", "/b"), seen("/one.yaml", "/c/two.yaml")] };
    for (path, expected) in [
        ("/opt/x/y", "/a/x/y"),
        ("/opt/stacks/y", "/b/y"),
        ("/opt/stacksy", "/a/stacksy"),
        ("/srv/x", "/srv/x"),
        ("/one.yaml", "/c/two.yaml"),
        ("/opt", "/a"),
    ] {
        assert_eq!(settings.here(Path::new(path)), Path::new(expected), "{path}");
    }
}
