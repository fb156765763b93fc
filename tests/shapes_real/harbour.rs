//! The lab with what the shapes need in it.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{Image, Place, Shape, State, lab, served, served::Served};
use crate::{engine::Hands, versions::Versions};

/// The lab's Engine, and the images in its registry.
pub(crate) struct Harbour {
    pub(crate) hands: Hands,
    pub(crate) socket: String,
    pub(crate) program: String,
    folder: TempDir,
    plain: Versions,
    rich: Versions,
}

const PLAIN: &str = "FROM scratch\nCOPY busybox /bin/busybox\nENV VERSION=zero KEPT=image\nLABEL version=zero kept=image\nWORKDIR /zero\n\
                     VOLUME /anonymous\nSTOPSIGNAL SIGKILL\nCMD [\"/bin/busybox\", \"sleep\", \"3600\"]\n";

const RICH: &str = "FROM scratch\nCOPY busybox /bin/busybox\nENV VERSION=zero KEPT=image\nLABEL version=zero kept=image\nWORKDIR /zero\n\
                    STOPSIGNAL SIGKILL\nUSER 1000:1000\nEXPOSE 8080 9090/udp\n\
                    HEALTHCHECK --interval=1s --timeout=5s CMD [\"/bin/busybox\", \"true\"]\n\
                    ENTRYPOINT [\"/bin/busybox\"]\nCMD [\"sleep\", \"3600\"]\n";

impl Harbour {
    /// Nothing where there is no lab.
    pub(crate) async fn open(test: &str) -> Option<Self> {
        let address = lab::variable("PLIMSOLL_LAB_DOCKER", test)?;
        let registry = lab::variable("PLIMSOLL_LAB_REGISTRY", test)?;
        let busybox = lab::variable("PLIMSOLL_LAB_BUSYBOX", test)?;
        let program = lab::variable("PLIMSOLL_BIN", test)?;
        let hands = Hands::new(&address, &registry, &busybox, "shapes");
        let mut versions = Vec::new();
        for (repository, recipe) in [(Self::repository(&hands, Image::Plain), PLAIN), (Self::repository(&hands, Image::Rich), RICH)] {
            let reference = format!("{repository}:base");
            hands.build_from(&reference, recipe).await;
            hands.upload(&reference).await;
            versions.push(Versions::from(&registry, &repository, "base").await);
            hands.delete(&format!("/images/{reference}?force=1")).await;
        }
        let (rich, plain) = (versions.pop()?, versions.pop()?);
        let folder = tempfile::tempdir().expect("a folder");
        Some(Self { hands, socket: address.trim_start_matches("unix://").to_owned(), program, folder, plain, rich })
    }

    fn repository(hands: &Hands, image: Image) -> String {
        format!("{}-{}", hands.repository, if image == Image::Plain { "plain" } else { "rich" })
    }

    /// The reference of an image.
    pub(crate) fn image(&self, image: Image) -> String {
        format!("{}:1", Self::repository(&self.hands, image))
    }

    /// Lets the tag of both images stand for a version.
    pub(crate) async fn publish(&self, version: &str) {
        self.publish_as("1", version).await;
    }

    /// The same for any tag.
    pub(crate) async fn publish_as(&self, tag: &str, version: &str) {
        let common = json!({ "Env": ["PATH=/bin", format!("VERSION={version}"), "KEPT=image"], "WorkingDir": format!("/{version}") });
        self.plain.publish(tag, version, &common).await;
        let mut more = common;
        // what the first version has is not what the others have
        if version != "one" {
            more["Cmd"] = json!(["sleep", "7200"]);
            more["User"] = json!("2000");
            more["ExposedPorts"] = json!({ "8080/tcp": {}, "7171/tcp": {} });
            more["Healthcheck"] =
                json!({ "Test": ["CMD-SHELL", "true"], "Interval": 2_000_000_000_u64, "Timeout": 4_000_000_000_u64, "Retries": 9 });
            more["Healthcheck"]["Test"] = json!(["CMD", "/bin/busybox", "true", version]);
        }
        self.rich.publish(tag, version, &more).await;
        for image in [Image::Plain, Image::Rich] {
            if version == "one" {
                let repository = Self::repository(&self.hands, image);
                self.hands.stream(&format!("/images/create?fromImage={repository}&tag={tag}"), Vec::new()).await;
            }
        }
    }

    /// The Engine's API: 41 for 1.41.
    pub(crate) async fn api(&self) -> u32 {
        let version = self.hands.get("/version").await;
        let api = version["ApiVersion"].as_str().and_then(|text| text.strip_prefix("1.")?.parse().ok());
        api.expect("an API version")
    }

    /// Makes what shapes need.
    pub(crate) async fn place(&self) -> Place {
        let hands = &self.hands;
        let (network, second, third) = (hands.name("net"), hands.name("second"), hands.name("third"));
        let subnets =
            [("net", "10.231.17.0/24", Some("fd00:7:7::/64")), ("second", "10.231.18.0/24", None), ("third", "10.231.19.0/24", None)];
        let mut ids = BTreeMap::new();
        for (short, four, six) in subnets {
            let mut config = vec![json!({ "Subnet": four })];
            config.extend(six.map(|six| json!({ "Subnet": six })));
            let body =
                json!({ "Name": hands.name(short), "CheckDuplicate": true, "EnableIPv6": six.is_some(), "IPAM": { "Config": config } });
            let made = hands.post("/networks/create", &body).await;
            ids.insert(short, made["Id"].as_str().expect("an id").to_owned());
        }
        let mounted = format!("{}:mounted", hands.repository);
        hands.build_from(&mounted, "FROM scratch\nCOPY busybox /part/busybox\nCOPY busybox /bin/busybox\nVOLUME /part\n").await;
        let (volume, filled) = (hands.name("data"), hands.name("filled"));
        let sleep = json!(["/bin/busybox", "sleep", "3600"]);
        let provides = json!({ "Cmd": sleep, "StopSignal": "SIGKILL",
            "HostConfig": { "IpcMode": "shareable", "Binds": [format!("{volume}-provided:/provided"), format!("{filled}:/filled")] } });
        hands.run("provider", &mounted, provides).await;
        hands.run("neighbour", &mounted, json!({ "Cmd": sleep, "StopSignal": "SIGKILL", "HostConfig": { "NetworkMode": network } })).await;
        let filling = json!({ "Cmd": ["/bin/busybox", "mkdir", "/filled/part"], "HostConfig": { "Binds": [format!("{filled}:/filled")] } });
        let id = hands.run("filling", &mounted, filling).await;
        hands.post(&format!("/containers/{id}/wait"), &Value::Null).await;
        hands.remove(&id).await;
        Place {
            network_id: ids["net"].clone(),
            network,
            second,
            third,
            provider: hands.name("provider"),
            neighbour: hands.name("neighbour"),
            folder: self.folder.path().display().to_string(),
            volume,
            filled,
            mounted,
        }
    }

    /// The name of the container of a shape.
    pub(crate) fn name(&self, shape: &Shape) -> String {
        self.hands.name(shape.name)
    }

    /// Makes a container of this shape, from what its image's tag stands for on the Engine; answers why not where that is refused.
    pub(crate) async fn make(&self, shape: &Shape) -> Result<(), String> {
        let name = self.name(shape);
        let mut whole = json!({ "Image": self.image(shape.image), "StopTimeout": 1 });
        for (field, value) in shape.body.as_object().expect("fields") {
            whole[field] = value.clone();
        }
        self.ask(&format!("/containers/create?name={name}"), &whole).await?;
        for (network, endpoint) in &shape.also {
            let body = json!({ "Container": name, "EndpointConfig": endpoint });
            self.ask(&format!("/networks/{network}/connect"), &body).await?;
        }
        let actions: &[&str] = match shape.state {
            State::Created => &[],
            State::Running => &["start"],
            State::Paused => &["start", "pause"],
            State::Stopped => &["start", "stop?t=0"],
        };
        for action in actions {
            self.ask(&format!("/containers/{name}/{action}"), &Value::Null).await?;
        }
        Ok(())
    }

    async fn ask(&self, path: &str, body: &Value) -> Result<(), String> {
        let answer = self.hands.ask(Method::POST, path, body.to_string().into_bytes(), "application/json").await;
        let status = answer.status();
        if status.is_success() { Ok(()) } else { Err(format!("{path}: {status} {}", answer.text().await.unwrap_or_default())) }
    }

    /// The container of a shape, which must be there.
    pub(crate) async fn inspect(&self, shape: &Shape) -> Value {
        self.hands.get(&format!("/containers/{}/json", self.name(shape))).await
    }

    /// The container of a shape.
    pub(crate) async fn find(&self, shape: &Shape) -> Option<Value> {
        self.hands.find(&format!("/containers/{}/json", self.name(shape))).await
    }

    /// A container and everything of ours that belongs to it.
    pub(crate) async fn left(&self, name: &str) -> Vec<String> {
        let all = self.hands.get("/containers/json?all=1").await;
        // one that others are linked to has a name for each of them too
        let names = all.as_array().expect("a list").iter().flat_map(|each| each["Names"].as_array().into_iter().flatten());
        let names = names.filter_map(Value::as_str);
        let names = names.map(|each| each.trim_start_matches('/').to_owned());
        names.filter(|each| each == name || each.starts_with(&format!("{name}.plimsoll-"))).collect()
    }

    /// All volumes.
    pub(crate) async fn volumes(&self) -> Vec<String> {
        let all = self.hands.get("/volumes").await;
        let names = all["Volumes"].as_array().into_iter().flatten().filter_map(|each| each["Name"].as_str());
        names.map(str::to_owned).collect()
    }

    /// What of a container is another after an update, and must not be: its state, its volumes and its addresses.
    pub(crate) fn moved(shape: &Shape, before: &Value, after: &Value) -> Vec<String> {
        let mut wrong = Vec::new();
        let mut same = |what: &str, before: String, after: String| {
            if before != after {
                wrong.push(format!("{what}: {before} → {after}"));
            }
        };
        for flag in ["Running", "Paused", "Restarting"] {
            same(flag, before["State"][flag].to_string(), after["State"][flag].to_string());
        }
        let mounts = |of: &Value| {
            let mut all: Vec<_> =
                of["Mounts"].as_array().into_iter().flatten().map(|one| format!("{} {}", one["Destination"], one["Name"])).collect();
            all.sort();
            all.join(", ")
        };
        same("volumes", mounts(before), mounts(after));
        let running = before["State"]["Running"] == json!(true);
        for (network, endpoint) in before["NetworkSettings"]["Networks"].as_object().into_iter().flatten() {
            let wanted = endpoint["IPAMConfig"]["IPv4Address"].as_str().filter(|_| running);
            let now = &after["NetworkSettings"]["Networks"][network];
            if let Some(wanted) = wanted {
                same("address", wanted.to_owned(), now["IPAddress"].as_str().unwrap_or_default().to_owned());
            }
        }
        if let Some((network, address)) = &shape.address {
            for told in [before, after] {
                let now = told["NetworkSettings"]["Networks"][network]["MacAddress"].as_str().unwrap_or_default();
                same("hardware address", (*address).to_owned(), now.to_owned());
            }
        }
        wrong
    }

    /// Brings a container to another tag, and back to what it ran before; answers what is wrong then.
    pub(crate) async fn tour(&self, plimsoll: &Served, shape: &Shape, before: &Value) -> Vec<String> {
        let name = self.name(shape);
        self.publish_as("2", "three").await;
        let mut wrong = Vec::new();
        let mut last = before.clone();
        for (wish, tag) in [(json!({ "name": name, "to": "2" }), "2"), (json!({ "name": name, "previous": true }), "1")] {
            let home = self.inspect(shape).await;
            plimsoll.wish(wish.clone()).await;
            let ended = plimsoll.ended(&name).await;
            if served::outcome(&ended) != "updated" {
                return vec![format!("{}: {wish}: {ended}", shape.name)];
            }
            let after = self.inspect(shape).await;
            let reference = format!("{}:{tag}", Self::repository(&self.hands, shape.image));
            if after["Config"]["Image"] != json!(reference) || after["Id"] == home["Id"] || after["Image"] == last["Image"] {
                wrong.push(format!("{}: {wish}: {} {}", shape.name, after["Config"]["Image"], after["Image"]));
            }
            wrong.extend(Self::moved(shape, before, &after).into_iter().map(|each| format!("{}: {wish}: {each}", shape.name)));
            last = after;
        }
        wrong
    }

    /// Takes everything down that is not a shape's.
    pub(crate) async fn close(&self) {
        for short in ["provider", "neighbour"] {
            self.hands.remove(&self.hands.name(short)).await;
        }
        for short in ["net", "second", "third"] {
            self.hands.delete(&format!("/networks/{}", self.hands.name(short))).await;
        }
    }
}
