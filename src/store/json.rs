//! Columns that hold JSON.

use serde::{Serialize, de::DeserializeOwned};

/// A value as JSON.
pub(super) fn text<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("what is stored is plain data")
}

/// A value from its JSON, where it is one.
pub(super) fn value<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_str(text).ok()
}
