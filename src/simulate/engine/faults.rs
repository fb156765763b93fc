//! Faults, switched on and off while it runs.

use super::Engine;

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

    /// Ends all event streams that are open just now.
    pub fn cut_events(&self) {
        self.shared.cuts.send_modify(|cuts| *cuts += 1);
    }
}
