//! Faults, switched on and off while it runs: of the whole Engine, or of single calls.

use http::Method;

use super::Engine;

/// What goes wrong with a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// no answer ever
    Hang,
    /// the connection closes without an answer
    Cut,
    /// an answer of this status, in the Engine's form
    Status(u16),
    /// a page of HTML with this status, as socket proxies give it
    Html(u16),
}

/// Which calls go wrong, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct On {
    method: Option<Method>,
    path: String,
    /// how many calls are let through first
    skip: usize,
    /// how many go wrong then; all where it is none
    times: Option<usize>,
    when: When,
}

/// When something goes wrong with a call.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum When {
    /// before anything is done
    #[default]
    Before,
    /// when all is done, but nobody was told
    After,
}

impl On {
    /// Every call whose path, without version, begins with `path`, where `*` stands for anything: `/containers/*/start`.
    pub fn path(path: &str) -> Self {
        Self { method: None, path: path.to_owned(), skip: 0, times: None, when: When::Before }
    }

    /// The same for one method only.
    pub fn call(method: Method, path: &str) -> Self {
        Self { method: Some(method), ..Self::path(path) }
    }

    /// Only the first time.
    #[must_use]
    pub fn once(self) -> Self {
        self.nth(1)
    }

    /// Only the `number`-th time, from 1.
    #[must_use]
    pub fn nth(self, number: usize) -> Self {
        Self { skip: number.saturating_sub(1), times: Some(1), ..self }
    }

    /// The call does its work, and goes wrong then.
    #[must_use]
    pub fn after(self) -> Self {
        Self { when: When::After, ..self }
    }

    /// Whether it is about this call.
    fn fits(&self, method: &Method, path: &str) -> bool {
        self.method.as_ref().is_none_or(|own| own == method) && fits(&self.path, path)
    }

    /// Counts a call that fits, and answers whether it goes wrong.
    fn strikes(&mut self) -> bool {
        if self.skip > 0 {
            self.skip -= 1;
            return false;
        }
        match &mut self.times {
            None => true,
            Some(0) => false,
            Some(left) => {
                *left -= 1;
                true
            }
        }
    }
}

/// Whether a path begins with a pattern in which `*` stands for anything.
fn fits(pattern: &str, path: &str) -> bool {
    let mut pieces = pattern.split('*');
    let Some(mut rest) = path.strip_prefix(pieces.next().unwrap_or_default()) else { return false };
    pieces.all(|piece| match rest.find(piece) {
        Some(at) => {
            rest = &rest[at + piece.len()..];
            true
        }
        None => false,
    })
}

/// The faults of single calls.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<(On, Fault)>);

impl Faults {
    /// What goes wrong with a call, and when.
    pub(super) fn strike(&mut self, method: &Method, path: &str) -> Option<(When, Fault)> {
        let fitting = self.0.iter_mut().filter(|(on, _)| on.fits(method, path));
        let mut struck = fitting.filter_map(|(on, fault)| on.strikes().then_some((on.when, *fault)));
        struck.next()
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
        self.fault_on(On::path(path), fault);
    }

    /// Lets chosen calls go wrong. Where several faults are about a call, the one that was switched on first strikes.
    pub fn fault_on(&self, on: On, fault: Fault) {
        self.shared.calls().faults.0.push((on, fault));
    }

    /// Switches the faults of single calls off.
    pub fn heal(&self) {
        self.shared.calls().faults.0.clear();
    }

    /// Ends all event streams that are open just now.
    pub fn cut_events(&self) {
        self.shared.cuts.send_modify(|cuts| *cuts += 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_beginnings_in_which_a_star_is_anything() {
        for (pattern, path, expected) in [
            ("/containers", "/containers/json", true),
            ("/containers/*/start", "/containers/web/start", true),
            ("/containers/*/start", "/containers/web/stop", false),
            ("/containers/*/start", "/containers/create", false),
            ("/images/*", "/images/ghcr.io/a/b/json", true),
            ("/images", "/info", false),
        ] {
            assert_eq!(fits(pattern, path), expected, "{pattern} {path}");
        }
    }

    #[test]
    fn a_fault_strikes_as_often_as_it_was_asked_to() {
        let strikes = |mut on: On| -> Vec<bool> { (0..4).map(|_| on.strikes()).collect() };
        assert_eq!(strikes(On::path("/")), [true; 4]);
        assert_eq!(strikes(On::path("/").once()), [true, false, false, false]);
        assert_eq!(strikes(On::path("/").nth(3)), [false, false, true, false]);
    }
}
