//! Every way from a finding to a verdict.

use std::collections::BTreeSet;

use super::{Local, judge};
use crate::{
    image::{Answer, Digest, Finding, Policy},
    wire::{Reason, Verdict},
};

/// The digest that stands for a content named by one letter.
fn digest(letter: char) -> Digest {
    Digest::of(&[letter as u8])
}

/// A digest for each letter.
fn digests(letters: &str) -> BTreeSet<Digest> {
    letters.chars().map(digest).collect()
}

/// A finding with this answer.
fn found(answer: Result<char, Reason>) -> Finding {
    Finding {
        reference: "nginx:1.27".parse().unwrap(),
        answer: answer.map(|letter| Answer::digest(digest(letter))),
        at: 0,
        took_ms: 0,
        steps: Vec::new(),
    }
}

/// The verdict without wishes of anybody.
fn judged(finding: Option<&Finding>, local: &Local) -> Verdict {
    judge(finding, local, &Policy::default()).0
}

#[test]
fn the_remote_digest_is_held_against_the_set_of_local_ones() {
    let refused = || Reason::CredentialsRefused { registry: "ghcr.io".to_owned() };
    let unknown = |reason| Verdict::Unknown { reason };
    // what the registry says (letters are digests), which digests the image has, and those of a newer image under its tag
    let cases = [
        (Some(Ok('a')), "a", None, Verdict::UpToDate),
        (Some(Ok('b')), "ab", None, Verdict::UpToDate),
        (Some(Ok('c')), "ab", None, Verdict::Rebuilt),
        (Some(Ok('b')), "a", Some("b"), Verdict::Recreate),
        (Some(Ok('b')), "a", Some("xb"), Verdict::Recreate),
        // the registry went on to a third one: what lies on the host is not enough
        (Some(Ok('c')), "a", Some("b"), Verdict::Rebuilt),
        // the host's newer one is not what the registry has: the container runs what the tag stands for
        (Some(Ok('a')), "a", Some("b"), Verdict::UpToDate),
        (Some(Ok('a')), "", None, unknown(Reason::NoLocalDigest)),
        (Some(Ok('b')), "", Some("a"), unknown(Reason::NoLocalDigest)),
        // the containerd store forgets the digests of an image that lost its tag; the newer one still tells
        (Some(Ok('b')), "", Some("b"), Verdict::Recreate),
        (Some(Err(refused())), "a", None, unknown(refused())),
        (Some(Err(refused())), "a", Some("b"), unknown(refused())),
        (None, "a", None, unknown(Reason::NotChecked)),
    ];
    for (answer, has, newer, verdict) in cases {
        let what = format!("{answer:?}, {has:?}, {newer:?}");
        let finding = answer.map(found);
        let local = Local { digests: digests(has), superseded_by: newer.map(digests), ..Local::default() };
        assert_eq!(judged(finding.as_ref(), &local), verdict, "{what}");
    }
}

#[test]
fn what_is_pinned_or_built_here_asks_no_registry() {
    for answer in [None, Some(Ok('a')), Some(Ok('b')), Some(Err(Reason::NotChecked))] {
        let finding = answer.map(found);
        let pinned = Local { pinned: true, digests: digests("a"), ..Local::default() };
        assert_eq!(judged(finding.as_ref(), &pinned), Verdict::Pinned);
        let built = Local { built_here: true, ..Local::default() };
        assert_eq!(judged(finding.as_ref(), &built), Verdict::LocalBuild);
    }
}
