//! The lab in a storm: the containers, the way to their Engine, and Plimsoll at its other end.

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::time::sleep;

use super::{
    Belongings,
    cut::Cut,
    dice::{Deed, Fault, Quality},
    engine::Hands,
    lab, served,
    served::Served,
    versions::Versions,
    victims::{KINDS, Kind, Victim, nameless},
    way::{At, Way},
};

/// Everything.
pub(crate) struct Weather {
    pub(crate) hands: Arc<Hands>,
    pub(crate) plimsoll: Served,
    versions: Versions,
    /// the repository, by the way that can be cut
    repository: String,
    cut: Cut,
    way: Way,
    victims: Vec<Victim>,
    /// the volumes without a name that victims had at first
    firsts: Vec<String>,
    _folder: TempDir,
}

const RECIPE: &str = "FROM scratch\nCOPY busybox /bin/busybox\nLABEL version=none\nVOLUME /anonymous\nSTOPSIGNAL SIGKILL\n\
                      CMD [\"/bin/busybox\", \"sleep\", \"3600\"]\n";

impl Weather {
    /// Nothing where there is no lab.
    pub(crate) async fn open(test: &str) -> Option<Self> {
        let address = lab::variable("PLIMSOLL_LAB_DOCKER", test)?;
        let registry = lab::variable("PLIMSOLL_LAB_REGISTRY", test)?;
        let busybox = lab::variable("PLIMSOLL_LAB_BUSYBOX", test)?;
        let program = lab::variable("PLIMSOLL_BIN", test)?;
        let hands = Hands::new(&address, &registry, &busybox, "storm");
        let base = format!("{}:base", hands.repository);
        hands.build_from(&base, RECIPE).await;
        hands.upload(&base).await;
        let versions = Versions::from(&registry, &hands.repository, "base").await;
        let cut = Cut::open(&registry).await;
        let repository = format!("{}/{}", cut.address, hands.repository.split_once('/')?.1);
        for name in ["first", "second"] {
            hands.post("/networks/create", &json!({ "Name": hands.name(name), "CheckDuplicate": true })).await;
        }
        let mut victims = Vec::new();
        for kind in KINDS {
            versions.publish(&Victim::tag(kind), "first", &fields(Quality::Good)).await;
            victims.push(Victim::make(&hands, kind, &repository).await);
        }
        let folder = tempfile::tempdir().expect("a folder");
        let way = Way::open(Path::new(address.trim_start_matches("unix://")), &folder.path().join("docker.sock"));
        let mut plimsoll = Served::new(&program, &way.path);
        plimsoll.stopped_too().with("PLIMSOLL_UPDATE_KEEP", "0s").start().await;
        let firsts = victims.iter().map(|victim| victim.nameless.clone()).collect();
        Some(Self { hands: Arc::new(hands), plimsoll, versions, repository, cut, way, victims, firsts, _folder: folder })
    }

    /// One update; answers how it ended, and what is wrong then.
    pub(crate) async fn round(&mut self, victim: usize, version: &str, quality: Quality, fault: Fault) -> (String, Vec<String>) {
        let victim = self.victims[victim].clone();
        self.versions.publish(&victim.tag, version, &fields(quality)).await;
        self.way.count_anew();
        self.prepare(&victim, fault);
        let id = self.wish(&victim.name).await;
        let ended = self.until_ended(id, fault).await;
        // what has not happened by now will not
        self.way.forget();
        self.way.knife()(false);
        self.cut.heal();
        let outcome = ended["outcome"].as_str().unwrap_or_default().to_owned();
        let mut wrong = self.look(&victim, fault).await;
        // what does not run proves nothing
        let expected = if quality == Quality::Good || victim.kind == Kind::Stopped { "updated" } else { "rolled_back" };
        let is_somebodys = matches!(fault.deed(), Some(Deed::Removes | Deed::Renames | Deed::TidiesContainers));
        if (fault == Fault::Nothing && outcome != expected) || (outcome == "stuck" && !is_somebodys) || outcome == "left_over" {
            wrong.push(ended.to_string());
        }
        self.repair(&victim).await;
        (outcome, wrong)
    }

    /// Sets up what is to happen.
    fn prepare(&self, victim: &Victim, fault: Fault) {
        let at = |call, after| if after { At::After(call) } else { At::Before(call) };
        match fault {
            Fault::Kill { call, after } => self.way.when(at(call, after), self.plimsoll.killer()),
            Fault::Cut { call, after, long } => {
                let knife = self.way.knife();
                self.way.when(at(call, after), move || {
                    knife(true);
                    tokio::spawn(async move {
                        sleep(long).await;
                        knife(false);
                    });
                });
            }
            Fault::Somebody { call, does } => {
                let (hands, name) = (Arc::clone(&self.hands), victim.name.clone());
                self.way.meanwhile(At::Before(call), async move { meddle(&hands, &name, does).await });
            }
            Fault::NoRegistry => self.cut.after(0),
            Fault::Nothing | Fault::KillLater(_) | Fault::Cancel(_) => {}
        }
    }

    /// Wishes for the update; answers its number where that was heard.
    async fn wish(&self, name: &str) -> Option<i64> {
        let begun = Instant::now();
        loop {
            match self.plimsoll.post("/api/v1/updates", &json!({ "name": name })).await {
                Some((202, text)) => {
                    let document: Value = serde_json::from_str(&text).expect("a document");
                    return document["operations"][0]["id"].as_i64();
                }
                None => return None,
                // not seen again yet, after what somebody did to it
                Some((status, text)) => {
                    assert!(begun.elapsed() < served::LONG, "{name}: {status} {text}\n{}", self.plimsoll.log());
                    sleep(Duration::from_millis(50)).await;
                }
            }
        }
    }

    /// Lets happen what happens, and waits for the end.
    async fn until_ended(&mut self, id: Option<i64>, fault: Fault) -> Value {
        match fault {
            Fault::KillLater(when) => {
                sleep(when).await;
                self.plimsoll.kill();
                self.plimsoll.start().await;
            }
            Fault::Cancel(when) => {
                sleep(when).await;
                if let Some(id) = id {
                    self.plimsoll.post(&format!("/api/v1/updates/{id}/cancel"), &json!({})).await;
                }
            }
            Fault::Kill { .. } => {
                let over = async || (self.way.has_happened() || self.ended(id).await.is_some()).then_some(());
                self.plimsoll.until("the kill, or the end", over).await;
                if self.way.has_happened() {
                    self.plimsoll.kill();
                    self.plimsoll.start().await;
                }
            }
            _ => {}
        }
        self.plimsoll.until("the end", async || self.ended(id).await).await
    }

    /// The operation, or where its number was not heard the newest one, where it has ended.
    async fn ended(&self, id: Option<i64>) -> Option<Value> {
        let found = match id {
            Some(id) => self.plimsoll.get(&format!("/api/v1/updates/{id}")).await?,
            None => self.plimsoll.get("/api/v1/updates").await?["operations"][0].clone(),
        };
        (!found["outcome"].is_null()).then_some(found)
    }

    /// What is wrong with a container, or around it.
    async fn look(&self, victim: &Victim, fault: Fault) -> Vec<String> {
        let mut wrong = Vec::new();
        let all = self.hands.get("/containers/json?all=1").await;
        let all = all.as_array().expect("a list");
        let with = |volume: &str| {
            let has = |one: &&Value| one["Mounts"].as_array().into_iter().flatten().any(|mount| mount["Name"] == *volume);
            all.iter()
                .filter(has)
                .map(|one| one["Names"][0].as_str().unwrap_or_default().trim_start_matches('/').to_owned())
                .collect::<Vec<_>>()
        };
        let there = with(&victim.volume);
        let aside: Vec<_> = all.iter().map(|one| one["Names"][0].to_string()).filter(|name| name.contains(".plimsoll-")).collect();
        if !aside.is_empty() {
            wrong.push(format!("there is {aside:?}"));
        }
        let gone = matches!(fault.deed(), Some(Deed::Removes | Deed::TidiesContainers));
        if there.len() > 1 || (there.is_empty() && !gone) {
            wrong.push(format!("there is {there:?}"));
        }
        if there.is_empty() {
            return wrong;
        }
        let is_theirs = fault.deed() == Some(Deed::Renames);
        if !is_theirs && there[0] != victim.name {
            wrong.push(format!("it is called {there:?}"));
        }
        let inspect = self.hands.get(&format!("/containers/{}/json", there[0])).await;
        // who stops it in the middle may have it stopped, and who starts it running
        let meddled = matches!(fault.deed(), Some(Deed::Stops | Deed::Restarts | Deed::Removes));
        wrong.extend(victim.wrong(&inspect).into_iter().filter(|each| !(meddled && each.starts_with("its state"))));
        if victim.kind == Kind::Owner {
            let guest = self.hands.get(&format!("/containers/{}/json", self.hands.name("guest"))).await;
            let network = format!("container:{}", inspect["Id"].as_str().unwrap_or_default());
            if guest["State"]["Running"] != json!(true) || guest["HostConfig"]["NetworkMode"] != json!(network) {
                wrong.push(format!("its guest: {} in {}, not {network}", guest["State"], guest["HostConfig"]["NetworkMode"]));
            }
        }
        wrong
    }

    /// Brings back what somebody took away.
    async fn repair(&mut self, victim: &Victim) {
        let theirs = format!("{}-theirs", victim.name);
        if self.hands.find(&format!("/containers/{theirs}/json")).await.is_some() {
            self.hands.act(&theirs, &format!("rename?name={}", victim.name)).await;
        }
        let at = self.victims.iter().position(|one| one.name == victim.name).expect("it is one of them");
        let Some(found) = self.hands.find(&format!("/containers/{}/json", victim.name)).await else {
            self.hands.delete(&format!("/volumes/{}", victim.nameless)).await;
            // what is there by now is as good as any
            self.versions.publish(&victim.tag, "again", &fields(Quality::Good)).await;
            let last = self.hands.find(&format!("/images/{}/json", victim.reference)).await;
            self.victims[at] = Victim::make(&self.hands, victim.kind, &self.repository).await;
            // what this pull has taken the name from is this one's to remove
            if let Some(last) = last.as_ref().and_then(|last| last["Id"].as_str()) {
                drop(self.hands.ask(Method::DELETE, &format!("/images/{last}"), Vec::new(), "").await);
            }
            return;
        };
        if let Some(now) = nameless(&found) {
            now.clone_into(&mut self.victims[at].nameless);
        }
        victim.settle(&self.hands).await;
    }

    /// What there was before, with the volumes without a name that victims have by now.
    pub(crate) fn renamed(&self, before: Belongings) -> Belongings {
        let mut volumes = before.volumes;
        for (first, victim) in self.firsts.iter().zip(&self.victims) {
            volumes.remove(&json!(first).to_string());
            volumes.insert(json!(victim.nameless).to_string());
        }
        Belongings { volumes, ..before }
    }

    /// Takes everything down.
    pub(crate) async fn close(mut self) {
        self.plimsoll.kill();
        self.hands.remove(&self.hands.name("guest")).await;
        for victim in &self.victims {
            self.hands.remove(&victim.name).await;
            self.hands.delete(&format!("/volumes/{}?force=1", victim.volume)).await;
            self.hands.delete(&format!("/volumes/{}?force=1", victim.nameless)).await;
        }
        for name in ["first", "second"] {
            self.hands.delete(&format!("/networks/{}", self.hands.name(name))).await;
        }
    }
}

/// What an image of this quality has.
fn fields(quality: Quality) -> Value {
    let check = |test: &str| {
        let second = 1_000_000_000_u64;
        json!({ "Test": ["CMD", "/bin/busybox", test], "Interval": second, "Timeout": 10 * second, "Retries": 1 })
    };
    match quality {
        Quality::Good => json!({}),
        Quality::Ends => json!({ "Cmd": ["/bin/busybox", "sh", "-c", "exit 7"] }),
        Quality::Unhealthy => json!({ "Healthcheck": check("false") }),
    }
}

/// Does something to a container. What is refused is not done.
async fn meddle(hands: &Hands, name: &str, does: Deed) {
    let (method, path) = match does {
        Deed::Removes => (Method::DELETE, format!("/containers/{name}?force=1")),
        Deed::Renames => (Method::POST, format!("/containers/{name}/rename?name={name}-theirs")),
        Deed::Stops => (Method::POST, format!("/containers/{name}/stop?t=0")),
        Deed::Restarts => (Method::POST, format!("/containers/{name}/restart?t=0")),
        // only this one: others that do not run are nothing to it
        Deed::TidiesContainers => (Method::POST, format!("/containers/prune?filters=%7B%22label%22:%5B%22victim={name}%22%5D%7D")),
        Deed::TidiesImages => (Method::POST, "/images/prune".to_owned()),
    };
    drop(hands.ask(method, &path, Vec::new(), "").await);
}
