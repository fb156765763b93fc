//! `plimsoll serve`, and what it takes of the machine.

use std::{
    fs,
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;
use tempfile::TempDir;

/// Longest wait for anything.
const LONG: Duration = Duration::from_mins(1);

/// Ticks of a second in `/proc/PID/stat`, on every Linux there is.
const TICKS: f64 = 100.0;

/// A server. It ends with this value.
pub(crate) struct Program {
    child: Child,
    /// where it listens
    pub(crate) address: SocketAddr,
    _folder: TempDir,
}

impl Program {
    /// Starts one that watches the Engine at this address, and waits until it has checked everything once.
    pub(crate) fn start(program: &str, engine: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().display().to_string();
        fs::write(folder.path().join("plimsoll.toml"), format!("[host.bench]\nurl = \"{engine}\"\n[check]\nschedule = \"off\"\n"))
            .expect("a configuration");
        let address = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port");
        let child = Command::new(program)
            .args(["--data-dir", &data, "serve", "--listen", &address.to_string()])
            .env("PLIMSOLL_AUTH", "none")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        let program = Self { child, address, _folder: folder };
        let since = Instant::now();
        while !program.has_checked() {
            assert!(since.elapsed() < LONG, "no check within a minute");
            thread::sleep(Duration::from_millis(50));
        }
        program
    }

    fn has_checked(&self) -> bool {
        let fleet = self.fleet();
        fleet["checked_at"].is_string() && fleet["checking"] == false
    }

    /// Its own document of everything.
    pub(crate) fn fleet(&self) -> Value {
        self.get("/api/v1/fleet", "").and_then(|body| serde_json::from_slice(&body).ok()).unwrap_or_default()
    }

    /// The body of a page, whole. `header` is a line of the request.
    pub(crate) fn get(&self, path: &str, header: &str) -> Option<Vec<u8>> {
        let mut stream = TcpStream::connect(self.address).ok()?;
        let separator = if header.is_empty() { "" } else { "\r\n" };
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{header}{separator}\r\n", self.address).ok()?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).ok()?;
        let head = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
        answer.starts_with(b"HTTP/1.1 200").then(|| answer.split_off(head + 4))
    }

    /// Resident memory now, in MB.
    pub(crate) fn memory(&self) -> f64 {
        self.status("VmRSS:")
    }

    /// Most resident memory there ever was, in MB.
    pub(crate) fn most_memory(&self) -> f64 {
        self.status("VmHWM:")
    }

    fn status(&self, name: &str) -> f64 {
        let text = fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("it runs");
        let line = text.lines().find_map(|line| line.strip_prefix(name)).expect("Linux tells");
        let kibibytes: f64 = line.trim().trim_end_matches(" kB").parse().expect("a number");
        kibibytes * 1024.0 / 1e6
    }

    /// Seconds of user and system together, so far.
    pub(crate) fn cpu(&self) -> f64 {
        let text = fs::read_to_string(format!("/proc/{}/stat", self.child.id())).expect("it runs");
        // behind the name in parentheses, which may hold anything: the 12th and 13th field
        let fields: Vec<_> = text.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        let ticks: f64 = fields[11..13].iter().map(|field| field.parse::<f64>().expect("a number")).sum();
        ticks / TICKS
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
