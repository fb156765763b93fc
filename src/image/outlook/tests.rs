//! What tags mean: the cases of a careful operator, and properties of any list.

mod properties;
mod special;
mod table;

use super::{Outlook, outlook};
use crate::wire::Level;

/// The outlook over tags between spaces.
fn over(current: &str, tags: &str) -> Outlook {
    outlook(current, tags.split_whitespace())
}

/// The best tag of a level, with `?` behind it where it is in doubt; `-` where there is none.
fn best(outlook: &Outlook, level: Level) -> String {
    let found = outlook.newer.iter().find(|newer| newer.level == level);
    found.map_or("-".to_owned(), |newer| format!("{}{}", newer.tag, if newer.doubt.is_some() { "?" } else { "" }))
}
