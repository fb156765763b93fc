//! What of the machine a container gets: storage, and everything that is limited, allowed or forbidden.

use serde_json::json;

use super::{Place, Shape, State, shape};

/// Volumes, folders of the machine, and memory.
pub(super) fn storage(place: &Place) -> Vec<Shape> {
    let Place { folder, volume, provider, .. } = place;
    let mib = 1_048_576;
    vec![
        Shape {
            tours: true,
            ..shape(
                "volumes",
                json!({ "HostConfig": { "Binds": [format!("{volume}:/data"), format!("{volume}-ro:/ro:ro"), format!("{folder}:/bind:ro,rprivate")] } }),
            )
        },
        shape("volumes-without-a-name", json!({ "Volumes": { "/mine": {}, "/theirs/": {} } })),
        shape("volume-over-that-of-the-image", json!({ "HostConfig": { "Binds": [format!("{volume}-over:/anonymous")] } })),
        shape("memory", json!({ "HostConfig": { "Tmpfs": { "/scratch": "size=1m,noexec", "/run": "" }, "ShmSize": 2 * mib } })),
        shape(
            "mounts",
            json!({ "HostConfig": { "Mounts": [
                { "Type": "volume", "Source": format!("{volume}-mounted"), "Target": "/mounted", "VolumeOptions": { "NoCopy": true, "Labels": { "a": "b" } } },
                { "Type": "volume", "Target": "/nameless" },
                { "Type": "bind", "Source": folder, "Target": "/bind", "ReadOnly": true, "BindOptions": { "Propagation": "rprivate" } },
                { "Type": "tmpfs", "Target": "/quick", "TmpfsOptions": { "SizeBytes": mib, "Mode": 448 } } ] } }),
        ),
        Shape {
            api: 45,
            ..shape(
                "mount-of-a-part",
                json!({ "HostConfig": { "Mounts": [{ "Type": "volume", "Source": place.filled, "Target": "/part", "VolumeOptions": { "Subpath": "part" } }] } }),
            )
        },
        Shape {
            api: 44,
            ..shape(
                "mount-wholly-read-only",
                json!({ "HostConfig": { "Mounts": [{ "Type": "bind", "Source": folder, "Target": "/bind", "ReadOnly": true,
                "BindOptions": { "ReadOnlyNonRecursive": true, "CreateMountpoint": true } }] } }),
            )
        },
        Shape {
            api: 48,
            // where the Engine unpacks it is another place for each
            loose: &["/Mounts"],
            ..shape(
                "mount-of-an-image",
                json!({ "HostConfig": { "Mounts": [{ "Type": "image", "Source": place.mounted, "Target": "/image" }] } }),
            )
        },
        shape("volumes-of-another", json!({ "HostConfig": { "VolumesFrom": [format!("{provider}:ro")] } })),
        shape("read-only", json!({ "HostConfig": { "ReadonlyRootfs": true, "Tmpfs": { "/tmp": "" } } })),
    ]
}

/// What it may take, and what it may do.
pub(super) fn limits(place: &Place) -> Vec<Shape> {
    let mib = 1_048_576_u64;
    let host = |name: &'static str, host: serde_json::Value| shape(name, json!({ "HostConfig": host }));
    vec![
        host("memory-limit", json!({ "Memory": 64 * mib, "MemoryReservation": 32 * mib, "MemorySwap": 128 * mib, "OomScoreAdj": 200 })),
        host("cpus", json!({ "NanoCpus": 500_000_000 })),
        host("cpu-shares", json!({ "CpuShares": 512, "CpuPeriod": 50000, "CpuQuota": 25000, "CpusetCpus": "0" })),
        host(
            "pids-ulimits",
            json!({ "PidsLimit": 100, "Ulimits": [{ "Name": "nofile", "Soft": 512, "Hard": 1024 }, { "Name": "core", "Soft": 0, "Hard": 0 }] }),
        ),
        host("capabilities", json!({ "CapAdd": ["NET_ADMIN", "SYS_TIME"], "CapDrop": ["CHOWN"] })),
        // not every machine may start these
        Shape { state: State::Created, ..host("capabilities-all", json!({ "CapAdd": ["ALL"], "CapDrop": ["MKNOD"] })) },
        Shape { state: State::Created, ..host("privileged", json!({ "Privileged": true })) },
        host("security", json!({ "SecurityOpt": ["no-new-privileges", "seccomp=unconfined"] })),
        host("paths", json!({ "MaskedPaths": ["/proc/kcore"], "ReadonlyPaths": [] })),
        host("sysctls", json!({ "Sysctls": { "net.ipv4.ip_unprivileged_port_start": "0", "net.core.somaxconn": "512" } })),
        host(
            "devices",
            json!({ "Devices": [{ "PathOnHost": "/dev/null", "PathInContainer": "/dev/nothing", "CgroupPermissions": "rw" }], "DeviceCgroupRules": ["c 1:5 r"] }),
        ),
        host("log", json!({ "LogConfig": { "Type": "json-file", "Config": { "max-size": "1m", "max-file": "2" } } })),
        host("log-local", json!({ "LogConfig": { "Type": "local", "Config": {} } })),
        host("log-none", json!({ "LogConfig": { "Type": "none", "Config": {} } })),
        host("init", json!({ "Init": true })),
        host("no-init", json!({ "Init": false })),
        host("runtime", json!({ "Runtime": "runc" })),
        Shape { api: 42, ..host("runtime-of-containerd", json!({ "Runtime": "io.containerd.runc.v2" })) },
        host("cgroup-of-the-host", json!({ "CgroupnsMode": "host" })),
        host("cgroup-of-its-own", json!({ "CgroupnsMode": "private" })),
        host("users-of-the-host", json!({ "UsernsMode": "host" })),
        host("groups", json!({ "GroupAdd": ["44", "4711"] })),
        host("ipc-of-its-own", json!({ "IpcMode": "private" })),
        host("ipc-none", json!({ "IpcMode": "none" })),
        host("ipc-of-the-host", json!({ "IpcMode": "host", "PidMode": "host" })),
        host("ipc-of-another", json!({ "IpcMode": format!("container:{}", place.provider) })),
        host("processes-of-another", json!({ "PidMode": format!("container:{}", place.provider) })),
        host("names-of-the-host", json!({ "UTSMode": "host" })),
        Shape { api: 43, ..host("annotations", json!({ "Annotations": { "org.example.a": "b", "org.example.empty": "" } })) },
    ]
}
