//! Many at once on a real Engine: updates of the same container and of many, beside a check, and beside somebody who removes what is updated. And
//! how long an update takes beyond what it must.

#[path = "support/engine.rs"]
mod engine;
#[path = "support/lab.rs"]
mod lab;
#[path = "support/served.rs"]
mod served;
#[path = "support/versions.rs"]
mod versions;
#[path = "support/way.rs"]
mod way;

use std::{path::Path, time::Duration};

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{sync::Mutex, time::sleep};

use engine::Hands;
use served::Served;
use versions::Versions;
use way::Way;

/// The tests of this file look at everything that is there: one at a time.
static ALONE: Mutex<()> = Mutex::const_new(());

const RECIPE: &str = "FROM scratch\nCOPY busybox /bin/busybox\nLABEL version=none\nVOLUME /anonymous\nSTOPSIGNAL SIGKILL\n\
                      CMD [\"/bin/busybox\", \"sleep\", \"3600\"]\n";

/// The lab, with an image in its registry, and a Plimsoll.
struct Crowd {
    hands: Hands,
    plimsoll: Served,
    versions: Versions,
    way: Way,
    _folder: TempDir,
}

impl Crowd {
    /// Nothing where there is no lab.
    async fn open(test: &str) -> Option<Self> {
        let address = lab::variable("PLIMSOLL_LAB_DOCKER", test)?;
        let registry = lab::variable("PLIMSOLL_LAB_REGISTRY", test)?;
        let busybox = lab::variable("PLIMSOLL_LAB_BUSYBOX", test)?;
        let program = lab::variable("PLIMSOLL_BIN", test)?;
        let hands = Hands::new(&address, &registry, &busybox, &format!("crowd-{}", test.len()));
        let base = format!("{}:base", hands.repository);
        hands.build_from(&base, RECIPE).await;
        hands.upload(&base).await;
        let versions = Versions::from(&registry, &hands.repository, "base").await;
        versions.publish("1", "one", &json!({})).await;
        hands.stream(&format!("/images/create?fromImage={}&tag=1", hands.repository), Vec::new()).await;
        let folder = tempfile::tempdir().expect("a folder");
        let way = Way::open(Path::new(address.trim_start_matches("unix://")), &folder.path().join("docker.sock"));
        let plimsoll = Served::new(&program, &way.path);
        Some(Self { hands, plimsoll, versions, way, _folder: folder })
    }

    fn image(&self) -> String {
        format!("{}:1", self.hands.repository)
    }

    /// Runs a container with a volume of its own; answers its name.
    async fn run(&self, short: &str) -> String {
        let name = self.hands.name(short);
        let host = json!({ "Binds": [format!("{name}-data:/data")], "RestartPolicy": { "Name": "always" } });
        self.hands.run(short, &self.image(), json!({ "HostConfig": host })).await;
        name
    }

    async fn id(&self, name: &str) -> Option<String> {
        let inspect = self.hands.find(&format!("/containers/{name}/json")).await?;
        (inspect["State"]["Running"] == json!(true)).then(|| inspect["Id"].as_str().expect("an id").to_owned())
    }

    /// The names of all containers that have the volume of this one.
    async fn with_volume(&self, name: &str) -> Vec<String> {
        let all = self.hands.get("/containers/json?all=1").await;
        let volume = json!(format!("{name}-data"));
        let has = |one: &&Value| one["Mounts"].as_array().into_iter().flatten().any(|mount| mount["Name"] == volume);
        let names = all.as_array().expect("a list").iter().filter(has).filter_map(|one| one["Names"][0].as_str());
        names.map(|name| name.trim_start_matches('/').to_owned()).collect()
    }

    async fn wish(&self, document: &Value) -> (u16, Value) {
        let (status, text) = self.plimsoll.post("/api/v1/updates", document).await.expect("an answer");
        (status, serde_json::from_str(&text).unwrap_or_default())
    }

    /// Waits until all of these are shown.
    async fn shown(&self, names: &[String]) {
        let shown = async || {
            let fleet = self.plimsoll.get("/api/v1/fleet").await?.to_string();
            names.iter().all(|name| fleet.contains(&format!("\"{name}\""))).then_some(())
        };
        self.plimsoll.until("they are shown", shown).await;
    }

    async fn close(mut self, names: &[String]) {
        self.plimsoll.kill();
        for name in names {
            self.hands.remove(name).await;
            self.hands.delete(&format!("/volumes/{name}-data?force=1")).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_updates_of_one_container_one_is_begun() {
    let _alone = ALONE.lock().await;
    let Some(mut crowd) = Crowd::open("of_two_updates_of_one_container_one_is_begun").await else { return };
    let name = crowd.run("web").await;
    let before = crowd.id(&name).await;
    crowd.versions.publish("1", "two", &json!({})).await;
    crowd.plimsoll.start().await;
    crowd.shown(std::slice::from_ref(&name)).await;
    let wish = json!({ "name": name });
    let answers = join_all((0..5).map(|_| crowd.wish(&wish))).await;
    let begun = answers.iter().filter(|(status, _)| *status == 202).count();
    let refused = answers.iter().filter(|(status, text)| *status == 409 && text.to_string().contains("updating")).count();
    assert_eq!((begun, refused), (1, 4), "{answers:?}");
    assert_eq!(served::outcome(&crowd.plimsoll.ended(&name).await), "updated");
    let after = crowd.id(&name).await;
    assert!(after.is_some() && after != before, "{after:?}");
    assert_eq!(crowd.with_volume(&name).await, [name.as_str()]);
    crowd.close(&[name]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_of_one_image_are_updated_with_one_pull_while_a_check_runs() {
    let _alone = ALONE.lock().await;
    let Some(mut crowd) = Crowd::open("ten_of_one_image_are_updated_with_one_pull_while_a_check_runs").await else { return };
    let mut names = Vec::new();
    for number in 0..10 {
        names.push(crowd.run(&format!("web-{number}")).await);
    }
    let before = join_all(names.iter().map(|name| crowd.id(name))).await;
    crowd.versions.publish("1", "two", &json!({})).await;
    crowd.plimsoll.start().await;
    crowd.shown(&names).await;
    let (status, answer) = crowd.wish(&json!({ "image": crowd.image() })).await;
    assert_eq!((status, answer["operations"].as_array().map(Vec::len)), (202, Some(10)), "{answer}");
    let rest = async || {
        // over and over
        crowd.plimsoll.get("/api/v3/refresh").await;
        let all = crowd.plimsoll.get("/api/v1/updates").await?;
        all["operations"].as_array()?.iter().all(|one| !one["outcome"].is_null()).then_some(all)
    };
    let all = crowd.plimsoll.until("all have ended", rest).await;
    let outcomes: Vec<_> = all["operations"].as_array().expect("a list").iter().map(served::outcome).collect();
    assert_eq!(outcomes, ["updated"; 10], "{}", crowd.plimsoll.log());
    let after = join_all(names.iter().map(|name| crowd.id(name))).await;
    for ((name, before), after) in names.iter().zip(before).zip(after) {
        assert!(after.is_some() && after != before, "{name}: {after:?}");
        assert_eq!(crowd.with_volume(name).await, std::slice::from_ref(name));
    }
    let pulls = crowd.way.calls().iter().filter(|call| call.ends_with("/images/create")).count();
    assert_eq!(pulls, 1, "{:?}", crowd.way.calls());
    let log = crowd.plimsoll.log();
    assert!(log.matches("Checked").count() > 1, "checks ran: {log}");
    crowd.close(&names).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_that_are_wished_for_one_by_one_are_all_updated() {
    let _alone = ALONE.lock().await;
    let Some(mut crowd) = Crowd::open("ten_that_are_wished_for_one_by_one_are_all_updated").await else { return };
    let mut names = Vec::new();
    for number in 0..10 {
        names.push(crowd.run(&format!("web-{number}")).await);
    }
    crowd.versions.publish("1", "two", &json!({})).await;
    crowd.plimsoll.start().await;
    crowd.shown(&names).await;
    let wishes: Vec<_> = names.iter().map(|name| json!({ "name": name })).collect();
    let answers = join_all(wishes.iter().map(|wish| crowd.wish(wish))).await;
    assert!(answers.iter().all(|(status, _)| *status == 202), "{answers:?}");
    for name in &names {
        assert_eq!(served::outcome(&crowd.plimsoll.ended(name).await), "updated", "{}", crowd.plimsoll.log());
        assert_eq!(crowd.with_volume(name).await, std::slice::from_ref(name));
    }
    crowd.close(&names).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_container_that_somebody_removes_meanwhile_leaves_nothing_behind() {
    let _alone = ALONE.lock().await;
    let Some(mut crowd) = Crowd::open("a_container_that_somebody_removes_meanwhile_leaves_nothing_behind").await else { return };
    crowd.plimsoll.start().await;
    let mut names = Vec::new();
    for number in 0..8 {
        let name = crowd.run(&format!("web-{number}")).await;
        let id = crowd.id(&name).await.expect("it runs");
        crowd.versions.publish("1", &format!("two-{number}"), &json!({})).await;
        crowd.shown(std::slice::from_ref(&name)).await;
        let (status, answer) = crowd.wish(&json!({ "name": name })).await;
        assert_eq!(status, 202, "{answer}");
        // by its id, as pages do: that is the old one, whatever it is called by now
        sleep(Duration::from_millis(60 * number)).await;
        crowd.hands.ask(Method::DELETE, &format!("/containers/{id}?force=1"), Vec::new(), "").await;
        let ended = crowd.plimsoll.ended(&name).await;
        let there = crowd.with_volume(&name).await;
        assert!(there.is_empty() || there == [name.as_str()], "{number}: {there:?} {ended}");
        println!("{number}: {} {there:?}", served::outcome(&ended));
        names.push(name);
    }
    crowd.close(&names).await;
}

/// From the end of the pull to the answer of the start call, without the container's own stop. A measurement, no promise that a busy machine could
/// break: `cargo test --test crowd_real -- --ignored --nocapture`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement"]
async fn how_long_a_container_is_away() {
    let _alone = ALONE.lock().await;
    let Some(mut crowd) = Crowd::open("how_long_a_container_is_away").await else { return };
    let name = crowd.run("web").await;
    crowd.plimsoll.start().await;
    let (mut whole, mut away, mut engines) = (Vec::new(), Vec::new(), Vec::new());
    for number in 0..20 {
        crowd.versions.publish("1", &format!("v{number}"), &json!({})).await;
        crowd.way.count_anew();
        crowd.plimsoll.update(&name).await;
        assert_eq!(served::outcome(&crowd.plimsoll.ended(&name).await), "updated", "{}", crowd.plimsoll.log());
        let times = crowd.way.times();
        let call = |end: &str| times.iter().find(|call| call.what.ends_with(end)).expect("the call").clone();
        let (pull, stop, start) = (call("/images/create"), call("/stop"), call("/start"));
        let (pulled, stopped) = (pull.ended.expect("an end"), stop.answered.expect("an answer"));
        let started = start.answered.expect("an answer");
        whole.push((started - pulled).saturating_sub(stopped - stop.asked));
        away.push(started - stopped);
        // what the Engine took to make these changes, which nobody can make shorter
        let changes = times.iter().filter(|call| call.asked >= pulled && call.asked <= start.asked && !call.what.ends_with("/stop"));
        engines.push(changes.filter_map(|call| call.answered.map(|answered| answered - call.asked)).sum::<Duration>());
    }
    whole.sort();
    away.sort();
    engines.sort();
    println!(
        "from the end of the pull to the answer of the start, without the stop: median {:?}, {:?} to {:?}",
        whole[10], whole[0], whole[19]
    );
    println!("of that the Engine's own for what it changes: median {:?}", engines[10]);
    println!("from the end of the stop to the answer of the start: median {:?}, {:?} to {:?}", away[10], away[0], away[19]);
    crowd.close(&[name]).await;
}
