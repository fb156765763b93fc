//! Tokens for many at once: what a check costs in requests, and what becomes of who may not see everything.

use futures_util::future::join_all;

use super::*;
use crate::simulate::registry::Counts;

/// Repositories that are there.
fn repositories(simulated: &Simulated, count: usize) -> Vec<String> {
    let names: Vec<_> = (0..count).map(|n| format!("acme/app-number-{n}")).collect();
    for name in &names {
        simulated.push(name, "1", 1);
    }
    names
}

/// The reference of a repository's image.
fn image(repository: &str) -> Reference {
    format!("{HOST}/{repository}:1").parse().unwrap()
}

/// One check of these repositories: what came of each, and what was requested for it.
async fn check(registries: &Registries, simulated: &Simulated, names: &[String]) -> (Vec<Result<Digest, Reason>>, Counts) {
    let before = simulated.counts();
    let references: Vec<_> = names.iter().map(|name| image(name)).collect();
    registries.announce(&references);
    let lookups = join_all(references.iter().map(|reference| registries.look_up(reference))).await;
    let now = simulated.counts();
    let counts = Counts {
        ping: now.ping - before.ping,
        head: now.head - before.head,
        token: now.token - before.token,
        logins: now.logins - before.logins,
        ..now
    };
    (lookups.into_iter().map(|lookup| lookup.answer).collect(), counts)
}

/// The digests of them all.
fn all(names: &[String]) -> Vec<Result<Digest, Reason>> {
    names.iter().map(|name| Ok(digest_of(name, 1))).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_check_takes_a_request_an_image_and_one_for_each_forty() {
    for count in [1, 58, 200, 1000] {
        let simulated = simulated().await;
        simulated.set_access(tokens());
        let names = repositories(&simulated, count);
        let registries = registries(&simulated, LONG, None);
        let (answers, counts) = check(&registries, &simulated, &names).await;
        assert_eq!(answers, all(&names));
        let number = u64::try_from(count).unwrap();
        assert_eq!((counts.ping, counts.token, counts.head), (1, number.div_ceil(40), number));
        assert_eq!(counts.get, 0, "pulls are the user's");
        // the challenge is remembered, and so are tokens that live
        let (answers, counts) = check(&registries, &simulated, &names).await;
        assert_eq!(answers, all(&names));
        assert_eq!((counts.ping, counts.token, counts.head), (0, 0, number));
    }
}

#[tokio::test]
async fn an_open_registry_is_asked_what_it_wants_once() {
    let simulated = simulated().await;
    let names = repositories(&simulated, 100);
    let registries = registries(&simulated, LONG, None);
    for pings in [1, 0] {
        let (answers, counts) = check(&registries, &simulated, &names).await;
        assert_eq!(answers, all(&names));
        assert_eq!((counts.ping, counts.token, counts.head), (pings, 0, 100));
    }
}

#[tokio::test]
async fn what_comes_of_asking_what_it_wants_is_no_failure_of_an_image() {
    for fault in
        [Fault::Status(404), Fault::Status(500), Fault::Status(401), Fault::Reset, Fault::Html, Fault::TooMany(RetryAfter::Missing)]
    {
        let simulated = simulated().await;
        simulated.set_access(tokens());
        simulated.fault(Scope::Ping, fault.clone());
        let names = repositories(&simulated, 50);
        let (answers, counts) = check(&registries(&simulated, LONG, None), &simulated, &names).await;
        assert_eq!(answers, all(&names), "{fault:?}");
        // they learn from their own 401 what is wanted, and share tokens all the same
        assert_eq!((counts.ping, counts.token, counts.head), (1, 2, 100), "{fault:?}");
    }
}

#[tokio::test]
async fn a_token_that_does_not_open_all_of_a_batch_is_asked_for_alone() {
    for (scope, fault) in [
        (Scope::Whole, Fault::FirstScopeOnly),
        (Scope::Token, Fault::ManyScopes(400)),
        (Scope::Token, Fault::ManyScopes(401)),
        (Scope::Token, Fault::ManyScopes(403)),
        (Scope::Token, Fault::ManyScopes(414)),
    ] {
        let simulated = simulated().await;
        simulated.set_access(tokens());
        simulated.fault(scope, fault.clone());
        let names = repositories(&simulated, 45);
        let (answers, counts) = check(&registries(&simulated, LONG, None), &simulated, &names).await;
        assert_eq!(answers, all(&names), "{fault:?}");
        // two batches, and one for each that was left out: all, or all but the first of each
        let alone = if fault == Fault::FirstScopeOnly { 43 } else { 45 };
        assert_eq!(counts.token, 2 + alone, "{fault:?}");
    }
}

#[tokio::test]
async fn what_may_not_be_seen_spoils_nothing_of_its_batch() {
    let simulated = simulated().await;
    simulated.set_access(tokens());
    let names = repositories(&simulated, 40);
    simulated.hide(&names[7]);
    // the answer of the registry is 403 where a token does not open what is asked for
    simulated.fault(Scope::repository(&names[8]), Fault::Status(403));
    let (answers, counts) = check(&registries(&simulated, LONG, None), &simulated, &names).await;
    let mut expected = all(&names);
    expected[7] = no_access(401);
    expected[8] = no_access(403);
    assert_eq!(answers, expected);
    assert_eq!((counts.token, counts.head), (3, 42), "each of the two is asked about once more, with a token of its own");
}

#[tokio::test]
async fn credentials_are_tried_by_one_batch_before_the_others() {
    for (password, good) in [("secret", true), ("wrong", false)] {
        let simulated = simulated().await;
        simulated.set_access(tokens());
        let names = repositories(&simulated, 200);
        let registries = registries(&simulated, LONG, Some(("me", password)));
        let (answers, counts) = check(&registries, &simulated, &names).await;
        if good {
            assert_eq!(answers, all(&names));
            assert_eq!((counts.token, counts.logins), (5, 5));
        } else {
            let refused = Reason::CredentialsRefused { registry: registry() };
            assert!(answers.iter().all(|answer| *answer == Err(refused.clone())));
            assert_eq!((counts.token, counts.logins, counts.head), (1, 1, 0), "never a second try");
        }
    }
}

#[tokio::test]
async fn several_tags_of_a_repository_share_its_token() {
    let simulated = simulated().await;
    simulated.set_access(tokens());
    simulated.push(REPOSITORY, "2", 2);
    let registries = registries(&simulated, LONG, None);
    let references: Vec<Reference> = ["1", "2", "1"].map(|tag| format!("{HOST}/{REPOSITORY}:{tag}").parse().unwrap()).to_vec();
    // announced or not
    for lookup in join_all(references.iter().map(|reference| registries.look_up(reference))).await {
        assert!(lookup.answer.is_ok());
    }
    assert_eq!(simulated.counts().token, 1);
}

#[tokio::test]
async fn a_token_server_that_is_away_costs_a_batch_no_more_than_its_tries() {
    let simulated = simulated().await;
    simulated.set_access(tokens());
    simulated.fault(Scope::Token, Fault::Status(503));
    let names = repositories(&simulated, 40);
    let (answers, counts) = check(&registries(&simulated, LONG, None), &simulated, &names).await;
    assert!(answers.iter().all(|answer| *answer == server_error(503)));
    assert_eq!((counts.token, counts.head), (3, 0));
}
