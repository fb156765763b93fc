//! What `plimsoll update` prints: a line that moves on a terminal, a line a phase in a pipe.

use std::io::{self, IsTerminal, Stdout, Write};

use crate::wire::Phase;

/// Goes to the beginning of the line and empties it.
const ANEW: &str = "\r\x1b[2K";

/// Prints. What cannot be printed is no reason to stop an update.
pub(super) struct Show<W> {
    out: W,
    /// whether there is a line that can be drawn anew
    terminal: bool,
    colour: bool,
    /// what was printed last, where every line stays
    phase: Option<Phase>,
}

impl Show<Stdout> {
    /// To standard output; `plain` is without colours.
    pub(super) fn new(plain: bool) -> Self {
        let out = io::stdout();
        let terminal = out.is_terminal();
        Self { out, terminal, colour: terminal && !plain, phase: None }
    }
}

impl<W: Write> Show<W> {
    /// How far an update is.
    pub(super) fn moves(&mut self, name: &str, phase: Phase, text: &str) {
        if self.terminal {
            let _ = write!(self.out, "{ANEW}{name}: {text}").and_then(|()| self.out.flush());
        } else if self.phase.replace(phase) != Some(phase) {
            let _ = writeln!(self.out, "{name}: {text}");
        }
    }

    /// How it ended.
    pub(super) fn end(&mut self, name: &str, text: &str, well: bool) {
        self.phase = None;
        let anew = if self.terminal { ANEW } else { "" };
        let (on, off) = match (self.colour, well) {
            (true, true) => ("\x1b[32m", "\x1b[0m"),
            (true, false) => ("\x1b[31m", "\x1b[0m"),
            (false, _) => ("", ""),
        };
        let _ = writeln!(self.out, "{anew}{name}: {on}{text}{off}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is printed of one update.
    fn printed(terminal: bool, colour: bool) -> String {
        let mut show = Show { out: Vec::new(), terminal, colour, phase: None };
        show.moves("web", Phase::Pulling, "pulling 1 %");
        show.moves("web", Phase::Pulling, "pulling 2 %");
        show.moves("web", Phase::Starting, "starting");
        show.end("web", "updated", true);
        show.end("db", "failed", false);
        String::from_utf8(show.out).unwrap()
    }

    #[test]
    fn a_pipe_gets_lines_and_a_terminal_one_that_moves() {
        assert_eq!(printed(false, false), "web: pulling 1 %\nweb: starting\nweb: updated\ndb: failed\n");
        assert_eq!(printed(true, false).replace(ANEW, "<"), "<web: pulling 1 %<web: pulling 2 %<web: starting<web: updated\n<db: failed\n");
        let coloured = printed(true, true);
        assert!(coloured.contains("web: \x1b[32mupdated\x1b[0m\n") && coloured.contains("db: \x1b[31mfailed\x1b[0m\n"), "{coloured:?}");
    }
}
