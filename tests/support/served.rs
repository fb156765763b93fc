//! The program itself, served beside a test: started, asked, killed and started again on the same data.

#![allow(dead_code, reason = "each file of tests takes what it needs of it")]

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use reqwest::Client;
use serde_json::{Value, json};
use tempfile::TempDir;

/// Longest wait for anything. The promise is 30 s after everything is back; but an Engine stops a container that it restarts over and over only when
/// the pause before the next restart is over, which can be a minute.
pub(crate) const LONG: Duration = Duration::from_mins(3);

/// How an operation ended, in the word of the document.
pub(crate) fn outcome(operation: &Value) -> &str {
    operation["outcome"].as_str().unwrap_or_default()
}

/// A Plimsoll with data of its own.
pub(crate) struct Served {
    program: PathBuf,
    socket: PathBuf,
    folder: TempDir,
    child: Option<Arc<Mutex<Child>>>,
    url: String,
    client: Client,
    /// whether containers that do not run are shown
    stopped: bool,
    /// what its environment has beside or in place of what it has always
    more: Vec<(String, String)>,
}

impl Served {
    /// A Plimsoll at the Engine behind `socket`; it is not started yet.
    pub(crate) fn new(program: &str, socket: &Path) -> Self {
        // a second call finds it done
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().no_proxy().timeout(Duration::from_secs(20)).build().expect("a client");
        let folder = tempfile::tempdir().expect("a folder");
        Self {
            program: program.into(),
            socket: socket.to_owned(),
            folder,
            child: None,
            url: String::new(),
            client,
            stopped: false,
            more: Vec::new(),
        }
    }

    /// A variable of its environment.
    pub(crate) fn with(&mut self, name: &str, value: &str) -> &mut Self {
        self.more.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The number of its process.
    pub(crate) fn id(&self) -> u32 {
        self.child.as_ref().expect("it runs").lock().expect("whole").id()
    }

    /// Starts it, and waits until it answers.
    pub(crate) async fn start(&mut self) {
        let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port").port();
        self.url = format!("http://127.0.0.1:{port}");
        let log = std::fs::File::options().create(true).append(true).open(self.folder.path().join("log")).expect("a log");
        let child = Command::new(&self.program)
            .args(["serve", "--listen", &format!("127.0.0.1:{port}")])
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("DOCKER_HOST", format!("unix://{}", self.socket.display()))
            .env("PLIMSOLL_DATA_DIR", self.folder.path().join("data"))
            .envs([("PLIMSOLL_AUTH", "none"), ("PLIMSOLL_UPDATE_GRACE", "1s"), ("NO_COLOR", "1")])
            .env("PLIMSOLL_WATCH_STOPPED", self.stopped.to_string())
            .envs(self.more.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a log"))
            .stderr(log)
            .spawn()
            .expect("the program under test");
        self.child = Some(Arc::new(Mutex::new(child)));
        let client = self.client.clone();
        let url = format!("{}/readyz", self.url);
        self.until("it answers", async || client.get(&url).send().await.is_ok().then_some(())).await;
    }

    /// What kills it on the spot, as the machine would.
    pub(crate) fn killer(&self) -> impl FnOnce() + Send + use<> {
        let child = self.child.clone().expect("it runs");
        move || {
            let mut child = child.lock().expect("whole");
            child.kill().expect("it can be killed");
            child.wait().expect("it ends");
        }
    }

    /// Kills it where it still runs, and waits for its end.
    pub(crate) fn kill(&mut self) {
        if let Some(child) = self.child.take() {
            let mut child = child.lock().expect("whole");
            // it may be gone already
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Gets a document.
    pub(crate) async fn get(&self, path: &str) -> Option<Value> {
        let answer = self.client.get(format!("{}{path}", self.url)).send().await.ok()?;
        if !answer.status().is_success() {
            return None;
        }
        serde_json::from_str(&answer.text().await.ok()?).ok()
    }

    /// Shows stopped containers too.
    pub(crate) fn stopped_too(&mut self) -> &mut Self {
        self.stopped = true;
        self
    }

    /// Wishes for the update of a container. That it may die at once is part of some tests.
    pub(crate) async fn update(&self, name: &str) {
        self.wish(json!({ "name": name })).await;
    }

    /// Wishes for an update: `{"name": "web", "to": "2"}`.
    pub(crate) async fn wish(&self, wish: Value) {
        let listed = async || {
            let fleet = self.get("/api/v1/fleet").await?;
            fleet.to_string().contains(&wish["name"].to_string()).then_some(())
        };
        self.until("the container is seen", listed).await;
        if let Some((status, text)) = self.post("/api/v1/updates", &wish).await {
            assert_eq!(status, 202, "{wish}: {text}\n{}", self.log());
        }
    }

    /// Posts a document; answers status and text, or nothing where nobody answers.
    pub(crate) async fn post(&self, path: &str, document: &Value) -> Option<(u16, String)> {
        let request = self.client.post(format!("{}{path}", self.url)).header("content-type", "application/json");
        let answer = request.body(document.to_string()).send().await.ok()?;
        Some((answer.status().as_u16(), answer.text().await.ok()?))
    }

    /// The newest operation of a container.
    pub(crate) async fn newest(&self, name: &str) -> Option<Value> {
        let updates = self.get("/api/v1/updates?limit=500").await?;
        updates.get("operations")?.as_array()?.iter().find(|each| each["name"] == json!(name)).cloned()
    }

    /// The newest operation of a container, once it has ended.
    pub(crate) async fn ended(&self, name: &str) -> Value {
        let ended = async || self.newest(name).await.filter(|newest| !newest["outcome"].is_null());
        self.until("the update ends", ended).await
    }

    /// Waits until `look` finds something.
    pub(crate) async fn until<T>(&self, what: &str, look: impl AsyncFn() -> Option<T>) -> T {
        let started = Instant::now();
        loop {
            if let Some(found) = look().await {
                return found;
            }
            assert!(started.elapsed() < LONG, "{what}: not within {} s; its log:\n{}", LONG.as_secs(), self.log());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// What it said.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.kill();
    }
}
