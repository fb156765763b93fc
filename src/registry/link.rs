//! `Link` headers: where the next page is.
//!
//! Read by the algorithm of RFC 8288, appendix B.2, which takes whatever servers send: several links in one header, relations with and
//! without quotation marks, parameters in any order. A target stays as it is: what is in it is the registry's affair alone.

use std::borrow::Cow;

#[cfg(test)]
mod tests;

/// One link.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Link<'a> {
    /// what stands between the angle brackets
    target: &'a str,
    /// names as they were written, and values without their quotation marks
    parameters: Vec<(&'a str, Cow<'a, str>)>,
}

impl Link<'_> {
    /// Whether this is its relation, or one of several. Of more than one `rel` the first counts (RFC 8288, section 3.3).
    fn is(&self, relation: &str) -> bool {
        let rel = self.parameters.iter().find(|(name, _)| name.eq_ignore_ascii_case("rel"));
        rel.is_some_and(|(_, value)| value.split_ascii_whitespace().any(|one| one.eq_ignore_ascii_case(relation)))
    }
}

/// The target of the first link with the relation `next` in the values of all `Link` headers of an answer.
pub fn next<'a>(values: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    values.into_iter().flat_map(read).find(|link| link.is("next")).map(|link| link.target)
}

/// The links of one value, as far as it can be read.
fn read(value: &str) -> Vec<Link<'_>> {
    let mut links = Vec::new();
    let mut rest = value;
    loop {
        // a list may have empty members (RFC 9110, section 5.6.1)
        rest = rest.trim_start_matches([' ', '\t', ',']);
        let Some((target, behind)) = rest.strip_prefix('<').and_then(|inside| inside.split_once('>')) else { return links };
        let (parameters, behind) = parameters(behind);
        links.push(Link { target: target.trim(), parameters });
        rest = behind;
    }
}

/// The parameters of a link, and what stands behind them (appendix B.3).
fn parameters(text: &str) -> (Vec<(&str, Cow<'_, str>)>, &str) {
    let mut parameters = Vec::new();
    let mut rest = blank(text);
    while let Some(behind) = rest.strip_prefix(';') {
        let behind = blank(behind);
        let (name, behind) = split(behind, [' ', '\t', '=', ';', ',']);
        let behind = blank(behind);
        let (value, behind) = match behind.strip_prefix('=').map(blank) {
            Some(behind) => {
                if let Some(quoted) = behind.strip_prefix('"') {
                    unquoted(quoted)
                } else {
                    let (value, behind) = split(behind, [';', ',']);
                    (Cow::Borrowed(value.trim_end_matches([' ', '\t'])), behind)
                }
            }
            None => (Cow::Borrowed(""), behind),
        };
        if !name.is_empty() {
            parameters.push((name, value));
        }
        rest = blank(behind);
    }
    (parameters, rest)
}

/// The inside of a quoted string whose first mark was taken off, and what stands behind it (appendix B.4). It may end with the text.
fn unquoted(text: &str) -> (Cow<'_, str>, &str) {
    let mut inside = Cow::Borrowed("");
    let mut rest = text;
    loop {
        let (plain, behind) = split(rest, ['"', '\\']);
        if inside.is_empty() {
            inside = Cow::Borrowed(plain);
        } else {
            inside.to_mut().push_str(plain);
        }
        let mut characters = behind.chars();
        if characters.next() != Some('\\') {
            return (inside, characters.as_str());
        }
        if let Some(escaped) = characters.next() {
            inside.to_mut().push(escaped);
        }
        rest = characters.as_str();
    }
}

/// What stands before the first of `ends`, and the rest from there.
fn split<const N: usize>(text: &str, ends: [char; N]) -> (&str, &str) {
    text.split_at(text.find(ends).unwrap_or(text.len()))
}

/// Without the white space at its start.
fn blank(text: &str) -> &str {
    text.trim_start_matches([' ', '\t'])
}
