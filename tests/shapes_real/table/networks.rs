//! How a container is reached.

use serde_json::{Value, json};

use super::{Place, Shape, shape};

/// Networks, ports and names.
pub(super) fn networks(place: &Place) -> Vec<Shape> {
    let Place { network, second, third, provider, .. } = place;
    let within = |name: &'static str, endpoint: Value, more: Value| {
        let mut body =
            json!({ "HostConfig": { "NetworkMode": network }, "NetworkingConfig": { "EndpointsConfig": { network.clone(): endpoint } } });
        for (field, value) in more.as_object().expect("fields") {
            body[field.as_str()] = value.clone();
        }
        shape(name, body)
    };
    let bound = |bindings: Value, exposed: Value| json!({ "ExposedPorts": exposed, "HostConfig": { "PortBindings": bindings } });
    vec![
        shape(
            "ports",
            bound(
                json!({ "8123/tcp": [{ "HostIp": "127.0.0.1", "HostPort": "28123" }, { "HostIp": "", "HostPort": "28124" }], "9/udp": [{ "HostPort": "28009" }] }),
                json!({ "8123/tcp": {}, "9/udp": {}, "10/tcp": {} }),
            ),
        ),
        Shape {
            loose: &["/NetworkSettings/Ports"],
            ..shape("ports-range", bound(json!({ "80/tcp": [{ "HostPort": "28200-28210" }] }), json!({ "80/tcp": {} })))
        },
        Shape {
            loose: &["/NetworkSettings/Ports"],
            ..shape("ports-random", bound(json!({ "80/tcp": [{ "HostIp": "127.0.0.1", "HostPort": "" }] }), json!({ "80/tcp": {} })))
        },
        Shape {
            loose: &["/NetworkSettings/Ports"],
            image: super::Image::Rich,
            ..shape("ports-all", json!({ "HostConfig": { "PublishAllPorts": true } }))
        },
        Shape {
            tours: true,
            also: vec![
                (second.clone(), json!({ "Aliases": ["other"], "IPAMConfig": { "IPv4Address": "10.231.18.44" } })),
                (third.clone(), json!({})),
            ],
            ..within("networks", json!({ "Aliases": ["db", "database"], "IPAMConfig": { "IPv4Address": "10.231.17.44" } }), json!({}))
        },
        within("network-six", json!({ "IPAMConfig": { "IPv4Address": "10.231.17.45", "IPv6Address": "fd00:7:7::45" } }), json!({})),
        within("network-plain", json!({}), json!({})),
        shape("network-by-id", json!({ "HostConfig": { "NetworkMode": place.network_id } })),
        Shape {
            address: Some((network.clone(), "02:42:0a:0b:0c:0d")),
            ..within("hardware-address", json!({}), json!({ "MacAddress": "02:42:0a:0b:0c:0d" }))
        },
        Shape {
            api: 44,
            address: Some((network.clone(), "92:42:0a:0b:0c:0e")),
            ..within("hardware-address-of-a-network", json!({ "MacAddress": "92:42:0a:0b:0c:0e" }), json!({}))
        },
        within("network-links", json!({ "Links": [format!("{}:neighbour", place.neighbour)] }), json!({})),
        shape("links", json!({ "HostConfig": { "Links": [format!("{provider}:friend"), provider] } })),
        within("network-options", json!({ "DriverOpts": { "org.example.option": "1" } }), json!({})),
        Shape {
            api: 48,
            also: vec![(second.clone(), json!({ "GwPriority": 7 }))],
            ..within("network-priority", json!({ "GwPriority": -3 }), json!({}))
        },
        shape("no-network", json!({ "HostConfig": { "NetworkMode": "none" } })),
        shape("network-of-the-host", json!({ "HostConfig": { "NetworkMode": "host" } })),
        shape("network-of-the-host-named", json!({ "Hostname": "mine", "HostConfig": { "NetworkMode": "host" } })),
        shape("network-of-another", json!({ "HostConfig": { "NetworkMode": format!("container:{provider}") } })),
        shape("network-disabled", json!({ "NetworkDisabled": true })),
        shape(
            "names",
            json!({ "HostConfig": { "ExtraHosts": ["nas:10.0.0.7", "gate:host-gateway"], "Dns": ["192.0.2.53"], "DnsOptions": ["ndots:2"], "DnsSearch": ["example.org"] } }),
        ),
    ]
}
