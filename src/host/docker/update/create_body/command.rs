//! What is run: `Entrypoint` and `Cmd`, which belong together.

use serde_json::{Map, Value, json};

use crate::host::docker::update::container::{is_unset, same};

/// Leaves to the new image what came from the old one.
///
/// A command without an entrypoint is given to that of the image, so it stays alone. An entrypoint of one's own makes the Engine forget the
/// image's command, so then both stay, and also where the user wanted no command at all.
pub(super) fn command(config: &mut Map<String, Value>, image: &Value) {
    let nothing = Value::Null;
    let entrypoint = config.get("Entrypoint").unwrap_or(&nothing);
    let command = config.get("Cmd").unwrap_or(&nothing);
    let from_image = same(entrypoint, &image["Entrypoint"]);
    if from_image && same(command, &image["Cmd"]) {
        config.remove("Entrypoint");
        config.remove("Cmd");
    } else if from_image && !is_unset(command) {
        config.remove("Entrypoint");
    } else if is_unset(entrypoint) {
        // `--entrypoint ""`: told as nothing, and nothing would mean that of the new image
        config.insert("Entrypoint".to_owned(), json!([""]));
    }
}
