//! What must be true of any text where a `Link` header should stand.

/// Reading never fails, and what is read is a part of the text.
pub(crate) fn holds(text: &str) {
    if let Some(target) = plimsoll::registry::next_link([text]) {
        assert!(text.contains(target));
    }
}
