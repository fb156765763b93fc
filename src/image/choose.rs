//! From an outlook to candidates, under a policy.

use std::collections::{BTreeMap, BTreeSet};

use self::{passed::Passed, suits::Suits};
use super::{
    Details, Outlook, Platform, Policy,
    outlook::{Newer, TagKind},
    tag::{Scheme, Tag, number},
};
use crate::wire::{Candidate, Level, PassedOver, WhyNot};

mod passed;
mod suits;

#[cfg(test)]
mod tests;

/// What a choice needs to know beside outlook and policy.
#[derive(Debug, Clone, Copy)]
pub struct Around<'a> {
    /// what the image runs on here; a candidate must be there for all of them. Nothing where that is not known
    pub platforms: &'a BTreeSet<Platform>,
    /// what is known of candidates and of the tag itself, by tag
    pub details: &'a BTreeMap<String, Details>,
    /// when the image that runs was made, in Unix seconds
    pub running_since: Option<i64>,
    /// the time, in Unix seconds
    pub now: i64,
}

/// What may be moved to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    /// the best of each level, lowest level first, and of every major version between; at most one of them is `offered`. Of a track only
    /// what the policy follows
    pub candidates: Vec<Candidate>,
    /// the newest track beyond a track: information, whatever the policy follows
    pub track: Option<Candidate>,
    /// what looks newer and is not among them, and why
    pub passed_over: Vec<PassedOver>,
    /// candidates of which nothing is known yet beyond their tag: to be asked about, and then chosen anew. At most [`UNEXPLAINED_MAX`]
    pub unexplained: Vec<String>,
}

/// Most tags that one choice asks about.
pub const UNEXPLAINED_MAX: usize = 4;

/// Most major versions on the way to the newest one that are listed, nearest first.
const STEPS_MAX: usize = 12;

/// The candidates that `outlook` has under `policy`.
///
/// What nothing is known of yet is chosen all the same and stands in `unexplained`: once it is known, the choice may be another. What is in
/// doubt, and what must have an age, waits until it is known. A workload that is pinned or not looked after has no candidates.
pub fn choose(outlook: &Outlook, policy: &Policy, around: Around<'_>) -> Choice {
    if policy.pin || !policy.enable {
        return Choice::default();
    }
    let mut choosing = Choosing { outlook, suits: Suits { policy, around }, passed: Passed::default(), unexplained: Vec::new() };
    let told = [Level::Patch, Level::Minor, Level::Major].into_iter().filter(|level| policy.tell >= Some(*level));
    let best: Vec<&Newer> = told.filter_map(|level| choosing.best(level)).collect();
    let steps = best.last().filter(|best| best.level == Level::Major).map(|best| choosing.steps_to(best)).unwrap_or_default();
    let (last, lower) = match best.split_last() {
        Some((last, lower)) if last.level == Level::Major => (Some(*last), lower),
        _ => (None, best.as_slice()),
    };
    let chosen = lower.iter().copied().chain(steps).chain(last);
    let suits = choosing.suits;
    let is_track = outlook.kind == TagKind::Track;
    let mut candidates: Vec<Candidate> =
        chosen.filter(|newer| !is_track || policy.follow >= Some(newer.level)).map(|newer| suits.candidate(newer)).collect();
    let offered = candidates.iter().rposition(|candidate| policy.follow >= Some(candidate.level) && suits.is_old_enough(&candidate.tag));
    if let Some(at) = offered {
        candidates[at].offered = true;
    }
    let track = best.last().filter(|_| is_track).map(|newer| suits.candidate(newer));
    Choice { candidates, track, passed_over: choosing.passed.with_held(outlook, &suits), unexplained: choosing.unexplained }
}

/// A choice that is being made.
struct Choosing<'a> {
    outlook: &'a Outlook,
    suits: Suits<'a>,
    passed: Passed,
    unexplained: Vec<String>,
}

impl<'a> Choosing<'a> {
    /// The best of a level that suits. Whatever is better and does not is passed over.
    fn best(&mut self, level: Level) -> Option<&'a Newer> {
        let mut asked = false;
        for newer in self.outlook.newer.iter().filter(|newer| newer.level == level) {
            let unknown = match self.suits.why_not(newer) {
                Some(why) => {
                    let unknown = matches!(why, WhyNot::Unconfirmed { .. }) && !self.suits.is_known(&newer.tag);
                    self.passed.take(level, &newer.tag, why);
                    if unknown && !asked {
                        asked = true;
                        self.ask(newer);
                    }
                    continue;
                }
                None => !self.suits.is_known(&newer.tag),
            };
            if unknown {
                self.ask(newer);
            }
            return Some(newer);
        }
        None
    }

    /// Wishes to know more of a tag. Of a track that the policy does not follow the tag is all that is shown.
    fn ask(&mut self, newer: &Newer) {
        let shown = self.outlook.kind != TagKind::Track || self.suits.policy.follow >= Some(newer.level);
        if shown && self.unexplained.len() < UNEXPLAINED_MAX {
            self.unexplained.push(newer.tag.clone());
        }
    }

    /// The best of every major version on the way to `last`, lowest first: some programs must not leave one out.
    fn steps_to(&self, last: &Newer) -> Vec<&'a Newer> {
        if Tag::parse(&last.tag).scheme() != Scheme::Version {
            return Vec::new();
        }
        let order = |a: &Newer, b: &Newer| number::compare(Tag::parse(&a.tag).major(), Tag::parse(&b.tag).major());
        let majors: Vec<&Newer> = self.outlook.newer.iter().filter(|newer| newer.level == Level::Major).collect();
        let best = majors
            .chunk_by(|a, b| order(a, b).is_eq())
            .filter_map(|step| step.iter().find(|newer| self.suits.why_not(newer).is_none()).copied());
        let mut steps: Vec<&Newer> = best.filter(|newer| order(newer, last).is_lt()).collect();
        steps.reverse();
        steps.truncate(STEPS_MAX);
        steps
    }
}
