//! Lists of tags: every way to go on to the next page, and what each costs.

use futures_util::future::join_all;

use super::*;
use crate::{
    image::PageMark,
    image::Step,
    registry::{Listed, Listing},
};

/// What is done to the registry, what comes of asking it for its tags, and how many requests for pages that takes.
struct Case {
    name: &'static str,
    /// how many tags there are
    tags: usize,
    /// how many the registry gives at once
    page: usize,
    faults: Vec<Fault>,
    answer: Result<usize, Reason>,
    pages: u64,
}

/// A registry that gives all of its tags in so many requests.
fn all(name: &'static str, [tags, page]: [usize; 2], faults: Vec<Fault>, pages: u64) -> Case {
    Case { name, tags, page, faults, answer: Ok(tags), pages }
}

/// A registry that gives none.
fn none(name: &'static str, fault: Fault, answer: Result<Digest, Reason>, pages: u64) -> Case {
    Case { name, tags: 5, page: 1000, faults: vec![fault], answer: answer.map(|_| 0), pages }
}

/// Ways to the next page.
fn ways() -> Vec<Case> {
    let nowhere = || "http://127.0.0.1:1".to_owned();
    vec![
        all("one page", [5, 1000], vec![], 1),
        all("no tags", [0, 1000], vec![], 1),
        all("three pages", [7, 3], vec![], 3),
        all("a full page, and nothing behind it", [1000, 1000], vec![], 2),
        all("no link, and a page that is not full", [7, 1000], vec![Fault::NoLink], 1),
        all("no link where there is more", [2500, 1000], vec![Fault::NoLink], 3),
        all("no link, and the last page is full", [2000, 1000], vec![Fault::NoLink], 3),
        all("all at once, unsorted", [2500, 10], vec![Fault::NoPages], 1),
        all("all at once, as many as were asked for", [1000, 10], vec![Fault::NoPages], 2),
        all("a whole address", [7, 3], vec![Fault::LinkAbsolute], 3),
        all("another host", [7, 3], vec![Fault::LinkElsewhere(nowhere())], 3),
        all("another host, and a token", [7, 3], vec![Fault::LinkElsewhere(nowhere()), Fault::LinkOpaque], 3),
        all("a page that leads to itself", [7, 3], vec![Fault::LinkLoop], 3),
        all("a link behind the last page too", [7, 3], vec![Fault::LinkAlways], 4),
        all("a token", [7, 3], vec![Fault::LinkOpaque], 3),
        all("sloppily written", [7, 3], vec![Fault::LinkSloppy], 3),
        all("without the first part of the name", [7, 3], vec![Fault::LinkWithoutPrefix], 3),
        all("405 for a thousand", [250, 1000], vec![Fault::CountRefused(100)], 4),
        all("400 for a thousand", [250, 1000], vec![Fault::CountInvalid(100)], 4),
        all("odd entries", [5, 1000], vec![Fault::OddTags], 1),
        all("odd entries on every page", [7, 3], vec![Fault::OddTags], 3),
        all("no entity tags", [7, 3], vec![Fault::NoEtag], 3),
        Case { answer: Ok(0), ..all("null", [5, 1000], vec![Fault::NullTags], 1) },
        Case {
            answer: bad("a list of tags in more than 1,000 pages").map(|_| 0),
            ..all("pages without end", [5, 1000], vec![Fault::LinkEndless], 1000)
        },
        Case {
            answer: bad("it names a next page where Plimsoll may not ask").map(|_| 0),
            ..all("another host, and one page again and again", [7, 3], vec![Fault::LinkElsewhere(nowhere()), Fault::LastIgnored], 2)
        },
        Case { answer: Ok(3), ..all("one page again and again", [7, 3], vec![Fault::LinkAlways, Fault::LastIgnored], 2) },
        Case { answer: bad("status 405").map(|_| 0), ..all("405 for a hundred", [250, 1000], vec![Fault::CountRefused(50)], 2) },
        Case { answer: bad("status 400").map(|_| 0), ..all("400", [5, 1000], vec![Fault::Status(400)], 1) },
    ]
}

/// Answers that are no list.
fn answers() -> Vec<Case> {
    vec![
        none("a page of HTML", Fault::Html, bad("a web page instead of a list of tags"), 1),
        none("compressed unasked", Fault::Gzip, bad("a compressed list of tags"), 1),
        none("a body without end", Fault::HugeBody, bad("a page of tags of more than 16 MiB"), 1),
        none("a body byte by byte", Fault::SlowBody, timed_out(), 1),
        none("a body that breaks off", Fault::ResetMidBody, unreachable(Trouble::Broken), 1),
        none("other bytes", Fault::OtherBlob, bad("what came is no list of tags"), 1),
        none("never answers", Fault::Hang, timed_out(), 1),
        none("closes the connection", Fault::Reset, unreachable(Trouble::Broken), 3),
        none("401 without a challenge", Fault::Status(401), no_access(401), 1),
        none("403, though manifests may be read", Fault::Status(403), no_access(403), 1),
        none("404", Fault::Status(404), no_access(404), 1),
        none("fails", Fault::Status(500), server_error(500), 3),
        none("429", Fault::TooMany(RetryAfter::Seconds(600)), limited(Some(600)), 1),
    ]
}

/// The tags that are pushed.
fn names(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("1.{n:05}")).collect()
}

/// A registry with so many tags in pages of such a size, all of whose lists have these faults.
async fn with_tags(count: usize, page: usize, faults: &[Fault]) -> Simulated {
    let simulated = Simulated::start().await.unwrap();
    simulated.push(REPOSITORY, "gone", 0);
    simulated.remove(REPOSITORY, "gone");
    simulated.push_all(REPOSITORY, names(count), 1);
    simulated.set_page(page);
    for fault in faults {
        simulated.fault(Scope::Tags, fault.clone());
    }
    simulated
}

/// All tags, in order.
fn sorted(listing: &Listing) -> Vec<String> {
    let mut tags: Vec<_> = listing.iter().map(str::to_owned).collect();
    tags.sort_unstable();
    tags
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_list_is_read_to_its_end_in_as_few_requests_as_can_be() {
    let prepare = async |case: Case| {
        let simulated = with_tags(case.tags, case.page, &case.faults).await;
        let waits = matches!(case.answer, Err(Reason::TimedOut { .. }));
        let registries = registries(&simulated, if waits { SHORT } else { LONG }, None);
        (case, simulated, registries)
    };
    let try_it = async |(case, simulated, registries): (Case, Simulated, Registries)| {
        let lookup = registries.tags(&reference(), &[]).await;
        let answer = lookup.answer.map(|listed| match listed {
            Listed::Tags(listing) => {
                let found = sorted(&listing);
                assert_eq!(found, names(case.tags)[..found.len()], "{}", case.name);
                found.len()
            }
            Listed::Unchanged => panic!("{}: unchanged, where nothing was known", case.name),
        });
        let told = lookup.steps.iter().any(|step| step.request.contains(['?', '@']));
        let counts = simulated.counts();
        let right = answer == case.answer && counts.tags == case.pages && counts.all() - counts.ping == case.pages && !told;
        (!right).then(|| format!("{}: {answer:?} after {counts:?}; expected {:?}, {}", case.name, case.answer, case.pages))
    };
    let prepared = join_all(ways().into_iter().chain(answers()).map(prepare)).await;
    let wrong: Vec<String> = join_all(prepared.into_iter().map(try_it)).await.into_iter().flatten().collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Asks for the tags, where that must work.
async fn ask(registries: &Registries, known: &[PageMark]) -> Listed {
    registries.tags(&reference(), known).await.answer.unwrap()
}

/// Asks for the tags where nothing is known.
async fn read(registries: &Registries) -> Listing {
    match ask(registries, &[]).await {
        Listed::Tags(listing) => listing,
        Listed::Unchanged => panic!("unchanged, where nothing was known"),
    }
}

#[tokio::test]
async fn a_repository_that_is_not_there_is_told_so() {
    let simulated = with_tags(1, 10, &[]).await;
    let other = format!("{HOST}/acme/other:1").parse().unwrap();
    let lookup = registries(&simulated, LONG, None).tags(&other, &[]).await;
    assert_eq!(lookup.answer.unwrap_err(), no_access(404).unwrap_err());
}

#[tokio::test]
async fn a_list_that_is_known_costs_a_request_a_page_and_nothing_more() {
    for pages in [1_usize, 3, 21] {
        let simulated = with_tags(pages * 2 - 1, 2, &[]).await;
        let registries = registries(&simulated, LONG, None);
        let listing = read(&registries).await;
        assert_eq!(listing.marks.len(), pages);
        let before = simulated.counts().tags;
        simulated.set_delay(Duration::from_millis(100));
        assert_eq!(ask(&registries, &listing.marks).await, Listed::Unchanged);
        let counts = simulated.counts();
        assert_eq!(counts.tags - before, u64::try_from(pages).unwrap());
        assert!(pages == 1 || counts.peak > 1, "they are asked for at the same time");
    }
}

#[tokio::test]
async fn a_list_that_changed_is_read_anew_with_what_came_of_it() {
    // three pages of 3, 3 and 1
    for (name, tag, removed, requests) in [
        ("behind all others: the last page came with the first answer", "2.0", None, 3 + 2),
        ("before all others: every page is another one", "0.1", None, 3 + 2),
        ("in place of another", "1.00006x", Some("1.00006"), 3 + 2),
    ] {
        let simulated = with_tags(7, 3, &[]).await;
        let registries = registries(&simulated, LONG, None);
        let marks = read(&registries).await.marks;
        simulated.push(REPOSITORY, tag, 99);
        if let Some(removed) = removed {
            simulated.remove(REPOSITORY, removed);
        }
        let before = simulated.counts().tags;
        let Listed::Tags(listing) = ask(&registries, &marks).await else { panic!("{name}") };
        assert_eq!(simulated.counts().tags - before, requests, "{name}");
        let mut expected: Vec<_> = names(7).into_iter().filter(|tag| Some(tag.as_str()) != removed).collect();
        expected.push(tag.to_owned());
        expected.sort_unstable();
        assert_eq!(sorted(&listing), expected, "{name}");
        assert_eq!(ask(&registries, &listing.marks).await, Listed::Unchanged, "{name}");
    }
}

#[tokio::test]
async fn only_a_list_that_cannot_grow_unseen_is_marked() {
    for (name, tags, page, faults, marked) in [
        ("one page", 5, 1000, vec![], 1),
        ("no tags", 0, 1000, vec![], 1),
        ("a last page that is not full", 7, 3, vec![], 3),
        ("a last page that is full: the next tag begins another", 6, 3, vec![], 0),
        ("a page that a registry may end at such a number", 100, 1000, vec![], 0),
        ("a full page, and an empty one behind it", 1000, 1000, vec![], 2),
        ("a page behind the last one, which is empty", 6, 3, vec![Fault::LinkAlways], 3),
        ("no entity tags", 5, 1000, vec![Fault::NoEtag], 0),
    ] {
        let simulated = with_tags(tags, page, &faults).await;
        let marks = read(&registries(&simulated, LONG, None)).await.marks;
        assert_eq!(marks.len(), marked, "{name}: {marks:?}");
    }
    let simulated = with_tags(7, 3, &[]).await;
    simulated.fault_times(Scope::Tags, Fault::NoEtag, 1);
    assert_eq!(read(&registries(&simulated, LONG, None)).await.marks, [], "one page without a mark leaves the whole list unmarked");
}

#[tokio::test]
async fn a_mark_leads_to_no_other_host() {
    let (simulated, other) = (with_tags(5, 10, &[]).await, with_tags(5, 10, &[]).await);
    let registries = registries(&simulated, LONG, None);
    let mark = |path: String| PageMark { path, etag: "\"x\"".to_owned() };
    let address = other.address();
    for path in [format!("//{address}/v2/acme/app/tags/list"), format!("http://{address}/"), String::new(), "::".to_owned()] {
        assert!(matches!(ask(&registries, &[mark(path)]).await, Listed::Tags(listing) if listing.len() == 5));
    }
    assert_eq!(other.counts().all(), 0);
}

#[tokio::test]
async fn a_link_to_another_host_takes_nothing_there() {
    let (home, away) = (with_tags(7, 3, &[]).await, with_tags(7, 3, &[]).await);
    home.set_access(Access::Basic(Login::new("me", "secret")));
    home.fault(Scope::Tags, Fault::LinkElsewhere(format!("http://{}", away.address())));
    let registries = registries(&home, LONG, Some(("me", "secret")));
    assert_eq!(read(&registries).await.len(), 7);
    assert_eq!(away.counts().all(), 0);
}

#[tokio::test]
async fn tags_are_read_with_the_token_that_their_manifests_are() {
    let simulated = with_tags(7, 3, &[]).await;
    simulated.set_access(tokens());
    let registries = registries(&simulated, LONG, None);
    assert_eq!(read(&registries).await.len(), 7);
    let counts = simulated.counts();
    assert_eq!((counts.tags, counts.token), (3, 1));
}

#[tokio::test]
async fn the_record_of_a_long_list_is_short() {
    let simulated = with_tags(7, 3, &[]).await;
    let lookup = registries(&simulated, LONG, None).tags(&reference(), &[]).await;
    let pages = lookup.steps.iter().filter(|step| step.request.contains("/tags/"));
    let seen: Vec<_> = pages.map(|Step { request, status, .. }| (request.as_str(), *status)).collect();
    assert_eq!(seen, [(&*format!("GET http://{}/v2/acme/app/tags/list × 3", simulated.address()), Some(200))]);
}

#[tokio::test]
async fn what_is_asked_for_can_be_asked_for_on_another_thread() {
    fn moves<T: Send>(work: T) -> T {
        work
    }
    let simulated = with_tags(1, 10, &[]).await;
    let registries = registries(&simulated, LONG, None);
    let reference = reference();
    assert!(moves(registries.tags(&reference, &[])).await.answer.is_ok());
    let platforms = std::collections::BTreeSet::new();
    assert!(moves(registries.details(&reference, &platforms, None, false)).await.answer.is_err());
}
