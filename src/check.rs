//! Checks: asks the registries about references and yields findings as they come. Knows neither the live state nor the store.
//!
//! For each reference: the digest of its tag, and beside that, where other tags can be newer, the list of its repository's tags, which
//! is read once however many references need it. What that brings up is explained: a digest that runs nowhere, and the candidates that
//! would be offered. What was learnt by an earlier check is not asked for again.

mod ask;
mod lists;
#[cfg(test)]
mod tests;

use std::time::Duration;

use futures_util::{Stream, StreamExt, stream};
use tokio::time::{Instant, timeout_at};

use crate::{
    image::{Finding, Question},
    registry::Registries,
    wire::Reason,
};
use lists::Lists;

/// Look-ups under way at once, over all registries; each registry has its own, smaller bound.
const UNDER_WAY: usize = 1024;

/// Asks every question and yields what was learnt, in the order in which the answers come. Dropping the stream ends the check.
///
/// What has no answer when `limit` is over is told as timed out: a check ends, whatever registries do.
pub fn run(registries: Registries, questions: Vec<Question>, limit: Duration) -> impl Stream<Item = Finding> {
    registries.announce(questions.iter().map(|question| &question.reference));
    let end = Instant::now() + limit;
    let lists = Lists::of(&questions);
    let asked = questions.into_iter().map(|question| (lists.list_for(&question), question)).collect::<Vec<_>>();
    stream::iter(asked)
        .map(move |(list, question)| {
            let registries = registries.clone();
            async move {
                let reference = question.reference.clone();
                let finding = timeout_at(end, Box::pin(ask::ask(&registries, question, list))).await;
                finding.unwrap_or_else(|_| out_of_time(reference, limit))
            }
        })
        .buffer_unordered(UNDER_WAY)
}

/// What is told of a reference that the check had no time for.
fn out_of_time(reference: crate::image::Reference, limit: Duration) -> Finding {
    let seconds = u32::try_from(limit.as_secs()).unwrap_or(u32::MAX).max(1);
    let reason = Reason::TimedOut { registry: reference.registry().to_owned(), seconds };
    Finding {
        reference,
        answer: Err(reason),
        at: ask::now(),
        took_ms: u32::try_from(limit.as_millis()).unwrap_or(u32::MAX),
        steps: Vec::new(),
    }
}
