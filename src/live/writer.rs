//! The one writer.

use std::{collections::HashMap, sync::Arc, time::Duration};

use tokio::{
    sync::{mpsc, oneshot, watch},
    time::{Instant, timeout_at},
};

use super::{
    Input, Log, State,
    facts::{Facts, HostFacts},
    rows::rows,
};
use crate::wire::{Change, GroupRow, HostRow, Revision, Snapshot};

/// Changes within this time become one revision: what a person sees as one, and at most twenty pages of work a second.
const GATHER: Duration = Duration::from_millis(50);

/// What the writer is sent.
#[derive(Debug)]
pub(super) enum Message {
    /// something was learnt
    Input(Box<Input>),
    /// tell when all before this is part of the state
    Settle(oneshot::Sender<()>),
}

/// Gathers what comes in and replaces the state, until the last handle is gone.
pub(super) async fn run(mut received: mpsc::Receiver<Message>, replace: watch::Sender<Arc<State>>, log: Arc<Log>) {
    let mut facts = Facts::default();
    while let Some(first) = received.recv().await {
        let mut settled = Vec::new();
        let until = Instant::now() + GATHER;
        let mut next = Some(first);
        while let Some(message) = next {
            match message {
                Message::Input(input) => facts.take(*input),
                // whoever waits for the state is not kept waiting for more
                Message::Settle(done) => {
                    settled.push(done);
                    break;
                }
            }
            next = timeout_at(until, received.recv()).await.ok().flatten();
        }
        let before = Arc::clone(&replace.borrow());
        if let Some((change, state)) = revise(&facts, &before) {
            let state = Arc::new(state);
            replace.send_replace(Arc::clone(&state));
            log.push(&change, state);
        }
        for done in settled {
            let _ = done.send(());
        }
    }
}

/// The next state and what changed, if anything did.
fn revise(facts: &Facts, before: &State) -> Option<(Change, State)> {
    let old = &before.snapshot;
    let groups = rows(facts);
    let hosts: Vec<HostRow> = facts.hosts.iter().map(|HostFacts { row, .. }| row.clone()).collect();
    let known: HashMap<&str, &GroupRow> = old.groups.iter().map(|group| (group.id.as_str(), group)).collect();
    let changed: Vec<GroupRow> = groups.iter().filter(|group| known.get(group.id.as_str()) != Some(group)).cloned().collect();
    let gone = {
        let present: std::collections::HashSet<&str> = groups.iter().map(|group| group.id.as_str()).collect();
        old.groups.iter().filter(|group| !present.contains(group.id.as_str())).map(|group| group.id.clone()).collect::<Vec<_>>()
    };
    let change = Change {
        revision: Revision { boot: old.revision.boot.clone(), n: old.revision.n + 1 },
        groups: changed,
        gone,
        hosts: (hosts != old.hosts).then(|| hosts.clone()),
        check: (facts.check != old.check).then(|| facts.check.clone()),
        operations: facts.operations.iter().filter(|operation| !old.operations.contains(operation)).cloned().collect(),
    };
    if change.groups.is_empty()
        && change.gone.is_empty()
        && change.hosts.is_none()
        && change.check.is_none()
        && change.operations.is_empty()
    {
        return None;
    }
    let (check, operations) = (facts.check.clone(), facts.operations.clone());
    let snapshot = Snapshot { revision: change.revision.clone(), hosts, groups, check, operations, sample: old.sample };
    Some((change, State::new(snapshot, facts.asking())))
}
