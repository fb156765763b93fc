//! What every component reads: the fleet as signals, one a row, so that a change redraws the rows that it touches and nothing else.
//!
//! Made from `wire::Start` in the same way on both sides. Components only read and set signals; what needs a browser (the event
//! stream, the clock, cookies) listens to them in `ui::browser`.

use std::{collections::HashMap, sync::Arc};

use leptos::prelude::*;

use super::{
    ask::{Ask, Reply},
    link::Base,
    situation::Situation,
};
use crate::wire::{
    Change, CheckState, GroupRow, HostRow, Operation, Refused, Revision, Snapshot, Start, Steps, Tally, Theme, Viewer, keep,
};

/// A group: its id, which never changes, and its row.
#[derive(Debug, Clone)]
pub struct Group {
    /// names the group
    pub id: String,
    /// how it is now
    pub row: ArcRwSignal<Arc<GroupRow>>,
}

/// The connection to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Connection {
    /// as the server rendered it: without JavaScript it stays so
    Still,
    /// the stream is open
    Live,
    /// there was no stream since then, in Unix seconds
    Lost {
        /// when it broke off
        since: i64,
    },
}

/// What became of the wish for a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// nothing is asked for, or it was granted
    None,
    /// it is on its way
    Sent,
    /// there were too many
    Refused,
    /// the server did not answer
    Failed,
}

/// Everything that a page knows.
#[derive(Debug, Clone, Copy)]
pub struct State {
    /// the groups, in the order of the dashboard
    pub groups: RwSignal<Vec<Group>>,
    /// the hosts
    pub hosts: RwSignal<Vec<HostRow>>,
    /// whether there is more than one host, so that they must be told apart
    pub many_hosts: RwSignal<bool>,
    /// what the checks do
    pub check: RwSignal<CheckState>,
    /// the counts
    pub tally: RwSignal<Tally>,
    /// what the headline says
    pub situation: RwSignal<Situation>,
    /// the time, in Unix seconds
    pub now: RwSignal<i64>,
    /// the connection to the server
    pub connection: RwSignal<Connection>,
    /// the chosen theme
    pub theme: RwSignal<Option<Theme>>,
    /// the wish for a check
    pub wish: RwSignal<Wish>,
    /// updates that run, and those that ended last; newest first
    pub operations: RwSignal<Vec<Operation>>,
    /// what shall be sent to the server
    pub outbox: RwSignal<Vec<Ask>>,
    /// what became of what was sent last, by image
    pub replies: RwSignal<Vec<(String, Reply)>>,
    /// what is read out to those who hear the page: the headline
    pub announcement: RwSignal<String>,
    /// the same: updates that began and ended
    pub news: RwSignal<String>,
    /// whether the containers are invented
    pub sample: bool,
    still: StoredValue<Still>,
    snapshot: StoredValue<Snapshot>,
    index: StoredValue<Index>,
}

/// The groups by their id.
type Index = HashMap<String, ArcRwSignal<Arc<GroupRow>>>;

/// What never changes while a page is open.
#[derive(Debug, Clone)]
struct Still {
    base: Base,
    viewer: Viewer,
    steps: Option<Steps>,
    past: Vec<Operation>,
    refused: Option<Refused>,
}

impl State {
    /// The state of a page that begins.
    pub fn new(start: Start) -> Self {
        let Start { base, snapshot, viewer, theme, now, steps, past, refused } = start;
        let state = Self {
            groups: RwSignal::new(Vec::new()),
            hosts: RwSignal::new(Vec::new()),
            many_hosts: RwSignal::new(false),
            check: RwSignal::new(CheckState::default()),
            tally: RwSignal::new(Tally::default()),
            situation: RwSignal::new(Situation::Looking),
            now: RwSignal::new(now),
            connection: RwSignal::new(Connection::Still),
            theme: RwSignal::new(theme),
            wish: RwSignal::new(Wish::None),
            operations: RwSignal::new(Vec::new()),
            outbox: RwSignal::new(Vec::new()),
            replies: RwSignal::new(Vec::new()),
            announcement: RwSignal::new(String::new()),
            news: RwSignal::new(String::new()),
            sample: snapshot.sample,
            still: StoredValue::new(Still { base: Base::new(&base), viewer, steps, past, refused }),
            snapshot: StoredValue::new(snapshot),
            index: StoredValue::new(Index::new()),
        };
        state.spread();
        state
    }

    /// The base of all addresses.
    pub fn base(&self) -> Base {
        self.still.with_value(|still| still.base.clone())
    }

    /// Who looks.
    pub fn viewer(&self) -> Viewer {
        self.still.with_value(|still| still.viewer.clone())
    }

    /// The requests that explain the image of this page.
    pub fn steps(&self) -> Option<Steps> {
        self.still.with_value(|still| still.steps.clone())
    }

    /// The updates of earlier that the page came with, newest first.
    pub fn past(&self) -> Vec<Operation> {
        self.still.with_value(|still| still.past.clone())
    }

    /// The wish that was refused, after which the server rendered the page.
    pub fn refused(&self) -> Option<Refused> {
        self.still.with_value(|still| still.refused.clone())
    }

    /// Sends something to the server, unless something else for that image is on its way.
    pub fn send(&self, ask: Ask) {
        if !matches!(untrack(|| self.replied(&ask.image)), Some(Reply::Sent(_))) {
            self.reply(&ask.image, Some(Reply::Sent(ask.action.clone())));
            self.outbox.update(|outbox| outbox.push(ask));
        }
    }

    /// What became of the last thing that was sent for an image.
    pub fn replied(&self, image: &str) -> Option<Reply> {
        self.replies.with(|replies| replies.iter().find(|(of, _)| of == image).map(|(_, reply)| reply.clone()))
    }

    /// Takes over what became of what was sent.
    pub fn reply(&self, image: &str, reply: Option<Reply>) {
        self.replies.update(|replies| {
            replies.retain(|(of, _)| of != image);
            replies.extend(reply.map(|reply| (image.to_owned(), reply)));
        });
    }

    /// Takes over operations from the answer to a wish. Those that are known already came by the stream, which is ahead of the answer.
    pub fn learn(&self, operations: Vec<Operation>) {
        self.snapshot.update_value(|snapshot| {
            let known = &mut snapshot.operations;
            let new: Vec<_> = operations.into_iter().filter(|operation| known.iter().all(|each| each.id != operation.id)).collect();
            known.extend(new);
            keep(known);
        });
        self.spread();
    }

    /// The revision that is shown.
    pub fn revision(&self) -> Revision {
        self.snapshot.with_value(|snapshot| snapshot.revision.clone())
    }

    /// The row of a group, where there still is one. Who must hear of groups that come and go reads `groups` too.
    pub fn row(&self, id: &str) -> Option<ArcRwSignal<Arc<GroupRow>>> {
        self.index.with_value(|index| index.get(id).cloned())
    }

    /// Takes over a change.
    pub fn apply(&self, change: Change) {
        self.snapshot.update_value(|snapshot| snapshot.apply(change));
        self.spread();
    }

    /// Takes over a whole state.
    pub fn replace(&self, whole: Snapshot) {
        self.snapshot.set_value(whole);
        self.spread();
    }

    /// Brings the signals up to the snapshot, touching those alone whose value is another.
    fn spread(&self) {
        self.snapshot.with_value(|snapshot| {
            let groups: Vec<_> = self.index.with_value(|known| snapshot.groups.iter().map(|row| group(known, row)).collect());
            let same_order = self.groups.with_untracked(|old| old.iter().map(|group| &group.id).eq(groups.iter().map(|group| &group.id)));
            if !same_order {
                self.index.set_value(groups.iter().map(|group| (group.id.clone(), group.row.clone())).collect());
                self.groups.set(groups);
            }
            let tally = Tally::of(&snapshot.groups);
            set(self.tally, tally);
            set(self.hosts, snapshot.hosts.clone());
            set(self.many_hosts, snapshot.hosts.len() > 1);
            set(self.check, snapshot.check.clone());
            set(self.operations, snapshot.operations.clone());
            set(self.situation, Situation::of(tally, snapshot.groups.iter(), &snapshot.hosts, &snapshot.check));
        });
    }
}

/// The group of `row`, whose signal is set if it is known and has changed.
fn group(known: &Index, row: &GroupRow) -> Group {
    let signal = match known.get(&row.id) {
        Some(signal) => {
            if signal.with_untracked(|old| **old != *row) {
                signal.set(Arc::new(row.clone()));
            }
            signal.clone()
        }
        None => ArcRwSignal::new(Arc::new(row.clone())),
    };
    Group { id: row.id.clone(), row: signal }
}

/// Sets a signal if its value is another.
fn set<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.with_untracked(|old| *old != value) {
        signal.set(value);
    }
}

/// The state of the page that is being rendered.
pub fn use_state() -> State {
    expect_context()
}

#[cfg(test)]
mod tests;
