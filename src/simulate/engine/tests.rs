//! The Engine as its clients see it, over real HTTP.

mod client;
mod documents;
mod events;
mod faults;

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

/// An Engine with a container `web` of `nginx:1.27`.
async fn with_web(api: u16, store: Store) -> (Engine, Client) {
    let (engine, client) = engine(api, store).await;
    engine.pull("nginx:1.27", image(1)).expect("a reference");
    engine.run(ContainerSpec::new("web", "nginx:1.27").label("tier", "front")).expect("the image is there");
    (engine, client)
}
