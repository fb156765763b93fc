//! What an Engine fills in where a request says nothing. Pure.

use serde_json::{Map, Value, json};

/// The whole of a `HostConfig`: what was given, also members that nobody knows yet, and the Engine's own values for the rest.
pub(super) fn host_config(given: Map<String, Value>, api: u16) -> Map<String, Value> {
    let Value::Object(mut whole) = usual(api) else { return given };
    whole.extend(given.into_iter().filter(|(_, value)| !value.is_null()));
    if matches!(whole.get("NetworkMode").and_then(Value::as_str), None | Some("" | "default")) {
        // since 26.1 the name of the network stands there
        whole.insert("NetworkMode".to_owned(), json!(if api >= 45 { "bridge" } else { "default" }));
    }
    whole
}

/// A container about which nothing was said.
fn usual(api: u16) -> Value {
    // since 25 the policy that there is none has a name
    let policy = if api >= 44 { "no" } else { "" };
    json!({
        "Binds": null,
        "ContainerIDFile": "",
        "LogConfig": { "Type": "json-file", "Config": {} },
        "NetworkMode": "default",
        "PortBindings": null,
        "RestartPolicy": { "Name": policy, "MaximumRetryCount": 0 },
        "AutoRemove": false,
        "VolumeDriver": "",
        "VolumesFrom": null,
        "CapAdd": null,
        "CapDrop": null,
        "CgroupnsMode": "private",
        "Dns": null,
        "DnsOptions": null,
        "DnsSearch": null,
        "ExtraHosts": null,
        "GroupAdd": null,
        "IpcMode": "private",
        "Cgroup": "",
        "Links": null,
        "OomScoreAdj": 0,
        "PidMode": "",
        "Privileged": false,
        "PublishAllPorts": false,
        "ReadonlyRootfs": false,
        "SecurityOpt": null,
        "UTSMode": "",
        "UsernsMode": "",
        "ShmSize": 67_108_864,
        "Runtime": "runc",
        "ConsoleSize": [0, 0],
        "Isolation": "",
        "CpuShares": 0,
        "Memory": 0,
        "NanoCpus": 0,
        "CgroupParent": "",
        "BlkioWeight": 0,
        "CpuPeriod": 0,
        "CpuQuota": 0,
        "CpusetCpus": "",
        "CpusetMems": "",
        "Devices": null,
        "DeviceCgroupRules": null,
        "DeviceRequests": null,
        "MemoryReservation": 0,
        "MemorySwap": 0,
        "MemorySwappiness": null,
        "OomKillDisable": false,
        "PidsLimit": null,
        "Ulimits": null,
        "MaskedPaths": ["/proc/asound", "/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/timer_list", "/sys/firmware"],
        "ReadonlyPaths": ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"],
    })
}
