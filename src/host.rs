//! Hosts: the places that run containers. An adapter: it asks and answers, and decides nothing.
//!
//! A host is one of a closed set of kinds. Whoever holds one needs to know neither which kind it is nor how it is reached.

mod discover;
mod docker;
mod endpoint;
mod error;
mod event;
mod ssh;
mod update;

pub use discover::{Found, Machine, Via, context, discover};
pub use endpoint::{Certificates, Endpoint, EndpointError};
pub use error::HostError;
pub use event::{Event, Moment, Subject};
pub use ssh::{Ssh, SshTrouble};
pub use update::{Goal, Login, Observed, Plan, Probe, Standing, Step, StepError, Stood, Survey, SurveyError};

use futures_util::Stream;

use crate::{fleet::Inventory, wire::Allows};

/// One place that runs containers. Cheap to clone: clones share connections and what was learnt of the images.
#[derive(Debug, Clone)]
pub struct Host {
    name: String,
    kind: Kind,
}

/// What kinds of places there are.
#[derive(Debug, Clone)]
enum Kind {
    /// Docker, or Podman by the same API
    Docker(docker::Engine),
}

impl Host {
    /// A host called `name` with an Engine at `endpoint`. Nothing is asked yet.
    pub fn new(name: impl Into<String>, endpoint: Endpoint) -> Self {
        Self { name: name.into(), kind: Kind::Docker(docker::Engine::new(endpoint)) }
    }

    /// Its name, part of every id and address.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where it is reached, for people to read.
    pub fn address(&self) -> String {
        match &self.kind {
            Kind::Docker(engine) => engine.address(),
        }
    }

    /// Whether it is on this machine, so that looking for it again costs next to nothing.
    pub fn is_near(&self) -> bool {
        match &self.kind {
            Kind::Docker(engine) => engine.is_near(),
        }
    }

    /// Greets the host anew: learns its version, forgets what was known of its images, and answers its own time.
    pub async fn greet(&self) -> Result<Moment, HostError> {
        match &self.kind {
            Kind::Docker(engine) => engine.greet().await,
        }
    }

    /// What may be done there, as far as it can be told without changing anything. A few calls about things that cannot be.
    pub async fn allows(&self) -> Result<Allows, HostError> {
        match &self.kind {
            Kind::Docker(engine) => engine.allows().await,
        }
    }

    /// Asks whether it still answers.
    pub async fn ping(&self) -> Result<(), HostError> {
        match &self.kind {
            Kind::Docker(engine) => engine.ping().await,
        }
    }

    /// What runs there; with `include_stopped` also what does not.
    pub async fn inventory(&self, include_stopped: bool) -> Result<Inventory, HostError> {
        match &self.kind {
            Kind::Docker(engine) => engine.inventory(include_stopped).await,
        }
    }

    /// What changes there, from `since` on; earlier events come as far as the host keeps them. The stream is asked for when it is first
    /// polled. It ends only with an error or when the host closes it; long silence is normal, so whoever waits also pings.
    pub fn events(&self, since: Moment) -> impl Stream<Item = Result<Event, HostError>> + Send + use<> {
        match &self.kind {
            Kind::Docker(engine) => engine.events(since),
        }
    }

    /// Takes note of an event, so that the next inventory does not answer from memory what the event has changed.
    pub fn note(&self, event: &Event) {
        match &self.kind {
            Kind::Docker(engine) => engine.note(event),
        }
    }

    /// Forgets what was learnt of images, so that the next inventory asks for all of it.
    pub fn forget(&self) {
        match &self.kind {
            Kind::Docker(engine) => engine.forget(),
        }
    }
}
