//! The whole program on a simulated Engine and a simulated registry, as `plimsoll serve` starts it.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::LazyLock,
    time::{Duration, Instant},
};

use argon2::{Algorithm, Argon2, Params, PasswordHasher, Version, password_hash::phc::PasswordHash};
use plimsoll::{
    access::{Access, Clock},
    app::{App, Parts},
    config::{Environment, Overrides, load},
    host::{Endpoint, Host},
    registry::{Registries, RegistrySettings, Settings},
    server::{self, Patience},
    simulate::{
        engine::{ContainerSpec, Engine, Image, Options},
        registry::{Registry, digest_of},
    },
    store::{Store, StoreError},
    wire::Snapshot,
};
use reqwest::{Client, Method, RequestBuilder, redirect};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
    time::timeout,
};
use tokio_util::sync::CancellationToken;

use crate::answer::Answer;

/// Far beyond what anything here takes: where it passes, something hangs.
pub(crate) const LONG: Duration = Duration::from_secs(15);

/// The password of every house that has one, with its hash at next to no cost.
pub(crate) const PASSWORD: &str = "correct horse";
static HASH: LazyLock<String> = LazyLock::new(|| {
    let params = Params::new(8, 1, 1, None).unwrap();
    let hash: PasswordHash = Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password(PASSWORD.as_bytes()).unwrap();
    hash.to_string()
});

/// A house as it is to be.
pub(crate) struct Builder {
    config: String,
    patience: Patience,
    engine: Option<Engine>,
    endpoint: Option<String>,
    more: Vec<(String, String)>,
    registry: Option<Registry>,
    data: Option<PathBuf>,
}

/// A running house. It ends when it is dropped.
pub(crate) struct House {
    pub(crate) app: App,
    pub(crate) engine: Engine,
    pub(crate) registry: Registry,
    pub(crate) address: SocketAddr,
    pub(crate) started: Instant,
    client: Client,
    store: Store,
    served: Option<JoinHandle<()>>,
    _data: TempDir,
}

/// The next house.
pub(crate) fn house() -> Builder {
    Builder {
        config: String::new(),
        patience: Patience::default(),
        engine: None,
        endpoint: None,
        more: Vec::new(),
        registry: None,
        data: None,
    }
}

/// `www` runs an image that was rebuilt since, `db` a current one, `tool` one that was built here.
pub(crate) fn furnish(engine: &Engine, registry: &Registry) {
    for (image, repository, tag, name, newest) in
        [("nginx:1.29", "library/nginx", "1.29", "www", 2), ("ghcr.io/acme/db:16", "acme/db", "16", "db", 1)]
    {
        engine.pull(image, Image::pulled(digest_of(repository, 1))).unwrap();
        engine.run(ContainerSpec::new(name, image)).unwrap();
        registry.push(repository, tag, newest);
    }
    engine.build("tool:dev", Image::built("tool")).unwrap();
    engine.run(ContainerSpec::new("tool", "tool:dev")).unwrap();
}

/// The store in this directory, once the house that used it before has let go of it.
async fn free(directory: &Path) -> Store {
    let started = Instant::now();
    loop {
        match Store::open(directory).await {
            Err(StoreError::InUse { .. }) if started.elapsed() < LONG => tokio::task::yield_now().await,
            other => return other.unwrap(),
        }
    }
}

impl Builder {
    /// Lines of the configuration's top, before any table.
    pub(crate) fn config(mut self, lines: &str) -> Self {
        self.config += lines;
        self.config.push('\n');
        self
    }

    /// With `me` and [`PASSWORD`]; visitors see this much.
    pub(crate) fn password(self, anonymous: &str) -> Self {
        let hash = &*HASH;
        self.config(&format!("user = \"me\"\npassword = '{hash}'\nanonymous = \"{anonymous}\""))
    }

    pub(crate) fn patience(mut self, set: impl FnOnce(&mut Patience)) -> Self {
        set(&mut self.patience);
        self
    }

    /// Where the answer of a refresh matters and not what it learns.
    pub(crate) fn impatient(self) -> Self {
        self.patience(|patience| patience.refresh = Duration::from_millis(1))
    }

    /// On this Engine, as it is.
    pub(crate) fn engine(mut self, engine: &Engine) -> Self {
        self.engine = Some(engine.clone());
        self
    }

    /// On what is, or will be, at this address.
    pub(crate) fn host_at(mut self, endpoint: &str) -> Self {
        self.endpoint = Some(endpoint.to_owned());
        self
    }

    /// And on what is, or will be, at this address, as a host of this name.
    pub(crate) fn also(mut self, name: &str, endpoint: &str) -> Self {
        self.more.push((name.to_owned(), endpoint.to_owned()));
        self
    }

    /// Asks this registry, as it is.
    pub(crate) fn registry(mut self, registry: &Registry) -> Self {
        self.registry = Some(registry.clone());
        self
    }

    /// Keeps its data there.
    pub(crate) fn data(mut self, directory: &Path) -> Self {
        self.data = Some(directory.to_owned());
        self
    }

    pub(crate) async fn start(self) -> House {
        let (bare_engine, bare_registry) = (self.engine.is_none(), self.registry.is_none());
        let engine = match self.engine {
            Some(engine) => engine,
            None => Engine::start(Options::default()).await.unwrap(),
        };
        let registry = match self.registry {
            Some(registry) => registry,
            None => Registry::start().await.unwrap(),
        };
        if bare_engine && (bare_registry || self.endpoint.is_none()) {
            furnish(&engine, &registry);
        }
        let data = tempfile::tempdir().unwrap();
        let file = data.path().join("plimsoll.toml");
        std::fs::write(&file, self.config).unwrap();
        let overrides = Overrides {
            config: Some(file),
            listen: Some("127.0.0.1:0".to_owned()),
            data_dir: Some(self.data.clone().unwrap_or_else(|| data.path().to_owned())),
            socket: None,
        };
        let config = load(&overrides, &Environment::default()).unwrap().config;
        let store = match &self.data {
            Some(directory) => free(directory).await,
            None => Store::in_memory().await.unwrap(),
        };
        let access = Access::new(&config.access, store.clone(), Clock::system()).await.unwrap();
        let place = RegistrySettings { insecure: true, address: Some(registry.address().to_string()), ..RegistrySettings::default() };
        let registries = Registries::new(Settings {
            registries: ["docker.io", "ghcr.io"].map(|host| (host.to_owned(), place.clone())).into(),
            logins: Vec::new(),
            timeout: config.check.timeout,
            user_agent: "test".to_owned(),
            hub_api: None,
        });
        let endpoint = Endpoint::parse(self.endpoint.as_deref().unwrap_or(engine.address()), None).unwrap();
        let more = self.more.iter().map(|(name, endpoint)| Host::new(name, Endpoint::parse(endpoint, None).unwrap()));
        let hosts = [Host::new("nas", endpoint)].into_iter().chain(more).collect();
        let parts = Parts { config, hosts, registries: registries.unwrap(), store: store.clone(), access, sample: false };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let started = Instant::now();
        let app = App::start(parts, CancellationToken::new()).await.unwrap();
        let patience = self.patience;
        let served = tokio::spawn({
            let app = app.clone();
            async move { server::run(listener, app, patience).await.unwrap() }
        });
        let client = Client::builder().no_proxy().redirect(redirect::Policy::none()).timeout(LONG).build().unwrap();
        House { app, engine, registry, address, started, client, store, served: Some(served), _data: data }
    }
}

impl House {
    /// A request, to be completed and sent.
    pub(crate) fn ask(&self, method: &str, path: &str) -> RequestBuilder {
        self.client.request(Method::from_bytes(method.as_bytes()).unwrap(), format!("http://{}{path}", self.address))
    }

    /// Sends a request with these headers.
    pub(crate) async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        let request = headers.iter().fold(self.ask(method, path), |request, (name, value)| request.header(*name, *value));
        Answer::read(request.send().await.unwrap()).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[]).await
    }

    pub(crate) async fn post(&self, path: &str, body: &str) -> Answer {
        Answer::read(self.ask("POST", path).body(body.to_owned()).send().await.unwrap()).await
    }

    /// Sends a form as a browser does that may follow nobody.
    pub(crate) async fn form(&self, path: &str, body: &str) -> Answer {
        let request = self.ask("POST", path).header("content-type", "application/x-www-form-urlencoded").body(body.to_owned());
        Answer::read(request.send().await.unwrap()).await
    }

    /// Logs in as `me`: the cookie of the session.
    pub(crate) async fn log_in(&self, path: &str) -> String {
        let answer = self.post(path, &format!(r#"{{"user":"me","pass":"{PASSWORD}"}}"#)).await;
        assert_eq!(answer.said(), (200, r#"{"status":"ok"}"#));
        answer.cookie()
    }

    /// Sends these bytes and reads until the server closes.
    pub(crate) async fn raw(&self, bytes: &str) -> String {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(bytes.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        timeout(LONG, stream.read_to_end(&mut answer)).await.expect("the server closes").unwrap();
        String::from_utf8(answer).unwrap()
    }

    /// Waits until the state is as asked for.
    pub(crate) async fn until(&self, what: &str, wanted: impl Fn(&Snapshot) -> bool) {
        let mut changes = self.app.live.changes();
        let reached = timeout(LONG, changes.wait_for(|state| wanted(&state.snapshot))).await;
        assert!(reached.is_ok(), "{what}: {:#?}", self.app.live.state().snapshot);
    }

    /// Waits until the first check has ended.
    pub(crate) async fn checked(self) -> Self {
        self.until("a first check", |now| now.check.last.is_some() && now.check.running.is_none() && !now.groups.is_empty()).await;
        self
    }

    /// Stops it and waits for that; how long it took.
    pub(crate) async fn stop(mut self) -> Duration {
        let started = Instant::now();
        self.app.stop.cancel();
        timeout(LONG, self.served.take().unwrap()).await.expect("it stops").unwrap();
        let took = started.elapsed();
        self.store.close().await;
        took
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.app.stop.cancel();
    }
}
