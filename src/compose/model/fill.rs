//! From a node to its value with the variables filled in.

use std::ops::Range;

use super::{Model, Scope, Way};
use crate::compose::{
    interpolate::{Broken, interpolate},
    lines,
    traced::Traced,
    unlocated::Unlocated,
    yaml::{Entry, Id, Kind, Node, Tree},
};

/// The value that says the image of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::compose) struct Found {
    /// what it comes to
    pub(in crate::compose) value: Traced,
    /// the number of the file that it stands in
    pub(in crate::compose) source: usize,
    /// its key and itself, in bytes of that file
    pub(in crate::compose) pair: Range<usize>,
    /// where it stands itself
    pub(in crate::compose) at: Range<usize>,
    /// whether other values stand in the same line: `{image: …, …}`
    pub(in crate::compose) flow: bool,
    /// how it was reached
    pub(in crate::compose) way: Way,
    /// whether the service is built too
    pub(in crate::compose) built: bool,
    /// the variables that take part in it
    pub(in crate::compose) variables: Vec<String>,
}

impl Model<'_> {
    /// The image that a node says.
    pub(super) fn fill(&self, scope: &Scope, number: usize, tree: &Tree, entry: Entry) -> Result<Found, Unlocated> {
        let node = tree.node(entry.value);
        let raw = self.raw(number, node)?;
        let lookup = |name: &str| scope.variables.get(name);
        let filled = interpolate(&raw, &lookup).map_err(|broken| match broken {
            Broken::Syntax => self.unusual(number, node.span.start),
            Broken::Unusual(at) => self.unusual(at.source, at.offset),
            Broken::TooLong => Unlocated::TooLarge,
        })?;
        if let Some(name) = filled.unset.into_iter().next() {
            return Err(scope.variables.lost.clone().unwrap_or(Unlocated::Environment(name)));
        }
        let key = tree.node(entry.key).span.start;
        // an anchor's value stands elsewhere than its key
        let near = key < node.span.start && lines::number(self.text(number), key) == lines::number(self.text(number), node.span.start);
        let start = if near { key } else { node.span.start };
        Ok(Found {
            value: filled.value,
            source: number,
            pair: start..node.span.end,
            at: node.span.clone(),
            flow: entry.flow,
            way: Way::Straight,
            built: false,
            variables: filled.variables,
        })
    }

    /// A scalar's text with its places; only where it stands in the file just as it is meant.
    fn raw(&self, number: usize, node: &Node) -> Result<Traced, Unlocated> {
        let text = self.text(number);
        let Kind::Scalar { value, quoted, block: false } = &node.kind else { return Err(self.unusual(number, node.span.start)) };
        let start = node.span.start + usize::from(*quoted);
        let stands = text.get(start..).is_some_and(|rest| rest.starts_with(value.as_str()));
        let ends = !quoted || text.as_bytes().get(start + value.len()).is_some_and(|byte| matches!(byte, b'"' | b'\''));
        if value.is_empty() || !stands || !ends {
            return Err(self.unusual(number, node.span.start));
        }
        Ok(Traced::written(value, number, start))
    }

    /// A word that leads elsewhere, such as the path of a file.
    pub(super) fn word(&self, scope: &Scope, number: usize, tree: &Tree, id: Id) -> Result<String, Unlocated> {
        let node = tree.node(tree.resolve(id));
        let raw = self.raw(number, node)?;
        let filled = interpolate(&raw, &|name| scope.variables.get(name)).map_err(|_| self.unusual(number, node.span.start))?;
        Ok(filled.value.text().to_owned())
    }

    /// That something is written in a way that is not followed.
    pub(super) fn unusual(&self, number: usize, offset: usize) -> Unlocated {
        let source = self.sources.get(number);
        Unlocated::Unusual { file: source.path.clone(), line: lines::number(&source.text, offset) }
    }

    /// The text of a file.
    fn text(&self, number: usize) -> &str {
        &self.sources.get(number).text
    }
}
