//! Reads the JSON that the server sends, in the browser.
//!
//! What serde derives for these types would be a fifth of the browser's program. Here an object is a list of names and of places in the
//! text, and each type takes its fields from it, so that a type costs a few calls. Tests hold it against what serde writes. Nothing in
//! here panics: a text that is not as expected is [`Malformed`], and then the page is loaded anew.

mod operation;
mod row;
mod state;
mod take;
#[cfg(test)]
mod tests;

pub use take::Take;

/// A text that is not the JSON that was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not what the server sends")]
pub struct Malformed;

/// How deep lists and objects may lie in each other.
const DEPTH: u32 = 32;

/// Reads the whole text as one value.
pub fn read<T: Take>(text: &str) -> Result<T, Malformed> {
    let mut reader = Reader { text, at: 0 };
    let value = T::take(&mut reader)?;
    reader.space();
    if reader.at == text.len() { Ok(value) } else { Err(Malformed) }
}

/// A place in a text.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    text: &'a str,
    /// where the next byte is; always between two characters
    at: usize,
}

/// The fields of an object: their names, and where their values are.
#[derive(Debug)]
pub(super) struct Object<'a>(Vec<(&'a str, Reader<'a>)>);

impl<'a> Object<'a> {
    /// The value of a field. What is left out is as good as `null`.
    fn get<T: Take>(&self, name: &str) -> Result<T, Malformed> {
        match self.place(name) {
            Some(mut place) => T::take(&mut place),
            None => T::absent(),
        }
    }

    /// Where the value of a field is.
    fn place(&self, name: &str) -> Option<Reader<'a>> {
        self.0.iter().find(|(field, _)| *field == name).map(|(_, place)| *place)
    }
}

impl<'a> Reader<'a> {
    /// The next byte that is not white space, without going on.
    fn peek(&mut self) -> Option<u8> {
        self.space();
        self.text.as_bytes().get(self.at).copied()
    }

    /// Goes on behind white space.
    fn space(&mut self) {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        self.at += rest.iter().take_while(|byte| matches!(byte, b' ' | b'\n' | b'\r' | b'\t')).count();
    }

    /// Goes on behind this byte, which must be the next.
    fn expect(&mut self, byte: u8) -> Result<(), Malformed> {
        if self.eat(byte) { Ok(()) } else { Err(Malformed) }
    }

    /// Goes on behind this byte, if it is the next.
    fn eat(&mut self, byte: u8) -> bool {
        let next = self.peek() == Some(byte);
        self.at += usize::from(next);
        next
    }

    /// Goes on behind this word, if it is the next.
    fn word(&mut self, word: &str) -> bool {
        self.space();
        let next = self.text.get(self.at..).is_some_and(|rest| rest.starts_with(word));
        self.at += if next { word.len() } else { 0 };
        next
    }

    /// A list, each of whose items is read by `item`.
    fn list(&mut self, item: &mut dyn FnMut(&mut Self) -> Result<(), Malformed>) -> Result<(), Malformed> {
        self.expect(b'[')?;
        if self.eat(b']') {
            return Ok(());
        }
        loop {
            item(self)?;
            if self.eat(b']') {
                return Ok(());
            }
            self.expect(b',')?;
        }
    }

    /// An object.
    fn object(&mut self) -> Result<Object<'a>, Malformed> {
        self.expect(b'{')?;
        let mut fields = Vec::new();
        if self.eat(b'}') {
            return Ok(Object(fields));
        }
        loop {
            let name = self.name()?;
            self.expect(b':')?;
            fields.push((name, *self));
            self.skip()?;
            if self.eat(b'}') {
                return Ok(Object(fields));
            }
            self.expect(b',')?;
        }
    }

    /// The name of a field. None that is asked for has an escape in it.
    fn name(&mut self) -> Result<&'a str, Malformed> {
        self.space();
        let start = self.at + 1;
        self.skip_string()?;
        self.text.get(start..self.at - 1).ok_or(Malformed)
    }

    /// Goes on behind a value of any kind, of which only brackets and strings are looked at: whoever needs it reads it in full.
    fn skip(&mut self) -> Result<(), Malformed> {
        let mut depth = 0;
        loop {
            match self.peek().ok_or(Malformed)? {
                b'"' => self.skip_string()?,
                b'[' | b'{' if depth == DEPTH => return Err(Malformed),
                b'[' | b'{' => {
                    depth += 1;
                    self.at += 1;
                    continue;
                }
                b']' | b'}' if depth > 0 => {
                    depth -= 1;
                    self.at += 1;
                }
                b',' | b':' if depth > 0 => {
                    self.at += 1;
                    continue;
                }
                byte if byte.is_ascii_alphanumeric() || byte == b'-' => self.skip_scalar(),
                _ => return Err(Malformed),
            }
            if depth == 0 {
                return Ok(());
            }
        }
    }

    /// Goes on behind a number or one of the three words.
    fn skip_scalar(&mut self) {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        self.at += rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.')).count();
    }

    /// Goes on behind a string.
    fn skip_string(&mut self) -> Result<(), Malformed> {
        self.expect(b'"')?;
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let mut escaped = false;
        let end = rest.iter().position(|byte| {
            let ends = *byte == b'"' && !escaped;
            escaped = *byte == b'\\' && !escaped;
            ends
        });
        self.at += end.ok_or(Malformed)? + 1;
        Ok(())
    }

    /// A string.
    fn string(&mut self) -> Result<String, Malformed> {
        self.expect(b'"')?;
        let mut whole = String::new();
        loop {
            let rest = self.text.get(self.at..).ok_or(Malformed)?;
            // both are ASCII, so the text is cut between two characters
            let plain = rest.bytes().position(|byte| matches!(byte, b'"' | b'\\')).ok_or(Malformed)?;
            whole.push_str(rest.get(..plain).ok_or(Malformed)?);
            self.at += plain + 1;
            if rest.as_bytes().get(plain) == Some(&b'"') {
                return Ok(whole);
            }
            whole.push(self.escape()?);
        }
    }

    /// The character that an escape stands for, behind its backslash.
    fn escape(&mut self) -> Result<char, Malformed> {
        let byte = self.text.as_bytes().get(self.at).copied().ok_or(Malformed)?;
        // one that is no ASCII fails below, before the place is used
        self.at += 1;
        Ok(match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let first = self.unit()?;
                let units = [Some(first), self.second_half(first)?].into_iter().flatten();
                char::decode_utf16(units).next().ok_or(Malformed)?.map_err(|_| Malformed)?
            }
            _ => return Err(Malformed),
        })
    }

    /// The escape that must follow the first half of a character beyond 16 bits.
    fn second_half(&mut self, first: u16) -> Result<Option<u16>, Malformed> {
        let follows = self.text.get(self.at..).is_some_and(|rest| rest.starts_with("\\u"));
        if !follows || !(0xD800..0xDC00).contains(&first) {
            return Ok(None);
        }
        self.at += 2;
        self.unit().map(Some)
    }

    /// Four hexadecimal digits.
    fn unit(&mut self) -> Result<u16, Malformed> {
        let digits = self.text.get(self.at..self.at + 4).ok_or(Malformed)?;
        // `from_str_radix` alone would take "+1"
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(Malformed);
        }
        self.at += 4;
        u16::from_str_radix(digits, 16).map_err(|_| Malformed)
    }

    /// A whole number. There are no fractions in what the server sends.
    fn integer(&mut self) -> Result<i64, Malformed> {
        self.space();
        let start = self.at;
        self.skip_scalar();
        let digits = self.text.get(start..self.at).ok_or(Malformed)?;
        if digits.starts_with('+') { Err(Malformed) } else { digits.parse().map_err(|_| Malformed) }
    }
}
