//! Docker Compose beside Plimsoll: what Compose brought up and Plimsoll updated, Compose is content with; and where a tag is pinned,
//! Compose is the judge of.

#[path = "support/composed.rs"]
mod composed;
#[path = "support/engine.rs"]
mod engine;
#[path = "support/lab.rs"]
mod lab;
#[path = "support/served.rs"]
mod served;

use std::{collections::BTreeMap, path::Path};

use serde_json::Value;

use composed::Composed;
use engine::Hands;
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
