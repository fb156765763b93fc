//! Variables in values: `$NAME`, `${NAME}`, `${NAME:-default}` and their neighbours, as Compose fills them in (`template` in compose-go).

use super::traced::{Origin, TooLong, Traced};

/// How deep defaults may hold variables with defaults.
const DEPTH_MAX: usize = 16;

/// What a variable is set to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// this
    Known(Traced),
    /// something that is written with escapes
    Unusual(Origin),
}

/// A value with its variables filled in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Filled {
    /// what it comes to
    pub(super) value: Traced,
    /// the variables that take part
    pub(super) variables: Vec<String>,
    /// those of them that are set nowhere and have no default
    pub(super) unset: Vec<String>,
}

/// What cannot be filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Broken {
    /// Compose would refuse it too
    Syntax,
    /// longer or deeper than is followed
    TooLong,
    /// a variable that is written with escapes
    Unusual(Origin),
}

impl From<TooLong> for Broken {
    fn from(TooLong: TooLong) -> Self {
        Self::TooLong
    }
}

/// Fills in the variables of a value.
pub(super) fn interpolate(input: &Traced, lookup: &dyn Fn(&str) -> Option<Value>) -> Result<Filled, Broken> {
    let mut filler = Filler { lookup, variables: Vec::new(), unset: Vec::new() };
    let value = filler.fill(input, DEPTH_MAX)?;
    Ok(Filled { value, variables: filler.variables, unset: filler.unset })
}

/// One value on its way.
struct Filler<'a> {
    /// what variables are set to
    lookup: &'a dyn Fn(&str) -> Option<Value>,
    variables: Vec<String>,
    unset: Vec<String>,
}

impl Filler<'_> {
    /// Fills in a value, or the default within one.
    fn fill(&mut self, input: &Traced, depth: usize) -> Result<Traced, Broken> {
        let depth = depth.checked_sub(1).ok_or(Broken::TooLong)?;
        let text = input.text();
        let (mut out, mut at) = (Traced::default(), 0);
        while let Some(dollar) = text[at..].find('$').map(|found| at + found) {
            out.push(&input.part(at..dollar))?;
            let rest = &text[dollar + 1..];
            if rest.starts_with('$') {
                out.push(&input.part(dollar + 1..dollar + 2))?;
                at = dollar + 2;
            } else if rest.starts_with('{') {
                let end = closing(text, dollar + 2).ok_or(Broken::Syntax)?;
                let filled = self.braced(&input.part(dollar + 2..end), depth)?;
                out.push(&filled)?;
                at = end + 1;
            } else {
                let name = name(rest).ok_or(Broken::Syntax)?;
                let value = self.value(name)?;
                out.push(&self.or_unset(name, value))?;
                at = dollar + 1 + name.len();
            }
        }
        out.push(&input.part(at..text.len()))?;
        Ok(out)
    }

    /// What stands between braces: a name, and what to do where it is not set.
    fn braced(&mut self, inner: &Traced, depth: usize) -> Result<Traced, Broken> {
        let name = name(inner.text()).ok_or(Broken::Syntax)?;
        let value = self.value(name)?;
        let rest = &inner.text()[name.len()..];
        let (filled, rest) = match rest.strip_prefix(':') {
            // with a colon, what is empty counts as not set
            Some(rest) => (value.filter(|value| !value.text().is_empty()), rest),
            None => (value, rest),
        };
        let other = |skip: usize| inner.part(inner.text().len() - rest.len() + skip..inner.text().len());
        match (rest.bytes().next(), filled) {
            (None, filled) if !inner.text().ends_with(':') => Ok(self.or_unset(name, filled)),
            (Some(b'-'), None) | (Some(b'+'), Some(_)) => self.fill(&other(1), depth),
            (Some(b'+'), None) => Ok(Traced::default()),
            (Some(b'?'), None) => Ok(self.or_unset(name, None)),
            (Some(b'-' | b'?'), Some(value)) => Ok(value),
            _ => Err(Broken::Syntax),
        }
    }

    /// What a variable is set to; its name is noted.
    fn value(&mut self, name: &str) -> Result<Option<Traced>, Broken> {
        if !self.variables.iter().any(|known| known == name) {
            self.variables.push(name.to_owned());
        }
        match (self.lookup)(name) {
            Some(Value::Known(value)) => Ok(Some(value)),
            Some(Value::Unusual(at)) => Err(Broken::Unusual(at)),
            None => Ok(None),
        }
    }

    /// The value, or else nothing, which is noted.
    fn or_unset(&mut self, name: &str, value: Option<Traced>) -> Traced {
        value.unwrap_or_else(|| {
            self.unset.push(name.to_owned());
            Traced::default()
        })
    }
}

/// The name that a text begins with.
pub(super) fn name(text: &str) -> Option<&str> {
    let end = text.bytes().position(|byte| !(byte.is_ascii_alphanumeric() || byte == b'_')).unwrap_or(text.len());
    (end > 0 && !text.as_bytes()[0].is_ascii_digit()).then(|| &text[..end])
}

/// Where the brace closes that was opened before `from`.
fn closing(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut open = 0_usize;
    let mut at = from;
    while at < bytes.len() {
        match bytes[at] {
            b'}' if open == 0 => return Some(at),
            b'}' => open -= 1,
            b'$' if bytes.get(at + 1) == Some(&b'{') => {
                open += 1;
                at += 1;
            }
            _ => {}
        }
        at += 1;
    }
    None
}
