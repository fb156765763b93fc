//! The Engine as its clients see it, over real HTTP.

mod behaviour;
pub(in crate::simulate) mod client;
mod create;
mod documents;
mod events;
mod faults;
mod networks;
mod pulls;
mod refusals;
mod volumes;
mod writing;

use super::{ContainerSpec, Engine, Image, Options, Store};
use crate::image::Digest;
use client::Client;

/// An Engine of this age and store.
async fn engine(api: u16, store: Store) -> (Engine, Client) {
    let engine = Engine::start(Options { api, store, ..Options::default() }).await.expect("a free port");
    let client = Client::of(&engine);
    (engine, client)
}

/// The content that a number stands for.
fn content(number: u8) -> Digest {
    Digest::of(&[number])
}

fn image(number: u8) -> Image {
    Image::pulled(content(number))
}

/// Waits until something holds; it must within a while.
async fn until(mut holds: impl FnMut() -> bool) {
    for _ in 0..1000 {
        if holds() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("it did not come to hold");
}

/// An Engine with a container `web` of `nginx:1.27`.
async fn with_web(api: u16, store: Store) -> (Engine, Client) {
    let (engine, client) = engine(api, store).await;
    engine.pull("nginx:1.27", image(1)).expect("a reference");
    engine.run(ContainerSpec::new("web", "nginx:1.27").label("tier", "front")).expect("the image is there");
    (engine, client)
}
