//! Against the simulated Engine, and a Podman of a few recorded answers.

use std::{convert::Infallible, pin::pin, time::Duration};

use bytes::Bytes;
use futures_util::StreamExt;
use http::{Response, StatusCode};
use http_body_util::Full;
use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::{net::TcpListener, time::timeout};

use crate::{
    fleet::{ImageName, Workload},
    host::{Event, Host, HostError, Moment, Subject},
    image::Digest,
    simulate::engine::{ContainerSpec, Engine, Fault, Health, Image, Listen, Options, State, Store},
    wire::WorkloadState,
};

fn digest(seed: u64) -> Digest {
    Digest::of(&seed.to_le_bytes())
}

fn image(seed: u64) -> Image {
    Image::pulled(digest(seed)).label("from", "image")
}

async fn start(options: Options) -> (Engine, Host) {
    let engine = Engine::start(options).await.expect("a free port");
    let host = Host::new("test", engine.address().parse().expect("an address"));
    (engine, host)
}

/// Pulls `reference` and starts a container from it.
fn run(engine: &Engine, name: &str, reference: &str, seed: u64) {
    engine.pull(reference, image(seed)).expect("a reference");
    engine.run(ContainerSpec::new(name, reference).compose("shop", name)).expect("the image is there");
}

async fn workloads(host: &Host) -> Vec<Workload> {
    host.inventory(true).await.expect("an inventory").workloads
}

fn reference(text: &str) -> ImageName {
    ImageName::Reference(text.parse().expect("a reference"))
}

#[tokio::test]
async fn every_kind_of_docker_is_read() {
    for (store, api, name) in [
        (Store::Classic, 41, "Docker 20.10.24"),
        (Store::Classic, 51, "Docker 28.5.2"),
        (Store::Containerd, 51, "Docker 28.5.2"),
        (Store::Containerd, 55, "Docker 29.7.2"),
    ] {
        let (engine, host) = start(Options { api, store, ..Options::default() }).await;
        run(&engine, "web", "nginx:1.27", 1);
        run(&engine, "stale", "redis:7", 3);
        let built = engine.build("mine:dev", Image::built("mine")).expect("a reference");
        engine.run(ContainerSpec::new("mine", "mine:dev").health(Health::Unhealthy)).expect("it was built");
        engine.run(ContainerSpec::new("by-id", &built).state(State::Exited(1))).expect("it was built");
        engine.pull("redis:7", image(4)).expect("a reference");

        // on a task of its own, as the watch does it
        let task = host.clone();
        let inventory = tokio::spawn(async move { task.inventory(true).await }).await.expect("no panic").expect(name);
        assert_eq!(inventory.engine, name);
        let [by_id, mine, stale, web] = inventory.workloads.as_slice() else { panic!("{name}: {:#?}", inventory.workloads) };
        assert_eq!((&web.image, web.state), (&reference("nginx:1.27"), WorkloadState::Running), "{name}");
        assert_eq!((web.project(), web.service()), (Some("shop"), Some("web")), "{name}");
        assert_eq!(web.labels.get("from").map(String::as_str), Some("image"), "{name}: labels of the image too");
        assert_eq!((web.local.digests.clone(), web.local.built_here), ([digest(1)].into(), false), "{name}");
        assert_eq!(web.local.platform.as_ref().map(|platform| platform.architecture.as_str()), Some("amd64"), "{name}");
        assert_eq!(web.local.superseded_by, None, "{name}");
        assert_eq!(stale.image, reference("redis:7"), "{name}: not the id that the list shows");
        assert_eq!(stale.local.digests, [digest(3)].into(), "{name}: also without its names");
        assert_eq!(stale.local.superseded_by, Some([digest(4)].into()), "{name}");
        assert_eq!(mine.health.as_deref(), Some("unhealthy"), "{name}");
        assert_eq!(mine.local.built_here, store == Store::Classic, "{name}: containerd's store cannot tell");
        assert_eq!((&by_id.image, by_id.state), (&ImageName::Id(built), WorkloadState::Exited), "{name}");

        let running = host.inventory(false).await.expect(name).workloads;
        assert_eq!(running.len(), 3, "{name}: stopped ones only where they are wanted");
    }
}

/// What Podman 4.3 answers for a container whose name was pulled anew, and for one that was built there.
fn podman(path: &str) -> Option<Value> {
    let (old, new, built) = ("a".repeat(64), "b".repeat(64), "c".repeat(64));
    let image = |id: &str, name: &str, digests: &[u64]| {
        let digests: Vec<_> = digests.iter().map(|seed| format!("{name}@{}", digest(*seed))).collect();
        Some(json!({ "Id": id, "RepoTags": null, "RepoDigests": digests, "Os": "linux", "Architecture": "arm64" }))
    };
    match path {
        "/_ping" => Some(json!("OK")),
        "/v1.41/version" => {
            Some(json!({ "Version": "4.3.1", "ApiVersion": "1.41", "Components": [{ "Name": "Podman Engine", "Version": "4.3.1" }] }))
        }
        "/v1.41/info" => Some(json!({ "DriverStatus": [["Backing Filesystem", "extfs"]] })),
        "/v1.41/containers/json" => Some(json!([
            { "Id": "c1", "Names": ["/web"], "Image": "docker.io/library/nginx:1.27", "ImageID": format!("sha256:{old}"), "Labels": null,
              "State": "running", "Status": "Up 2 minutes", "Created": 5, "Ports": null },
            { "Id": "c2", "Names": ["/mine"], "Image": "localhost/mine:dev", "ImageID": format!("sha256:{built}"), "State": "configured" },
        ])),
        "/v1.41/containers/c1/json" => {
            Some(json!({ "Config": { "Image": "docker.io/library/nginx:1.27" }, "State": { "Health": { "Status": "healthy" } } }))
        }
        "/v1.41/containers/c2/json" => {
            Some(json!({ "Config": { "Image": "localhost/mine:dev" }, "State": { "Health": { "Status": "" } } }))
        }
        "/v1.41/images/docker.io/library/nginx:1.27/json" => image(&new, "docker.io/library/nginx", &[2, 22]),
        "/v1.41/images/localhost/mine:dev/json" => image(&built, "localhost/mine", &[3]),
        path if path.contains(&old) => image(&old, "docker.io/library/nginx", &[1, 11]),
        path if path.contains(&built) => image(&built, "localhost/mine", &[3]),
        _ => None,
    }
}

/// Serves [`podman`] and answers where.
async fn podman_host() -> Host {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
    let address = format!("tcp://{}", listener.local_addr().expect("it is bound"));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let service = service_fn(|request: http::Request<_>| async move {
                let answer = podman(request.uri().path());
                let mut response = Response::new(Full::new(Bytes::from(answer.clone().unwrap_or(json!({ "message": "no" })).to_string())));
                *response.status_mut() = if answer.is_some() { StatusCode::OK } else { StatusCode::NOT_FOUND };
                response.headers_mut().insert("api-version", "1.41".parse().expect("a header"));
                Ok::<_, Infallible>(response)
            });
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
        }
    });
    Host::new("podman", address.parse().expect("an address"))
}

#[tokio::test]
async fn podman_is_read() {
    let inventory = podman_host().await.inventory(true).await.expect("an inventory");
    assert_eq!(inventory.engine, "Podman 4.3.1");
    let [mine, web] = inventory.workloads.as_slice() else { panic!("{inventory:#?}") };
    assert_eq!((web.health.as_deref(), web.created), (Some("healthy"), 5), "its list does not tell of health");
    assert_eq!(web.local.digests, [digest(1), digest(11)].into(), "the list's and the platform's");
    assert_eq!(web.local.superseded_by, Some([digest(2), digest(22)].into()), "its list keeps the name");
    assert_eq!((mine.local.built_here, mine.state, mine.health.as_deref()), (true, WorkloadState::Created, None));
}

fn event(subject: Subject) -> Event {
    Event { subject, action: String::new(), id: String::new(), name: None, at: Moment(1) }
}

#[tokio::test]
async fn what_is_known_is_not_asked_again_until_an_image_changes() {
    let (engine, host) = start(Options::default()).await;
    run(&engine, "web", "nginx:1.27", 1);
    run(&engine, "db", "redis:7", 2);
    run(&engine, "stale", "app:1", 3);
    run(&engine, "fresh", "app:1", 4);
    let asked = |from: usize| engine.calls().split_off(from).into_iter().filter(|call| call.contains("json")).count();
    workloads(&host).await;
    assert_eq!(asked(0), 1 + 1 + 4 + 1, "a list, the stale container, four images, and what its name stands for");

    let before = engine.calls().len();
    engine.stop("web").expect("it is there");
    host.note(&event(Subject::Workload));
    workloads(&host).await;
    assert_eq!(asked(before), 1 + 1, "the list, and what the name stands for now");

    let before = engine.calls().len();
    host.note(&event(Subject::Image));
    workloads(&host).await;
    assert_eq!(asked(before), 1 + 4 + 1);
}

#[tokio::test]
async fn events_come_from_the_past_and_as_they_happen() {
    let (engine, host) = start(Options::default()).await;
    let since = host.greet().await.expect("its time");
    run(&engine, "web", "nginx:1.27", 1);
    let mut events = pin!(host.events(since.earlier(1)));
    let mut next = async || {
        let event = timeout(Duration::from_secs(5), events.next()).await.expect("in time").expect("no end").expect("no error");
        (event.action, event.name.unwrap_or_default())
    };
    assert_eq!(next().await, ("pull".into(), "nginx".into()));
    assert_eq!(next().await, ("create".into(), "web".into()));
    assert_eq!(next().await, ("start".into(), "web".into()));
    engine.health("web", Health::Healthy).expect("it is there");
    assert_eq!(next().await, ("health_status".into(), "web".into()));
    engine.remove("web").expect("it is there");
    assert_eq!(next().await, ("die".into(), "web".into()));
    assert_eq!(next().await, ("destroy".into(), "web".into()));
    engine.cut_events();
    assert!(matches!(timeout(Duration::from_secs(5), events.next()).await, Ok(None | Some(Err(_)))), "the end is told");
}

#[tokio::test]
async fn failures_are_told_apart() {
    let (engine, host) = start(Options::default()).await;
    run(&engine, "web", "nginx:1.27", 1);
    let fails = async |path: &str, fault: Fault| {
        engine.heal();
        engine.fault(path, fault);
        host.greet().await.and(host.inventory(false).await.map(drop)).expect_err("a fault")
    };
    let refused = fails("/containers/json", Fault::Html(403)).await;
    assert!(matches!(&refused, HostError::Refused { status: 403, request, .. } if request.ends_with("/containers/json")), "{refused}");
    let bad = fails("/containers/json", Fault::Status(500)).await;
    assert!(matches!(&bad, HostError::BadAnswer { detail, .. } if detail == "status 500: simulated"), "{bad}");
    let html = fails("/containers/json", Fault::Html(200)).await;
    assert!(matches!(&html, HostError::BadAnswer { detail, .. } if detail.contains("HTML")), "{html}");
    assert!(matches!(fails("/containers/json", Fault::Cut).await, HostError::Broken { .. }));
    engine.heal();
    assert_eq!(workloads(&host).await.len(), 1, "and it recovers");

    engine.refuse().await;
    assert_eq!(host.ping().await, Err(HostError::Absent { address: engine.address().to_owned() }));
    engine.accept().await;
    assert_eq!(workloads(&host).await.len(), 1, "connections of before are not used");
}

#[tokio::test]
async fn one_image_that_cannot_be_asked_for_spoils_nothing_else() {
    let (engine, host) = start(Options::default()).await;
    run(&engine, "web", "nginx:1.27", 1);
    run(&engine, "db", "postgres:16", 2);
    let broken = workloads(&host).await.remove(0).local.id;
    host.forget();
    engine.fault(&format!("/images/{broken}"), Fault::Status(500));
    let workloads = workloads(&host).await;
    assert!(workloads[0].local.digests.is_empty() && !workloads[0].local.built_here, "nothing is known, and nothing is guessed");
    assert_eq!(workloads[1].local.digests, [digest(1)].into());
}

#[tokio::test]
async fn a_proxy_that_hides_the_engine_is_lived_with() {
    for store in [Store::Classic, Store::Containerd] {
        let (engine, host) = start(Options { store, ..Options::default() }).await;
        run(&engine, "web", "nginx:1.27", 1);
        engine.fault("/version", Fault::Html(403));
        engine.fault("/info", Fault::Html(403));
        let inventory = host.inventory(false).await.expect("an inventory");
        assert_eq!(inventory.engine, "Docker 28.5.2", "by its greeting");
        assert_eq!(inventory.workloads[0].local.digests, [digest(1)].into());
    }
}

#[tokio::test]
async fn an_old_engine_is_refused_with_both_versions() {
    let (_engine, host) = start(Options { api: 39, ..Options::default() }).await;
    let refusal = host.greet().await.expect_err("too old");
    assert!(matches!(&refusal, HostError::TooOld { api, needed, .. } if api == "1.39" && needed == "1.40"), "{refusal}");
}

#[tokio::test]
async fn a_socket_is_as_good_as_a_port() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("docker.sock");
    let (engine, host) = start(Options { listen: Listen::Unix(path.clone()), ..Options::default() }).await;
    run(&engine, "web", "nginx:1.27", 1);
    assert_eq!(workloads(&host).await.len(), 1);
    engine.refuse().await;
    let absent = Err(HostError::Absent { address: format!("unix://{}", path.display()) });
    assert_eq!(host.ping().await, absent, "there is no socket");
    drop(std::os::unix::net::UnixListener::bind(&path).expect("the path is free"));
    assert_eq!(host.ping().await, absent, "nobody listens at the socket");
}
