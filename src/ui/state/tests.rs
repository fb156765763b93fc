//! Changes reach the signals that they touch.

use super::*;
use crate::ui::ask::Action;
use crate::{
    ui::sample,
    wire::{Phase, Verdict},
};

/// A change that brings these rows.
fn change(n: u64, groups: Vec<GroupRow>, gone: &[&str]) -> Change {
    let gone = gone.iter().map(|id| (*id).to_owned()).collect();
    Change { revision: Revision { boot: "k3x9".into(), n }, groups, gone, hosts: None, check: None, operations: Vec::new() }
}

#[test]
fn a_change_reaches_the_row_that_it_names_and_keeps_its_signal() {
    let owner = Owner::new();
    owner.set();
    let state = State::new(sample::start(vec![sample::group("a:1", Verdict::UpToDate), sample::group("b:1", Verdict::UpToDate)]));
    let row = state.row("docker.io/library/b:1").expect("known");
    state.apply(change(13, vec![sample::group("b:1", Verdict::Rebuilt)], &[]));
    assert_eq!(row.get_untracked().verdict, Verdict::Rebuilt);
    assert_eq!(state.tally.get_untracked().rebuilt, 1);
    assert_eq!(state.revision().n, 13);
    assert_eq!(state.groups.get_untracked()[0].id, "docker.io/library/b:1", "what is behind comes first");
}

#[test]
fn groups_come_and_go() {
    let owner = Owner::new();
    owner.set();
    let state = State::new(sample::start(vec![sample::group("a:1", Verdict::UpToDate)]));
    state.apply(change(13, vec![sample::group("b:1", Verdict::UpToDate)], &["docker.io/library/a:1"]));
    let ids: Vec<_> = state.groups.get_untracked().into_iter().map(|group| group.id).collect();
    assert_eq!(ids, ["docker.io/library/b:1"]);
    assert_eq!(state.situation.get_untracked(), Situation::AllCurrent { images: 1 });
}

#[test]
fn the_answer_to_a_wish_never_overtakes_the_stream() {
    let owner = Owner::new();
    owner.set();
    let state = State::new(sample::start(vec![sample::group("a:1", Verdict::Rebuilt)]));
    let begun = sample::operation("a:1", "a", Phase::Waiting);
    let pulling = Operation { phase: Phase::Pulling, ..begun.clone() };
    state.apply(Change { operations: vec![pulling.clone()], ..change(13, Vec::new(), &[]) });
    state.learn(vec![begun.clone()]);
    assert_eq!(state.operations.get_untracked(), std::slice::from_ref(&pulling));
    state.learn(vec![Operation { id: 8, ..begun.clone() }]);
    assert_eq!(state.operations.get_untracked(), [Operation { id: 8, ..begun }, pulling]);
}

#[test]
fn nothing_is_sent_twice() {
    let owner = Owner::new();
    owner.set();
    let state = State::new(sample::start(vec![sample::group("a:1", Verdict::Rebuilt)]));
    let ask = |image: &str| Ask { image: image.into(), action: Action::UpdateAll };
    state.send(ask("a:1"));
    state.send(ask("a:1"));
    state.send(ask("b:1"));
    assert_eq!(state.outbox.get_untracked(), [ask("a:1"), ask("b:1")]);
    state.reply("a:1", Some(Reply::Failed));
    state.send(ask("a:1"));
    assert_eq!(state.outbox.get_untracked().len(), 3);
}
