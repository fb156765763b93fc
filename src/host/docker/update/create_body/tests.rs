//! Tables: each row is a container that some updater has broken.

use serde_json::{Value, json};

use super::{super::container::Container, *};

mod networks;

const ID: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
const NEW: &str = "sha256:ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff";

const DOCKER: Dialect<'static> =
    Dialect { flavour: Flavour::Docker, many_networks: true, holds: true, runtime: Some("runc"), machine: Some("nas.example.org") };
const OLD_DOCKER: Dialect<'static> = Dialect { many_networks: false, ..DOCKER };
const PODMAN: Dialect<'static> = Dialect { flavour: Flavour::Podman, many_networks: false, holds: false, runtime: None, machine: None };

/// What becomes of a container of these parts, whose image has this configuration.
fn made_from(told: Value, image: &Value, dialect: Dialect) -> Created {
    let mut whole = json!({ "Id": ID, "Name": "/web", "Config": { "Image": "nginx:1.27" }, "HostConfig": { "NetworkMode": "default" } });
    for (part, value) in told.as_object().expect("parts") {
        match (&mut whole[part], value) {
            (Value::Object(there), Value::Object(more)) => there.extend(more.clone()),
            (there, value) => *there = value.clone(),
        }
    }
    create_body(Parts { container: &Container::new(whole), image, new_image: NEW, givers: &[], dialect })
}

/// The configuration that becomes of one whose image has another.
fn config(own: Value, image: Value) -> Value {
    config_of(json!({ "Config": own }), &image, DOCKER)
}

fn config_of(told: Value, image: &Value, dialect: Dialect) -> Value {
    let Value::Object(mut body) = made_from(told, image, dialect).body else { panic!("a table") };
    for part in ["HostConfig", "NetworkingConfig", "Image"] {
        body.remove(part);
    }
    Value::Object(body)
}

/// What becomes of fields of the host's configuration.
fn host(own: Value, mounts: Value, dialect: Dialect) -> Value {
    let told = json!({ "HostConfig": own, "Mounts": mounts });
    let mut host = made_from(told, &Value::Null, dialect).body["HostConfig"].clone();
    for part in ["NetworkMode", "RestartPolicy"] {
        host.as_object_mut().expect("a table").remove(part);
    }
    host
}

#[test]
fn the_environment_is_split_by_pairs() {
    let image = json!({ "Env": ["PATH=/usr/bin", "VERSION=1", "EMPTY="] });
    for (what, own, expected) in [
        ("all from the image", json!(["PATH=/usr/bin", "VERSION=1", "EMPTY="]), json!([])),
        ("some of one's own", json!(["TZ=UTC", "PATH=/usr/bin", "VERSION=1"]), json!(["TZ=UTC"])),
        ("another value of the same name", json!(["PATH=/opt/bin", "VERSION=1"]), json!(["PATH=/opt/bin"])),
        ("set to nothing", json!(["VERSION="]), json!(["VERSION="])),
        ("without a value", json!(["VERSION"]), json!(["VERSION"])),
        ("an equals sign in the value", json!(["OPTS=a=b"]), json!(["OPTS=a=b"])),
        ("twice the same name", json!(["VERSION=1", "VERSION=2"]), json!(["VERSION=2"])),
        ("none", Value::Null, Value::Null),
    ] {
        assert_eq!(config(json!({ "Env": own }), image.clone())["Env"], expected, "{what}");
    }
    let given = json!({ "Hostname": &ID[..12], "Env": ["container=podman", "TERM=xterm", format!("HOSTNAME={}", &ID[..12]), "TZ=UTC"] });
    let told = json!({ "Config": given });
    assert_eq!(config_of(told.clone(), &image, PODMAN)["Env"], json!(["TZ=UTC"]), "what Podman gives to all");
    assert_eq!(config_of(told, &image, DOCKER)["Env"].as_array().map(Vec::len), Some(4), "and in Docker somebody has set");
}

#[test]
fn command_and_entrypoint_belong_together() {
    let image = json!({ "Entrypoint": ["/entry.sh"], "Cmd": ["serve"] });
    let own = |entrypoint: Value, cmd: Value| json!({ "Entrypoint": entrypoint, "Cmd": cmd });
    for (what, image, told, expected) in [
        ("both from the image", &image, own(json!(["/entry.sh"]), json!(["serve"])), json!({})),
        ("a command", &image, own(json!(["/entry.sh"]), json!(["migrate"])), json!({ "Cmd": ["migrate"] })),
        ("an entrypoint", &image, own(json!(["sh"]), json!(["-c", "x"])), own(json!(["sh"]), json!(["-c", "x"]))),
        ("an entrypoint and no command", &image, own(json!(["sh"]), Value::Null), own(json!(["sh"]), Value::Null)),
        ("another entrypoint, the image's command", &image, own(json!(["sh"]), json!(["serve"])), own(json!(["sh"]), json!(["serve"]))),
        (
            "the image's entrypoint without its command",
            &image,
            own(json!(["/entry.sh"]), Value::Null),
            own(json!(["/entry.sh"]), Value::Null),
        ),
        ("an entrypoint taken away", &image, own(Value::Null, json!(["sh"])), own(json!([""]), json!(["sh"]))),
        ("an argument with a space stays one", &image, own(json!(["tini --"]), json!(["a b"])), own(json!(["tini --"]), json!(["a b"]))),
        ("only a command in the image", &json!({ "Cmd": ["serve"] }), own(Value::Null, json!(["serve"])), json!({})),
        ("a command where the image has one", &json!({ "Cmd": ["serve"] }), own(json!([]), json!(["x"])), json!({ "Cmd": ["x"] })),
        ("nothing and null are the same", &json!({ "Entrypoint": [], "Cmd": null }), own(Value::Null, json!([])), json!({})),
        ("an image without either", &Value::Null, own(Value::Null, json!(["x"])), json!({ "Cmd": ["x"] })),
    ] {
        assert_eq!(config(told, image.clone()), expected, "{what}");
    }
}

#[test]
fn labels_are_split_by_pairs_and_composes_account_is_kept_true() {
    let image = json!({ "Labels": { "version": "1", "vendor": "acme" } });
    for (what, own, expected) in [
        ("from the image", json!({ "version": "1", "vendor": "acme" }), json!({})),
        ("one's own", json!({ "version": "1", "traefik.enable": "true" }), json!({ "traefik.enable": "true" })),
        ("the same name with another value", json!({ "version": "mine" }), json!({ "version": "mine" })),
        ("empty", json!({ "version": "" }), json!({ "version": "" })),
        (
            "of Compose",
            json!({ "com.docker.compose.image": "sha256:old", "com.docker.compose.config-hash": "abc" }),
            json!({ "com.docker.compose.image": NEW, "com.docker.compose.config-hash": "abc" }),
        ),
        (
            "of an older Compose, which has no account",
            json!({ "com.docker.compose.project": "shop" }),
            json!({ "com.docker.compose.project": "shop" }),
        ),
        ("none", Value::Null, Value::Null),
    ] {
        assert_eq!(config(json!({ "Labels": own }), image.clone())["Labels"], expected, "{what}");
    }
}

#[test]
fn what_the_image_set_is_left_to_the_new_one() {
    let image = json!({
        "WorkingDir": "/app", "User": "app", "StopSignal": "SIGQUIT", "Shell": ["/bin/bash", "-c"], "OnBuild": ["RUN x"],
        "Volumes": { "/data": {} }, "ExposedPorts": { "80/tcp": {} }, "ArgsEscaped": true,
    });
    assert_eq!(config(image.clone(), image.clone()), json!({ "Volumes": {}, "ExposedPorts": {} }), "all of it is from there");
    let own = json!({
        "WorkingDir": "/", "User": "0:0", "StopSignal": "SIGINT", "StopTimeout": 90, "Shell": ["/bin/sh", "-c"], "Tty": true,
        "OpenStdin": true, "Volumes": { "/data": {}, "/more": {} }, "ExposedPorts": { "80/tcp": {}, "90/udp": {} }, "Unheard": { "Of": 1 },
    });
    let mut expected = own.clone();
    expected["Volumes"] = json!({ "/more": {} });
    expected["ExposedPorts"] = json!({ "90/udp": {} });
    assert_eq!(config(own, image), expected, "all of it is one's own, and what is unknown stays");
}

#[test]
fn a_published_port_stays_exposed() {
    let told = json!({
        "Config": { "ExposedPorts": { "80/tcp": {}, "443/tcp": {} } },
        "HostConfig": { "PortBindings": { "80/tcp": [{ "HostIp": "127.0.0.1", "HostPort": "8080" }], "": [] } },
    });
    let image = json!({ "ExposedPorts": { "80/tcp": {}, "443/tcp": {} } });
    let body = made_from(told, &image, DOCKER).body;
    assert_eq!(body["ExposedPorts"], json!({ "80/tcp": {} }), "old Engines publish nothing else");
    let bindings = json!({ "80/tcp": [{ "HostIp": "127.0.0.1", "HostPort": "8080" }] });
    assert_eq!(body["HostConfig"]["PortBindings"], bindings, "with its address");
}

#[test]
fn signals_are_compared_by_meaning() {
    for (own, image, expected) in [
        (json!("SIGQUIT"), json!("SIGQUIT"), Value::Null),
        (json!("QUIT"), json!("SIGQUIT"), Value::Null),
        (json!("3"), json!("SIGQUIT"), Value::Null),
        (json!(15), Value::Null, Value::Null),
        (json!("SIGTERM"), json!(""), Value::Null),
        (json!("SIGINT"), Value::Null, json!("SIGINT")),
        (json!("SIGTERM"), json!("SIGQUIT"), json!("SIGTERM")),
    ] {
        assert_eq!(config(json!({ "StopSignal": own }), json!({ "StopSignal": image }))["StopSignal"], expected, "{own} {image}");
    }
}

#[test]
fn a_health_check_is_split_by_fields() {
    let image = json!({ "Healthcheck": { "Test": ["CMD", "curl"], "Interval": 30, "StartInterval": 5 } });
    for (what, own, docker, podman) in [
        ("from the image", json!({ "Test": ["CMD", "curl"], "Interval": 30, "StartInterval": 5 }), Value::Null, Value::Null),
        (
            "another interval",
            json!({ "Test": ["CMD", "curl"], "Interval": 9, "StartInterval": 5 }),
            json!({ "Interval": 9 }),
            json!({ "Test": ["CMD", "curl"], "Interval": 9, "StartInterval": 5 }),
        ),
        ("switched off", json!({ "Test": ["NONE"] }), json!({ "Test": ["NONE"] }), json!({ "Test": ["NONE"] })),
        ("none", Value::Null, Value::Null, Value::Null),
    ] {
        let told = json!({ "Config": { "Healthcheck": own } });
        assert_eq!(config_of(told.clone(), &image, DOCKER)["Healthcheck"], docker, "{what}");
        assert_eq!(config_of(told, &image, PODMAN)["Healthcheck"], podman, "{what}");
    }
    let own = config(json!({ "Healthcheck": { "Test": ["CMD", "x"], "Retries": 2 } }), Value::Null);
    assert_eq!(own["Healthcheck"], json!({ "Test": ["CMD", "x"], "Retries": 2 }), "the image has none");
}

#[test]
fn a_host_name_stays_where_a_person_gave_it() {
    let (short, name) = (&ID[..12], |name: Value, domain: Value| json!({ "Hostname": name, "Domainname": domain }));
    for (what, mode, uts, hostname, expected) in [
        ("made of the id", "default", "", short, json!({ "Domainname": "lan" })),
        ("given", "default", "", "web", name(json!("web"), json!("lan"))),
        ("digits of another id", "default", "", "ba9876543210", name(json!("ba9876543210"), json!("lan"))),
        ("that of the machine", "host", "", "nas", json!({})),
        ("one of its own in the network of the machine", "host", "", "web", name(json!("web"), json!("lan"))),
        ("that of the machine, without its network", "shop_default", "host", "nas", json!({})),
        ("that of another container", "container:vpn", "", "vpn", json!({})),
    ] {
        let told = json!({ "Config": name(json!(hostname), json!("lan")), "HostConfig": { "NetworkMode": mode, "UTSMode": uts } });
        assert_eq!(config_of(told, &Value::Null, DOCKER), expected, "{what}");
    }
}

#[test]
fn the_image_is_named_as_it_was_written() {
    let told = json!({ "Config": { "Image": "docker.io/nginx" } });
    assert_eq!(made_from(told, &Value::Null, DOCKER).body["Image"], "docker.io/nginx");
}

#[test]
fn the_new_container_waits_for_its_restart_policy() {
    let told = json!({ "HostConfig": { "RestartPolicy": { "Name": "on-failure", "MaximumRetryCount": 3 } } });
    let policy = |dialect: Dialect| made_from(told.clone(), &Value::Null, dialect).body["HostConfig"]["RestartPolicy"].clone();
    assert_eq!(policy(DOCKER), json!({ "Name": "no", "MaximumRetryCount": 0 }));
    assert_eq!(policy(PODMAN), json!({ "Name": "on-failure", "MaximumRetryCount": 3 }), "which cannot give it later");
}

#[test]
fn what_the_host_is_to_do_passes_through() {
    let own = json!({
        "Memory": 512, "DeviceRequests": [{ "Driver": "nvidia", "Count": -1, "Capabilities": [["gpu"]] }], "CapAdd": ["NET_ADMIN"],
        "ExtraHosts": ["a:1.2.3.4"], "Sysctls": { "x": "1" }, "LogConfig": { "Type": "local", "Config": {} }, "PidMode": "host",
        "Binds": ["/srv:/srv:ro,rslave", "data:/data"], "Ulimits": [{ "Name": "nofile", "Soft": 1, "Hard": 2 }], "Init": true,
        "Tmpfs": { "/run": "" }, "Annotations": { "a": "b" }, "MaskedPaths": ["/proc/kcore"], "ShmSize": 1, "Unheard": ["of"],
        "GroupAdd": ["docker"],
    });
    assert_eq!(host(own.clone(), Value::Null, DOCKER), own);
}

#[test]
fn the_form_of_some_fields_is_another_one_when_asked_for() {
    for (what, own, dialect, expected) in [
        (
            "links",
            json!({ "Links": ["/db:/web/db", "/shop-redis-1:/web/cache"] }),
            DOCKER,
            json!({ "Links": ["db:db", "shop-redis-1:cache"] }),
        ),
        ("no links", json!({ "Links": null }), DOCKER, json!({ "Links": null })),
        ("the default runtime", json!({ "Runtime": "runc" }), DOCKER, json!({})),
        ("another runtime", json!({ "Runtime": "nvidia" }), DOCKER, json!({ "Runtime": "nvidia" })),
        ("Podman's runtime", json!({ "Runtime": "oci" }), PODMAN, json!({})),
        ("processors said twice", json!({ "NanoCpus": 5, "CpuQuota": 1, "CpuPeriod": 2 }), PODMAN, json!({ "NanoCpus": 5 })),
        ("processors said once", json!({ "NanoCpus": 0, "CpuQuota": 1 }), DOCKER, json!({ "NanoCpus": 0, "CpuQuota": 1 })),
        ("swappiness", json!({ "MemorySwappiness": 0 }), PODMAN, json!({})),
        ("swappiness in Docker", json!({ "MemorySwappiness": 0 }), DOCKER, json!({ "MemorySwappiness": 0 })),
        (
            "devices",
            json!({ "Devices": [{ "PathOnHost": "/dev/dri", "CgroupPermissions": "" }] }),
            PODMAN,
            json!({ "Devices": [{ "PathOnHost": "/dev/dri", "CgroupPermissions": "rwm" }] }),
        ),
        ("limits", json!({ "Ulimits": [{ "Name": "RLIMIT_NOFILE" }] }), PODMAN, json!({ "Ulimits": [{ "Name": "nofile" }] })),
    ] {
        assert_eq!(host(own, Value::Null, dialect), expected, "{what}");
    }
}

#[test]
fn no_volume_is_left_behind() {
    let hash = "d".repeat(64);
    let volume = |name: &str, at: &str| json!({ "Type": "volume", "Name": name, "Source": format!("/x/{name}"), "Destination": at, "RW": true, "Mode": "" });
    let with = |mut volume: Value, field: &str, value: Value| {
        volume[field] = value;
        volume
    };
    let bind = json!({ "Type": "bind", "Source": "/srv", "Destination": "/srv", "RW": true });
    let keeps = format!("{hash}:/data");
    for (what, own, mounts, expected) in [
        ("of the image", json!({ "Binds": null }), json!([volume(&hash, "/data")]), json!({ "Binds": [keeps] })),
        (
            "beside others",
            json!({ "Binds": ["/srv:/srv"] }),
            json!([bind, volume(&hash, "/data")]),
            json!({ "Binds": ["/srv:/srv", keeps] }),
        ),
        ("not said at all", json!({}), json!([volume(&hash, "/data")]), json!({ "Binds": [keeps] })),
        ("named already", json!({ "Binds": ["data:/data:ro"] }), json!([volume("data", "/data")]), json!({ "Binds": ["data:/data:ro"] })),
        (
            "the same with a slash",
            json!({ "Binds": ["data:/data/"] }),
            json!([volume("data", "/data")]),
            json!({ "Binds": ["data:/data/"] }),
        ),
        (
            "named by a mount",
            json!({ "Mounts": [{ "Type": "volume", "Source": "data", "Target": "/data" }] }),
            json!([volume("data", "/data")]),
            json!({ "Mounts": [{ "Type": "volume", "Source": "data", "Target": "/data" }] }),
        ),
        (
            "a mount without a name",
            json!({ "Mounts": [{ "Type": "volume", "Target": "/data", "ReadOnly": true }] }),
            json!([volume(&hash, "/data")]),
            json!({ "Mounts": [{ "Type": "volume", "Source": hash, "Target": "/data", "ReadOnly": true }] }),
        ),
        ("read only", json!({}), json!([with(volume(&hash, "/data"), "RW", json!(false))]), json!({ "Binds": [format!("{keeps}:ro")] })),
        ("labelled", json!({}), json!([with(volume(&hash, "/data"), "Mode", json!("z"))]), json!({ "Binds": [format!("{keeps}:z")] })),
        (
            "in memory",
            json!({ "Tmpfs": { "/run": "" } }),
            json!([{ "Type": "tmpfs", "Destination": "/run" }]),
            json!({ "Tmpfs": { "/run": "" } }),
        ),
    ] {
        assert_eq!(host(own, mounts, DOCKER), expected, "{what}");
    }
}

#[test]
fn what_another_container_gave_comes_from_it_or_stays() {
    let mount = |kind: &str, name: &str, place: &str| json!({ "Type": kind, "Name": name, "Source": format!("/src/{name}"), "Destination": place, "RW": true });
    let id = "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210";
    let lent = json!([mount("volume", "data", "/data"), mount("bind", "conf", "/conf")]);
    let giver = Container::new(json!({ "Id": id, "Name": "/giver", "Mounts": lent }));
    let mounts = json!([mount("volume", "data", "/data"), mount("bind", "conf", "/conf"), mount("volume", "own", "/own")]);
    for (what, from, givers, expected) in [
        ("by name", "giver:ro", std::slice::from_ref(&giver), json!({ "VolumesFrom": ["giver:ro"], "Binds": ["own:/own"] })),
        ("by id, as Compose does", id, std::slice::from_ref(&giver), json!({ "VolumesFrom": ["giver"], "Binds": ["own:/own"] })),
        ("it is gone", "giver:ro", &[], json!({ "VolumesFrom": [], "Binds": ["data:/data", "/src/conf:/conf", "own:/own"] })),
    ] {
        let whole = json!({ "Id": ID, "Name": "/web", "Config": {}, "HostConfig": { "VolumesFrom": [from] }, "Mounts": mounts });
        let container = Container::new(whole);
        let body = create_body(Parts { container: &container, image: &Value::Null, new_image: NEW, givers, dialect: PODMAN }).body;
        assert_eq!(body["HostConfig"], expected, "{what}");
    }
}

#[test]
fn nothing_is_taken_from_what_is_not_there() {
    let body =
        create_body(Parts { container: &Container::new(Value::Null), image: &Value::Null, new_image: NEW, givers: &[], dialect: PODMAN })
            .body;
    assert_eq!(body, json!({ "HostConfig": {} }));
}
