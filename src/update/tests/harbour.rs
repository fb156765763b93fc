//! The bench: an Engine with containers, a registry with newer images, and Plimsolls that use one data directory.

use std::{collections::BTreeMap, path::Path, time::Duration};

use futures_util::StreamExt;
use tempfile::TempDir;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::{
    check, config,
    host::Host,
    live::{Input, Live, State},
    registry::{Registries, RegistrySettings, Settings},
    simulate::{
        engine::{ContainerSpec, Engine, Image, Listen, Offer, Options},
        registry::{Registry, digest_of},
    },
    store::{Store, StoreError},
    update::{Parts, Updates, Wish, pace::Pace},
    watch,
    wire::{Asker, HostState, Operation, Refusal, Target, WorkloadRow},
};

/// The host's name.
pub(super) const HOST: &str = "harbour";

/// Longest wait for anything, on a machine that is slow and busy.
const PATIENCE: Duration = Duration::from_mins(2);

/// How long a new container must stay up.
const GRACE: Duration = Duration::from_millis(50);

/// How long the image that ran before is kept.
const KEEP: Duration = Duration::from_hours(1);

/// An Engine, a registry and a data directory.
pub(super) struct Harbour {
    pub(super) engine: Engine,
    pub(super) registry: Registry,
    pub(super) folder: TempDir,
}

/// A Plimsoll that runs.
#[derive(Debug, Clone)]
pub(super) struct Plimsoll {
    pub(super) live: Live,
    pub(super) updates: Updates,
    pub(super) store: Store,
    pub(super) stop: CancellationToken,
    registries: Registries,
}

/// The image of `app/NAME:1` in its first or a later edition.
pub(super) fn image(name: &str, edition: u64) -> Image {
    Image::pulled(digest_of(&format!("app/{name}"), edition))
}

/// What a container called `name` is started from.
pub(super) fn reference(name: &str) -> String {
    format!("quay.test/app/{name}:1")
}

/// A container called `name` that its Engine keeps running, of its image's first edition. It publishes no port, so that nothing but the care of
/// Plimsoll keeps two of them from running at once.
pub(super) fn container(name: &str) -> ContainerSpec {
    let body = serde_json::json!({ "Env": ["MODE=quiet"], "HostConfig": { "Binds": ["data:/data"] } });
    ContainerSpec::new(name, &reference(name)).restart("always").with(&body)
}

impl Harbour {
    /// With an Engine that has nothing.
    pub(super) async fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let listen = Listen::Unix(folder.path().join("docker.sock"));
        let engine = Engine::start(Options { listen, ..Options::default() }).await.unwrap();
        Self { engine, registry: Registry::start().await.unwrap(), folder }
    }

    /// With containers of the first edition of their images, of which the registry has a second one.
    pub(super) async fn with(names: &[&str]) -> Self {
        let harbour = Self::empty().await;
        for name in names {
            harbour.plant(container(name));
            harbour.rebuild(name, image(name, 2));
        }
        harbour
    }

    /// Runs a container of the first edition of its image.
    pub(super) fn plant(&self, spec: ContainerSpec) {
        self.engine.pull(&reference(&spec.name), image(&spec.name, 1)).unwrap();
        self.registry.push(&format!("app/{}", spec.name), "1", 1);
        self.engine.run(spec).unwrap();
    }

    /// The registry has another edition of an image.
    pub(super) fn rebuild(&self, name: &str, offer: impl Into<Offer>) {
        self.registry.push(&format!("app/{name}"), "1", 2);
        self.engine.offer(&reference(name), offer).unwrap();
    }

    /// A Plimsoll that keeps its journal in memory.
    pub(super) async fn plimsoll(&self) -> Plimsoll {
        self.start(Store::in_memory().await.unwrap(), GRACE).await
    }

    /// The same, which wants new containers to stay up for this long.
    pub(super) async fn plimsoll_with(&self, grace: Duration) -> Plimsoll {
        self.start(Store::in_memory().await.unwrap(), grace).await
    }

    /// A Plimsoll that keeps its journal in the data directory, as soon as the last one has let go of it.
    pub(super) async fn plimsoll_on_disc(&self) -> Plimsoll {
        self.start(open(&self.folder.path().join("data")).await, GRACE).await
    }

    /// A Plimsoll with this journal, which wants new containers to stay up for this long.
    pub(super) async fn start(&self, store: Store, grace: Duration) -> Plimsoll {
        let own = RegistrySettings { address: Some(self.registry.address().to_string()), insecure: true, ..RegistrySettings::default() };
        let registries = Registries::new(Settings {
            registries: BTreeMap::from([("quay.test".to_owned(), own)]),
            logins: Vec::new(),
            timeout: Duration::from_secs(30),
            user_agent: "test".to_owned(),
            hub_api: None,
        });
        let registries = registries.unwrap();
        let host = Host::new(HOST, self.engine.address().parse().unwrap());
        let (live, stop) = (Live::start("test".to_owned(), false), CancellationToken::new());
        live.learn(Input::Host { name: HOST.to_owned(), state: HostState::Connecting }).await;
        tokio::spawn(watch::run(host.clone(), true, live.clone(), stop.clone()));
        let (journal, told) = (store.clone(), live.clone());
        let (compose, backups) = (config::Compose { edit: true, paths: Vec::new() }, self.folder.path().join("backups"));
        let settings = config::Update { grace, keep: KEEP };
        let parts = Parts {
            hosts: vec![host],
            registries: registries.clone(),
            store: journal,
            live: told,
            settings,
            compose,
            backups,
            stop: stop.clone(),
        };
        let pace = Pace { first: Duration::from_millis(2), longest: Duration::from_millis(20) };
        let updates = Updates::start_at(parts, pace).await.unwrap();
        live.settled().await;
        Plimsoll { live, updates, store, stop, registries }
    }
}

/// Opens the store of a data directory once nobody else has it.
async fn open(directory: &Path) -> Store {
    let opened = async {
        loop {
            match Store::open(directory).await {
                Err(StoreError::InUse { .. }) => sleep(Duration::from_millis(5)).await,
                other => return other.unwrap(),
            }
        }
    };
    timeout(PATIENCE, opened).await.expect("the data directory is free in time")
}

impl Plimsoll {
    /// Waits until the state is as wanted.
    pub(super) async fn until(&self, what: &str, wanted: impl Fn(&State) -> bool) {
        let mut changes = self.live.changes();
        let came = timeout(PATIENCE, changes.wait_for(|state| wanted(state))).await.is_ok();
        assert!(came, "{what}: {:#?}", self.live.state().snapshot.operations);
    }

    /// Waits until the host is connected.
    pub(super) async fn connected(&self) {
        self.until("connected", |state| state.snapshot.hosts.iter().all(|host| host.state == HostState::Connected)).await;
    }

    /// Wishes for an update.
    pub(super) async fn wish(&self, name: &str) -> Result<Operation, Refusal> {
        self.wish_for(name, Target::Same).await
    }

    /// Wishes that a workload be brought to something.
    pub(super) async fn wish_for(&self, name: &str, target: Target) -> Result<Operation, Refusal> {
        self.updates.wish(Wish { target, ..Wish::same(HOST, name) }, Asker::Anyone).await
    }

    /// Updates a container, and answers how that ended.
    pub(super) async fn update(&self, name: &str) -> Operation {
        self.connected().await;
        let operation = self.wish(name).await.unwrap();
        self.ended(operation.id).await
    }

    /// Waits for the end of an operation.
    pub(super) async fn ended(&self, id: i64) -> Operation {
        let ended = |state: &State| state.snapshot.operations.iter().any(|operation| operation.id == id && !operation.is_running());
        self.until("the end", ended).await;
        self.live.state().snapshot.operations.iter().find(|operation| operation.id == id).cloned().unwrap()
    }

    /// Waits until no operation is under way.
    pub(super) async fn at_rest(&self) {
        self.until("rest", |state| state.snapshot.operations.iter().all(|operation| !operation.is_running())).await;
    }

    /// Asks the registry about everything that runs.
    pub(super) async fn check(&self) {
        let questions = self.live.questions(None);
        let mut findings = std::pin::pin!(check::run(self.registries.clone(), questions, Duration::from_mins(1)));
        while let Some(finding) = findings.next().await {
            self.live.learn(Input::Found(finding)).await;
        }
        self.live.settled().await;
    }

    /// The row of a container, where there is one.
    pub(super) fn row(&self, name: &str) -> Option<WorkloadRow> {
        let state = self.live.state();
        state.snapshot.groups.iter().flat_map(|group| &group.workloads).find(|row| row.name == name).cloned()
    }
}
