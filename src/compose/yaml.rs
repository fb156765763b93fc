//! YAML as a tree that knows where each value stands.
//!
//! The parser limits how deep documents nest; the text was limited when it was read.

mod find;

use std::{collections::HashMap, ops::Range};

pub(super) use find::Entry;
use granit_parser::{Event, Parser, ScalarStyle, StructureStyle};

use super::lines;

/// A node by its number in the tree.
pub(super) type Id = usize;

/// One node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Node {
    /// what it is
    pub(super) kind: Kind,
    /// where it stands, in bytes of the whole file
    pub(super) span: Range<usize>,
    /// the suffix of its tag: `reset` of `!reset`
    pub(super) tag: Option<String>,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// a value
    Scalar {
        /// with quotes and escapes undone
        value: String,
        /// whether it stands between quotes
        quoted: bool,
        /// whether it is a block of lines
        block: bool,
    },
    /// keys and values
    Map {
        /// in the order in which they stand
        pairs: Vec<(Id, Id)>,
        /// written as `{…}`
        flow: bool,
    },
    /// a list
    List(Vec<Id>),
    /// another node once more
    Alias(Id),
}

/// All documents of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Tree {
    nodes: Vec<Node>,
    /// the top of each document
    pub(super) roots: Vec<Id>,
}

/// Reads a file; a failure is the line that is not understood.
pub(super) fn parse(text: &str) -> Result<Tree, u32> {
    let plain = text.trim_start_matches('\u{feff}');
    let shift = text.len() - plain.len();
    let mut tree = Tree::default();
    let mut open: Vec<(Id, Option<Id>)> = Vec::new();
    let mut anchors: HashMap<usize, Id> = HashMap::new();
    for event in Parser::new_from_str(plain) {
        let (event, span) = event.map_err(|error| lines::number(text, error.marker().byte_offset().unwrap_or(0) + shift))?;
        let range = span.byte_range().unwrap_or(0..0);
        let span = range.start + shift..range.end + shift;
        let tag = event.tag().map(|tag| tag.suffix().to_owned());
        let anchor = event.anchor_id().filter(|_| !event.is_alias());
        let kind = match event {
            Event::Scalar(value, style, ..) => Kind::Scalar {
                value: value.into_owned(),
                quoted: matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted),
                block: matches!(style, ScalarStyle::Literal | ScalarStyle::Folded),
            },
            Event::MappingStart(style, ..) => Kind::Map { pairs: Vec::new(), flow: style == StructureStyle::Flow },
            Event::SequenceStart(..) => Kind::List(Vec::new()),
            Event::Alias(to) => Kind::Alias(*anchors.get(&to).ok_or_else(|| lines::number(text, span.start))?),
            Event::MappingEnd | Event::SequenceEnd => {
                open.pop();
                continue;
            }
            _ => continue,
        };
        let opens = matches!(kind, Kind::Map { .. } | Kind::List(_));
        let id = tree.nodes.len();
        tree.nodes.push(Node { kind, span, tag });
        tree.attach(id, &mut open);
        if let Some(anchor) = anchor {
            anchors.insert(anchor, id);
        }
        if opens {
            open.push((id, None));
        }
    }
    Ok(tree)
}

impl Tree {
    /// A node.
    pub(super) fn node(&self, id: Id) -> &Node {
        &self.nodes[id]
    }

    /// All nodes, in the order in which they stand.
    pub(super) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Hangs a new node where it belongs: `open` holds the collections that are not at their end, each with the key that waits for its value.
    fn attach(&mut self, id: Id, open: &mut [(Id, Option<Id>)]) {
        let Some((parent, key)) = open.last_mut() else { return self.roots.push(id) };
        match (&mut self.nodes[*parent].kind, key.take()) {
            (Kind::Map { pairs, .. }, Some(key)) => pairs.push((key, id)),
            (Kind::List(items), _) => items.push(id),
            _ => *key = Some(id),
        }
    }
}
