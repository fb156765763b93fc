//! Shapes of containers on a real Engine: what each is after an update is what `docker run` would have made of the new image, and what no update
//! may touch is as before.
//!
//! The oracle is the Engine itself: for each shape a twin is made by hand, from the new image and by the request with which the first was made.
//! Container and twin must be told in the same words.

#[path = "../support/compare.rs"]
mod compare;
#[path = "../support/engine.rs"]
mod engine;
mod harbour;
#[path = "../support/lab.rs"]
mod lab;
mod others;
#[path = "../support/served.rs"]
mod served;
mod table;
#[path = "../support/versions.rs"]
mod versions;

use std::path::Path;

use serde_json::{Value, json};
use tokio::sync::Mutex;

use compare::{comparable, differences};
use harbour::Harbour;
use served::Served;

/// The tests of this file look at everything that is there: one at a time.
static ALONE: Mutex<()> = Mutex::const_new(());

/// Which image a container is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Image {
    /// with a command, variables, labels, a folder to work in and a volume
    Plain,
    /// with an entrypoint, a health check, a user and ports as well
    Rich,
}

/// What a container does before its update, and after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Running,
    Paused,
    Stopped,
    /// it was never started
    Created,
}

/// A shape.
#[derive(Debug, Clone)]
pub(crate) struct Shape {
    pub(crate) name: &'static str,
    pub(crate) image: Image,
    /// the API that knows it: 44 for 1.44. Engines with an older one cannot have it
    pub(crate) api: u32,
    pub(crate) state: State,
    /// what is asked for beside the image
    pub(crate) body: Value,
    /// the networks that it is connected to before it is started, with what is asked for of each
    pub(crate) also: Vec<(String, Value)>,
    /// paths in the inspect where each container has something else
    pub(crate) loose: &'static [&'static str],
    /// the hardware address that it must have in a network
    pub(crate) address: Option<(String, &'static str)>,
    /// whether it is also brought to another tag, and back
    pub(crate) tours: bool,
}

/// What shapes need around them.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) network: String,
    pub(crate) network_id: String,
    pub(crate) second: String,
    pub(crate) third: String,
    /// a container in the default network, with volumes and shared memory
    pub(crate) provider: String,
    /// a container in `network`
    pub(crate) neighbour: String,
    /// a folder of the machine
    pub(crate) folder: String,
    /// what the names of volumes begin with
    pub(crate) volume: String,
    /// a volume that has a folder `part`
    pub(crate) filled: String,
    /// an image that is there
    pub(crate) mounted: String,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_shape_is_afterwards_what_it_would_be_by_hand() {
    let _alone = ALONE.lock().await;
    let Some(harbour) = Harbour::open("every_shape_is_afterwards_what_it_would_be_by_hand").await else { return };
    let place = harbour.place().await;
    let api = harbour.api().await;
    let (shapes, beyond): (Vec<_>, Vec<_>) = table::shapes(&place).into_iter().partition(|shape| shape.api <= api);
    let beyond: Vec<_> = beyond.iter().map(|shape| shape.name).collect();
    println!("{} shapes with API 1.{api}; it knows nothing of {beyond:?}", shapes.len());
    assert!(shapes.len() >= 40);
    harbour.publish("one").await;
    let (mut before, mut wrong, mut made) = (Vec::new(), Vec::new(), Vec::new());
    for shape in shapes {
        match harbour.make(&shape).await {
            Ok(()) => {
                before.push(harbour.inspect(&shape).await);
                made.push(shape);
            }
            Err(refusal) => {
                harbour.hands.remove(&harbour.name(&shape)).await;
                wrong.push(format!("{}: {refusal}", shape.name));
            }
        }
    }
    let shapes = made;
    let volumes = harbour.volumes().await;
    harbour.publish("two").await;

    let mut plimsoll = Served::new(&harbour.program, Path::new(&harbour.socket));
    plimsoll.stopped_too().with("PLIMSOLL_UPDATE_KEEP", "1h").start().await;
    for shape in &shapes {
        plimsoll.update(&harbour.name(shape)).await;
    }
    let mut after = Vec::new();
    for shape in &shapes {
        let ended = plimsoll.ended(&harbour.name(shape)).await;
        if served::outcome(&ended) != "updated" {
            wrong.push(format!("{}: {}", shape.name, ended));
        }
        after.push(harbour.find(shape).await);
    }
    let lost = |volume: &&String| !wrong.is_empty() || !volumes.contains(volume);
    let now = harbour.volumes().await;
    assert!(volumes.iter().all(|volume| now.contains(volume)), "a volume is lost: {volumes:?} → {now:?}");
    let new: Vec<_> = now.iter().filter(lost).filter(|_| wrong.is_empty()).collect();
    assert!(new.is_empty(), "a volume is left: {new:?}");
    for ((shape, before), after) in shapes.iter().zip(&before).zip(&after) {
        let name = harbour.name(shape);
        let left = harbour.left(&name).await;
        if left != [name.as_str()] {
            wrong.push(format!("{}: there are {left:?}", shape.name));
        }
        let Some(after) = after else { continue };
        if after["Id"] == before["Id"] {
            continue;
        }
        wrong.extend(Harbour::moved(shape, before, after).into_iter().map(|each| format!("{}: {each}", shape.name)));
        if !shape.tours {
            harbour.hands.remove(&name).await;
        }
    }
    // each by hand, where the first has made place for it
    for ((shape, before), after) in shapes.iter().zip(&before).zip(&after).filter(|((shape, _), _)| !shape.tours) {
        let Some(after) = after.as_ref().filter(|after| after["Id"] != before["Id"]) else { continue };
        harbour.make(shape).await.expect("it was made before");
        let twin = harbour.inspect(shape).await;
        wrong.extend(told_apart(shape, before, after, &twin));
        harbour.hands.remove(&harbour.name(shape)).await;
    }
    let touring: Vec<_> = shapes.iter().filter(|shape| shape.tours).collect();
    for (shape, before) in shapes.iter().zip(&before).filter(|(shape, _)| shape.tours) {
        wrong.extend(harbour.tour(&plimsoll, shape, before).await);
    }
    for shape in touring {
        let Some(after) = harbour.find(shape).await else { continue };
        harbour.hands.remove(&harbour.name(shape)).await;
        harbour.make(shape).await.expect("it was made before");
        let twin = harbour.inspect(shape).await;
        wrong.extend(told_apart(shape, &after, &after, &twin));
        harbour.hands.remove(&harbour.name(shape)).await;
    }
    assert!(wrong.is_empty(), "{} of {} shapes:\n{}\n{}", wrong.len(), shapes.len(), wrong.join("\n"), plimsoll.log());
    plimsoll.kill();
    harbour.close().await;
}

/// Where a container is not what its twin is; and where it is not what it was, although its twin would be.
fn told_apart(shape: &Shape, before: &Value, after: &Value, twin: &Value) -> Vec<String> {
    let read = |told: &Value| comparable(told.clone(), true);
    let loose = |path: &String| shape.loose.iter().any(|loose| path.starts_with(loose));
    let between = |one: &Value, other: &Value| {
        let mut found = Vec::new();
        differences(&read(one), &read(other), "", &mut found);
        found.retain(|path| !loose(path));
        found
    };
    // a volume without a name is another one in each container
    let nameless = |told: &Value| {
        let mut told = told.clone();
        for mount in told["Mounts"].as_array_mut().into_iter().flatten() {
            if mount["Name"].as_str().is_some_and(|name| name.len() == 64) {
                mount["Name"] = json!("nameless");
                mount["Source"] = Value::Null;
                mount["Mode"] = Value::Null;
            }
        }
        // in no order of meaning
        for list in ["/Config/Env", "/HostConfig/Links"] {
            if let Some(list) = told.pointer_mut(list).and_then(Value::as_array_mut) {
                list.sort_by_key(ToString::to_string);
            }
        }
        // the id is the host name where nobody gave one
        if told["Config"]["Hostname"].as_str() == told["Id"].as_str().and_then(|id| id.get(..12)) {
            told["Config"]["Hostname"] = Value::Null;
        }
        told
    };
    let (before, after, twin) = (nameless(before), nameless(after), nameless(twin));
    let to_twin: Vec<_> = between(&before, &twin);
    let stale = between(&twin, &after).into_iter().map(|path| format!("{}: by hand → by the update {path}", shape.name));
    let lost = between(&before, &after).into_iter().filter(|path| !to_twin.contains(path));
    let lost: Vec<_> = lost.map(|path| format!("{}: before → after {path}", shape.name)).collect();
    stale.chain(lost).collect()
}
