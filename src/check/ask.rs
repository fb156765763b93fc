//! One question: from a reference to a finding.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use futures_util::future::join_all;

use super::lists::{List, Read};
use crate::{
    image::{
        Answer, Details, Digest, Finding, KnownTags, Question, Reference, Step, Tags,
        choose::{Around, choose},
        outlook,
    },
    registry::{Listed, Lookup, Registries},
    wire::Reason,
};

/// How often candidates are chosen anew, because those before were not for this platform or too old.
const ROUNDS: usize = 3;

/// The time, in Unix seconds.
pub(super) fn now() -> i64 {
    jiff::Timestamp::now().as_second()
}

/// Asks `question`. `list` is the list of tags that it needs.
pub(super) async fn ask(registries: &Registries, question: Question, list: Option<Arc<List>>) -> Finding {
    let reference = &question.reference;
    let (head, read) = match &list {
        None => (registries.look_up(reference).await, None),
        Some(list) => {
            // in boxes, as all that not every question needs: a thousand of them wait at the same time, most for a digest alone
            let (head, read) = tokio::join!(registries.look_up(reference), Box::pin(list.read(registries, reference)));
            (head, Some(read))
        }
    };
    let Lookup { answer: digest, mut steps, took_ms } = head;
    let tags = read.map_or(Tags::NotAsked, |read| {
        steps.extend(read.steps.iter().cloned());
        tags(&question, read)
    });
    let answer = match held_together(reference, digest, tags) {
        Err(reason) => Err(reason),
        Ok((digest, tags)) => {
            let details = Box::pin(explain(registries, &question, digest.as_ref(), &tags, &mut steps)).await;
            Ok(Answer { digest, tags, details })
        }
    };
    Finding { reference: question.reference, answer, at: now(), took_ms, steps }
}

/// What the list of tags means for the reference's own.
fn tags(question: &Question, read: &Read) -> Tags {
    let known = || {
        let answer = question.known.as_ref().and_then(|finding| finding.answer.as_ref().ok());
        answer.and_then(|answer| answer.tags.known()).cloned()
    };
    match &read.answer {
        Err(reason) => Tags::Failed { reason: reason.clone() },
        // only who knew all pages is answered so
        Ok(Listed::Unchanged) => known().map_or(Tags::NotAsked, Tags::Known),
        Ok(Listed::Tags(listing)) => {
            let tag = question.reference.tag().unwrap_or_default();
            let outlook = outlook::outlook(tag, listing.iter());
            Tags::Known(KnownTags { outlook, rules: outlook::RULES, marks: listing.marks.clone() })
        }
    }
}

/// What is known of a tag by both: by its own request and by the list of tags.
///
/// A repository whose list is there and whose tag is not has lost the tag; then the list tells what could come in its place. Everything
/// else that failed for the tag is why nothing is known.
fn held_together(reference: &Reference, digest: Result<Digest, Reason>, tags: Tags) -> Result<(Option<Digest>, Tags), Reason> {
    match (digest, tags) {
        // a list without the tag that is there is not the whole list: pull-through caches list what they hold
        (Ok(digest), Tags::Known(known)) if !known.outlook.listed && known.outlook.newer.is_empty() => {
            let detail = "its list of tags lacks the tag that it has".to_owned();
            let reason = Reason::BadAnswer { registry: reference.registry().to_owned(), detail };
            Ok((Some(digest), Tags::Failed { reason }))
        }
        (Ok(digest), tags) => Ok((Some(digest), tags)),
        (Err(Reason::NotFoundOrNoAccess { status: 404, .. }), tags @ Tags::Known(_))
            if tags.known().is_some_and(|known| !known.outlook.listed) =>
        {
            Ok((None, tags))
        }
        (Err(reason), _) => Err(reason),
    }
}

/// What must be known beside digest and tags: of the tag itself, where it stands for what runs nowhere, and of what would be offered.
async fn explain(
    registries: &Registries,
    question: &Question,
    digest: Option<&Digest>,
    tags: &Tags,
    steps: &mut Vec<Step>,
) -> BTreeMap<String, Details> {
    let known = question.known.as_ref().and_then(|finding| finding.answer.as_ref().ok()).map(|answer| &answer.details);
    let mut details = BTreeMap::new();
    let mut wanted = BTreeSet::new();
    if let (Some(digest), Some(tag), Some(running)) = (digest, question.reference.tag(), &question.running)
        && !running.contains(digest)
    {
        match known.and_then(|known| known.get(tag)).filter(|known| known.digest == *digest) {
            Some(known) => drop(details.insert(tag.to_owned(), known.clone())),
            None => drop(wanted.insert(tag.to_owned())),
        }
    }
    let mut asked = BTreeSet::new();
    for _ in 0..ROUNDS {
        for tag in unexplained(question, tags, &details) {
            // what was learnt of a candidate stays true, but for platforms that may have come since
            match known.and_then(|known| known.get(&tag)).filter(|known| runs_here(known, question)) {
                Some(known) => drop(details.insert(tag, known.clone())),
                None => drop(wanted.insert(tag)),
            }
        }
        wanted.retain(|tag| !asked.contains(tag));
        if wanted.is_empty() {
            break;
        }
        let own = question.reference.tag();
        let lookups = wanted.iter().filter_map(|tag| {
            let reference = tagged(&question.reference, tag)?;
            let (platforms, known) = (&question.platforms, known.and_then(|known| known.get(tag)));
            let needs_config = own == Some(tag.as_str());
            Some(async move { (tag.clone(), registries.details(&reference, platforms, known, needs_config).await) })
        });
        for (tag, lookup) in join_all(lookups).await {
            steps.extend(lookup.steps);
            // without details a candidate stays what its tag says
            if let Ok(learnt) = lookup.answer {
                details.insert(tag, learnt);
            }
        }
        asked.append(&mut wanted);
    }
    details
}

/// The candidates, under any of the wishes, of which nothing is known beyond their tags.
fn unexplained(question: &Question, tags: &Tags, details: &BTreeMap<String, Details>) -> BTreeSet<String> {
    let Some(known) = tags.known() else { return BTreeSet::new() };
    let around = Around { platforms: &question.platforms, details, running_since: question.created, now: now() };
    question.policies.iter().flat_map(|policy| choose(&known.outlook, policy, around).unexplained).collect()
}

/// Whether the image is there for all that it would run on.
fn runs_here(details: &Details, question: &Question) -> bool {
    question.platforms.iter().all(|platform| details.for_platform(platform).is_some())
}

/// The same repository with another tag.
fn tagged(reference: &Reference, tag: &str) -> Option<Reference> {
    format!("{}:{tag}", reference.name()).parse().ok()
}
