//! Docker Compose beside Plimsoll: what Compose brought up and Plimsoll updated, Compose is content with; and where a tag is pinned,
//! Compose is the judge of.

#[path = "support/composed.rs"]
mod composed;
#[path = "support/engine.rs"]
mod engine;
#[path = "support/lab.rs"]
mod lab;
#[path = "support/samples.rs"]
mod samples;
#[path = "support/served.rs"]
mod served;

use std::{collections::BTreeMap, fs, path::Path, process::Command};

use plimsoll::{
    compose::{Advice, How, Target, advise, edit},
    config::Compose,
};
use serde_json::{Value, json};

use composed::Composed;
use engine::Hands;
use samples::SAMPLES;
use served::Served;

/// A project with one of everything that Compose puts into a container.
const PROJECT: &str = r#"
x-common: &common
  restart: unless-stopped
  stop_grace_period: 1s
  logging: {driver: json-file, options: {max-size: 1m}}
services:
  db:
    <<: *common
    image: ${REPOSITORY}:1
    command: [/bin/busybox, sleep, "3600"]
    volumes: ["data:/data", /anonymous-of-compose, "./bind:/bind:ro"]
    healthcheck: {test: [CMD, /bin/busybox, "true"], interval: 1s, retries: 3}
    networks: {back: {aliases: [database], ipv4_address: 10.231.9.44}}
    tmpfs: [/scratch]
    shm_size: 8m
  web:
    <<: *common
    image: ${REPOSITORY}:1
    env_file: web.env
    environment: {MINE: "yes", VERSION: mine}
    ports: ["127.0.0.1:28124:8124", "8125"]
    expose: ["9000"]
    depends_on: {db: {condition: service_healthy, restart: true}}
    networks: {front: {}, back: {aliases: [www]}}
    hostname: harbour
    user: "1000:1000"
    working_dir: /tmp
    labels: {mine: "yes", traefik.enable: "true"}
    cap_add: [NET_ADMIN]
    ulimits: {nofile: {soft: 512, hard: 1024}}
    extra_hosts: ["nas:10.0.0.7"]
    sysctls: {net.core.somaxconn: "1024"}
    init: true
    mem_limit: 64m
    configs: [{source: settings, target: /settings}]
  worker:
    image: ${REPOSITORY}:1
    entrypoint: [/bin/busybox, sleep]
    command: ["1800"]
    deploy: {replicas: 2, resources: {limits: {cpus: "0.5", memory: 32m}}}
    depends_on: [db, web]
    links: ["db:store"]
    networks: [back]
    stop_grace_period: 1s
  plain:
    image: ${REPOSITORY}:1
    stop_grace_period: 1s
  alone:
    image: ${REPOSITORY}:1
    network_mode: none
    stop_grace_period: 1s
  machine:
    image: ${REPOSITORY}:1
    network_mode: host
    stop_grace_period: 1s
networks:
  front: {}
  back: {ipam: {config: [{subnet: 10.231.9.0/24}]}}
volumes: {data: {}}
configs: {settings: {file: settings.txt}}
"#;

/// A version of the image.
fn recipe(version: &str) -> String {
    format!(
        "FROM scratch\nCOPY busybox /bin/busybox\nENV VERSION={version}\nLABEL version={version}\nVOLUME /anonymous\nEXPOSE 8126\n\
         CMD [\"/bin/busybox\", \"sleep\", \"3600\"]\n"
    )
}

/// The project's containers: id, image and whether it runs, by name.
async fn containers(hands: &Hands, project: &str) -> BTreeMap<String, (String, String, bool)> {
    let all = hands.get("/containers/json?all=1").await;
    let mine = all.as_array().expect("a list").iter().filter(|each| each["Labels"]["com.docker.compose.project"] == project);
    mine.map(|each| {
        let word = |field: &str| each[field].as_str().unwrap_or_default().to_owned();
        let name = each["Names"][0].as_str().unwrap_or_default().trim_start_matches('/').to_owned();
        (name, (word("Id"), word("ImageID"), each["State"] == "running"))
    })
    .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn compose_has_nothing_to_do_after_an_update() {
    const TEST: &str = "compose_has_nothing_to_do_after_an_update";
    let Some(address) = lab::variable("PLIMSOLL_LAB_DOCKER", TEST) else { return };
    let Some(registry) = lab::variable("PLIMSOLL_LAB_REGISTRY", TEST) else { return };
    let Some(busybox) = lab::variable("PLIMSOLL_LAB_BUSYBOX", TEST) else { return };
    let Some(compose) = lab::variable("PLIMSOLL_LAB_COMPOSE", TEST) else { return };
    let Some(program) = lab::variable("PLIMSOLL_BIN", TEST) else { return };
    let hands = Hands::new(&address, &registry, &busybox, "compose");
    let image = format!("{}:1", hands.repository);
    hands.build_from(&image, &recipe("one")).await;
    hands.upload(&image).await;

    let project = Composed::new(&compose, &hands.name("shop"));
    project.write("compose.yaml", PROJECT);
    project.write(".env", &format!("REPOSITORY={}\n", hands.repository));
    project.write("web.env", "FROM_FILE=1\nQUOTED=\"two words\"\n");
    project.write("settings.txt", "a=1\n");
    project.write("bind/file", "");
    project.run(&["up", "--detach"]);
    let before = containers(&hands, &project.name).await;
    assert_eq!(before.len(), 7, "{before:?}");
    // Compose itself is content with what it has just made, else the test could not tell anything
    project.run(&["up", "--detach"]);
    assert_eq!(containers(&hands, &project.name).await, before);

    hands.build_from(&image, &recipe("two")).await;
    hands.upload(&image).await;
    let new = hands.image_id(&image).await;
    let mut plimsoll = Served::new(&program, Path::new(address.trim_start_matches("unix://")));
    plimsoll.start().await;
    for name in before.keys() {
        plimsoll.update(name).await;
        let ended = plimsoll.ended(name).await;
        assert_eq!(served::outcome(&ended), "updated", "{name}: {ended}\n{}", plimsoll.log());
    }
    plimsoll.kill();
    let updated = containers(&hands, &project.name).await;
    assert_eq!(updated.keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
    for (name, (id, image, runs)) in &updated {
        assert!(*runs && *image == new && *id != before[name].0, "{name}: {updated:?}");
    }

    for arguments in [&["up", "--detach"][..], &["up", "--detach", "--no-recreate"], &["up", "--detach", "--scale", "worker=2"]] {
        project.run(arguments);
        assert_eq!(containers(&hands, &project.name).await, updated, "docker compose {}", arguments.join(" "));
    }
    let seen = project.run(&["ps", "--format", "json"]);
    let seen: Vec<Value> = seen.lines().map(|line| serde_json::from_str(line).expect("a document")).collect();
    let mut names: Vec<_> = seen.iter().filter_map(|each| each["Name"].as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, updated.keys().collect::<Vec<_>>());
    assert!(seen.iter().all(|each| each["State"] == "running" && each["Project"] == project.name.as_str()), "{seen:?}");
    // and it can still work with them
    project.run(&["up", "--detach", "--scale", "worker=3"]);
    let more = containers(&hands, &project.name).await;
    assert_eq!(more.len(), 8, "{more:?}");
    assert!(updated.iter().all(|(name, as_it_was)| more[name] == *as_it_was), "{more:?}");
    project.run(&["down", "--volumes", "--timeout", "0"]);
    assert!(containers(&hands, &project.name).await.is_empty());
}

/// The labels of the container of the service `web`.
async fn labels(hands: &Hands, project: &str) -> BTreeMap<String, String> {
    let all = hands.get("/containers/json?all=1").await;
    let is_web = |each: &&Value| {
        let label = |name: &str| each["Labels"][format!("com.docker.compose.{name}")].as_str().unwrap_or_default();
        label("project") == project && label("service") == "web"
    };
    let web = all.as_array().expect("a list").iter().find(is_web).unwrap_or_else(|| panic!("{project} has no web")).clone();
    serde_json::from_value(web["Labels"].clone()).expect("texts")
}

fn target() -> Target {
    Target { tag: "2.0".to_owned(), digest: None }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_edit_moves_one_service_as_compose_understands_it() {
    const TEST: &str = "an_edit_moves_one_service_as_compose_understands_it";
    let Some(address) = lab::variable("PLIMSOLL_LAB_DOCKER", TEST) else { return };
    let Some(registry) = lab::variable("PLIMSOLL_LAB_REGISTRY", TEST) else { return };
    let Some(busybox) = lab::variable("PLIMSOLL_LAB_BUSYBOX", TEST) else { return };
    let Some(compose) = lab::variable("PLIMSOLL_LAB_COMPOSE", TEST) else { return };
    let hands = Hands::new(&address, &registry, &busybox, "edits");
    // one image under every name that the samples run
    for tag in ["1.27", "latest"] {
        hands.build(&format!("app:{tag}"), "one").await;
    }
    let settings = Compose { edit: true, ..Compose::default() };
    let backups = tempfile::tempdir().expect("a folder");
    for (number, sample) in SAMPLES.iter().enumerate() {
        let what = sample.what;
        let project = Composed::new(&compose, &hands.name(&format!("sample-{number}")));
        for (name, text) in sample.files {
            project.write(name, text);
        }
        // the labels are those that Compose itself writes
        project.run(&[sample.arguments, &["create"]].concat());
        let labels = labels(&hands, &project.name).await;
        let before = project.config(sample.arguments);
        let image = before["services"]["web"]["image"].as_str().expect("an image").to_owned();
        let advice = advise(labels, image.parse().expect("a reference"), target(), Vec::new(), settings.clone()).await;
        let change = match (&advice, sample.edited) {
            (Advice::Line { change, unedited: None }, Some(_)) => change,
            (Advice::Unlocated(_) | Advice::Line { unedited: Some(_), .. }, None) => continue,
            _ => panic!("{what}: {advice:?}"),
        };
        assert_eq!(
            fs::canonicalize(&change.file).ok(),
            fs::canonicalize(project.folder().join(sample.edited.unwrap_or_default())).ok(),
            "{what}"
        );
        let old = fs::read_to_string(&change.file).expect("a file");
        assert_eq!(edit(change, &[], &settings, backups.path()), Ok(How::Replaced), "{what}");
        let new = fs::read_to_string(&change.file).expect("a file");
        let (old, new): (Vec<_>, Vec<_>) = (old.split('\n').collect(), new.split('\n').collect());
        let differ: Vec<_> = (0..old.len().max(new.len())).filter(|at| old.get(*at) != new.get(*at)).collect();
        assert_eq!(differ, [change.line as usize - 1], "{what}");
        assert!(new[differ[0]].contains(&change.becomes) && old[differ[0]].contains(&change.text), "{what}: {change:?}");

        let mut expected = before;
        expected["services"]["web"]["image"] = json!(format!("{}:2.0", image.split(':').next().unwrap_or_default()));
        assert_eq!(project.config(sample.arguments), expected, "{what}");
        let mut images: Vec<_> = project.run(&[sample.arguments, &["config", "--images"]].concat()).lines().map(str::to_owned).collect();
        images.sort();
        let services = expected["services"].as_object().expect("services").values();
        let mut wanted: Vec<_> = services.filter_map(|service| service["image"].as_str().map(str::to_owned)).collect();
        wanted.sort();
        assert_eq!(images, wanted, "{what}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_is_mounted_alone_is_written_in_place() {
    const TEST: &str = "a_file_that_is_mounted_alone_is_written_in_place";
    // in the lab mounts are nobody else's
    let Some(_) = lab::variable("PLIMSOLL_LAB", TEST) else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let (there, here, backups) = (folder.path().join("there.yaml"), folder.path().join("here.yaml"), folder.path().join("backups"));
    let text = "services:\n  web:\n    image: app:1.27\n";
    fs::write(&there, text).expect("a file");
    fs::write(&here, "").expect("a file");
    let mount = |program: &str, arguments: &[&Path]| {
        let done = Command::new(program).args(if arguments.len() == 2 { &["--bind"][..] } else { &[] }).args(arguments).status();
        assert!(done.expect("it runs").success(), "{program}");
    };
    mount("mount", &[&there, &here]);
    let label = |name: &str, value: &str| (format!("com.docker.compose.{name}"), value.to_owned());
    let labels =
        BTreeMap::from([label("project", "shop"), label("service", "web"), label("project.config_files", &here.display().to_string())]);
    let settings = Compose { edit: true, ..Compose::default() };
    let advice = advise(labels, "app:1.27".parse().expect("a reference"), target(), Vec::new(), settings.clone()).await;
    let Advice::Line { change, unedited: None } = advice else { panic!("{advice:?}") };
    let how = edit(&change, &[], &settings, &backups);
    mount("umount", &[&here]);
    let Ok(How::InPlace { backup }) = how else { panic!("{how:?}") };
    assert_eq!(fs::read_to_string(there).expect("a file"), text.replace("1.27", "2.0"), "the file of the host");
    assert_eq!(fs::read_to_string(backup).expect("a file"), text);
    let left = fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(left, 3, "nothing but the two files and the copy");
}
