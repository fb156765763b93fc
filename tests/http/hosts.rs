//! Several hosts: what one of them does is its own business. And hosts that let nobody change anything.

use plimsoll::{
    simulate::{
        engine::{ContainerSpec, Engine, Image, Options},
        registry::{Registry, digest_of},
    },
    wire::{Allows, HostRow, HostState, Snapshot, WorkloadRow},
};
use serde_json::json;
use tokio::{io::AsyncWriteExt, net::TcpListener};

use crate::{
    events::Follower,
    house::{House, furnish, house},
    proxy::{LOOKING, Proxy, UPDATES},
};

/// An Engine whose only container is called as on the other hosts, and runs the same image.
async fn other(edition: u64) -> Engine {
    let engine = Engine::start(Options::default()).await.unwrap();
    engine.pull("nginx:1.29", Image::pulled(digest_of("library/nginx", edition))).unwrap();
    engine.run(ContainerSpec::new("www", "nginx:1.29")).unwrap();
    engine
}

/// A port where whatever is asked is answered by nonsense.
async fn nonsense() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("tcp://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.write_all(b"220 nas ESMTP ready\r\n").await;
        }
    });
    address
}

fn host<'a>(now: &'a Snapshot, name: &str) -> &'a HostRow {
    now.hosts.iter().find(|host| host.name == name).unwrap()
}

fn workloads(now: &Snapshot) -> Vec<&WorkloadRow> {
    now.groups.iter().flat_map(|group| &group.workloads).collect()
}

fn is_well(now: &Snapshot, name: &str) -> bool {
    host(now, name).state == HostState::Connected
}

/// A port at which nobody listens.
async fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("tcp://{}", listener.local_addr().unwrap())
}

#[tokio::test]
async fn what_one_host_does_is_its_own_fault_alone() {
    let (slow, second) = (other(1).await, other(2).await);
    slow.hang();
    let hosts =
        [("away", nobody().await), ("mail", nonsense().await), ("slow", slow.address().to_owned()), ("tower", second.address().to_owned())];
    let open = house().config("auth = \"none\"");
    let house = hosts.iter().fold(open, |house, (name, address)| house.also(name, address)).start().await;
    let troubled = |now: &Snapshot| {
        matches!(host(now, "away").state, HostState::Absent { .. })
            && matches!(&host(now, "mail").state, HostState::Lost { since: None, .. })
    };
    house.until("all of them", |now| troubled(now) && is_well(now, "nas") && is_well(now, "tower")).await;
    assert_eq!(host(&house.app.live.state().snapshot, "slow").state, HostState::Connecting);

    // the same name twice is two containers, each with a verdict of its own
    let house = house.checked().await;
    let state = house.app.live.state();
    let www: Vec<_> = workloads(&state.snapshot).into_iter().filter(|workload| workload.name == "www").collect();
    let behind: Vec<_> = www.iter().map(|workload| (workload.host.as_str(), workload.verdict.is_behind())).collect();
    assert_eq!(behind, [("nas", true), ("tower", false)]);
    // who means one of them says which
    for (body, status) in [(r#"{"name":"www"}"#, 422), (r#"{"name":"www","host":"attic"}"#, 404)] {
        let request = house.ask("POST", "/api/v1/updates").header("content-type", "application/json").body(body);
        let answer = crate::answer::Answer::read(request.send().await.unwrap()).await;
        assert_eq!(answer.status, status, "{body}: {}", answer.text());
    }

    let page = house.get("/").await.text().to_owned();
    for words in ["No Engine answers for away.", "mail cannot be reached.", "Plimsoll keeps trying"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let by_host = house.get("/?by=host").await;
    assert!(by_host.status == 200 && by_host.text().contains("<h2>nas") && by_host.text().contains("<h2>tower"), "{}", by_host.text());

    // events of those that are well go on, and the slow one is there when it answers
    let mut follower = Follower::new(&house, &format!("?since={}", state.snapshot.revision), None).await;
    second.run(ContainerSpec::new("new", "nginx:1.29")).unwrap();
    let has_new = |groups: &[plimsoll::wire::GroupRow]| groups.iter().any(|group| group.workloads.iter().any(|each| each.name == "new"));
    follower.until(|change| has_new(&change.groups)).await;
    slow.recover();
    house.until("the slow one", |now| is_well(now, "slow")).await;
    assert!(!house.get("/").await.text().contains("slow cannot"));
}

#[tokio::test]
async fn the_summary_names_the_host_that_is_away_and_why() {
    let second = other(1).await;
    let house = house().also("tower", second.address()).start().await.checked().await;
    house.until("both", |now| is_well(now, "nas") && is_well(now, "tower")).await;
    second.refuse().await;
    house.until("the loss", |now| matches!(host(now, "tower").state, HostState::Lost { since: Some(_), .. })).await;
    let page = house.get("/?by=host").await.text().to_owned();
    let summary = page.split("class=\"sub\"").nth(1).and_then(|rest| rest.split("</p>").next()).unwrap();
    assert!(summary.contains("tower</b>") && summary.contains("away: "), "{summary}");
    assert!(page.contains("tower was lost") && page.contains("<h2>tower"), "what ran there is still shown: {page}");
    let fleet = house.get("/api/v1/fleet").await.json();
    assert_eq!((&fleet["hosts"][1]["state"], &fleet["hosts"][1]["allows"]), (&json!("lost"), &json!("updates")));
    assert!(fleet["hosts"][1]["error"].as_str().unwrap().contains(" is gone: "), "{fleet}");
}

/// A house at an Engine behind a proxy, where everybody may do everything.
async fn behind(on: &[&'static str]) -> (House, Proxy) {
    let (engine, registry) = (Engine::start(Options { api: 43, ..Options::default() }).await.unwrap(), Registry::start().await.unwrap());
    furnish(&engine, &registry);
    let proxy = Proxy::open(engine.address(), on).await;
    let house = house()
        .config("auth = \"none\"\n[update]\ngrace = \"1s\"")
        .engine(&engine)
        .registry(&registry)
        .host_at(&proxy.address)
        .start()
        .await
        .checked()
        .await;
    (house, proxy)
}

const WWW: &str = "host=nas&name=www";

#[tokio::test]
async fn a_host_behind_a_proxy_without_post_is_only_watched() {
    let (house, proxy) = behind(LOOKING).await;
    let state = house.app.live.state();
    assert_eq!((host(&state.snapshot, "nas").allows, is_well(&state.snapshot, "nas")), (Allows::Looking, true));
    let words = "Its host is only watched: no change is let through. A socket proxy would allow updates with POST=1.";
    for path in ["/", "/image/docker.io/library/nginx:1.29"] {
        let page = house.get(path).await.text().to_owned();
        assert!(page.contains(words) && page.contains("rebuilt"), "{path}: {page}");
        assert!(!page.contains("action=\"/update\"") && !page.contains("action=\"/switch\""), "{path}: {page}");
    }
    assert!(house.get("/").await.text().contains("(only watched)"), "the summary says so too");
    let fleet = house.get("/api/v1/fleet").await.json();
    assert_eq!(fleet["hosts"][0]["allows"], "looking");
    assert!(fleet["hosts"][0]["monitor_only"].as_str().unwrap().contains("POST=1"), "{fleet}");

    // whoever asks all the same is told why, and nothing is tried
    let denied = proxy.denied().len();
    let answer = house.send("POST", "/api/v1/updates", &[]).await;
    assert_ne!(answer.status, 202);
    let request = house.ask("POST", "/api/v1/updates").header("content-type", "application/json").body(r#"{"name":"www"}"#);
    let answer = crate::answer::Answer::read(request.send().await.unwrap()).await;
    assert_eq!(answer.status, 409, "{}", answer.text());
    assert!(answer.text().contains("only watched") && answer.text().contains("POST=1"), "{}", answer.text());
    let answer = house.form("/update", WWW).await;
    assert_eq!(answer.status, 303);
    assert!(house.get(answer.header("location")).await.text().contains(words));
    assert_eq!(proxy.denied().len(), denied);

    // the switch of automatic updates, turned before or by the API, moves nothing
    house.form("/switch", "host=nas&name=www&on=true").await;
    let state = house.app.live.state();
    assert!(workloads(&state.snapshot).iter().all(|workload| !workload.auto_update));
    house.app.updates.after_scheduled_check().await;
    assert!(house.app.live.state().snapshot.operations.is_empty());
}

#[tokio::test]
async fn what_the_proxy_allows_is_asked_anew_at_each_greeting() {
    let (house, proxy) = behind(LOOKING).await;
    for (on, expected) in [
        (UPDATES.to_vec(), Allows::Updates),
        ([LOOKING, &["POST"]].concat(), Allows::NoNetworks),
        (UPDATES.iter().copied().filter(|switch| *switch != "IMAGES").collect(), Allows::NoPull),
        (LOOKING.to_vec(), Allows::Looking),
        (UPDATES.to_vec(), Allows::Updates),
    ] {
        proxy.turn(&on);
        house.until(&format!("{expected:?}"), |now| host(now, "nas").allows == expected && is_well(now, "nas")).await;
        let offers = house.get("/").await.text().contains("action=\"/update\"");
        // without its images nothing is known of what could be updated
        assert_eq!(offers, expected.updates(), "{expected:?}");
    }
    assert!(house.engine.calls().iter().all(|call| !call.contains("plimsoll")), "nothing of a probe was done");
    house.engine.offer("nginx:1.29", plimsoll::simulate::engine::Offer::of(crate::writing::newer())).unwrap();
    let answer = house.form("/update", WWW).await;
    assert_eq!(answer.status, 303);
    house.until("the update", |now| now.operations.iter().any(|operation| !operation.is_running())).await;
    let state = house.app.live.state();
    assert_eq!(state.snapshot.operations[0].outcome, Some(plimsoll::wire::Outcome::Updated));
}
