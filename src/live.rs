//! The state of the fleet: one writer, many readers, and a log of what changed.
//!
//! Everything that is learnt comes in as an [`Input`]. One task gathers inputs for a short while, derives every row anew from them and
//! replaces the state whole; a reader takes the state of the moment and never waits. What changed goes into the [`log`](Log), encoded
//! once for all who follow it.

mod asking;
mod facts;
mod flux;
mod log;
mod rows;
mod state;
mod wishes;
mod writer;

#[cfg(test)]
mod tests;

use std::{collections::BTreeSet, sync::Arc};

use tokio::sync::{mpsc, oneshot, watch};

pub use facts::{Input, Known};
pub use log::{Follow, Log};
pub use state::State;

use crate::image::{Question, Reference};

/// Inputs that may wait for the writer. Whoever is faster than it waits.
const INPUTS: usize = 1024;

/// The handle to the state. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Live {
    inputs: mpsc::Sender<writer::Message>,
    state: watch::Receiver<Arc<State>>,
    log: Arc<Log>,
}

impl Live {
    /// Starts the writer. It ends when the last handle is dropped.
    ///
    /// `boot` names this process in revisions; `sample` marks the data as invented.
    pub fn start(boot: String, sample: bool) -> Self {
        Self::with(Arc::new(State::empty(boot, sample)), log::KEPT)
    }

    /// Starts a writer whose changes nobody follows: a command that reads the state once need not pay for them.
    pub fn unfollowed(boot: String) -> Self {
        Self::with(Arc::new(State::empty(boot, false)), 0)
    }

    fn with(first: Arc<State>, kept: usize) -> Self {
        let (inputs, received) = mpsc::channel(INPUTS);
        let log = Arc::new(Log::new(Arc::clone(&first), kept));
        let (replace, state) = watch::channel(first);
        tokio::spawn(writer::run(received, replace, Arc::clone(&log)));
        Self { inputs, state, log }
    }

    /// Hands in what was learnt. Waits only while the writer is far behind.
    pub async fn learn(&self, input: Input) {
        // the writer outlives every handle: it ends only when they are all gone
        let _ = self.inputs.send(writer::Message::Input(Box::new(input))).await;
    }

    /// Returns when everything that was handed in before is part of the state.
    pub async fn settled(&self) {
        let (done, settled) = oneshot::channel();
        if self.inputs.send(writer::Message::Settle(done)).await.is_ok() {
            let _ = settled.await;
        }
    }

    /// The state of the moment.
    pub fn state(&self) -> Arc<State> {
        Arc::clone(&self.state.borrow())
    }

    /// Waits for another state than the last one that this receiver saw.
    pub fn changes(&self) -> watch::Receiver<Arc<State>> {
        self.state.clone()
    }

    /// What changed, for whoever follows along.
    pub fn log(&self) -> &Arc<Log> {
        &self.log
    }

    /// Every reference that a registry can be asked about, without duplicates.
    pub fn references(&self) -> BTreeSet<Reference> {
        self.state().references()
    }

    /// What a check of `references` is to ask; all that runs where it is `None`.
    pub fn questions(&self, references: Option<&BTreeSet<Reference>>) -> Vec<Question> {
        let state = self.state();
        let all = state.asking.questions();
        all.into_values().filter(|question| references.is_none_or(|wanted| wanted.contains(&question.reference))).collect()
    }
}
