//! Lines out of pieces of a stream.

use bytes::BytesMut;

/// Longest line, in bytes.
const LINE: usize = 256 * 1024;

/// What came and is not read yet.
#[derive(Debug, Default)]
pub(super) struct Lines {
    buffer: BytesMut,
}

impl Lines {
    /// Adds a piece.
    pub(super) fn push(&mut self, piece: &[u8]) {
        self.buffer.extend_from_slice(piece);
    }

    /// The next whole line, with its end.
    pub(super) fn next(&mut self) -> Option<BytesMut> {
        let end = self.buffer.iter().position(|byte| *byte == b'\n')?;
        Some(self.buffer.split_to(end + 1))
    }

    /// What stands behind the last whole line, where the stream has ended.
    pub(super) fn rest(&mut self) -> Option<BytesMut> {
        (!self.buffer.is_empty()).then(|| self.buffer.split())
    }

    /// Whether what is left, with no line's end in it, is more than a line may be.
    pub(super) fn is_too_long(&self) -> bool {
        self.buffer.len() > LINE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_put_together() {
        let mut lines = Lines::default();
        lines.push(b"{\"a\":1}\r\n{\"b\"");
        assert_eq!(lines.next().as_deref(), Some(b"{\"a\":1}\r\n".as_slice()));
        assert_eq!(lines.next(), None);
        lines.push(b":2}\n\n{");
        assert_eq!(lines.next().as_deref(), Some(b"{\"b\":2}\n".as_slice()));
        assert_eq!(lines.next().as_deref(), Some(b"\n".as_slice()));
        assert_eq!(lines.next(), None);
        assert_eq!(lines.rest().as_deref(), Some(b"{".as_slice()));
        assert_eq!(lines.rest(), None);
        lines.push(&vec![b'x'; LINE]);
        assert!(!lines.is_too_long());
        lines.push(b"x");
        assert!(lines.is_too_long());
    }
}
