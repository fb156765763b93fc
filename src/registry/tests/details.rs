//! What a tag stands for: what is learnt of every shape, what is left out when a part fails, and what that costs.

use std::collections::BTreeSet;

use futures_util::future::join_all;

use super::*;
use crate::{
    image::{Details, Platform},
    simulate::registry::{Build, Counts, Shape, child_of, created_of},
};

mod hub;

/// What is done to the registry, what is wanted of it, what comes of that, and the requests that it takes.
struct Case {
    name: &'static str,
    build: Build,
    fault: Option<(Scope, Fault)>,
    wanted: &'static [&'static str],
    config: bool,
    answer: Result<Learnt, Reason>,
    /// `HEAD` and `GET` of manifests, blobs
    requests: [u64; 3],
}

/// What was learnt.
#[expect(clippy::struct_excessive_bools, reason = "each is one thing that may be learnt or not")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Learnt {
    platforms: usize,
    created: bool,
    version: bool,
    /// of the platform that was wanted
    config: bool,
    size: bool,
}

/// Everything.
const ALL: Learnt = Learnt { platforms: 2, created: true, version: true, config: true, size: true };

/// What an index alone tells.
const INDEX: Learnt = Learnt { platforms: 2, created: false, version: false, config: false, size: false };

/// What an index and a manifest tell.
const MANIFEST: Learnt = Learnt { created: false, version: false, ..ALL };

/// An image that says which version it is.
fn versioned() -> Build {
    Build { version: Some("1.2.3".to_owned()), ..Build::default() }
}

/// Such an image of another shape.
fn shaped(shape: Shape) -> Build {
    Build { shape, ..versioned() }
}

/// Everything of an image in an honest registry.
fn honest(name: &'static str) -> Case {
    Case { name, build: versioned(), fault: None, wanted: &["linux/amd64"], config: false, answer: Ok(ALL), requests: [0, 2, 1] }
}

/// A fault of what the tag stands for.
fn top(name: &'static str, fault: Fault, answer: Result<Digest, Reason>) -> Case {
    let fault = Some((Scope::Manifest("1".to_owned()), fault));
    Case { fault, answer: Err(answer.unwrap_err()), requests: [0, 1, 0], ..honest(name) }
}

/// A fault of the manifest that the index names.
fn child(name: &'static str, fault: Fault) -> Case {
    // its configuration is in no way special, and its label is in it: the digest is not that of the usual image
    Case {
        build: Build::default(),
        fault: Some((Scope::Manifest(amd64().to_string()), fault)),
        answer: Ok(INDEX),
        requests: [0, 2, 0],
        ..honest(name)
    }
}

/// A fault of the configuration.
fn blob(name: &'static str, fault: Fault) -> Case {
    Case { fault: Some((Scope::Blobs, fault)), answer: Ok(MANIFEST), ..honest(name) }
}

/// The manifest of the usual image for the platform that is wanted.
fn amd64() -> Digest {
    child_of(REPOSITORY, 1, &platform("linux/amd64")).unwrap().manifest
}

/// A platform, as it is written.
fn platform(text: &str) -> Platform {
    let mut parts = text.split('/').map(str::to_owned);
    Platform { os: parts.next().unwrap(), architecture: parts.next().unwrap(), variant: parts.next() }
}

/// Platforms, as they are written.
fn platforms(texts: &[&str]) -> BTreeSet<Platform> {
    texts.iter().map(|text| platform(text)).collect()
}

/// Images and their shapes.
fn shapes() -> Vec<Case> {
    let reproducible = |shape| Build { created: Some("1970-01-01T00:00:00Z".to_owned()), ..shaped(shape) };
    let arm = Build { platforms: vec![platform("linux/arm/v6"), platform("linux/arm/v7"), platform("windows/amd64")], ..versioned() };
    vec![
        honest("an index"),
        Case { wanted: &[], ..honest("no platform in particular") },
        Case { wanted: &["linux/amd64", "linux/riscv64"], ..honest("one platform that is there, and one that is not") },
        Case { wanted: &["linux/riscv64"], answer: Ok(INDEX), requests: [0, 1, 0], ..honest("a platform that is not there") },
        Case { build: Build::default(), answer: Ok(Learnt { version: false, ..ALL }), ..honest("no version") },
        Case {
            build: shaped(Shape::Annotated),
            answer: Ok(Learnt { config: false, size: false, ..ALL }),
            requests: [0, 1, 0],
            ..honest("an index that says it itself")
        },
        Case { build: shaped(Shape::Annotated), config: true, requests: [0, 2, 0], ..honest("the same, and the configuration's digest") },
        Case {
            build: Build { shape: Shape::Annotated, ..Build::default() },
            config: true,
            answer: Ok(Learnt { version: false, ..ALL }),
            ..honest("the same, and no version")
        },
        Case { build: reproducible(Shape::Annotated), answer: Ok(Learnt { created: false, ..ALL }), ..honest("1970") },
        Case { build: shaped(Shape::Nested), answer: Ok(INDEX), requests: [0, 2, 0], ..honest("an index of an index") },
        Case { build: shaped(Shape::Manifest), answer: Ok(Learnt { platforms: 1, ..ALL }), requests: [0, 1, 1], ..honest("no index") },
        Case { build: arm, wanted: &["linux/arm/v7"], answer: Ok(Learnt { platforms: 3, ..ALL }), ..honest("variants") },
    ]
}

/// Parts that fail.
fn faults() -> Vec<Case> {
    let wrong = "a manifest that does not have the digest that it should have";
    vec![
        top("not there", Fault::Status(404), no_access(404)),
        Case { requests: [0, 3, 0], ..top("fails", Fault::Status(500), server_error(500)) },
        top("429", Fault::TooMany(RetryAfter::Seconds(600)), limited(Some(600))),
        top("never answers", Fault::Hang, timed_out()),
        top("another digest", Fault::Digest(Digest::of(b"another").to_string()), bad(wrong)),
        top("other bytes", Fault::OtherBlob, bad("what came is no manifest")),
        top("compressed", Fault::Gzip, bad("a compressed manifest")),
        top("without end", Fault::HugeBody, bad("a manifest of more than 4 MiB")),
        top("a page of HTML", Fault::Html, bad("a web page instead of a manifest")),
        top("the first schema", Fault::Schema1, Err(Reason::SchemaTooOld { registry: registry() })),
        Case { fault: Some((Scope::Whole, Fault::NoDigest)), ..honest("no digest is named") },
        child("its manifest is not there", Fault::Status(404)),
        child("its manifest is another", Fault::OtherBlob),
        child("its manifest is compressed", Fault::Gzip),
        child("its manifest breaks off", Fault::ResetMidBody),
        child("its manifest never comes", Fault::Hang),
        blob("its configuration is not there", Fault::Status(404)),
        blob("its configuration is another", Fault::OtherBlob),
        blob("its configuration is compressed", Fault::Gzip),
        blob("its configuration has no end", Fault::HugeBody),
        blob("its configuration breaks off", Fault::ResetMidBody),
        blob("its configuration is a page of HTML", Fault::Html),
    ]
}

/// What was learnt of the image that was pushed.
fn learnt(details: &Details, wanted: &BTreeSet<Platform>) -> Learnt {
    let mut images = wanted.iter().filter_map(|platform| details.for_platform(platform));
    let image = images.next().or(details.platforms.first().filter(|_| wanted.is_empty()));
    assert!(details.created.is_none_or(|created| created == created_of(1)));
    assert!(details.version.as_ref().is_none_or(|version| version == "1.2.3"));
    Learnt {
        platforms: details.platforms.len(),
        created: details.created.is_some(),
        version: details.version.is_some(),
        config: image.is_some_and(|image| image.config.is_some()),
        size: image.is_some_and(|image| image.size.is_some_and(|size| size > 0)),
    }
}

/// Requests for manifests and blobs.
fn requests(counts: Counts) -> [u64; 3] {
    [counts.head, counts.get, counts.blob]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn as_much_is_learnt_as_can_be_in_as_few_requests() {
    let prepare = async |case: Case| {
        let simulated = Simulated::start().await.unwrap();
        let digest = simulated.push_built(REPOSITORY, "1", 1, &case.build);
        let waits = matches!(case.fault, Some((_, Fault::Hang)));
        if let Some((scope, fault)) = case.fault.clone() {
            simulated.fault(scope, fault);
        }
        let registries = registries(&simulated, if waits { SHORT } else { LONG }, None);
        (case, simulated, registries, digest)
    };
    let try_it = async |(case, simulated, registries, digest): (Case, Simulated, Registries, Digest)| {
        let wanted = platforms(case.wanted);
        let lookup = registries.details(&reference(), &wanted, None, case.config).await;
        let answer = lookup.answer.map(|details| {
            assert_eq!(details.digest, digest, "{}", case.name);
            learnt(&details, &wanted)
        });
        let requests = requests(simulated.counts());
        let right = answer == case.answer && requests == case.requests;
        (!right).then(|| format!("{}: {answer:?} after {requests:?}; expected {:?}, {:?}", case.name, case.answer, case.requests))
    };
    let prepared = join_all(shapes().into_iter().chain(faults()).map(prepare)).await;
    let wrong: Vec<String> = join_all(prepared.into_iter().map(try_it)).await.into_iter().flatten().collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn every_part_is_the_one_that_was_pushed() {
    let simulated = simulated().await;
    let details = registries(&simulated, LONG, None).details(&reference(), &platforms(&["linux/arm64"]), None, true).await.answer.unwrap();
    assert_eq!(details.digest, digest());
    let image = details.for_platform(&platform("linux/arm64/v8")).unwrap();
    let child = child_of(REPOSITORY, 1, &platform("linux/arm64")).unwrap();
    assert_eq!((&image.manifest, image.config.as_ref(), image.size), (&child.manifest, Some(&child.config), Some(child.size)));
    assert_eq!(details.for_platform(&platform("linux/amd64")).unwrap().config, None, "of one platform alone");
}

#[tokio::test]
async fn what_is_known_is_not_learnt_again() {
    let simulated = Simulated::start().await.unwrap();
    simulated.push_built(REPOSITORY, "1", 1, &shaped(Shape::Annotated));
    let registries = registries(&simulated, LONG, None);
    let wanted = platforms(&["linux/amd64"]);
    let mut before = [0; 3];
    let mut ask = async |known: Option<&Details>, config| {
        let details = registries.details(&reference(), &wanted, known, config).await.answer.unwrap();
        let now = requests(simulated.counts());
        let spent: Vec<_> = now.iter().zip(before).map(|(now, before)| now - before).collect();
        before = now;
        (details, spent)
    };
    let (first, spent) = ask(None, false).await;
    assert_eq!(spent, [0, 1, 0]);
    let (same, spent) = ask(Some(&first), false).await;
    assert_eq!((&same, spent), (&first, vec![1, 0, 0]));
    let (more, spent) = ask(Some(&first), true).await;
    assert_eq!((learnt(&more, &wanted), spent), (ALL, vec![1, 1, 0]), "the digest of the configuration was not known");
    let (same, spent) = ask(Some(&more), true).await;
    assert_eq!((same, spent), (more.clone(), vec![1, 0, 0]));
    simulated.repush_index(REPOSITORY, "1").unwrap();
    let (other, spent) = ask(Some(&more), false).await;
    assert_eq!(spent, [1, 1, 0]);
    assert_ne!(other.digest, more.digest);
    assert_eq!(other.platforms, first.platforms, "the attestation is no platform, and the images are the same");
}

#[tokio::test]
async fn a_pinned_reference_is_asked_for_by_its_tag() {
    let simulated = simulated().await;
    let newer = simulated.push(REPOSITORY, "1", 2);
    let registries = registries(&simulated, LONG, None);
    let none = BTreeSet::new();
    let pinned: Reference = format!("{HOST}/{REPOSITORY}:1@{}", digest()).parse().unwrap();
    assert_eq!(registries.details(&pinned, &none, None, false).await.answer.unwrap().digest, newer);
    let bare: Reference = format!("{HOST}/{REPOSITORY}@{}", digest()).parse().unwrap();
    assert_eq!(registries.details(&bare, &none, None, false).await.answer.unwrap().digest, digest());
}

#[tokio::test]
async fn a_configuration_that_lies_elsewhere_is_got_there_without_credentials() {
    for access in [tokens(), Access::Basic(Login::new("me", "secret"))] {
        let (home, away) = (simulated().await, simulated().await);
        home.set_access(access);
        home.fault(Scope::Blobs, Fault::BlobsElsewhere(format!("http://{}", away.address())));
        let registries = registries(&home, LONG, Some(("me", "secret")));
        let details = registries.details(&reference(), &platforms(&["linux/amd64"]), None, false).await.answer.unwrap();
        assert_eq!(details.created, Some(created_of(1)));
        assert_eq!((away.counts().blob, away.counts().authorized), (1, 0));
    }
}
