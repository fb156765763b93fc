//! The stream of changes.

use std::time::Duration;

use plimsoll::{
    simulate::engine::{ContainerSpec, Image},
    simulate::registry::digest_of,
    wire::{Change, Snapshot},
};
use reqwest::Response;
use tokio::time::timeout;

use crate::{
    house::{House, LONG, house},
    slack::within,
};

/// One who follows the stream.
pub(crate) struct Follower {
    response: Response,
    buffer: String,
}

/// An event, or a comment, which has neither id nor name.
#[derive(Debug)]
pub(crate) struct Event {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) data: String,
}

impl Event {
    fn parse(block: &str) -> Self {
        let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim_start().to_owned();
        Self { id: field("id:"), name: field("event:"), data: field("data:") }
    }

    pub(crate) fn change(&self) -> Change {
        assert_eq!(self.name, "change");
        serde_json::from_str(&self.data).unwrap()
    }
}

impl Follower {
    pub(crate) async fn new(house: &House, query: &str, last: Option<&str>) -> Self {
        let mut request = house.ask("GET", &format!("/events{query}"));
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        let mut follower = Self { response, buffer: String::new() };
        // a comment comes at once, so that no proxy holds the head of the answer back
        let hello = follower.next().await.expect("a comment");
        assert!(hello.name.is_empty() && hello.data.is_empty());
        follower
    }

    /// The next event; none at the end of the stream.
    pub(crate) async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(end) = self.buffer.find("\n\n") {
                return Some(Event::parse(&self.buffer.drain(..end + 2).collect::<String>()));
            }
            let chunk = timeout(LONG, self.response.chunk()).await.expect("something comes").unwrap()?;
            self.buffer += std::str::from_utf8(&chunk).unwrap();
        }
    }

    /// Follows until a change fulfils the wish.
    pub(crate) async fn until(&mut self, wanted: impl Fn(&Change) -> bool) -> Change {
        loop {
            let event = self.next().await.expect("the stream goes on");
            if event.name == "change" && wanted(&event.change()) {
                return event.change();
            }
        }
    }
}

/// Starts another container of the image that runs already.
fn more(house: &House, name: &str) {
    house.engine.run(ContainerSpec::new(name, "nginx:1.29")).unwrap();
}

fn has(change: &Change, name: &str) -> bool {
    change.groups.iter().flat_map(|group| &group.workloads).any(|workload| workload.name == name)
}

fn revision(house: &House) -> String {
    house.app.live.state().snapshot.revision.to_string()
}

#[tokio::test]
async fn the_stream_is_one_that_proxies_pass_on() {
    let house = house().patience(|patience| patience.heartbeat = Duration::from_millis(20)).start().await.checked().await;
    let response =
        house.ask("GET", &format!("/events?since={}", revision(&house))).header("accept-encoding", "gzip, br").send().await.unwrap();
    let header = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    assert_eq!(header("content-type").as_deref(), Some("text/event-stream"));
    assert_eq!(header("cache-control").as_deref(), Some("no-cache, no-transform"));
    assert_eq!(header("x-accel-buffering").as_deref(), Some("no"));
    assert_eq!((header("content-encoding"), header("content-length")), (None, None));
    // nothing happens, and still it shows that it lives
    let mut follower = Follower { response, buffer: String::new() };
    let (mut comments, mut beats) = (0, 0);
    while comments < 4 || beats < 3 {
        let event = follower.next().await.unwrap();
        if event.name == "change" {
            continue;
        }
        // without an id: where a page resumes stays where it was
        assert!(event.id.is_empty() && event.data.is_empty(), "{event:?}");
        match event.name.as_str() {
            "" => comments += 1,
            "beat" => beats += 1,
            other => panic!("{other}"),
        }
    }
}

#[tokio::test]
async fn a_page_goes_on_from_its_own_revision() {
    let house = house().start().await.checked().await;
    let start = house.get("/").await.start();
    let mut page: Snapshot = serde_json::from_value(start["snapshot"].clone()).unwrap();
    let since = page.revision.to_string();
    more(&house, "second");
    house.until("the second", |now| now.groups.iter().any(|group| group.workloads.len() == 2)).await;
    for (query, last) in
        [(format!("?since={since}"), None), (String::new(), Some(since.as_str())), ("?since=x-1".into(), Some(since.as_str()))]
    {
        let mut follower = Follower::new(&house, &query, last).await;
        let mut page = page.clone();
        while page.revision != house.app.live.state().snapshot.revision {
            let event = follower.next().await.unwrap();
            assert_eq!(event.id, event.change().revision.to_string());
            assert_eq!(event.change().revision.n, page.revision.n + 1, "no change is left out");
            page.apply(event.change());
        }
        assert_eq!(page, house.app.live.state().snapshot);
    }
    // who is there already learns of the next one
    let mut follower = Follower::new(&house, &format!("?since={}", revision(&house)), None).await;
    more(&house, "third");
    page.apply(follower.until(|change| has(change, "third")).await);
    assert_eq!(page.groups.iter().map(|group| group.workloads.len()).max(), Some(3));
}

#[tokio::test]
async fn a_page_of_another_process_gets_everything() {
    let house = house().start().await.checked().await;
    let far = format!("{}-999999", house.app.live.state().snapshot.revision.boot);
    for since in ["", "?since=", "?since=another-3", "?since=nonsense", "?since=%00", &format!("?since={far}")] {
        let event = Follower::new(&house, since, None).await.next().await.unwrap();
        assert_eq!((event.name.as_str(), event.id), ("snapshot", revision(&house)), "{since}");
        let snapshot: Snapshot = serde_json::from_str(&event.data).unwrap();
        assert_eq!(snapshot, house.app.live.state().snapshot);
    }
}

#[tokio::test]
async fn containers_that_come_and_go_are_told_within_a_second() {
    let house = house().start().await.checked().await;
    let mut follower = Follower::new(&house, &format!("?since={}", revision(&house)), None).await;
    house.engine.pull("redis:7", Image::pulled(digest_of("library/redis", 1))).unwrap();
    house.engine.run(ContainerSpec::new("cache", "redis:7")).unwrap();
    timeout(within(Duration::from_secs(1)), follower.until(|change| has(change, "cache"))).await.expect("started");
    // nobody knows it yet, so the registry is asked by itself
    let checked = |change: &Change| change.groups.iter().any(|group| group.id.contains("redis") && group.checked_at.is_some());
    follower.until(checked).await;
    house.engine.remove("cache").unwrap();
    let gone = |change: &Change| change.gone.iter().any(|id| id.contains("redis"));
    timeout(within(Duration::from_secs(1)), follower.until(gone)).await.expect("removed");
    house.engine.stop("www").unwrap();
    let stopped = |change: &Change| change.gone.iter().any(|id| id.contains("nginx"));
    timeout(within(Duration::from_secs(1)), follower.until(stopped)).await.expect("stopped");
}

/// As many connections as the test's own limit on open files leaves room for, both ends being here; a thousand at most.
fn followers() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let open = limits.lines().find_map(|line| line.strip_prefix("Max open files")?.split_whitespace().next()?.parse().ok());
    (open.unwrap_or(1024_usize).saturating_sub(400) / 2).min(1000)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_followers_learn_of_a_change() {
    let house = house().start().await.checked().await;
    let query = format!("?since={}", revision(&house));
    let mut open = Vec::new();
    for _ in 0..followers() {
        open.push(Follower::new(&house, &query, None).await);
    }
    more(&house, "second");
    let all = open.iter_mut().map(|follower| follower.until(|change| has(change, "second")));
    timeout(within(Duration::from_secs(5)), futures_util::future::join_all(all)).await.expect("everyone learns of it");
    let took = house.stop().await;
    assert!(took < within(Duration::from_millis(900)), "{took:?}");
    for follower in &mut open {
        while let Ok(Some(_)) = follower.response.chunk().await {}
    }
}
