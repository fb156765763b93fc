//! Every call of an update that changes something goes wrong in every way, on the way there and on the way back.

use std::time::Duration;

use futures_util::{StreamExt, stream};
use http::Method;

use super::{
    end::Before,
    harbour::{Harbour, container, image},
};
use crate::{
    simulate::engine::{Behaviour, ContainerSpec, Fault, Image, On},
    wire::Outcome,
};

/// Scenarios at once: they wait most of the time.
const AT_ONCE: usize = 8;

/// What goes wrong, and whether after the work was done.
const WAYS: [(&str, Fault, bool); 6] = [
    ("cut", Fault::Cut, false),
    ("cut after it was done", Fault::Cut, true),
    ("500", Fault::Status(500), false),
    ("500 after it was done", Fault::Status(500), true),
    ("404", Fault::Status(404), false),
    ("a proxy's 403", Fault::Html(403), false),
];

/// How often in a row.
const TIMES: [usize; 3] = [1, 3, 4];

/// A new image that starts, and one that ends at once.
fn images() -> [(&'static str, Image); 2] {
    [("there", image("web", 2)), ("back", image("web", 2).behaving(Behaviour::Ends { code: 1, after: Duration::ZERO }))]
}

/// An Engine with one container, and a newer image for it.
async fn harbour(new: Image) -> Harbour {
    let harbour = Harbour::empty().await;
    harbour.plant(container("web"));
    harbour.rebuild("web", new);
    harbour
}

/// The calls that an update makes, as `POST /containers/*/start` and which of these it is.
async fn calls(new: Image) -> Vec<(Method, String, usize)> {
    let harbour = harbour(new).await;
    harbour.plimsoll().await.update("web").await;
    let mut calls: Vec<(Method, String, usize)> = Vec::new();
    for call in harbour.engine.changes() {
        let pattern = pattern(&call.path);
        let before = calls.iter().filter(|(method, its, _)| *method == call.method && *its == pattern).count();
        calls.push((call.method, pattern, before + 1));
    }
    calls
}

/// The path with a star for the container.
fn pattern(path: &str) -> String {
    let mut parts: Vec<&str> = path.split('/').collect();
    if parts.get(1) == Some(&"containers") && parts.get(2).is_some_and(|third| *third != "create") {
        parts[2] = "*";
    }
    parts.join("/")
}

/// One thing that goes wrong.
#[derive(Debug, Clone)]
struct Scenario {
    direction: &'static str,
    new: Image,
    call: (Method, String, usize),
    way: (&'static str, Fault, bool),
    times: usize,
}

async fn scenario(Scenario { direction, new, call: (method, path, number), way: (what, fault, after), times }: Scenario) {
    let what = format!("{direction}: {method} {path} #{number}: {what}, {times} times");
    let harbour = harbour(new).await;
    let before = Before::of(&harbour, "web");
    for _ in 0..times {
        let on = On::call(method.clone(), &path).nth(number);
        harbour.engine.fault_on(if after { on.after() } else { on }, fault);
    }
    let plimsoll = harbour.plimsoll().await;
    let operation = plimsoll.update("web").await;
    before.hold_and_told(&harbour, &operation, &what);
    assert!(plimsoll.store.open_operations().await.unwrap().is_empty(), "{what}");
    let steps = plimsoll.store.operation(operation.id).await.unwrap().unwrap().1;
    assert!(steps.iter().all(|step| step.ended.is_some()), "{what}: {steps:?}");
}

#[tokio::test]
async fn whatever_goes_wrong_one_container_is_there_at_the_end() {
    let mut scenarios = Vec::new();
    for (direction, new) in images() {
        let calls = calls(new.clone()).await;
        assert!(calls.len() >= 7, "{direction}: {calls:?}");
        for call in calls {
            for way in WAYS {
                scenarios.extend(TIMES.map(|times| Scenario { direction, new: new.clone(), call: call.clone(), way, times }));
            }
        }
    }
    stream::iter(scenarios).map(scenario).buffer_unordered(AT_ONCE).for_each(|()| async {}).await;
}

#[tokio::test]
async fn a_removal_that_never_works_leaves_the_old_container_to_the_next_start() {
    let harbour = harbour(image("web", 2)).await;
    let before = Before::of(&harbour, "web");
    harbour.engine.fault_on(On::call(Method::DELETE, "/containers/"), Fault::Status(500));
    let first = harbour.plimsoll_on_disc().await;
    let operation = first.update("web").await;
    let Some(Outcome::LeftOver { container, .. }) = &operation.outcome else { panic!("{operation:?}") };
    assert_eq!(harbour.engine.running(), ["web"]);
    assert!(harbour.engine.inspect(container).is_ok());
    first.stop.cancel();
    first.updates.at_rest().await;
    drop(first);
    harbour.engine.heal();
    let second = harbour.plimsoll_on_disc().await;
    let operation = second.ended(operation.id).await;
    before.hold_and_told(&harbour, &operation, "left over");
    assert_eq!(operation.outcome, Some(Outcome::Updated));
}

#[tokio::test]
async fn a_way_back_that_is_blocked_is_tried_again_at_the_next_start() {
    let harbour = harbour(image("web", 2).behaving(Behaviour::CannotStart)).await;
    let before = Before::of(&harbour, "web");
    harbour.engine.fault_on(On::call(Method::DELETE, "/containers/"), Fault::Status(500));
    let first = harbour.plimsoll_on_disc().await;
    let operation = first.update("web").await;
    assert!(matches!(operation.outcome, Some(Outcome::Stuck { .. })), "{operation:?}");
    // another wish takes up what is left first, and does not make more of it
    let again = first.update("web").await;
    assert!(matches!(again.outcome, Some(Outcome::Failed { .. } | Outcome::Refused { .. })), "{again:?}");
    first.stop.cancel();
    first.updates.at_rest().await;
    drop(first);
    harbour.engine.heal();
    let second = harbour.plimsoll_on_disc().await;
    let operation = second.ended(operation.id).await;
    assert!(matches!(operation.outcome, Some(Outcome::RolledBack { .. })), "{operation:?}");
    before.hold_and_told(&harbour, &operation, "stuck");
}

#[tokio::test]
async fn what_somebody_else_put_in_its_place_is_left_alone() {
    let harbour = harbour(image("web", 2).behaving(Behaviour::CannotStart)).await;
    harbour.engine.fault_on(On::call(Method::DELETE, "/containers/"), Fault::Status(500));
    let first = harbour.plimsoll_on_disc().await;
    let operation = first.update("web").await;
    let Some(Outcome::Stuck { container: old, .. }) = &operation.outcome else { panic!("{operation:?}") };
    first.stop.cancel();
    first.updates.at_rest().await;
    drop(first);
    harbour.engine.heal();
    // somebody makes a container of their own
    if harbour.engine.inspect("web").is_ok() {
        harbour.engine.remove("web").unwrap();
    }
    harbour.engine.pull("quay.test/app/theirs:1", image("theirs", 1)).unwrap();
    let theirs = harbour.engine.run(ContainerSpec::new("web", "quay.test/app/theirs:1")).unwrap();
    let running = harbour.engine.running();
    let second = harbour.plimsoll_on_disc().await;
    let again = second.ended(operation.id).await;
    assert!(matches!(&again.outcome, Some(Outcome::Stuck { .. })), "{again:?}");
    assert_eq!(harbour.engine.inspect("web").unwrap()["Id"], theirs.as_str(), "theirs is untouched");
    assert_eq!(harbour.engine.running(), running, "and nothing is started or stopped beside it");
    assert!(harbour.engine.inspect(old).is_ok(), "nor is anything removed");
    assert!(second.store.open_operations().await.unwrap().is_empty(), "nor is that tried at every start");
}
