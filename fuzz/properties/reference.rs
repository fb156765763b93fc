//! What must be true of any text where an image reference should stand.

use plimsoll::image::Reference;

/// What can be read can be printed and read again, in the full and in the familiar form.
pub(crate) fn holds(text: &str) {
    if let Ok(reference) = text.parse::<Reference>() {
        assert_eq!(reference.to_string().parse().as_ref(), Ok(&reference));
        assert_eq!(reference.familiar().parse().as_ref(), Ok(&reference));
        assert!(reference.tag().is_some() || reference.digest().is_some());
    }
}
