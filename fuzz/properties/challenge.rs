//! What must be true of any text where a `WWW-Authenticate` header should stand.

/// Reading never fails, and finds a challenge only where a scheme is named.
pub(crate) fn holds(text: &str) {
    if plimsoll::registry::read_challenge(text) {
        let text = text.to_ascii_lowercase();
        assert!(text.contains("bearer") || text.contains("basic"));
    }
}
