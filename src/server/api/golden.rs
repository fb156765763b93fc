//! Compares documents with the files in `golden/`.

use std::{fs, path::Path};

use serde::Serialize;

/// Holds `document` against `golden/<name>.json`, to the letter. With `PLIMSOLL_GOLDEN=write` in the environment the file is written
/// instead; what changed is then read in the difference before it is committed.
#[track_caller]
pub(super) fn compare(name: &str, document: &impl Serialize) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/server/api/golden").join(name).with_extension("json");
    let text = serde_json::to_string_pretty(document).expect("documents have string keys alone") + "\n";
    if std::env::var_os("PLIMSOLL_GOLDEN").is_some_and(|value| value == "write") {
        fs::write(&path, &text).expect("the folder is there");
    }
    let golden = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(text, golden, "differs from {}", path.display());
}
