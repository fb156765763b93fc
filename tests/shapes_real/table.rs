//! The shapes: what a person may have asked for of a container.

use serde_json::{Value, json};

use super::{Image, Place, Shape, State};

mod machine;
mod networks;

/// All shapes, whichever Engine can have them.
pub(crate) fn shapes(place: &Place) -> Vec<Shape> {
    [process(), health(), states(), machine::storage(place), machine::limits(place), networks::networks(place)].concat()
}

/// A shape of this image that runs.
pub(super) fn shape(name: &'static str, body: Value) -> Shape {
    Shape { name, image: Image::Plain, api: 40, state: State::Running, body, also: Vec::new(), loose: &[], address: None, tours: false }
}

/// The same of the image with an entrypoint, a health check, a user and ports.
fn rich(name: &'static str, body: Value) -> Shape {
    Shape { image: Image::Rich, ..shape(name, body) }
}

/// What runs in it.
fn process() -> Vec<Shape> {
    let long = "n".repeat(200);
    vec![
        Shape { tours: true, ..shape("plain", json!({})) },
        shape("odd_Name.9-x_", json!({})),
        shape(Box::leak(long.into_boxed_str()), json!({})),
        Shape {
            tours: true,
            ..shape(
                "env",
                json!({ "Env": ["MINE=1", "KEPT=mine", "EMPTY=", "EQUALS=a=b=c", "SPACE=a b", "QUOTE=\"'$`\\", "UNICODE=größe ☃"] }),
            )
        },
        shape("env-of-the-image-unset", json!({ "Env": ["VERSION="] })),
        shape("env-without-value", json!({ "Env": ["ABSENT", "KEPT=image"] })),
        Shape {
            tours: true,
            ..shape("labels", json!({ "Labels": { "mine": "yes", "kept": "mine", "version": "mine", "empty": "", "multi": "a\nb" } }))
        },
        shape("user-workdir-signal", json!({ "User": "1000:1000", "WorkingDir": "/tmp", "StopSignal": "SIGTERM", "StopTimeout": 2 })),
        shape("stop-timeout-none", json!({ "StopTimeout": -1 })),
        shape("terminal", json!({ "Tty": true, "OpenStdin": true, "StdinOnce": true, "AttachStdin": true, "AttachStdout": true })),
        shape(
            "command",
            json!({ "Cmd": ["/bin/busybox", "sh", "-c", "exec /bin/busybox sleep \"$TIME\"", "a b", ""], "Env": ["TIME=1800"] }),
        ),
        shape("entrypoint", json!({ "Entrypoint": ["/bin/busybox", "sleep"], "Cmd": ["1800"] })),
        shape("entrypoint-alone", json!({ "Entrypoint": ["/bin/busybox", "sleep", "1800"] })),
        rich("rich", json!({})),
        rich("rich-command", json!({ "Cmd": ["sleep", "1801"] })),
        rich("rich-entrypoint", json!({ "Entrypoint": ["/bin/busybox", "sleep"], "Cmd": ["1802"] })),
        rich("rich-entrypoint-alone", json!({ "Entrypoint": ["/bin/busybox", "sleep", "1803"] })),
        rich("rich-entrypoint-taken-away", json!({ "Entrypoint": [""], "Cmd": ["/bin/busybox", "sleep", "1804"] })),
        rich("rich-user", json!({ "User": "0", "ExposedPorts": { "7070/tcp": {} } })),
        shape("hostname", json!({ "Hostname": "harbour", "Domainname": "example.org" })),
        Shape {
            tours: true,
            ..shape(
                "composed",
                json!({ "Labels": { "com.docker.compose.project": "shop", "com.docker.compose.service": "web", "com.docker.compose.config-hash": "abc",
                "com.docker.compose.container-number": "1", "com.docker.compose.oneoff": "False", "com.docker.compose.depends_on": "" },
                "HostConfig": { "RestartPolicy": { "Name": "unless-stopped" } } }),
            )
        },
    ]
}

/// How it is told to be well.
fn health() -> Vec<Shape> {
    let second = 1_000_000_000_u64;
    vec![
        shape(
            "health",
            json!({ "Healthcheck": { "Test": ["CMD", "/bin/busybox", "true"], "Interval": second, "Retries": 3, "StartPeriod": 2 * second } }),
        ),
        shape("health-shell", json!({ "Healthcheck": { "Test": ["CMD", "/bin/busybox", "sh", "-c", "exit 0"], "Interval": second } })),
        rich("health-of-none", json!({ "Healthcheck": { "Test": ["NONE"] } })),
        rich("health-interval", json!({ "Healthcheck": { "Interval": 3 * second } })),
        rich("health-test", json!({ "Healthcheck": { "Test": ["CMD", "/bin/busybox", "test", "-e", "/bin/busybox"] } })),
        Shape {
            api: 44,
            ..rich("health-start-interval", json!({ "Healthcheck": { "StartInterval": second, "StartPeriod": 5 * second } }))
        },
        shape("health-none-of-none", json!({ "Healthcheck": { "Test": ["NONE"] } })),
    ]
}

/// What it does, and what its Engine does with it.
fn states() -> Vec<Shape> {
    let policy = |name: &str, most: u32| json!({ "HostConfig": { "RestartPolicy": { "Name": name, "MaximumRetryCount": most } } });
    vec![
        shape("always", policy("always", 0)),
        shape("on-failure", policy("on-failure", 4)),
        Shape { tours: true, ..shape("removes-itself", json!({ "HostConfig": { "AutoRemove": true }, "Volumes": { "/mine": {} } })) },
        Shape { state: State::Created, ..shape("removes-itself-created", json!({ "HostConfig": { "AutoRemove": true } })) },
        Shape { state: State::Paused, tours: true, ..shape("paused", policy("unless-stopped", 0)) },
        Shape { state: State::Stopped, tours: true, ..shape("stopped", policy("always", 0)) },
        Shape { state: State::Created, ..shape("created", policy("unless-stopped", 0)) },
        Shape {
            state: State::Created,
            ..shape(
                "created-with-a-graphics-card",
                json!({ "HostConfig": { "DeviceRequests": [{ "Driver": "nvidia", "Count": -1, "Capabilities": [["gpu", "compute"]], "Options": { "a": "b" } }] } }),
            )
        },
    ]
}
