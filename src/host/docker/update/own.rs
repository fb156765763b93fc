//! Whether a container is the one that Plimsoll runs in. Pure: the reader of files comes in.

use serde_json::Value;

use super::container::{Container, list, text};

/// The files that a container gets of its own, by bind mounts from the Engine's folder for it.
const GIVEN: [&str; 3] = ["/etc/hostname", "/etc/hosts", "/etc/resolv.conf"];

/// Whether this process runs in the container `id`. `read` reads a file of this machine; any may be missing.
pub(super) fn is_own(id: &str, read: impl Fn(&str) -> Option<String>) -> bool {
    if id.len() < 12 {
        return false;
    }
    let hostname = read("/proc/sys/kernel/hostname").is_some_and(|text| is_short_of(text.trim(), id));
    // control groups of version 1 are named by the container; those of version 2 hide it behind a namespace
    let cgroup = || read("/proc/self/cgroup").is_some_and(|text| text.contains(id));
    let mounts = || read("/proc/self/mountinfo").is_some_and(|text| text.lines().any(|line| is_given(line, id)));
    hostname || cgroup() || mounts()
}

/// A host name that Docker made of an id.
fn is_short_of(hostname: &str, id: &str) -> bool {
    hostname.len() >= 12 && hostname.bytes().all(|byte| byte.is_ascii_hexdigit()) && id.starts_with(hostname)
}

/// A line of mountinfo: `id parent device root place options…`. Only what is mounted over the files of a container counts: the machine
/// itself shows mounts of all its containers.
fn is_given(line: &str, id: &str) -> bool {
    let mut fields = line.split(' ').skip(3);
    let (Some(root), Some(place)) = (fields.next(), fields.next()) else { return false };
    GIVEN.contains(&place) && root.split('/').any(|part| part == id)
}

/// Whether the connection to `host` goes through `container`: by its name, or by an alias or address in one of its networks. A socket
/// proxy that is stopped takes the way to start anything with it, so it is as much Plimsoll's own as its own container.
pub(super) fn carries(host: &str, container: &Container) -> bool {
    let known_as = |endpoint: &Value| {
        let names = ["Aliases", "DNSNames"].iter().flat_map(|key| list(&endpoint[*key]));
        names.chain(["IPAddress", "GlobalIPv6Address"].map(|key| &endpoint[key])).any(|name| text(name) == host)
    };
    !host.is_empty() && (container.name() == host || container.networks().is_some_and(|networks| networks.values().any(known_as)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An id of 64 digits that begins with `text`.
    fn id(text: &str) -> String {
        format!("{text:0<64}")
    }

    #[test]
    fn the_own_container_is_known_by_its_traces() {
        let own = id("c0ffee123456");
        let mount = |root: &str, place: &str| format!("627 611 254:1 {root} {place} rw,relatime - ext4 /dev/vda1 rw");
        let docker = format!("/var/lib/docker/containers/{own}/hostname");
        let podman = format!("/storage/overlay-containers/{own}/userdata/hosts");
        let shm = format!("/var/lib/docker/containers/{own}/mounts/shm");
        for (what, path, content, expected) in [
            ("the host name that Docker gives", "/proc/sys/kernel/hostname", "c0ffee123456\n".to_owned(), true),
            ("a host name of a person", "/proc/sys/kernel/hostname", "nas\n".to_owned(), false),
            ("a short word of hexadecimal digits", "/proc/sys/kernel/hostname", "c0ffee\n".to_owned(), false),
            ("another container", "/proc/sys/kernel/hostname", "c0ffee123457\n".to_owned(), false),
            ("no host name", "/proc/sys/kernel/hostname", "\n".to_owned(), false),
            ("control groups, version 1", "/proc/self/cgroup", format!("12:memory:/docker/{own}\n"), true),
            ("control groups of systemd", "/proc/self/cgroup", format!("0::/system.slice/docker-{own}.scope\n"), true),
            ("control groups, version 2", "/proc/self/cgroup", "0::/\n".to_owned(), false),
            ("mounts of Docker", "/proc/self/mountinfo", mount(&docker, "/etc/hostname"), true),
            ("mounts of Podman", "/proc/self/mountinfo", mount(&podman, "/etc/hosts"), true),
            ("the machine sees mounts of all", "/proc/self/mountinfo", mount("/", &shm), false),
            ("mounts of another", "/proc/self/mountinfo", mount(&docker.replace("c0ffee", "decade"), "/etc/hostname"), false),
            ("a broken line", "/proc/self/mountinfo", "627 611".to_owned(), false),
        ] {
            assert_eq!(is_own(&own, |asked| (asked == path).then(|| content.clone())), expected, "{what}");
        }
        assert!(!is_own("", |_| Some(String::new())), "no id is nobody's");
    }

    #[test]
    fn a_container_that_carries_the_connection_is_known() {
        let networks = serde_json::json!({ "proxy": { "Aliases": ["socket-proxy", "c0ffee123456"], "IPAddress": "172.18.0.2" } });
        let container = Container::new(serde_json::json!({ "Name": "/stack-proxy-1", "NetworkSettings": { "Networks": networks } }));
        for (host, expected) in
            [("socket-proxy", true), ("stack-proxy-1", true), ("172.18.0.2", true), ("172.18.0.3", false), ("nas", false), ("", false)]
        {
            assert_eq!(carries(host, &container), expected, "{host}");
        }
    }
}
