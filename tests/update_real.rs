//! Updates on a real Engine: what a container was is what it is afterwards, whatever ends in the middle.

#[path = "support/compare.rs"]
mod compare;
#[path = "support/cut.rs"]
mod cut;
#[path = "support/engine.rs"]
mod engine;
#[path = "support/lab.rs"]
mod lab;
#[path = "support/served.rs"]
mod served;
#[path = "support/way.rs"]
mod way;

use std::path::Path;

use futures_util::{StreamExt, stream};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use compare::{comparable, differences};
use cut::Cut;
use engine::Hands;
use served::Served;
use way::{At, Way};

/// What an update needs of the lab.
struct Lab {
    hands: Hands,
    /// the Engine's socket
    socket: String,
    /// the program under test
    program: String,
    registry: String,
}

/// The lab; nothing where there is none.
fn lab(test: &str) -> Option<Lab> {
    let address = lab::variable("PLIMSOLL_LAB_DOCKER", test)?;
    let registry = lab::variable("PLIMSOLL_LAB_REGISTRY", test)?;
    let busybox = lab::variable("PLIMSOLL_LAB_BUSYBOX", test)?;
    let program = lab::variable("PLIMSOLL_BIN", test)?;
    let hands = Hands::new(&address, &registry, &busybox, test);
    Some(Lab { hands, socket: address.trim_start_matches("unix://").to_owned(), program, registry })
}

/// A recipe: what a version of the image differs in.
fn recipe(version: &str, command: &str) -> String {
    format!(
        "FROM scratch\nCOPY busybox /bin/busybox\nENV VERSION={version} KEPT=image\nLABEL version={version} kept=image\nWORKDIR /{version}\n\
         VOLUME /anonymous\nSTOPSIGNAL SIGKILL\nCMD {command}\n"
    )
}

const SLEEP: &str = r#"["/bin/busybox", "sleep", "3600"]"#;

/// The tests of this file look at everything that is there: one at a time.
static ALONE: Mutex<()> = Mutex::const_new(());

/// A container and everything of ours that belongs to it.
async fn left(hands: &Hands, name: &str) -> Vec<String> {
    let all = hands.get("/containers/json?all=1").await;
    let names = all.as_array().expect("a list").iter().filter_map(|each| each["Names"][0].as_str());
    let names = names.map(|each| each.trim_start_matches('/').to_owned());
    names.filter(|each| each.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))).collect()
}

async fn volumes(hands: &Hands) -> Vec<String> {
    let all = hands.get("/volumes").await;
    let mut names: Vec<_> =
        all["Volumes"].as_array().into_iter().flatten().filter_map(|each| each["Name"].as_str().map(str::to_owned)).collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_container_is_afterwards_what_it_was() {
    let Some(lab) = lab("a_container_is_afterwards_what_it_was") else { return };
    let _alone = ALONE.lock().await;
    let hands = &lab.hands;
    let network = hands.name("net");
    let second = hands.name("second");
    for (name, subnet) in [(&network, "10.231.7.0/24"), (&second, "10.231.8.0/24")] {
        hands
            .post("/networks/create", &json!({ "Name": name, "CheckDuplicate": true, "IPAM": { "Config": [{ "Subnet": subnet }] } }))
            .await;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let volume = hands.name("data");
    let shapes = [
        ("plain", json!({})),
        (
            "dressed",
            json!({ "Env": ["MINE=1", "KEPT=mine"], "Labels": { "mine": "yes", "kept": "mine" }, "WorkingDir": "/tmp", "User": "1000:1000", "StopSignal": "SIGTERM",
                "Tty": true, "OpenStdin": true, "HostConfig": { "RestartPolicy": { "Name": "on-failure", "MaximumRetryCount": 4 }, "Memory": 67_108_864,
                "CapAdd": ["NET_ADMIN"], "Ulimits": [{ "Name": "nofile", "Soft": 512, "Hard": 1024 }], "LogConfig": { "Type": "json-file", "Config": { "max-size": "1m" } },
                "ExtraHosts": ["nas:10.0.0.7"], "Init": true, "ShmSize": 1_048_576 } }),
        ),
        (
            "commanded",
            json!({ "Entrypoint": ["/bin/busybox"], "Cmd": ["sleep", "1800"], "Hostname": "harbour", "Domainname": "example.org" }),
        ),
        (
            "volumes",
            json!({ "HostConfig": { "Binds": [format!("{volume}:/data"), format!("{}:/bind:ro", folder.path().display())], "Tmpfs": { "/scratch": "size=1m" },
                "Mounts": [{ "Type": "volume", "Source": hands.name("mounted"), "Target": "/mounted" }] }, "Volumes": { "/mine": {} } }),
        ),
        (
            "ports",
            json!({ "ExposedPorts": { "8123/tcp": {}, "9/udp": {} }, "HostConfig": { "PortBindings": { "8123/tcp": [{ "HostIp": "127.0.0.1", "HostPort": "28123" }] } } }),
        ),
        (
            "networks",
            json!({ "HostConfig": { "NetworkMode": network }, "NetworkingConfig": { "EndpointsConfig": { network.clone(): {
                "Aliases": ["db", "database"], "IPAMConfig": { "IPv4Address": "10.231.7.44" } } } } }),
        ),
        ("alone", json!({ "HostConfig": { "NetworkMode": "none" } })),
        ("with-host", json!({ "HostConfig": { "NetworkMode": "host", "PidMode": "host" } })),
        (
            "composed",
            json!({ "Labels": { "com.docker.compose.project": "shop", "com.docker.compose.service": "web", "com.docker.compose.config-hash": "abc",
                "com.docker.compose.container-number": "1", "com.docker.compose.oneoff": "False" },
                "HostConfig": { "RestartPolicy": { "Name": "unless-stopped" } },
                "Healthcheck": { "Test": ["CMD", "/bin/busybox", "true"], "Interval": 1_000_000_000_u64, "Retries": 3 } }),
        ),
    ];
    let image = format!("{}:1", hands.repository);
    hands.build_from(&image, &recipe("one", SLEEP)).await;
    hands.upload(&image).await;
    for (short, body) in &shapes {
        hands.run(short, &image, body.clone()).await;
    }
    hands
        .post(
            &format!("/networks/{second}/connect"),
            &json!({ "Container": hands.name("networks"), "EndpointConfig": { "Aliases": ["other"] } }),
        )
        .await;
    hands.act(&hands.name("alone"), "stop?t=0").await;
    let mut before = Vec::new();
    for (short, _) in &shapes {
        before.push(hands.get(&format!("/containers/{}/json", hands.name(short))).await);
    }
    let volumes_before = volumes(hands).await;
    hands.build_from(&image, &recipe("two", SLEEP)).await;
    hands.upload(&image).await;
    let new = hands.image_id(&image).await;

    let mut plimsoll = Served::new(&lab.program, Path::new(&lab.socket));
    plimsoll.stopped_too().start().await;
    for ((short, body), before) in shapes.iter().zip(before) {
        let name = hands.name(short);
        plimsoll.update(&name).await;
        let ended = plimsoll.ended(&name).await;
        assert_eq!(served::outcome(&ended), "updated", "{short}: {ended}\n{}", plimsoll.log());
        let after = hands.get(&format!("/containers/{name}/json")).await;
        assert_eq!(after["Image"], json!(new), "{short}");
        assert_ne!(after["Id"], before["Id"], "{short}");
        // what did not run is not started; that it once ran is forgotten
        assert_eq!(after["State"]["Running"], before["State"]["Running"], "{short}");
        let hostname = body.get("Hostname").is_some() || *short == "with-host";
        let mut found = Vec::new();
        differences(&comparable(before, hostname), &comparable(after, hostname), "", &mut found);
        // what came from the image is the new image's, and nothing else is another
        found.retain(|each| !(each.contains("one") && each.contains("two")));
        assert!(found.is_empty(), "{short}:\n{}", found.join("\n"));
        assert_eq!(left(hands, &name).await, std::slice::from_ref(&name), "{short}");
    }
    assert_eq!(volumes(hands).await, volumes_before, "no volume is lost, and none is left");
    plimsoll.kill();
    for (short, _) in &shapes {
        hands.remove(&hands.name(short)).await;
    }
    for name in [network, second] {
        hands.delete(&format!("/networks/{name}")).await;
    }
}

/// A victim: a container with a volume and a restart policy, whose image has moved on.
struct Victim {
    name: String,
    volume: String,
    before: Value,
}

async fn victim(hands: &Hands, image: &str, number: usize) -> Victim {
    let short = format!("victim-{number}");
    let volume = hands.name(&format!("{short}-data"));
    let body = json!({ "Env": ["MINE=1"], "HostConfig": { "Binds": [format!("{volume}:/data")], "RestartPolicy": { "Name": "always" } } });
    hands.run(&short, image, body).await;
    let name = hands.name(&short);
    let before = hands.get(&format!("/containers/{name}/json")).await;
    Victim { name, volume, before }
}

impl Victim {
    /// Updates it by a Plimsoll that is killed `at` a call, or by none that is; answers the calls that were made, and whether it was killed.
    async fn suffer(&self, lab: &Lab, at: Option<At>) -> (Vec<String>, bool) {
        let Self { name, volume, before } = self;
        let hands = &lab.hands;
        let folder = tempfile::tempdir().expect("a folder");
        let way = Way::open(Path::new(&lab.socket), &folder.path().join("docker.sock"));
        let mut plimsoll = Served::new(&lab.program, &way.path);
        plimsoll.start().await;
        if let Some(at) = at {
            way.when(at, plimsoll.killer());
        }
        plimsoll.update(name).await;
        let killed = || at.is_some() && way.has_happened();
        let over = async || (killed() || plimsoll.newest(name).await.is_some_and(|newest| !newest["outcome"].is_null())).then_some(());
        plimsoll.until("the kill, or the end", over).await;
        let (calls, killed) = (way.calls(), killed());
        if killed {
            plimsoll.kill();
            plimsoll.start().await;
        }
        let settled = async || {
            let inspect = hands.find(&format!("/containers/{name}/json")).await?;
            let open = plimsoll.newest(name).await.is_none_or(|newest| newest["outcome"].is_null());
            (!open && inspect["State"]["Running"] == json!(true) && left(hands, name).await == [name.clone()]).then_some(inspect)
        };
        let after = plimsoll.until(&format!("one container, {at:?}"), settled).await;
        let same = |path: &str| assert_eq!(after.pointer(path), before.pointer(path), "{at:?} {path}\n{}", plimsoll.log());
        same("/HostConfig/RestartPolicy");
        same("/HostConfig/Binds/0");
        let mounts = |of: &Value| {
            let mut names: Vec<_> = of["Mounts"].as_array().into_iter().flatten().map(|mount| mount["Name"].to_string()).collect();
            names.sort();
            names
        };
        assert_eq!(mounts(&after), mounts(before), "{at:?}: the same volumes, the anonymous one too");
        plimsoll.kill();
        hands.remove(name).await;
        hands.delete(&format!("/volumes/{volume}?force=1")).await;
        (calls, killed)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn plimsoll_killed_before_and_after_each_call_loses_nothing() {
    let Some(lab) = lab("plimsoll_killed_before_and_after_each_call_loses_nothing") else { return };
    let _alone = ALONE.lock().await;
    let hands = &lab.hands;
    let image = format!("{}:1", hands.repository);
    hands.build_from(&image, &recipe("one", SLEEP)).await;
    hands.upload(&image).await;
    let mut victims = Vec::new();
    for number in 0..37 {
        victims.push(victim(hands, &image, number).await);
    }
    hands.build_from(&image, &recipe("two", SLEEP)).await;
    hands.upload(&image).await;

    let (calls, _) = victims[0].suffer(&lab, None).await;
    assert!((8..=18).contains(&calls.len()), "an update makes about a dozen calls that change something: {calls:?}");
    let points: Vec<At> = (0..calls.len()).flat_map(|n| [At::Before(n), At::After(n)]).collect();
    let lab = &lab;
    let suffered: Vec<_> = stream::iter(victims[1..].iter().zip(&points))
        .map(|(victim, at)| async move { (victim.suffer(lab, Some(*at)).await.1, *at) })
        .buffer_unordered(3)
        .collect()
        .await;
    let spared: Vec<_> = suffered.iter().filter(|(killed, _)| !killed).map(|(_, at)| at).collect();
    assert!(spared.is_empty(), "each was killed where it should be: {spared:?} of {calls:?}");
    for victim in &victims[1 + points.len()..] {
        hands.remove(&victim.name).await;
        hands.delete(&format!("/volumes/{}?force=1", victim.volume)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_image_that_does_not_run_is_rolled_back_and_the_reason_told() {
    let Some(lab) = lab("a_new_image_that_does_not_run_is_rolled_back_and_the_reason_told") else { return };
    let _alone = ALONE.lock().await;
    let hands = &lab.hands;
    let image = format!("{}:1", hands.repository);
    hands.build_from(&image, &recipe("one", SLEEP)).await;
    hands.upload(&image).await;
    hands.run("app", &image, json!({ "HostConfig": { "RestartPolicy": { "Name": "always" } } })).await;
    let name = hands.name("app");
    let before = hands.get(&format!("/containers/{name}/json")).await;
    let volumes_before = volumes(hands).await;
    hands.build_from(&image, &recipe("two", r#"["/bin/busybox", "sh", "-c", "exit 7"]"#)).await;
    hands.upload(&image).await;

    let mut plimsoll = Served::new(&lab.program, Path::new(&lab.socket));
    plimsoll.start().await;
    plimsoll.update(&name).await;
    let ended = plimsoll.ended(&name).await;
    assert_eq!(served::outcome(&ended), "rolled_back", "{ended}");
    assert!(ended.to_string().contains('7'), "its exit code: {ended}");
    let after = hands.get(&format!("/containers/{name}/json")).await;
    assert_eq!((&after["Id"], &after["State"]["Running"]), (&before["Id"], &json!(true)));
    assert_eq!(after["HostConfig"]["RestartPolicy"], before["HostConfig"]["RestartPolicy"]);
    assert_eq!((left(hands, &name).await, volumes(hands).await), (vec![name.clone()], volumes_before));
    hands.remove(&name).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_registry_cut_off_in_the_middle_of_a_pull_changes_nothing() {
    let Some(lab) = lab("a_registry_cut_off_in_the_middle_of_a_pull_changes_nothing") else { return };
    let _alone = ALONE.lock().await;
    let hands = &lab.hands;
    // the Engine asks the registry by a way that breaks after a while
    let cut = Cut::open(&lab.registry).await;
    let image = format!("{}/{}:1", cut.address, hands.repository.split_once('/').expect("a path").1);
    hands.build_from(&image, &recipe("one", SLEEP)).await;
    hands.run("app", &image, json!({})).await;
    let name = hands.name("app");
    let before = hands.get(&format!("/containers/{name}/json")).await;
    // pushed by the registry's own name: this Engine knows nothing of it under the other one
    let own = format!("{}:1", hands.repository);
    hands.build_from(&own, &format!("{}COPY big /big\n", recipe("two", SLEEP))).await;
    hands.upload(&own).await;
    hands.delete(&format!("/images/{own}?force=1")).await;
    hands.prune().await;

    let mut plimsoll = Served::new(&lab.program, Path::new(&lab.socket));
    plimsoll.start().await;
    cut.after(2 << 20);
    plimsoll.update(&name).await;
    let ended = plimsoll.ended(&name).await;
    assert_eq!(served::outcome(&ended), "failed", "{ended}\n{}", plimsoll.log());
    assert_eq!(hands.get(&format!("/containers/{name}/json")).await["Id"], before["Id"]);
    assert_eq!(left(hands, &name).await, std::slice::from_ref(&name));

    // the registry is back: now it works
    cut.heal();
    plimsoll.update(&name).await;
    let ended = plimsoll.ended(&name).await;
    assert_eq!(served::outcome(&ended), "updated", "{ended}\n{}", plimsoll.log());
    assert!(ended["to"].is_string() || ended.to_string().contains("sha256:"), "{ended}");
    hands.remove(&name).await;
}
