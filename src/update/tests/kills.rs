//! Plimsoll, the Engine, or both die before and after each call that changes something.

use std::time::Duration;

use futures_util::{StreamExt, stream};
use tokio::{
    runtime::{Builder, Runtime},
    task::JoinHandle,
    time::sleep,
};

use super::{
    end::Before,
    harbour::{Harbour, Plimsoll, container, image},
};
use crate::{
    simulate::engine::{Behaviour, Engine, Image, When},
    wire::{Operation, Outcome},
};

/// Scenarios at once: they wait most of the time.
const AT_ONCE: usize = 4;

/// Who dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dies {
    Plimsoll,
    Engine,
    Both,
}

/// A Plimsoll with threads of its own, so that it can be killed in the middle of whatever it does.
struct Process {
    runtime: Runtime,
    plimsoll: Plimsoll,
}

impl Process {
    async fn start(harbour: &std::sync::Arc<Harbour>) -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let harbour = std::sync::Arc::clone(harbour);
        let plimsoll = runtime.spawn(async move { harbour.plimsoll_on_disc().await }).await.unwrap();
        Self { runtime, plimsoll }
    }

    /// Wishes for an update.
    async fn wish(&self) -> Operation {
        let plimsoll = self.plimsoll.clone();
        let wish = async move {
            plimsoll.connected().await;
            plimsoll.wish("web").await.unwrap()
        };
        self.runtime.spawn(wish).await.unwrap()
    }

    /// Drops everything where it stands.
    async fn kill(self) {
        let Self { runtime, plimsoll } = self;
        drop(plimsoll);
        tokio::task::spawn_blocking(move || runtime.shutdown_timeout(Duration::from_mins(1))).await.unwrap();
    }
}

async fn harbour(new: &Image) -> std::sync::Arc<Harbour> {
    let harbour = Harbour::empty().await;
    harbour.plant(container("web"));
    harbour.rebuild("web", new.clone());
    std::sync::Arc::new(harbour)
}

/// Looks all the time whether two containers run.
fn watch(engine: Engine) -> JoinHandle<()> {
    tokio::spawn(async move {
        loop {
            let running = engine.running();
            assert!(running.len() <= 1, "{running:?} run at once");
            sleep(Duration::from_millis(1)).await;
        }
    })
}

async fn scenario(new: Image, number: usize, when: When, dies: Dies) {
    let what = format!("{dies:?}, call {number}, {when:?}");
    let harbour = harbour(&new).await;
    let before = Before::of(&harbour, "web");
    let watching = watch(harbour.engine.clone());
    let mut process = Process::start(&harbour).await;
    let mut held = harbour.engine.hold(number, when);
    let operation = process.wish().await;
    assert!(held.reached().await, "{what}: the call never came");
    match dies {
        Dies::Plimsoll => {
            process.kill().await;
            drop(held);
            process = Process::start(&harbour).await;
        }
        Dies::Engine => {
            harbour.engine.crash().await;
            drop(held);
            harbour.engine.boot().await;
        }
        Dies::Both => {
            process.kill().await;
            harbour.engine.crash().await;
            drop(held);
            harbour.engine.boot().await;
            process = Process::start(&harbour).await;
        }
    }
    let running = harbour.engine.running();
    assert!(running.len() <= 1, "{what}: {running:?} run at once");
    let ended = process.plimsoll.ended(operation.id).await;
    before.hold_and_told(&harbour, &ended, &what);
    let open = process.plimsoll.store.open_operations().await.unwrap();
    assert!(open.is_empty(), "{what}: {open:?}");
    // and the next one goes as if nothing had been
    let next = process.wish().await;
    let next = process.plimsoll.ended(next.id).await;
    before.hold_and_told(&harbour, &next, &format!("{what}, next"));
    let expected = match ended.outcome {
        Some(Outcome::Updated) => matches!(next.outcome, Some(Outcome::Unchanged)),
        _ => matches!(next.outcome, Some(Outcome::Updated | Outcome::RolledBack { .. })),
    };
    assert!(expected, "{what}: {ended:?}, then {next:?}");
    process.kill().await;
    // an assertion in there has ended it
    assert!(!watching.is_finished(), "{what}: {:?}", watching.await);
    watching.abort();
}

/// How many calls an update makes that change something.
async fn calls(new: &Image) -> usize {
    let harbour = harbour(new).await;
    harbour.plimsoll().await.update("web").await;
    harbour.engine.changes().len()
}

/// Every call, before and after.
async fn everywhere(new: Image, dies: Dies) {
    let calls = calls(&new).await;
    assert!(calls >= 7, "{calls}");
    let scenarios: Vec<_> = (1..=calls).flat_map(|number| [(number, When::Before), (number, When::After)]).collect();
    let all = stream::iter(scenarios).map(|(number, when)| scenario(new.clone(), number, when, dies));
    all.buffer_unordered(AT_ONCE).for_each(|()| async {}).await;
}

/// A new image that ends at once, so that there is a way back.
fn bad() -> Image {
    image("web", 2).behaving(Behaviour::Ends { code: 1, after: Duration::ZERO })
}

#[tokio::test]
async fn plimsoll_is_killed() {
    everywhere(image("web", 2), Dies::Plimsoll).await;
}

#[tokio::test]
async fn plimsoll_is_killed_on_the_way_back() {
    everywhere(bad(), Dies::Plimsoll).await;
}

#[tokio::test]
async fn the_engine_crashes() {
    everywhere(image("web", 2), Dies::Engine).await;
}

#[tokio::test]
async fn the_engine_crashes_on_the_way_back() {
    everywhere(bad(), Dies::Engine).await;
}

#[tokio::test]
async fn both_die() {
    everywhere(image("web", 2), Dies::Both).await;
}

#[tokio::test]
async fn both_die_on_the_way_back() {
    everywhere(bad(), Dies::Both).await;
}
