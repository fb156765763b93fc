//! Checks: asks the registries about references and yields findings as they come. Knows neither the live state nor the store.

use futures_util::{Stream, StreamExt, stream};

use crate::{
    image::{Answer, Finding, Reference},
    registry::Registries,
};

/// Look-ups under way at once, over all registries; each registry has its own, smaller bound.
const UNDER_WAY: usize = 1024;

/// Asks about every reference and yields what was learnt, in the order in which the answers come. Dropping the stream ends the check.
pub fn run(registries: Registries, references: Vec<Reference>) -> impl Stream<Item = Finding> {
    stream::iter(references)
        .map(move |reference| {
            let registries = registries.clone();
            async move {
                let lookup = registries.look_up(&reference).await;
                let answer = lookup.answer.map(|digest| Answer { digest });
                let at = jiff::Timestamp::now().as_second();
                Finding { reference, answer, at, took_ms: lookup.took_ms, steps: lookup.steps }
            }
        })
        .buffer_unordered(UNDER_WAY)
}
