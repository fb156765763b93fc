//! Lists of tags, each asked for once in a check.

use std::{collections::HashMap, sync::Arc};

use tokio::sync::OnceCell;

use crate::{
    image::{PageMark, Question, Reference, Step, outlook},
    registry::{Listed, Registries},
    wire::{Reason, TagKind},
};

/// The lists that the questions of a check need, by registry and repository.
#[derive(Debug, Default)]
pub(super) struct Lists(HashMap<String, Arc<List>>);

/// The list of one repository's tags: asked for by whoever needs it first, and kept until the last one has it.
#[derive(Debug)]
pub(super) struct List {
    /// the pages that everyone who needs it knows already
    marks: Vec<PageMark>,
    read: OnceCell<Read>,
}

/// What asking for a list gave.
#[derive(Debug)]
pub(super) struct Read {
    /// the list, or why there is none
    pub(super) answer: Result<Listed, Reason>,
    /// the requests that were made
    pub(super) steps: Vec<Step>,
}

impl Lists {
    /// Those that `questions` need; nothing is asked yet.
    pub(super) fn of(questions: &[Question]) -> Self {
        let mut marks: HashMap<String, Option<Vec<PageMark>>> = HashMap::new();
        for question in questions.iter().filter(|question| is_needed(&question.reference)) {
            let known = known_marks(question);
            // pages may only be left unread where nobody needs them
            let shared = marks.entry(question.reference.name()).or_insert_with(|| Some(known.clone()));
            if shared.as_ref() != Some(&known) {
                *shared = None;
            }
        }
        let list = |marks: Option<Vec<PageMark>>| Arc::new(List { marks: marks.unwrap_or_default(), read: OnceCell::new() });
        Self(marks.into_iter().map(|(name, marks)| (name, list(marks))).collect())
    }

    /// The list that answers need. None where no other tag can be newer than the reference's own.
    pub(super) fn list_for(&self, question: &Question) -> Option<Arc<List>> {
        is_needed(&question.reference).then(|| self.0.get(&question.reference.name()).cloned())?
    }
}

impl List {
    /// The list; asked for where nobody did yet.
    pub(super) async fn read(&self, registries: &Registries, reference: &Reference) -> &Read {
        let ask = async || {
            let lookup = registries.tags(reference, &self.marks).await;
            Read { answer: lookup.answer, steps: lookup.steps }
        };
        self.read.get_or_init(ask).await
    }
}

/// Whether other tags can be newer: not than a channel, a commit or a digest.
fn is_needed(reference: &Reference) -> bool {
    let kind = |tag| outlook::outlook(tag, []).kind;
    reference.digest().is_none() && reference.tag().is_some_and(|tag| matches!(kind(tag), TagKind::Version | TagKind::Track))
}

/// The pages that were known when the question was answered last, by the rules of today.
fn known_marks(question: &Question) -> Vec<PageMark> {
    let answer = question.known.as_ref().and_then(|finding| finding.answer.as_ref().ok());
    let known = answer.and_then(|answer| answer.tags.known()).filter(|known| known.rules == outlook::RULES);
    known.map(|known| known.marks.clone()).unwrap_or_default()
}
