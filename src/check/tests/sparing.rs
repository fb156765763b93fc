//! How little is asked.

use std::sync::Arc;

use super::*;
use crate::image::Tags;

/// What was asked for since the last time: heads, gets, pages of tags, blobs.
fn took(registry: &Registry, before: &mut [u64; 4]) -> [u64; 4] {
    let counts = registry.counts();
    let now = [counts.head, counts.get, counts.tags, counts.blob];
    let took = std::array::from_fn(|at| now[at] - before[at]);
    *before = now;
    took
}

/// The finding about what a question asks about.
fn of<'a>(findings: &'a [Finding], question: &Question) -> &'a Finding {
    findings.iter().find(|finding| finding.reference == question.reference).unwrap()
}

#[tokio::test]
async fn a_list_is_read_once_however_many_need_it() {
    let registry = Registry::start().await.unwrap();
    registry.push_all("acme/app", ["1.0.0", "1.0.1", "1.1.0", "2.0.0"].map(str::to_owned), 1);
    let questions = ["1.0.0", "1.0.1", "1.1.0"].map(|tag| question(at(&registry, &format!("acme/app:{tag}")), &[]));
    let findings = check(&registries(), questions.to_vec()).await;
    let newer = |finding: &Finding| finding.answer.as_ref().unwrap().tags.known().unwrap().outlook.newer.len();
    let mut found: Vec<_> = findings.iter().map(|finding| (finding.reference.tag().unwrap(), newer(finding))).collect();
    found.sort_unstable();
    assert_eq!(found, [("1.0.0", 3), ("1.0.1", 2), ("1.1.0", 1)]);
    assert_eq!(registry.counts().tags, 1);
}

#[tokio::test]
async fn a_channel_and_a_commit_ask_for_no_list() {
    let registry = Registry::start().await.unwrap();
    let tags = ["latest", "stable", "0a1b2c3"];
    registry.push_all("acme/app", tags.map(str::to_owned), 1);
    let questions = tags.map(|tag| question(at(&registry, &format!("acme/app:{tag}")), &[]));
    for finding in check(&registries(), questions.to_vec()).await {
        assert_eq!(finding.answer.unwrap().tags, Tags::NotAsked, "{}", finding.reference);
    }
    assert_eq!(took(&registry, &mut [0; 4]), [3, 0, 0, 0]);
}

#[tokio::test]
async fn an_unchanged_fleet_costs_a_head_an_image() {
    let registry = Registry::start().await.unwrap();
    let mut questions = Vec::new();
    for repository in (0..20).map(|n| format!("acme/app-{n}")) {
        let digest = registry.push(&repository, "1.0.0", 1);
        registry.push_all(&repository, ["0.9.0", "1.0.1", "2.0.0"].map(str::to_owned), 2);
        questions.push(question(at(&registry, &format!("{repository}:1.0.0")), &[digest]));
    }
    let (registries, mut before) = (registries(), [0; 4]);
    let first = check(&registries, questions.clone()).await;
    let [head, get, tags, blob] = took(&registry, &mut before);
    assert_eq!((head, tags), (20, 20));
    // what would be offered is explained, the patch and the major: by index, manifest and configuration at most
    assert!((1..=80).contains(&get) && blob <= 40, "{get} {blob}");
    for question in &mut questions {
        question.known = Some(Arc::new(of(&first, question).clone()));
    }
    let second = check(&registries, questions.clone()).await;
    // the lists are asked for by their entity tags, and no page of them comes
    assert_eq!(took(&registry, &mut before), [20, 0, 20, 0]);
    for question in &questions {
        let finding = of(&second, question);
        assert_eq!(finding.answer, of(&first, question).answer);
        let lists: Vec<_> = finding.steps.iter().filter(|step| step.request.ends_with("/tags/list")).map(|step| step.status).collect();
        assert_eq!(lists, [Some(304)], "{:?}", finding.steps);
    }
    // one repository changes: its list is read, and its new candidate explained
    registry.push("acme/app-7", "1.0.2", 9);
    let third = check(&registries, questions).await;
    let [head, get, tags, blob] = took(&registry, &mut before);
    assert_eq!((head, tags > 20), (20, false), "the page that came in place of \"unchanged\" is not asked for again");
    assert!((1..=2).contains(&get) && blob <= 1, "{get} {blob}");
    let changed = third.iter().find(|finding| finding.reference.repository() == "acme/app-7").unwrap();
    let outlook = &changed.answer.as_ref().unwrap().tags.known().unwrap().outlook;
    assert!(outlook.newer.iter().any(|newer| newer.tag == "1.0.2"), "{outlook:?}");
}
