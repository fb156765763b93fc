//! What labels and configuration make of rows and questions.

use super::*;
use crate::{
    image::{KnownTags, Policies, Tags, outlook, policies::Excluded},
    wire::{GroupRow, LabelProblemKind, Level, TagKind},
};

/// A container with one label.
fn labelled(name: &str, image: &str, label: (&str, &str)) -> Workload {
    let labels = BTreeMap::from([(label.0.to_owned(), label.1.to_owned())]);
    Workload { labels, ..workload(name, image, '1') }
}

/// A finding of a current digest, in a repository with these tags.
fn versions(image: &str, tags: &[&str]) -> Input {
    let reference: Reference = image.parse().unwrap();
    let outlook = outlook::outlook(reference.tag().unwrap(), tags.iter().copied());
    let known = KnownTags { outlook, rules: outlook::RULES, marks: Vec::new() };
    let answer = Answer { tags: Tags::Known(known), ..Answer::digest(digest('1')) };
    Input::Found(Finding { reference, answer: Ok(answer), at: 7, took_ms: 5, steps: Vec::new() })
}

fn row(live: &Live, id: &str) -> GroupRow {
    live.state().snapshot.groups.iter().find(|group| group.id == id).unwrap().clone()
}

#[tokio::test]
async fn a_row_carries_the_candidates_and_the_wish_decides_which_is_offered() {
    let web = labelled("web", "nginx:1.27.3", ("plimsoll.follow", "minor"));
    let tags = ["1.27.3", "1.27.4", "1.28.0", "2.0.0"];
    let live = live(vec![inventory(vec![web]), versions("nginx:1.27.3", &tags)]).await;
    let row = row(&live, "docker.io/library/nginx:1.27.3");
    assert_eq!(row.verdict, Verdict::Newer { level: Level::Major, tag: "2.0.0".into(), rebuilt: false });
    let versions = row.versions.unwrap();
    let candidates: Vec<_> = versions.candidates.iter().map(|candidate| (candidate.tag.as_str(), candidate.offered)).collect();
    assert_eq!((versions.kind, candidates), (TagKind::Version, vec![("1.27.4", false), ("1.28.0", true), ("2.0.0", false)]));
}

#[tokio::test]
async fn what_is_not_to_be_looked_at_is_not() {
    let policies = Policies { exclude: vec![Excluded::new("redis")], ..Policies::default() };
    let hidden = labelled("hidden", "nginx:1", ("plimsoll.enable", "false"));
    let foreign = labelled("foreign", "nginx:2", ("wud.watch", "false"));
    let all = vec![workload("web", "nginx:3", '1'), workload("cache", "redis:7", '1'), hidden, foreign];
    let live = live(vec![Input::Policies(policies), inventory(all)]).await;
    let ids: Vec<_> = live.state().snapshot.groups.iter().map(|group| group.id.clone()).collect();
    assert_eq!(ids, ["docker.io/library/nginx:3"]);
    assert_eq!(live.references().len(), 1);
}

#[tokio::test]
async fn what_nothing_runs_is_checked_where_it_is_asked_for() {
    let policies = Policies { extra: ["nginx:1.27.3", "redis:latest"].map(|text| text.parse().unwrap()).into(), ..Policies::default() };
    let found =
        vec![Input::Policies(policies), versions("nginx:1.27.3", &["1.27.3", "1.28.0"]), Input::Found(finding("redis:latest", Ok('1'), 7))];
    let live = live(found).await;
    assert_eq!(live.questions(None).len(), 2);
    let newer = Verdict::Newer { level: Level::Minor, tag: "1.28.0".into(), rebuilt: false };
    assert_eq!(row(&live, "docker.io/library/nginx:1.27.3").verdict, newer);
    assert_eq!(row(&live, "docker.io/library/redis:latest").verdict, Verdict::Unknown { reason: Reason::NothingRuns });
}

#[tokio::test]
async fn a_label_decides_of_automatic_updates_and_a_wrong_one_is_told() {
    let wishes = |name: &str, value: &str| labelled(name, "nginx:1", ("plimsoll.auto-update", value));
    let tower = labelled("tower", "nginx:1", ("com.centurylinklabs.watchtower.enable", "true"));
    let all = vec![wishes("on", "true"), wishes("off", "false"), wishes("odd", "soon"), tower];
    let switch = Input::Switch { host: "harbor".into(), name: "off".into(), on: true };
    let live = live(vec![inventory(all), switch]).await;
    let row = row(&live, "docker.io/library/nginx:1");
    let said: Vec<_> =
        row.workloads.iter().map(|workload| (workload.name.as_str(), workload.auto_update, workload.auto_update_by_label)).collect();
    assert_eq!(said, [("odd", false, false), ("off", false, true), ("on", true, true), ("tower", false, false)]);
    let problems: Vec<_> = row.workloads.iter().flat_map(|workload| &workload.label_problems).map(|problem| problem.kind).collect();
    assert_eq!(problems, [LabelProblemKind::NoBoolean]);
}

#[tokio::test]
async fn a_question_holds_all_that_runs_and_each_wish_once() {
    let pinned = labelled("pinned", "nginx:1", ("plimsoll.pin", "true"));
    let minor = |name: &str, local| Workload {
        local: workload(name, "nginx:1", local).local,
        ..labelled(name, "nginx:1", ("plimsoll.follow", "minor"))
    };
    let same = vec![minor("two", '2'), minor("three", '2'), pinned];
    let different = [vec![workload("one", "nginx:1", '1')], same.clone()].concat();
    for (what, running, policies, workloads) in
        [("what runs everywhere", 1, 1, same), ("what runs here and not there is explained for there", 0, 2, different)]
    {
        let questions = live(vec![inventory(workloads)]).await.questions(None);
        assert_eq!(questions.len(), 1, "{what}");
        let told = questions[0].running.as_ref().map(BTreeSet::len);
        assert_eq!((told, questions[0].policies.len()), (Some(running), policies), "{what}");
    }
}
