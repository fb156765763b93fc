//! Pulls.

use super::*;
use crate::{
    host::Login,
    simulate::engine::{Offer, Trouble},
    wire::LayerState,
};

#[tokio::test]
async fn progress_is_told_to_the_end() {
    for store in [Store::Classic, Store::Containerd] {
        let (engine, host) = started(Options { store, ..Options::default() }, web()).await;
        let layers = [("base", 90_000_000), ("app", 10_000_000)];
        engine.offer(REFERENCE, Offer::of(image(2).layers(&layers)).taking(Duration::from_millis(600))).expect("a reference");
        let survey = survey(&host).await;
        let states = pull(&host, &survey).await.expect("the registry has it");
        let percents: Vec<_> = states.iter().map(|state| state.percent).collect();
        assert!(percents.is_sorted() && percents.last() == Some(&100), "{store:?}: {percents:?}");
        assert!(percents.iter().any(|percent| (1..99).contains(percent)), "{store:?}: {percents:?}");
        let last = states.last().expect("states");
        assert_eq!(last.layers.len(), 2, "{store:?}");
        assert!(last.layers.iter().all(|layer| layer.state == LayerState::Done && layer.done == layer.total), "{store:?}: {last:?}");
        assert!(host.plan(&survey, &Goal::Same, &Stood::default(), "17").await.expect("an answer").is_some(), "{store:?}: it is there");
    }
}

#[tokio::test]
async fn not_every_line_is_told() {
    let (engine, host) = started(Options::default(), web()).await;
    let names: Vec<String> = (0..40).map(|number| format!("layer {number}")).collect();
    let layers: Vec<(&str, u64)> = names.iter().map(|name| (name.as_str(), 1_000_000)).collect();
    engine.offer(REFERENCE, image(2).layers(&layers)).expect("a reference");
    let began = tokio::time::Instant::now();
    let states = pull(&host, &survey(&host).await).await.expect("the registry has it").len();
    let most = 2 + usize::try_from(began.elapsed().as_millis() / 100).expect("a short time");
    assert!(states <= most, "{states} of more than 600 lines, at most {most} in that time");
}

#[tokio::test]
async fn a_pull_that_breaks_off_has_failed() {
    for (what, trouble) in [
        ("an error in the stream", Trouble::Error("toomanyrequests: You have reached your pull rate limit".into())),
        ("the connection breaks", Trouble::Cut),
        ("the stream ends too early", Trouble::Ends),
    ] {
        let (engine, host) = started(Options::default(), web()).await;
        engine.offer(REFERENCE, Offer::of(image(2)).failing(trouble.clone())).expect("a reference");
        let survey = survey(&host).await;
        let failed = pull(&host, &survey).await.expect_err(what);
        match (&trouble, &failed) {
            (Trouble::Error(words), UpdateTrouble::Pull { detail }) => assert_eq!(detail, words, "{what}"),
            (Trouble::Ends, UpdateTrouble::Pull { .. }) | (Trouble::Cut, UpdateTrouble::HostAway { .. }) => {}
            _ => panic!("{what}: {failed:?}"),
        }
    }
}

#[tokio::test]
async fn a_private_image_comes_with_the_right_login_only() {
    let (engine, host) = started(Options::default(), web()).await;
    let password = "?>~ÿ+/secret";
    engine.offer(REFERENCE, Offer::of(image(2)).login("me", password)).expect("a reference");
    let reference = survey(&host).await.reference().clone();
    for (password, expected) in [(None, false), (Some("wrong"), false), (Some(password), true)] {
        let login = password.map(|password| Login { username: "me".into(), password: password.into() });
        let states: Vec<_> = host.pull(&reference, login).collect().await;
        let failed = states.iter().find_map(|state| state.as_ref().err());
        assert_eq!(failed.is_none(), expected, "{failed:?}");
        if let Some(UpdateTrouble::Pull { detail }) = failed {
            assert!(detail.contains("denied"), "{detail}");
        }
    }
    let pulls = engine.changes();
    let pull = pulls.last().expect("a pull");
    assert_eq!(pull.query.get("tag").map(String::as_str), Some("1.27"), "never all tags");
    assert_eq!(pull.login["serveraddress"], "https://index.docker.io/v1/");
}

#[tokio::test]
async fn an_engine_that_is_away_is_told_as_such() {
    let (engine, host) = started(Options::default(), web()).await;
    let survey = survey(&host).await;
    engine.refuse().await;
    assert!(matches!(pull(&host, &survey).await, Err(UpdateTrouble::HostAway { .. })));
    assert!(matches!(host.survey("web").await, Err(SurveyError::Host(_))));
    assert!(matches!(host.plan(&survey, &Goal::Same, &Stood::default(), "17").await, Err(StepError::Away(_))));
}
