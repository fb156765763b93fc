//! Text that knows where it was written.

use std::ops::Range;

/// Longest value that is followed, in bytes.
pub(super) const VALUE_MAX: usize = 16 << 10;

/// Where one byte was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Origin {
    /// the number of the file
    pub(super) source: usize,
    /// the byte in it
    pub(super) offset: usize,
}

/// A text whose every byte knows where it was written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Traced {
    text: String,
    from: Vec<Origin>,
}

/// A part of a traced text that was written in one piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Run {
    /// where it is in the text
    pub(super) at: Range<usize>,
    /// the number of the file that it was written in
    pub(super) source: usize,
    /// where it is there, in bytes
    pub(super) written: Range<usize>,
}

impl Traced {
    /// A text that stands in a file from an offset on.
    pub(super) fn written(text: &str, source: usize, offset: usize) -> Self {
        let from = (0..text.len()).map(|at| Origin { source, offset: offset + at }).collect();
        Self { text: text.to_owned(), from }
    }

    /// What it says.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// A part of it, in bytes at the borders of characters.
    pub(super) fn part(&self, range: Range<usize>) -> Self {
        Self { text: self.text[range.clone()].to_owned(), from: self.from[range].to_vec() }
    }

    /// Adds another text; nothing that would become too long.
    pub(super) fn push(&mut self, other: &Self) -> Result<(), TooLong> {
        if self.text.len() + other.text.len() > VALUE_MAX {
            return Err(TooLong);
        }
        self.text.push_str(&other.text);
        self.from.extend_from_slice(&other.from);
        Ok(())
    }

    /// The pieces that it was written in.
    pub(super) fn runs(&self) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        for (at, origin) in self.from.iter().enumerate() {
            match runs.last_mut() {
                Some(run) if run.source == origin.source && run.written.end == origin.offset => {
                    run.at.end += 1;
                    run.written.end += 1;
                }
                _ => runs.push(Run { at: at..at + 1, source: origin.source, written: origin.offset..origin.offset + 1 }),
            }
        }
        runs
    }
}

/// A value that is longer than is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooLong;
