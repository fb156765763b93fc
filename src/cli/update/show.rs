//! What `plimsoll update` prints: a line that moves on a terminal, a line a phase in a pipe.

use std::io::{self, IsTerminal, Write};

use crate::wire::Phase;

/// Prints.
pub(super) struct Show {
    /// whether there is a line that can be drawn anew
    terminal: bool,
    colour: bool,
    /// what was printed last, where every line stays
    phase: Option<Phase>,
}

impl Show {
    /// To standard output.
    pub(super) fn new(plain: bool) -> Self {
        let terminal = io::stdout().is_terminal();
        Self { terminal, colour: terminal && !plain, phase: None }
    }

    /// How far an update is.
    pub(super) fn moves(&mut self, name: &str, phase: Phase, text: &str) {
        let mut out = io::stdout().lock();
        // a line that cannot be drawn is no reason to stop an update
        if self.terminal {
            let _ = write!(out, "\r\x1b[2K{name}: {text}").and_then(|()| out.flush());
        } else if self.phase.replace(phase) != Some(phase) {
            let _ = writeln!(out, "{name}: {text}");
        }
    }

    /// How it ended.
    pub(super) fn end(&mut self, name: &str, text: &str, well: bool) {
        self.phase = None;
        let (clear, on, off) = match (self.terminal, self.colour) {
            (true, true) => ("\r\x1b[2K", if well { "\x1b[32m" } else { "\x1b[31m" }, "\x1b[0m"),
            (true, false) => ("\r\x1b[2K", "", ""),
            (false, _) => ("", "", ""),
        };
        let _ = writeln!(io::stdout().lock(), "{clear}{name}: {on}{text}{off}");
    }
}
