//! Docker Compose itself, with a project in a folder of its own.

#![allow(dead_code, reason = "each file of tests takes what it needs of it")]

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;
use tempfile::TempDir;

/// A project of Compose; what it brought up is taken down at the end.
pub(crate) struct Composed {
    program: String,
    /// the project's name
    pub(crate) name: String,
    folder: TempDir,
}

impl Composed {
    /// A project without files.
    pub(crate) fn new(program: &str, name: &str) -> Self {
        Self {
            program: program.to_owned(),
            name: name.to_ascii_lowercase().replace('_', "-"),
            folder: tempfile::tempdir().expect("a folder"),
        }
    }

    /// Where its files are.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Writes one of its files.
    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(&path, text).expect("a file");
        path
    }

    /// Runs `docker compose ARGUMENTS` in its folder; answers what it printed, or else what it said.
    pub(crate) fn attempt(&self, arguments: &[&str]) -> Result<String, String> {
        let mut command = Command::new(&self.program);
        // nothing of whoever runs the tests decides what the files mean
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.envs(["DOCKER_HOST", "DOCKER_CONFIG", "HOME"].iter().filter_map(|name| Some((*name, std::env::var_os(name)?))));
        command.args(["--ansi", "never", "--project-name", &self.name]).args(arguments).current_dir(self.folder.path());
        let output = command.output().expect("Docker Compose runs");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        if output.status.success() { Ok(String::from_utf8_lossy(&output.stdout).into_owned()) } else { Err(said) }
    }

    /// The same, where it must succeed.
    pub(crate) fn run(&self, arguments: &[&str]) -> String {
        self.attempt(arguments).unwrap_or_else(|said| panic!("docker compose {}: {said}", arguments.join(" ")))
    }

    /// The whole configuration, as Compose understands it; without what stands at the top for anchors alone.
    pub(crate) fn config(&self, arguments: &[&str]) -> Value {
        let all = [arguments, &["config", "--format", "json"]].concat();
        let mut config: Value = serde_json::from_str(&self.run(&all)).expect("a document");
        config.as_object_mut().expect("an object").retain(|name, _| !name.starts_with("x-"));
        config
    }
}

impl Drop for Composed {
    fn drop(&mut self) {
        // a project that was never up has nothing to take down
        let _ = self.attempt(&["down", "--volumes", "--timeout", "0"]);
    }
}
