//! A machine that is reached by ssh: an sshd of its own on a free port, with keys that nobody else has, where `docker` leads to the lab's Engine.

#![allow(dead_code, reason = "each file of tests takes what it needs of it")]

use std::{
    fs,
    net::{TcpListener, TcpStream},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use tempfile::TempDir;

/// The machine.
pub(crate) struct Sshd {
    /// the name that ssh knows it by: it stands in each command line, and nowhere else
    pub(crate) alias: String,
    folder: TempDir,
    programs: PathBuf,
    port: u16,
    child: Option<Child>,
}

impl Sshd {
    /// A machine called `alias` that runs, whose Engine is at `engine`. `programs` is where the lab has sshd and its like.
    pub(crate) fn start(programs: &str, engine: &str, alias: &str) -> Self {
        let folder = TempDir::new().expect("a folder");
        let programs = PathBuf::from(programs);
        let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port").port();
        let mut machine = Self { alias: format!("{alias}-{}", std::process::id()), folder, programs, port, child: None };
        for name in ["host", "user", "stranger"] {
            let made = Command::new(machine.programs.join("ssh-keygen"))
                .args(["-q", "-t", "ed25519", "-N", "", "-C", name, "-f"])
                .arg(machine.path(name))
                .status();
            assert!(made.expect("ssh-keygen runs").success(), "a key");
        }
        fs::copy(machine.path("user.pub"), machine.path("authorized")).expect("a copy");
        let docker = machine.path("bin");
        fs::create_dir(&docker).expect("a folder");
        std::os::unix::fs::symlink(machine.programs.join("docker"), docker.join("docker")).expect("a link");
        let configuration = format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {host}\nAuthorizedKeysFile {authorized}\nStrictModes no\nUsePAM no\n\
             PidFile none\nPasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin yes\n\
             SetEnv PATH={docker}:/usr/bin:/bin DOCKER_HOST={engine}\n",
            host = machine.path("host").display(),
            authorized = machine.path("authorized").display(),
            docker = docker.display(),
        );
        fs::write(machine.path("sshd_config"), configuration).expect("a file");
        machine.know_it();
        machine.log_in_with("user");
        machine.run();
        machine
    }

    /// A file of it.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Its address.
    pub(crate) fn url(&self) -> String {
        format!("ssh://{}", self.alias)
    }

    /// A `PATH` on which `ssh` is OpenSSH's, with a configuration of this machine's own: it would read that of the user who runs the tests.
    pub(crate) fn search_path(&self) -> String {
        let folder = self.path("client");
        if !folder.exists() {
            fs::create_dir(&folder).expect("a folder");
            let script =
                format!("#!/bin/sh\nexec {} -F {} \"$@\"\n", self.programs.join("ssh").display(), self.path("ssh_config").display());
            let program = folder.join("ssh");
            fs::write(&program, script).expect("a file");
            fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("a program");
        }
        format!("{}:/usr/bin:/bin", folder.display())
    }

    /// Lets ssh know the machine's key.
    pub(crate) fn know_it(&self) {
        let key = fs::read_to_string(self.path("host.pub")).expect("a key");
        fs::write(self.path("known_hosts"), format!("[127.0.0.1]:{} {key}", self.port)).expect("a file");
    }

    /// Lets ssh forget the machine's key.
    pub(crate) fn forget_it(&self) {
        fs::write(self.path("known_hosts"), "").expect("a file");
    }

    /// Lets ssh believe that the machine has another key.
    pub(crate) fn mistake_it(&self) {
        let key = fs::read_to_string(self.path("stranger.pub")).expect("a key");
        fs::write(self.path("known_hosts"), format!("[127.0.0.1]:{} {key}", self.port)).expect("a file");
    }

    /// Lets ssh log in with this key.
    pub(crate) fn log_in_with(&self, key: &str) {
        let configuration = format!(
            "Host {}\n  HostName 127.0.0.1\n  Port {}\n  IdentityFile {}\n  IdentitiesOnly yes\n  UserKnownHostsFile {}\n  \
             GlobalKnownHostsFile none\n  StrictHostKeyChecking yes\n",
            self.alias,
            self.port,
            self.path(key).display(),
            self.path("known_hosts").display(),
        );
        fs::write(self.path("ssh_config"), configuration).expect("a file");
    }

    /// Takes `docker` away from the machine.
    pub(crate) fn lose_docker(&self) {
        fs::remove_file(self.path("bin/docker")).expect("it was there");
    }

    /// Puts this in the place of `docker`.
    pub(crate) fn script_docker(&self, script: &str) {
        // it may be a link to the lab's own
        let _ = fs::remove_file(self.path("bin/docker"));
        fs::write(self.path("bin/docker"), format!("#!/bin/sh\n{script}\n")).expect("a file");
        fs::set_permissions(self.path("bin/docker"), fs::Permissions::from_mode(0o755)).expect("a program");
    }

    /// Starts its sshd.
    pub(crate) fn run(&mut self) {
        let log = fs::File::options().create(true).append(true).open(self.path("sshd.log")).expect("a log");
        let child = Command::new(self.programs.join("sshd"))
            .args(["-D", "-e", "-f"])
            .arg(self.path("sshd_config"))
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a log"))
            .stderr(log)
            .spawn();
        self.child = Some(child.expect("sshd runs"));
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(started.elapsed() < Duration::from_secs(20), "sshd does not listen: {}", self.log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Ends its sshd, so that nobody listens; conversations go on.
    pub(crate) fn stop(&mut self) {
        if let Some(mut child) = self.child.take() {
            // it may have ended by itself
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// What its sshd said.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.path("sshd.log")).unwrap_or_default()
    }

    /// The processes that are a conversation with it, by their number.
    pub(crate) fn conversations(&self) -> Vec<i32> {
        let all = fs::read_dir("/proc").expect("processes").filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
        all.filter(|id| self.is_conversation(*id)).collect()
    }

    fn is_conversation(&self, id: i32) -> bool {
        let words = fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
        let mut words = words.split(|byte| *byte == 0);
        let program = words.next().unwrap_or_default();
        Path::new(&*String::from_utf8_lossy(program)).file_name().is_some_and(|name| name == "ssh" || name == "sh")
            && words.any(|word| word == self.alias.as_bytes())
    }

    /// Kills every conversation on the spot.
    pub(crate) fn kill_conversations(&self) -> usize {
        let all = self.conversations();
        for id in &all {
            let process = rustix::process::Pid::from_raw(*id).expect("a number of a process");
            // it may have ended meanwhile
            let _ = rustix::process::kill_process(process, rustix::process::Signal::KILL);
        }
        all.len()
    }
}

impl Drop for Sshd {
    fn drop(&mut self) {
        self.stop();
        if std::thread::panicking() {
            eprintln!("sshd said:\n{}", self.log());
        }
    }
}
