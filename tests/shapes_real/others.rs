//! Containers that are not alone: what they share, and what they do to themselves.

use std::path::Path;

use serde_json::{Value, json};

use crate::{ALONE, engine::Hands, harbour::Harbour, served, served::Served};

async fn inspect(hands: &Hands, short: &str) -> Value {
    hands.get(&format!("/containers/{}/json", hands.name(short))).await
}

async fn serving(harbour: &Harbour) -> Served {
    let mut plimsoll = Served::new(&harbour.program, Path::new(&harbour.socket));
    plimsoll.stopped_too().start().await;
    plimsoll
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_shares_namespaces_is_recreated_with_their_owner() {
    let _alone = ALONE.lock().await;
    let Some(harbour) = Harbour::open("who_shares_namespaces_is_recreated_with_their_owner").await else { return };
    let hands = &harbour.hands;
    harbour.publish("one").await;
    let image = harbour.image(super::Image::Plain);
    let with = |place: &str, short: &str| json!({ "HostConfig": { place: format!("container:{}", hands.name(short)), "RestartPolicy": { "Name": "unless-stopped" } } });
    hands.run("vpn", &image, json!({ "ExposedPorts": { "80/tcp": {} }, "HostConfig": { "IpcMode": "shareable", "PortBindings": { "80/tcp": [{ "HostPort": "28300" }] } } })).await;
    hands.run("torrent", &image, with("NetworkMode", "vpn")).await;
    hands.run("shell", &image, with("PidMode", "torrent")).await;
    hands.run("shared-memory", &image, with("IpcMode", "vpn")).await;
    hands.run("linked", &image, json!({ "HostConfig": { "Links": [format!("{}:friend", hands.name("vpn"))] } })).await;
    hands.run("asleep", &image, with("NetworkMode", "vpn")).await;
    hands.act(&hands.name("asleep"), "stop?t=0").await;
    let family = ["vpn", "torrent", "shell", "shared-memory", "linked", "asleep"];
    let mut before = Vec::new();
    for short in family {
        before.push(inspect(hands, short).await);
    }
    harbour.publish("two").await;
    let plimsoll = serving(&harbour).await;
    plimsoll.update(&hands.name("vpn")).await;
    let ended = plimsoll.ended(&hands.name("vpn")).await;
    assert_eq!(served::outcome(&ended), "updated", "{ended}\n{}", plimsoll.log());
    let vpn = inspect(hands, "vpn").await;
    let torrent = inspect(hands, "torrent").await;
    let id = |of: &Value| of["Id"].as_str().expect("an id").to_owned();
    for (short, before) in family.iter().zip(&before) {
        let after = inspect(hands, short).await;
        assert_ne!(id(&after), id(before), "{short} is another one");
        assert_eq!(after["State"]["Running"], before["State"]["Running"], "{short}");
        assert_eq!(after["HostConfig"]["RestartPolicy"], before["HostConfig"]["RestartPolicy"], "{short}");
        assert_eq!(after["Image"] == before["Image"], *short != "vpn", "{short}: only the one that was asked for has another image");
        assert_eq!(after["Config"]["Image"], json!(image), "{short}");
        assert_eq!(harbour.left(&hands.name(short)).await, [hands.name(short)]);
    }
    for (short, place, provider) in [
        ("torrent", "NetworkMode", &vpn),
        ("asleep", "NetworkMode", &vpn),
        ("shell", "PidMode", &torrent),
        ("shared-memory", "IpcMode", &vpn),
    ] {
        let after = inspect(hands, short).await;
        assert_eq!(after["HostConfig"][place], json!(format!("container:{}", id(provider))), "{short}");
    }
    // one of them that stopped before can be started, in the network of the new one
    hands.act(&hands.name("asleep"), "start").await;
    drop(plimsoll);
    for short in family {
        hands.remove(&hands.name(short)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_another_gave_to_a_container_outlives_that_one() {
    let _alone = ALONE.lock().await;
    let Some(harbour) = Harbour::open("what_another_gave_to_a_container_outlives_that_one").await else { return };
    let hands = &harbour.hands;
    harbour.publish("one").await;
    let image = harbour.image(super::Image::Plain);
    let (volume, folder) = (hands.name("kept"), tempfile::tempdir().expect("a folder"));
    let binds = json!([format!("{volume}:/given"), format!("{}:/folder:ro", folder.path().display())]);
    let giver = hands.run("giver", &image, json!({ "HostConfig": { "Binds": binds } })).await;
    // as Compose writes it
    hands.run("taker", &image, json!({ "HostConfig": { "VolumesFrom": [format!("{giver}:rw")] } })).await;
    let before = inspect(hands, "taker").await;
    hands.remove(&giver).await;
    harbour.publish("two").await;
    let plimsoll = serving(&harbour).await;
    let name = hands.name("taker");
    plimsoll.update(&name).await;
    let ended = plimsoll.ended(&name).await;
    assert_eq!(served::outcome(&ended), "updated", "{ended}\n{}", plimsoll.log());
    let after = inspect(hands, "taker").await;
    let mounts = |of: &Value| {
        let mut all: Vec<_> = of["Mounts"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|one| format!("{} {} {}", one["Destination"], one["Source"], one["RW"]))
            .collect();
        all.sort();
        all
    };
    assert_eq!(mounts(&after), mounts(&before));
    drop(plimsoll);
    hands.remove(&name).await;
    hands.delete(&format!("/volumes/{volume}?force=1")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_ends_again_and_again_is_mended_or_left_as_it_is() {
    let _alone = ALONE.lock().await;
    let Some(harbour) = Harbour::open("one_that_ends_again_and_again_is_mended_or_left_as_it_is").await else { return };
    let hands = &harbour.hands;
    harbour.publish("one").await;
    let image = harbour.image(super::Image::Rich);
    let always = json!({ "RestartPolicy": { "Name": "always" } });
    // the first ends by a word of its own, which is nothing in the new image: there it runs
    let flag = tempfile::tempdir().expect("a folder");
    std::fs::write(flag.path().join("end"), "").expect("a file");
    let script = "test -e /flag/end && exit 7; exec /bin/busybox sleep 3600";
    let ends = |short: &'static str, binds: Value| {
        let body = json!({ "Entrypoint": ["/bin/busybox", "sh", "-c", script], "User": "0", "Healthcheck": { "Test": ["NONE"] },
            "HostConfig": { "RestartPolicy": always["RestartPolicy"], "Binds": binds } });
        (short, body)
    };
    let bind = json!([format!("{}:/flag", flag.path().display())]);
    for (short, body) in [ends("loops", bind.clone()), ends("mended", bind)] {
        hands.run(short, &image, body).await;
    }
    harbour.publish("two").await;
    let plimsoll = serving(&harbour).await;
    let restarts = async |short: &str| inspect(hands, short).await["RestartCount"].as_u64().unwrap_or_default();
    for short in ["loops", "mended"] {
        plimsoll.until("it was restarted", async || (restarts(short).await > 0).then_some(())).await;
    }
    let before = inspect(hands, "loops").await;
    plimsoll.update(&hands.name("loops")).await;
    let ended = plimsoll.ended(&hands.name("loops")).await;
    assert_eq!(served::outcome(&ended), "rolled_back", "{ended}\n{}", plimsoll.log());
    let after = inspect(hands, "loops").await;
    assert_eq!((&after["Id"], &after["HostConfig"]["RestartPolicy"]), (&before["Id"], &before["HostConfig"]["RestartPolicy"]));
    let restarted = restarts("loops").await;
    plimsoll.until("it is restarted still", async || (restarts("loops").await > restarted).then_some(())).await;
    std::fs::remove_file(flag.path().join("end")).expect("the file");
    plimsoll.update(&hands.name("mended")).await;
    let ended = plimsoll.ended(&hands.name("mended")).await;
    assert_eq!(served::outcome(&ended), "updated", "{ended}\n{}", plimsoll.log());
    assert_eq!(inspect(hands, "mended").await["State"]["Running"], json!(true));
    drop(plimsoll);
    for short in ["loops", "mended"] {
        hands.remove(&hands.name(short)).await;
    }
}
