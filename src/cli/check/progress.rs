//! The bar that shows how far a check is.

use std::io::{self, IsTerminal, Stderr, Write};

/// Width of the bar, in characters.
const WIDTH: usize = 24;

/// A bar on standard error; nothing where that is no terminal. It is wiped away when it is dropped.
pub(super) struct Bar {
    out: Stderr,
    shows: bool,
    total: usize,
    done: usize,
    /// how much of it is drawn: it is drawn again only where that changes
    drawn: Option<(usize, usize)>,
}

impl Bar {
    /// A bar of so many steps.
    pub(super) fn new(total: usize) -> Self {
        let out = io::stderr();
        let mut bar = Self { shows: out.is_terminal() && total > 0, out, total, done: 0, drawn: None };
        bar.draw();
        bar
    }

    /// One more is done.
    pub(super) fn step(&mut self) {
        self.done += 1;
        self.draw();
    }

    fn draw(&mut self) {
        let filled = (self.done * WIDTH).checked_div(self.total).unwrap_or(WIDTH).min(WIDTH);
        // each step while there are few, each hundredth where there are many
        let count = self.done - self.done % (self.total / 100).max(1);
        if !self.shows || self.drawn == Some((filled, count)) {
            return;
        }
        self.drawn = Some((filled, count));
        let (full, empty) = ("█".repeat(filled), "░".repeat(WIDTH - filled));
        // a line that cannot be drawn is no reason to stop
        let _ = write!(self.out, "\r\x1b[2K{full}{empty} {} of {}", self.done, self.total);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if self.shows {
            let _ = write!(self.out, "\r\x1b[2K");
        }
    }
}
