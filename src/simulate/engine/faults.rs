//! Faults, switched on and off while it runs: of the whole Engine, or of single calls.

use super::Engine;

/// What goes wrong with a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// no answer ever
    Hang,
    /// the connection closes before anything is done
    Cut,
    /// an answer of this status, in the Engine's form
    Status(u16),
    /// a page of HTML with this status, as socket proxies give it
    Html(u16),
}

/// The faults of single calls, and the calls that came.
#[derive(Debug, Default)]
pub(super) struct Calls {
    faults: Vec<(String, Fault)>,
    came: Vec<String>,
}

/// Most calls that are written down.
const CALLS: usize = 10_000;

impl Calls {
    /// Writes a call down, and answers what goes wrong with it. `path` has no version.
    pub(super) fn come(&mut self, method: &http::Method, path: &str) -> Option<Fault> {
        if self.came.len() < CALLS {
            self.came.push(format!("{method} {path}"));
        }
        self.faults.iter().find(|(start, _)| path.starts_with(start.as_str())).map(|(_, fault)| *fault)
    }
}

/// How requests are answered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Mode {
    /// as they should be
    #[default]
    Well,
    /// not at all, until that changes
    Hanging,
    /// with status 500
    Failing,
}

impl Engine {
    /// Stops listening and breaks every connection, as when the Engine is stopped; returns when that is done.
    pub async fn refuse(&self) {
        self.door.send_replace(false);
        self.until_listening(false).await;
    }

    /// Listens again at the same address, as when the Engine is started again.
    pub async fn accept(&self) {
        self.door.send_replace(true);
        self.until_listening(true).await;
    }

    /// Takes requests and answers none, until [`recover`](Self::recover); event streams fall silent.
    pub fn hang(&self) {
        self.shared.mode.send_replace(Mode::Hanging);
    }

    /// Answers everything with status 500, until [`recover`](Self::recover).
    pub fn fail(&self) {
        self.shared.mode.send_replace(Mode::Failing);
    }

    /// Answers again; also what waited while it hung.
    pub fn recover(&self) {
        self.shared.mode.send_replace(Mode::Well);
    }

    /// Lets every call whose path, without version, begins with `path` go wrong.
    pub fn fault(&self, path: &str, fault: Fault) {
        self.shared.calls().faults.push((path.to_owned(), fault));
    }

    /// Switches the faults of single calls off.
    pub fn heal(&self) {
        self.shared.calls().faults.clear();
    }

    /// The calls that came so far, as `GET /containers/json`, without version and query.
    pub fn calls(&self) -> Vec<String> {
        self.shared.calls().came.clone()
    }

    /// Ends all event streams that are open just now.
    pub fn cut_events(&self) {
        self.shared.cuts.send_modify(|cuts| *cuts += 1);
    }
}
