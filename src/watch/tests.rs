//! Against the simulated Engine, by the clock.

#[path = "../../tests/support/proxy.rs"]
mod proxy;

use std::{sync::Arc, time::Instant};

use tokio::{sync::watch, task::JoinHandle, time::timeout};

use super::*;
use crate::{
    image::Digest,
    live::State,
    simulate::engine::{ContainerSpec, Engine, Fault, Health, Image, Listen, Options},
};

const SECOND: Duration = Duration::from_secs(1);

/// An Engine at a socket, and the state that a watch keeps of it.
struct Watched {
    engine: Engine,
    changes: watch::Receiver<Arc<State>>,
    stop: CancellationToken,
    task: JoinHandle<()>,
    _folder: tempfile::TempDir,
}

/// An Engine with one image.
async fn engine() -> (Engine, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let listen = Listen::Unix(folder.path().join("docker.sock"));
    let engine = Engine::start(Options { listen, ..Options::default() }).await.expect("a socket");
    engine.pull("nginx:1.27", Image::pulled(Digest::of(b"nginx"))).expect("a reference");
    (engine, folder)
}

fn watched((engine, folder): (Engine, tempfile::TempDir), pace: Pace) -> Watched {
    let address = engine.address().to_owned();
    watched_at(&address, (engine, folder), pace)
}

/// The same, reached at another address.
fn watched_at(address: &str, (engine, folder): (Engine, tempfile::TempDir), pace: Pace) -> Watched {
    let host = Host::new("test", address.parse().expect("an address"));
    let live = Live::start("test".to_owned(), false);
    let stop = CancellationToken::new();
    let changes = live.changes();
    let task = tokio::spawn(run_at(host, true, live, stop.clone(), pace));
    Watched { engine, changes, stop, task, _folder: folder }
}

fn names(state: &State) -> Vec<&str> {
    let mut names: Vec<_> =
        state.snapshot.groups.iter().flat_map(|group| &group.workloads).map(|workload| workload.name.as_str()).collect();
    names.sort_unstable();
    names
}

fn host_state(state: &State) -> Option<&HostState> {
    state.snapshot.hosts.first().map(|host| &host.state)
}

impl Watched {
    /// Waits until the state is as wanted.
    async fn until(&mut self, what: &str, limit: Duration, wanted: impl Fn(&State) -> bool) {
        let came = timeout(limit, self.changes.wait_for(|state| wanted(state))).await.is_ok();
        let state = self.changes.borrow();
        assert!(came, "{what}: not within {limit:?}: {:?} {:?}", host_state(&state), names(&state));
    }

    async fn connected(&mut self) {
        self.until("connected", 5 * SECOND, |state| host_state(state) == Some(&HostState::Connected)).await;
    }

    async fn shows(&mut self, wanted: &[&str], limit: Duration) {
        self.until("names", limit, |state| names(state) == wanted).await;
    }

    fn run(&self, name: &str) {
        self.engine.run(ContainerSpec::new(name, "nginx:1.27").health(Health::Starting)).expect("the image is there");
    }

    fn lists(&self) -> usize {
        self.engine.calls().iter().filter(|call| call.ends_with("/containers/json")).count()
    }

    /// Whether the host is called anything but connected while `future` runs.
    async fn alarmed<T>(&self, future: impl Future<Output = T>) -> bool {
        let mut changes = self.changes.clone();
        let alarm = changes.wait_for(|state| host_state(state) != Some(&HostState::Connected));
        tokio::select! {
            _ = alarm => true,
            _ = future => false,
        }
    }
}

#[tokio::test]
async fn what_happens_is_seen_within_a_second() {
    let mut watched = watched(engine().await, Pace::default());
    watched.connected().await;
    watched.run("a");
    watched.shows(&["a"], SECOND).await;
    watched.run("b");
    watched.shows(&["a", "b"], SECOND).await;
    watched.engine.rename("b", "c").expect("it is there");
    watched.shows(&["a", "c"], SECOND).await;
    watched.engine.remove("a").expect("it is there");
    watched.shows(&["c"], SECOND).await;
}

#[tokio::test]
async fn many_events_make_few_lists_and_endless_ones_hide_nothing() {
    let mut watched = watched(engine().await, Pace::default());
    watched.connected().await;
    // what was pulled in the second of the greeting may make a list of its own
    tokio::time::sleep(SECOND).await;
    let before = watched.lists();
    let wanted: Vec<String> = (0..50).map(|n| format!("c{n:02}")).collect();
    for name in &wanted {
        watched.run(name);
    }
    watched.shows(&wanted.iter().map(String::as_str).collect::<Vec<_>>(), SECOND).await;
    assert_eq!(watched.lists() - before, 1);

    let engine = watched.engine.clone();
    let noise = tokio::spawn(async move {
        loop {
            let _ = engine.health("c00", Health::Healthy);
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    });
    watched.run("last");
    watched.until("the last", SECOND, |state| names(state).contains(&"last")).await;
    noise.abort();
}

#[tokio::test]
async fn an_engine_that_goes_is_told_and_one_that_comes_back_is_found() {
    let mut watched = watched(engine().await, Pace::default());
    watched.connected().await;
    watched.engine.refuse().await;
    watched.until("lost", SECOND, |state| matches!(host_state(state), Some(HostState::Lost { .. }))).await;
    watched.run("a");
    watched.engine.accept().await;
    watched.shows(&["a"], 2 * SECOND).await;
    watched.connected().await;
}

#[tokio::test]
async fn an_engine_that_was_never_there_is_found_when_it_comes() {
    let (engine, folder) = engine().await;
    engine.refuse().await;
    let mut watched = watched((engine, folder), Pace::default());
    watched.until("absent", SECOND, |state| matches!(host_state(state), Some(HostState::Absent { .. }))).await;
    // so that the pauses have grown to what they grow to
    tokio::time::sleep(3 * SECOND).await;
    watched.engine.accept().await;
    watched.until("connected", 2 * SECOND, |state| host_state(state) == Some(&HostState::Connected)).await;
}

#[tokio::test]
async fn nothing_is_missed_when_the_stream_is_cut_and_nobody_is_alarmed() {
    let mut watched = watched(engine().await, Pace::default());
    watched.connected().await;
    for round in 0..3 {
        let name = format!("c{round}");
        watched.engine.cut_events();
        watched.run(&name);
        let mut changes = watched.changes.clone();
        let seen = timeout(3 * SECOND, changes.wait_for(|state| names(state).contains(&name.as_str())));
        let alarmed = watched.alarmed(async { assert!(seen.await.is_ok(), "{name} is not seen") }).await;
        assert!(!alarmed, "a stream may end at any time");
    }
}

#[tokio::test]
async fn a_failing_engine_is_told_with_its_reason_and_tried_again() {
    let mut watched = watched(engine().await, Pace::default());
    watched.connected().await;
    watched.engine.fault("/containers/json", Fault::Status(500));
    watched.run("a");
    let lost = |state: &State| matches!(host_state(state), Some(HostState::Lost { detail, .. }) if detail.contains("500"));
    watched.until("lost", SECOND, lost).await;
    watched.engine.heal();
    watched.shows(&["a"], 6 * SECOND).await;
    watched.connected().await;
}

#[tokio::test]
async fn a_silent_engine_is_asked_whether_it_still_answers() {
    let mut watched = watched(engine().await, Pace { ping: Duration::from_millis(200), ..Pace::default() });
    watched.connected().await;
    watched.engine.fault("/_ping", Fault::Cut);
    watched.until("lost", 2 * SECOND, |state| matches!(host_state(state), Some(HostState::Lost { .. }))).await;
    watched.engine.heal();
    watched.connected().await;
}

#[tokio::test]
async fn where_events_are_not_allowed_it_looks_now_and_then() {
    let (engine, folder) = engine().await;
    engine.fault("/events", Fault::Html(403));
    let mut watched = watched((engine, folder), Pace { poll: Duration::from_millis(300), ..Pace::default() });
    watched.connected().await;
    watched.run("a");
    let mut changes = watched.changes.clone();
    let seen = timeout(3 * SECOND, changes.wait_for(|state| names(state) == ["a"]));
    assert!(!watched.alarmed(async { assert!(seen.await.is_ok(), "it is not seen") }).await, "all is well with the host itself");
    // and not as fast as it can
    let before = watched.lists();
    tokio::time::sleep(SECOND).await;
    assert!(watched.lists() - before <= 5, "{} lists in a second", watched.lists() - before);
}

#[tokio::test]
async fn without_events_too_it_is_noticed_that_a_proxy_allows_more() {
    let (engine, folder) = engine().await;
    let without_events = |on: &[&'static str]| on.iter().copied().filter(|switch| *switch != "EVENTS").collect::<Vec<_>>();
    let proxy = proxy::Proxy::open(engine.address(), &without_events(proxy::LOOKING)).await;
    let mut watched = watched_at(&proxy.address, (engine, folder), Pace { poll: Duration::from_millis(300), ..Pace::default() });
    let allows = |wanted: Allows| move |state: &State| state.snapshot.hosts.first().is_some_and(|host| host.allows == wanted);
    watched.until("looking", 5 * SECOND, allows(Allows::Looking)).await;
    watched.connected().await;
    proxy.turn(&without_events(proxy::UPDATES));
    watched.until("updates", 5 * SECOND, allows(Allows::Updates)).await;
    proxy.turn(&without_events(proxy::LOOKING));
    watched.until("looking again", 5 * SECOND, allows(Allows::Looking)).await;
}

#[tokio::test]
async fn what_no_event_told_is_found_in_the_end() {
    let mut watched = watched(engine().await, Pace { refresh: Duration::from_millis(500), ..Pace::default() });
    watched.connected().await;
    let before = watched.lists();
    watched.until("anything", SECOND, |_| true).await;
    let looked = async {
        while watched.lists() == before {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(2 * SECOND, looked).await.expect("it looks again by itself");
}

#[tokio::test]
async fn it_stops_at_once_whatever_it_waits_for() {
    for fault in ["/nothing", "/_ping", "/containers/json", "/events"] {
        let (engine, folder) = engine().await;
        engine.fault(fault, Fault::Hang);
        let watched = watched((engine, folder), Pace::default());
        tokio::time::sleep(Duration::from_millis(200)).await;
        let began = Instant::now();
        watched.stop.cancel();
        timeout(crate::slack::within(SECOND), watched.task).await.expect("it stops").expect("no panic");
        assert!(began.elapsed() < crate::slack::within(Duration::from_millis(500)), "{fault}: {:?}", began.elapsed());
    }
}
