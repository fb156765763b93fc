//! The health check.

use serde_json::{Map, Value};

use crate::host::docker::{
    session::Flavour,
    update::container::{is_unset, same},
};

/// Leaves to the new image what came from the old one.
///
/// Docker fills in from the image field by field, so field by field it is taken out again: who set only the interval keeps that, and gets
/// the new image's test. Podman wants all or nothing.
pub(super) fn health(config: &mut Map<String, Value>, image: &Value, flavour: Flavour) {
    let Some(Value::Object(mut own)) = config.remove("Healthcheck") else { return };
    let theirs = &image["Healthcheck"];
    let whole = own.clone();
    own.retain(|field, value| !is_unset(value) && !same(value, &theirs[field.as_str()]));
    if own.is_empty() {
        return;
    }
    let kept = if flavour == Flavour::Podman { whole } else { own };
    config.insert("Healthcheck".to_owned(), Value::Object(kept));
}
