//! `POST /images/create`: a pull, told line by line while it goes on.

use std::{collections::VecDeque, io, sync::Arc, time::Duration};

use bytes::Bytes;
use futures_util::{Stream, stream};
use hyper::body::Frame;
use serde_json::{Value, json};
use tokio::{sync::watch, time::sleep};

use super::{EngineError, Image, Shared, Store, Trouble, actions::parse, asked::Asked, faults::Mode, world::World};
use crate::image::{Digest, Reference};

/// Into how many steps the download of a layer is told.
const DOWNLOADS: u64 = 10;

/// Into how many its unpacking.
const UNPACKINGS: u64 = 4;

/// How many layers are downloaded at a time.
const AT_A_TIME: usize = 3;

/// A pull that was begun.
#[derive(Debug)]
pub(super) struct Pulling {
    shared: Arc<Shared>,
    mode: watch::Receiver<Mode>,
    steps: VecDeque<Step>,
    /// between two steps that take time
    pause: Duration,
}

/// A step of a pull.
#[derive(Debug)]
enum Step {
    /// a line
    Tell(Value),
    /// a line that some time passes before
    Work(Value),
    /// the image is there
    Arrive(Reference, Box<Image>),
    Cut,
    Ends,
    Hangs,
}

/// Begins a pull. What the registry does not give is refused before the first line.
pub(super) fn begin(shared: &Arc<Shared>, asked: &Asked) -> Result<Pulling, EngineError> {
    let login = asked.login();
    let part = |name: &str| login.as_ref().and_then(|login| login.get(name)).and_then(Value::as_str);
    let login = part("username").zip(part("password"));
    let world = shared.world();
    let mut steps = VecDeque::new();
    let mut takes = Duration::ZERO;
    for reference in wanted(&world, asked.text("fromImage"), asked.text("tag"))? {
        let offer = world.offered(&reference, login)?;
        takes += offer.takes;
        steps.extend(script(&world, &reference, offer.image, offer.trouble));
    }
    let work = steps.iter().filter(|step| matches!(step, Step::Work(_))).count();
    let pause = takes / u32::try_from(work.max(1)).unwrap_or(u32::MAX);
    Ok(Pulling { shared: shared.clone(), mode: shared.mode.subscribe(), steps, pause })
}

/// What is to be pulled: without tag and digest everything of that name.
fn wanted(world: &World, name: &str, tag: &str) -> Result<Vec<Reference>, EngineError> {
    let last = name.rsplit('/').next().unwrap_or_default();
    let text = match tag {
        "" if last.contains([':', '@']) => name.to_owned(),
        "" => {
            let reference = parse(name)?;
            let all = world.offered_tags(&reference.familiar_name());
            return Ok(if all.is_empty() { vec![reference] } else { all });
        }
        digest if digest.contains(':') => format!("{name}@{digest}"),
        tag => format!("{name}:{tag}"),
    };
    parse(&text).map(|reference| vec![reference])
}

/// The steps of a pull, in the words of the store.
fn script(world: &World, reference: &Reference, image: Image, trouble: Option<Trouble>) -> Vec<Step> {
    let tagged = world.resolve(&reference.familiar()).ok().and_then(|id| world.images.get(&id));
    let present = tagged.is_some_and(|stored| stored.image.target == image.target);
    let mut steps = vec![Step::Tell(json!({ "status": format!("Pulling from {}", reference.repository()), "id": reference.identifier() }))];
    if !present {
        steps.extend(layers(world, &image));
    }
    let half = steps.len() / 2;
    match trouble {
        None => {}
        Some(Trouble::Error(message)) => {
            steps.push(Step::Tell(json!({ "errorDetail": { "message": message }, "error": message })));
            return steps;
        }
        Some(half_way) => {
            steps.truncate(half.max(1));
            steps.push(match half_way {
                Trouble::Cut => Step::Cut,
                Trouble::Hangs => Step::Hangs,
                Trouble::Error(_) | Trouble::Ends => Step::Ends,
            });
            return steps;
        }
    }
    let digest = image.target.clone();
    steps.push(Step::Arrive(reference.clone(), Box::new(image)));
    steps.push(Step::Tell(json!({ "status": format!("Digest: {digest}") })));
    let word = if present { "Image is up to date for" } else { "Downloaded newer image for" };
    steps.push(Step::Tell(json!({ "status": format!("Status: {word} {}", reference.familiar()) })));
    steps
}

fn short(layer: &Digest) -> &str {
    &layer.hex()[..12]
}

/// What is told of the layers: downloads a few at a time, then the unpacking, one after another.
fn layers(world: &World, image: &Image) -> Vec<Step> {
    let classic = world.store == Store::Classic;
    let tell = |status: &str, layer: &Digest| Step::Tell(json!({ "status": status, "progressDetail": {}, "id": short(layer) }));
    let there = |layer: &Digest| world.images.values().any(|stored| stored.image.layers.iter().any(|(known, _)| known == layer));
    let (known, new): (Vec<_>, Vec<_>) = image.layers.iter().partition(|(layer, _)| there(layer));
    let mut steps: Vec<Step> = known.iter().map(|(layer, _)| tell("Already exists", layer)).collect();
    steps.extend(new.iter().map(|(layer, _)| tell("Pulling fs layer", layer)));
    if classic {
        steps.extend(new.iter().skip(AT_A_TIME).map(|(layer, _)| tell("Waiting", layer)));
    }
    for together in new.chunks(AT_A_TIME) {
        for step in 1..=DOWNLOADS {
            for (layer, size) in together {
                steps.push(work("Downloading", layer, size / DOWNLOADS * step, *size));
            }
        }
        for (layer, _) in together {
            if classic {
                steps.push(tell("Verifying Checksum", layer));
            }
            steps.push(tell("Download complete", layer));
        }
    }
    for (layer, size) in &new {
        for step in 1..=UNPACKINGS {
            steps.push(if classic {
                work("Extracting", layer, size / UNPACKINGS * step, *size)
            } else {
                Step::Work(json!({ "status": "Extracting", "progressDetail": { "current": step, "units": "s" }, "progress": format!("{step} s"), "id": short(layer) }))
            });
        }
        steps.push(tell("Pull complete", layer));
    }
    steps
}

fn work(status: &str, layer: &Digest, current: u64, total: u64) -> Step {
    let filled = usize::try_from((current * 50).checked_div(total).unwrap_or_default()).unwrap_or_default();
    let megabytes = |bytes: u64| format!("{}.{:02}MB", bytes / 1_000_000, bytes / 10_000 % 100);
    let progress = format!("[{}>{}]  {}/{}", "=".repeat(filled), " ".repeat(50 - filled.min(50)), megabytes(current), megabytes(total));
    let detail = json!({ "current": current, "total": total });
    Step::Work(json!({ "status": status, "progressDetail": detail, "progress": progress, "id": short(layer) }))
}

impl Pulling {
    /// Does the rest of the work at once, for a client that is told nothing of it.
    pub(super) fn finish(&mut self) {
        for step in self.steps.drain(..) {
            if let Step::Arrive(reference, image) = step {
                self.shared.world().pull(&reference, *image);
            }
        }
    }

    /// The lines, each when its time has come. Who stops listening ends the pull.
    pub(super) fn lines(self) -> impl Stream<Item = io::Result<Frame<Bytes>>> + Send {
        stream::unfold(self, |mut pulling| async move {
            let line = pulling.next().await?;
            Some((line.map(|line| Frame::data(format!("{line}\r\n").into())), pulling))
        })
    }

    async fn next(&mut self) -> Option<io::Result<Value>> {
        loop {
            let step = self.steps.pop_front()?;
            // an error means that the Engine is being dropped
            self.mode.wait_for(|mode| *mode != Mode::Hanging).await.ok()?;
            match step {
                Step::Tell(line) => return Some(Ok(line)),
                Step::Work(line) => {
                    sleep(self.pause).await;
                    return Some(Ok(line));
                }
                Step::Arrive(reference, image) => drop(self.shared.world().pull(&reference, *image)),
                Step::Cut => return Some(Err(io::ErrorKind::ConnectionReset.into())),
                Step::Ends => return None,
                Step::Hangs => std::future::pending().await,
            }
        }
    }
}
