//! The containers that are updated in a storm.

use serde_json::{Value, json};

use crate::engine::Hands;

/// What a container is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Plain,
    /// `--rm`
    Passing,
    Paused,
    Stopped,
    /// in two networks
    Connected,
    /// another one uses its network
    Owner,
}

/// All kinds.
pub(crate) const KINDS: [Kind; 6] = [Kind::Plain, Kind::Passing, Kind::Paused, Kind::Stopped, Kind::Connected, Kind::Owner];

/// A container, and what must be the same for ever.
#[derive(Debug, Clone)]
pub(crate) struct Victim {
    pub(crate) kind: Kind,
    pub(crate) name: String,
    /// its tag in the registry
    pub(crate) tag: String,
    /// what it is started from
    pub(crate) reference: String,
    /// its volume; nobody else has it
    pub(crate) volume: String,
    /// the volume without a name that its image wants
    pub(crate) nameless: String,
}

impl Victim {
    /// Its name in short, and its tag.
    pub(crate) fn tag(kind: Kind) -> String {
        format!("{kind:?}").to_lowercase()
    }

    /// Makes it, from what its tag stands for in the registry.
    pub(crate) async fn make(hands: &Hands, kind: Kind, repository: &str) -> Self {
        let tag = Self::tag(kind);
        let (name, reference, volume) = (hands.name(&tag), format!("{repository}:{tag}"), hands.name(&format!("{tag}-data")));
        hands.stream(&format!("/images/create?fromImage={repository}&tag={tag}"), Vec::new()).await;
        let mut host = json!({ "Binds": [format!("{volume}:/data")], "RestartPolicy": { "Name": "always" } });
        match kind {
            Kind::Passing => {
                host["RestartPolicy"] = Value::Null;
                host["AutoRemove"] = json!(true);
            }
            Kind::Connected => host["NetworkMode"] = json!(hands.name("first")),
            _ => {}
        }
        let body = json!({ "Image": reference, "StopTimeout": 1, "Env": ["MINE=1"], "Labels": { "victim": name }, "HostConfig": host });
        hands.post(&format!("/containers/create?name={name}"), &body).await;
        if kind == Kind::Connected {
            hands.post(&format!("/networks/{}/connect", hands.name("second")), &json!({ "Container": name })).await;
        }
        hands.act(&name, "start").await;
        let inspect = hands.get(&format!("/containers/{name}/json")).await;
        let nameless = nameless(&inspect).expect("the image wants a volume").to_owned();
        let victim = Self { kind, name, tag, reference, volume, nameless };
        if kind == Kind::Owner {
            let with = json!({ "HostConfig": { "NetworkMode": format!("container:{}", victim.name), "Binds": [format!("{}-guest:/data", victim.volume)] } });
            hands.run("guest", &victim.reference, with).await;
        }
        victim.settle(hands).await;
        victim
    }

    /// Brings it into its state.
    pub(crate) async fn settle(&self, hands: &Hands) {
        let state = hands.get(&format!("/containers/{}/json", self.name)).await["State"].clone();
        let is = |flag: &str| state[flag] == json!(true);
        if self.kind == Kind::Stopped {
            if is("Running") {
                hands.act(&self.name, "stop?t=0").await;
            }
            return;
        }
        if !is("Running") {
            hands.act(&self.name, "start").await;
        }
        if self.kind == Kind::Paused && !is("Paused") {
            hands.act(&self.name, "pause").await;
        }
    }

    /// What of it is not as it should be.
    pub(crate) fn wrong(&self, inspect: &Value) -> Vec<String> {
        let mut wrong = Vec::new();
        let state = &inspect["State"];
        let should = (self.kind != Kind::Stopped, self.kind == Kind::Paused);
        if (state["Running"] == json!(true), state["Paused"] == json!(true)) != should {
            wrong.push(format!("its state: {state}"));
        }
        let policy = if self.kind == Kind::Passing { ["", "no"] } else { ["always", "always"] };
        if !policy.contains(&inspect["HostConfig"]["RestartPolicy"]["Name"].as_str().unwrap_or_default()) {
            wrong.push(format!("its restart policy: {}", inspect["HostConfig"]["RestartPolicy"]));
        }
        if nameless(inspect) != Some(&self.nameless) {
            wrong.push(format!("its volume without a name: {} → {:?}", self.nameless, nameless(inspect)));
        }
        let networks = inspect["NetworkSettings"]["Networks"].as_object().map_or(0, serde_json::Map::len);
        let expected = if self.kind == Kind::Connected { 2 } else { 1 };
        if networks != expected {
            wrong.push(format!("its networks: {}", inspect["NetworkSettings"]["Networks"]));
        }
        if !inspect["Config"]["Env"].to_string().contains("MINE=1") {
            wrong.push(format!("its variables: {}", inspect["Config"]["Env"]));
        }
        wrong
    }
}

/// The volume that the image wants.
pub(crate) fn nameless(inspect: &Value) -> Option<&str> {
    let mounts = inspect["Mounts"].as_array()?;
    mounts.iter().find(|mount| mount["Destination"] == "/anonymous").and_then(|mount| mount["Name"].as_str())
}
