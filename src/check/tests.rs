//! What a check asks, and what it does not.

mod explained;
mod matrix;
mod sparing;

use std::{collections::BTreeSet, time::Duration};

use futures_util::StreamExt;

use super::run;
use crate::{
    image::{Digest, Finding, Platform, Policy, Question, Reference},
    registry::{Registries, Settings},
    simulate::registry::Registry,
};

/// How long a check of a test may take.
const LIMIT: Duration = Duration::from_mins(1);

/// A reference at `registry`.
fn at(registry: &Registry, rest: &str) -> Reference {
    format!("{}/{rest}", registry.address()).parse().unwrap()
}

/// Asks about `reference`, of which `running` runs on amd64.
fn question(reference: Reference, running: &[Digest]) -> Question {
    let amd64 = Platform { os: "linux".into(), architecture: "amd64".into(), variant: None };
    let mut question = Question::bare(reference, Policy::default());
    question.running = (!running.is_empty()).then(|| running.iter().cloned().collect());
    question.platforms = if running.is_empty() { BTreeSet::new() } else { BTreeSet::from([amd64]) };
    question
}

fn registries() -> Registries {
    Registries::new(settings()).unwrap()
}

fn settings() -> Settings {
    Settings { timeout: crate::slack::within(Duration::from_secs(5)), user_agent: "plimsoll/test".into(), ..Settings::default() }
}

/// All findings of a check.
async fn check(registries: &Registries, questions: Vec<Question>) -> Vec<Finding> {
    run(registries.clone(), questions, LIMIT).collect().await
}

/// The finding of one question.
async fn one(registries: &Registries, question: Question) -> Finding {
    check(registries, vec![question]).await.remove(0)
}
