//! A real registry (Debian's `docker-registry`) of a test alone, with the login or the TLS that the test is about.

use std::{
    fs,
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

/// Longest wait until it listens.
const LONG: Duration = Duration::from_mins(1);

/// It ends with this value.
pub(crate) struct Started {
    child: Child,
    folder: TempDir,
    /// the host and the port that stand in references
    pub(crate) address: String,
}

impl Started {
    /// A registry at a free port of `host`, with these further sections of its configuration: YAML without indentation. `FOLDER` in it is
    /// a folder of its own, in which `files` lie before it starts.
    pub(crate) fn new(host: &str, http: &str, sections: &str, files: &[(&str, &str)]) -> Self {
        let folder = TempDir::new().expect("a folder");
        for (name, text) in files {
            fs::write(folder.path().join(name), text).expect("a file");
        }
        let free = TcpListener::bind((host, 0)).and_then(|free| free.local_addr()).expect("a free port");
        let place = folder.path().display().to_string();
        let configuration = format!(
            "version: 0.1\nlog: {{level: warn}}\nhttp: {{addr: \"{free}\"{http}}}\n\
             storage: {{filesystem: {{rootdirectory: FOLDER/data}}}}\n{sections}\n"
        );
        let file = folder.path().join("config.yml");
        fs::write(&file, configuration.replace("FOLDER", &place)).expect("a configuration");
        let log = fs::File::create(folder.path().join("log")).expect("a log");
        let child = Command::new("docker-registry")
            .arg("serve")
            .arg(file)
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a log"))
            .stderr(log)
            .spawn()
            .expect("the lab has a registry");
        let mut started = Self { child, folder, address: format!("{host}:{}", free.port()) };
        let since = Instant::now();
        while TcpStream::connect(free).is_err() {
            let ended = started.child.try_wait().expect("its state");
            assert!(ended.is_none() && since.elapsed() < LONG, "the registry does not start: {}", started.log());
            thread::sleep(Duration::from_millis(20));
        }
        started
    }

    /// What it said.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        // it may be gone already
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
