//! The calls that came, and the gate at which one of them can be held.

use std::collections::BTreeMap;

use http::Method;
use serde_json::Value;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::{
    Engine,
    faults::{Fault, Faults, When},
};

/// Most calls that are written down.
const CALLS: usize = 10_000;

/// A call that changes something, as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// `POST`, `DELETE`
    pub method: Method,
    /// the path without the version
    pub path: String,
    /// the query, decoded
    pub query: BTreeMap<String, String>,
    /// the body; null where there is none
    pub body: Value,
    /// what the header `X-Registry-Auth` holds, once decoded; null where there is none
    pub login: Value,
}

/// The calls that came, and what is to happen to those that come.
#[derive(Debug, Default)]
pub(super) struct Calls {
    pub(super) faults: Faults,
    /// `GET /info`
    came: Vec<String>,
    changing: Vec<Call>,
    gate: Option<Gate>,
}

/// A gate before or behind a call that changes something.
#[derive(Debug)]
struct Gate {
    /// how many are let through first
    skip: usize,
    when: When,
    reached: watch::Sender<bool>,
    open: CancellationToken,
}

/// What is in store for a call.
#[derive(Debug, Default)]
pub(super) struct Fate {
    pub(super) fault: Option<(When, Fault)>,
    held: Option<(When, watch::Sender<bool>, CancellationToken)>,
}

/// A call that is held, or will be. Dropping this lets it go on.
#[derive(Debug)]
pub struct Held {
    reached: watch::Receiver<bool>,
    _open: tokio_util::sync::DropGuard,
}

impl Held {
    /// Waits until the call has come; answers false if it never will.
    pub async fn reached(&mut self) -> bool {
        self.reached.wait_for(|reached| *reached).await.is_ok()
    }
}

impl Calls {
    /// Writes a call down, and answers what is in store for it. `path` has no version.
    pub(super) fn come(&mut self, method: &Method, path: &str) -> Fate {
        if self.came.len() < CALLS {
            self.came.push(format!("{method} {path}"));
        }
        let mut fate = Fate { fault: self.faults.strike(method, path), held: None };
        if changes(method) {
            match &mut self.gate {
                Some(gate) if gate.skip > 0 => gate.skip -= 1,
                _ => fate.held = self.gate.take().map(|gate| (gate.when, gate.reached, gate.open)),
            }
        }
        fate
    }

    /// Writes down what a call that changes something said.
    pub(super) fn note(&mut self, call: impl FnOnce() -> Call) {
        if self.changing.len() < CALLS {
            self.changing.push(call());
        }
    }
}

/// Whether calls of this method change something.
pub(super) fn changes(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD)
}

impl Fate {
    /// Waits at the gate if there is one here.
    pub(super) async fn pass(&self, now: When) {
        if let Some((when, reached, open)) = &self.held
            && *when == now
        {
            reached.send_replace(true);
            open.cancelled().await;
        }
    }
}

impl Engine {
    /// The calls that came so far, as `GET /containers/json`, without version and query.
    pub fn calls(&self) -> Vec<String> {
        self.shared.calls().came.clone()
    }

    /// The calls that came so far to change something, whether or not they did.
    pub fn changes(&self) -> Vec<Call> {
        self.shared.calls().changing.clone()
    }

    /// Holds the `number`-th call from now on (from 1) that is to change something: before it does, or after it did and before it is
    /// answered. A client that goes away meanwhile takes the call with it. There is one such gate at a time.
    pub fn hold(&self, number: usize, when: When) -> Held {
        let (reached, told) = watch::channel(false);
        let open = CancellationToken::new();
        let gate = Gate { skip: number.saturating_sub(1), when, reached, open: open.clone() };
        self.shared.calls().gate = Some(gate);
        Held { reached: told, _open: open.drop_guard() }
    }
}
