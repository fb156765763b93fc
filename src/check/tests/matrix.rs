//! Every quirk and fault of registries, each on a registry of its own, all in one check: what each gives, and that none costs the others anything.

use std::{collections::HashMap, time::Instant};

use super::*;
use crate::{
    image::judge::{Local, judge},
    simulate::registry::{Access, Fault, Login, RetryAfter, Scope},
    wire::{Level, Reason, Trouble, Verdict},
};

/// What a registry does, and the verdict on an image of it that runs `1.0.0` while `1.0.1` is there.
struct Case {
    name: &'static str,
    access: Access,
    faults: Vec<(Scope, Fault)>,
    verdict: Expected,
}

/// The verdict that must be given.
#[derive(Debug)]
enum Expected {
    /// `1.0.1` is newer: everything was understood
    Newer,
    /// unknown, for a reason that this finds right
    Unknown(fn(&Reason) -> bool),
}

use Expected::{Newer, Unknown};

/// The whole of the registry does it.
fn whole(name: &'static str, fault: Fault, verdict: Expected) -> Case {
    part(name, Scope::Whole, fault, verdict)
}

/// A part of the registry does it.
fn part(name: &'static str, scope: Scope, fault: Fault, verdict: Expected) -> Case {
    Case { name, access: Access::Open, faults: vec![(scope, fault)], verdict }
}

/// A registry that wants tokens does it.
fn token(name: &'static str, scope: Scope, fault: Fault, verdict: Expected) -> Case {
    let access = Access::Token { lifetime: Duration::from_mins(5), login: None };
    Case { name, access, faults: vec![(scope, fault)], verdict }
}

/// Nothing can be had of it at all.
fn dead() -> Vec<Case> {
    let timed_out: fn(&Reason) -> bool = |reason| matches!(reason, Reason::TimedOut { .. });
    let broken: fn(&Reason) -> bool = |reason| matches!(reason, Reason::Unreachable { trouble: Trouble::Broken, .. });
    let server: fn(&Reason) -> bool = |reason| matches!(reason, Reason::ServerError { .. });
    let limited: fn(&Reason) -> bool = |reason| matches!(reason, Reason::RateLimited { .. });
    let bad: fn(&Reason) -> bool = |reason| matches!(reason, Reason::BadAnswer { .. });
    let denied: fn(&Reason) -> bool = |reason| matches!(reason, Reason::NotFoundOrNoAccess { .. });
    vec![
        whole("never answers", Fault::Hang, Unknown(timed_out)),
        whole("closes every connection", Fault::Reset, Unknown(broken)),
        whole("fails", Fault::Status(500), Unknown(server)),
        whole("is away", Fault::Status(503), Unknown(server)),
        whole("a teapot", Fault::Status(418), Unknown(bad)),
        whole("denies", Fault::Status(403), Unknown(denied)),
        whole("401 without a challenge", Fault::Status(401), Unknown(denied)),
        whole("429 with seconds", Fault::TooMany(RetryAfter::Seconds(3600)), Unknown(limited)),
        whole("429 with a date", Fault::TooMany(RetryAfter::Date(3600)), Unknown(limited)),
        whole("429 without more", Fault::TooMany(RetryAfter::Missing), Unknown(limited)),
        whole("web pages with 200", Fault::Html, Unknown(bad)),
        part(
            "the first schema",
            Scope::repository(REPOSITORY),
            Fault::Schema1,
            Unknown(|reason| matches!(reason, Reason::SchemaTooOld { .. })),
        ),
        part("a body without end", Scope::repository(REPOSITORY), Fault::HugeBody, Unknown(bad)),
        part("a slow body", Scope::repository(REPOSITORY), Fault::SlowBody, Unknown(timed_out)),
        part("a body that breaks off", Scope::repository(REPOSITORY), Fault::ResetMidBody, Unknown(broken)),
        token("tokens that are web pages", Scope::Token, Fault::Html, Unknown(bad)),
        token("no tokens", Scope::Token, Fault::Status(500), Unknown(server)),
        token("tokens that are refused", Scope::Token, Fault::UselessToken, Unknown(denied)),
        token("a token server that hangs", Scope::Token, Fault::Hang, Unknown(timed_out)),
        Case {
            name: "a password that is refused",
            access: Access::Basic(Login::new("somebody", "else")),
            faults: Vec::new(),
            verdict: Unknown(denied),
        },
    ]
}

/// Odd, and understood.
fn odd() -> Vec<Case> {
    vec![
        Case { name: "honest", access: Access::Open, faults: Vec::new(), verdict: Newer },
        whole("two challenges in one header", Fault::TwoChallenges, Newer),
        token("two challenges with tokens", Scope::Whole, Fault::TwoChallenges, Newer),
        token("a scheme in lower case", Scope::Whole, Fault::LowerCaseScheme, Newer),
        token("a realm without quotation marks", Scope::Whole, Fault::UnquotedRealm, Newer),
        token("a scope of its own", Scope::Whole, Fault::PlaceholderScope, Newer),
        token("access_token", Scope::Token, Fault::AccessTokenOnly, Newer),
        token("no lifetime", Scope::Token, Fault::NoExpiry, Newer),
        token("tokens for the first scope alone", Scope::Whole, Fault::FirstScopeOnly, Newer),
        part("no HEAD", Scope::repository(REPOSITORY), Fault::HeadRefused, Newer),
        part("HEAD without a digest", Scope::repository(REPOSITORY), Fault::NoDigestOfHead, Newer),
        part("no digest anywhere", Scope::repository(REPOSITORY), Fault::NoDigest, Newer),
    ]
}

/// Lists of tags in every shape. Where no list is to be had, nothing is said of newer versions, and so nothing of the image.
fn lists() -> Vec<Case> {
    let bad: fn(&Reason) -> bool = |reason| matches!(reason, Reason::BadAnswer { .. });
    let list = |name, fault, verdict| part(name, Scope::Tags, fault, verdict);
    vec![
        list(
            "a list that is denied",
            Fault::Status(403),
            Unknown(|reason| matches!(reason, Reason::NotFoundOrNoAccess { status: 403, .. })),
        ),
        list("a list that hangs", Fault::Hang, Unknown(|reason| matches!(reason, Reason::TimedOut { .. }))),
        list("a list that is a web page", Fault::Html, Unknown(bad)),
        list("a compressed list", Fault::Gzip, Unknown(bad)),
        list("links without end", Fault::LinkEndless, Unknown(bad)),
        list("a link in a circle", Fault::LinkLoop, Newer),
        list("always a next link", Fault::LinkAlways, Newer),
        list("absolute links", Fault::LinkAbsolute, Newer),
        list("opaque links", Fault::LinkOpaque, Newer),
        list("sloppy links", Fault::LinkSloppy, Newer),
        list("links to another host", Fault::LinkElsewhere("http://127.0.0.1:1".into()), Newer),
        list("null in place of tags", Fault::NullTags, Unknown(bad)),
        list("digests among the tags", Fault::OddTags, Newer),
        list("no more than a hundred at once", Fault::CountRefused(100), Newer),
        list("no entity tags", Fault::NoEtag, Newer),
        list("no pages", Fault::NoPages, Newer),
    ]
}

/// The repository that every registry has.
const REPOSITORY: &str = "acme/app";

#[tokio::test]
async fn every_fault_has_its_verdict_in_one_check() {
    let mut cases: Vec<_> = dead().into_iter().chain(odd()).chain(lists()).collect();
    let (mut registries, mut questions, mut running) = (Vec::new(), Vec::new(), HashMap::new());
    for case in &cases {
        let registry = Registry::start().await.unwrap();
        let digest = registry.push(REPOSITORY, "1.0.0", 1);
        registry.push(REPOSITORY, "1.0.1", 2);
        registry.set_access(case.access.clone());
        for (scope, fault) in &case.faults {
            registry.fault(scope.clone(), fault.clone());
        }
        let reference = at(&registry, &format!("{REPOSITORY}:1.0.0"));
        running.insert(reference.clone(), (case.name, digest.clone()));
        questions.push(question(reference, &[digest]));
        registries.push(registry);
    }
    let settings = Settings { timeout: crate::slack::within(Duration::from_secs(2)), ..settings() };
    let started = Instant::now();
    let findings = check(&Registries::new(settings).unwrap(), questions).await;
    let took = started.elapsed();
    assert_eq!(findings.len(), cases.len());
    let mut wrong = Vec::new();
    for finding in findings {
        let (name, digest) = &running[&finding.reference];
        let local = Local { digests: [digest.clone()].into(), ..Local::default() };
        let (verdict, _) = judge(Some(&finding), &local, &Policy::default());
        let at = cases.iter().position(|case| case.name == *name).unwrap();
        let right = match (&cases.swap_remove(at).verdict, &verdict) {
            (Newer, verdict) => *verdict == Verdict::Newer { level: Level::Patch, tag: "1.0.1".into(), rebuilt: false },
            (Unknown(right), Verdict::Unknown { reason }) => right(reason),
            (Unknown(_), _) => false,
        };
        if !right {
            let steps = finding.steps.iter().map(|step| format!("{} {:?} {:?}", step.request, step.status, step.trouble));
            wrong.push(format!("{name}: {verdict:?}, after {:#?}", steps.collect::<Vec<_>>()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(took < crate::slack::within(Duration::from_secs(30)), "{took:?}");
}
