//! The parts of a tag: where they stand in its text.

use std::ops::Range;

/// What a part of a tag is. Separators belong to no part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// all that stands before the release
    Prefix,
    /// the numbers of the release, with what separates them
    Release,
    /// a word that says that it is not finished: `rc`, `beta`, `dev`
    Stage,
    /// the numbers of a stage: `1`, `3.2`
    StageNumbers,
    /// an operating system: `alpine`, `debian`
    Base,
    /// its version: `3.20`, `12`
    BaseNumbers,
    /// the name of a counter: `ls`, `r`, `build`, `k3s`
    Counter,
    /// its count. Also a number without any name
    CounterNumbers,
    /// a variant, an architecture, or a product with its version: `slim`, `arm64v8`, `pg16`. Never changes within a family
    Word,
    /// a commit
    Hash,
}

/// One part.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    /// what it is
    pub(super) kind: Kind,
    start: u8,
    end: u8,
}

impl Part {
    /// Where it stands in the text.
    pub(super) fn range(self) -> Range<usize> {
        self.start.into()..self.end.into()
    }
}

/// Most parts of a tag. The longest in use (`1.17.3-erlang-27.1.2-debian-bookworm-20241016-slim`) have a dozen.
const MAX: usize = 20;

/// The parts of a tag, in order, in place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parts {
    list: [Part; MAX],
    length: u8,
}

impl Default for Parts {
    fn default() -> Self {
        Self { list: [Part { kind: Kind::Word, start: 0, end: 0 }; MAX], length: 0 }
    }
}

impl Parts {
    /// Appends a part; `None` where there is no room.
    pub(super) fn push(&mut self, kind: Kind, start: usize, end: usize) -> Option<()> {
        let part = Part { kind, start: u8::try_from(start).ok()?, end: u8::try_from(end).ok()? };
        *self.list.get_mut(usize::from(self.length))? = part;
        self.length += 1;
        Some(())
    }

    /// The parts with the release ending at `to` in place of `from`; `None` where they would not fit.
    pub(super) fn moved(mut self, from: usize, to: usize) -> Option<Self> {
        for part in &mut self.list[..usize::from(self.length)] {
            let along = |at: u8| if usize::from(at) >= from { u8::try_from(usize::from(at) + to - from).ok() } else { Some(at) };
            (part.start, part.end) = (along(part.start)?, along(part.end)?);
        }
        Some(self)
    }

    /// The parts in order.
    pub(super) fn iter(&self) -> std::slice::Iter<'_, Part> {
        self.list[..usize::from(self.length)].iter()
    }
}
