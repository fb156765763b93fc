//! Networks: what was asked for of them, and what Engines make of it.

use super::*;

/// What becomes of networks: with what the container is made, to what it is connected later, and its own hardware address.
fn networks(mode: &str, mac: &str, told: Value, dialect: Dialect) -> (Value, Vec<(String, Value)>, Value) {
    let told = json!({ "Config": { "MacAddress": mac }, "HostConfig": { "NetworkMode": mode }, "NetworkSettings": { "Networks": told } });
    let created = made_from(told, &Value::Null, dialect);
    let later = created.connects.into_iter().map(|connect| (connect.network, connect.endpoint)).collect();
    (created.body["NetworkingConfig"]["EndpointsConfig"].clone(), later, created.body["MacAddress"].clone())
}

/// An endpoint as a running container's is told.
fn endpoint(ip: &str, asked: Value) -> Value {
    let mut told = json!({
        "IPAMConfig": null, "Links": null, "Aliases": null, "DriverOpts": null, "GwPriority": 0, "NetworkID": "1234", "EndpointID": "5678",
        "Gateway": "172.18.0.1", "IPAddress": ip, "IPPrefixLen": 16, "IPv6Gateway": "", "GlobalIPv6Address": "", "GlobalIPv6PrefixLen": 0,
        "MacAddress": "02:42:ac:12:00:05", "DNSNames": ["web", "0123456789ab"],
    });
    for (field, value) in asked.as_object().expect("fields") {
        told[field] = value.clone();
    }
    told
}

#[test]
fn only_what_was_asked_for_is_kept() {
    let told = endpoint(
        "172.18.0.5",
        json!({
            "IPAMConfig": { "IPv4Address": "172.18.0.5" }, "Links": ["db:database"], "Aliases": ["web", "0123456789ab", "shop"],
            "DriverOpts": { "com.docker.network.endpoint.ifname": "eth9" }, "GwPriority": 7,
        }),
    );
    let kept = json!({
        "IPAMConfig": { "IPv4Address": "172.18.0.5" }, "Links": ["db:database"], "Aliases": ["web", "shop"],
        "DriverOpts": { "com.docker.network.endpoint.ifname": "eth9" }, "GwPriority": 7,
    });
    for dialect in [DOCKER, OLD_DOCKER, PODMAN] {
        let made = networks("shop_default", "", json!({ "shop_default": told }), dialect);
        assert_eq!(made, (json!({ "shop_default": kept }), vec![], Value::Null), "{dialect:?}");
    }
    let plain = json!({ "shop_default": endpoint("172.18.0.5", json!({ "Aliases": ["0123456789ab"] })) });
    assert_eq!(networks("shop_default", "", plain, DOCKER).0, json!({ "shop_default": {} }), "nothing was asked for");
}

#[test]
fn aliases_are_for_networks_of_the_user() {
    for (network, expected) in [("bridge", Value::Null), ("podman", Value::Null), ("nat", Value::Null), ("shop", json!(["web"]))] {
        let told = json!({ network: endpoint("172.17.0.2", json!({ "Aliases": ["web", "0123456789ab"] })) });
        let made = networks(network, "", told, DOCKER).0;
        assert_eq!(made.get(network).map_or(Value::Null, |endpoint| endpoint["Aliases"].clone()), expected, "{network}");
    }
}

#[test]
fn some_networks_are_not_asked_for() {
    for (what, mode, told) in [
        ("the default one comes by itself", "default", json!({ "bridge": endpoint("172.17.0.2", json!({})) })),
        ("under its name too", "bridge", json!({ "bridge": endpoint("172.17.0.2", json!({})) })),
        ("that of the machine", "host", json!({ "host": endpoint("", json!({})) })),
        ("none", "none", json!({ "none": endpoint("", json!({})) })),
        ("of another container", "container:vpn", json!({})),
        ("Podman's own", "slirp4netns", json!({})),
        ("Podman's newer one", "pasta", json!({ "pasta": {} })),
        ("not told", "shop", Value::Null),
    ] {
        assert_eq!(networks(mode, "02:42:ac:12:00:99", told, PODMAN).0, Value::Null, "{what}");
    }
}

#[test]
fn the_network_that_it_was_made_with_is_the_first() {
    let all = |with: Value| {
        json!({
            "a_net": endpoint("10.0.0.2", json!({})), "bridge": endpoint("172.17.0.2", json!({ "NetworkID": "17" })),
            "z_net": endpoint("10.1.0.2", with),
        })
    };
    let nothing = json!({});
    for (mode, first, later) in [
        ("z_net", "z_net", ["a_net", "bridge"]),
        ("a_net", "a_net", ["bridge", "z_net"]),
        ("default", "bridge", ["a_net", "z_net"]),
        ("17", "bridge", ["a_net", "z_net"]),
        ("unheard", "a_net", ["bridge", "z_net"]),
    ] {
        let told = all(json!({}));
        let (at_once, connects, _) = networks(mode, "", told.clone(), OLD_DOCKER);
        let expected = if first == "bridge" { Value::Null } else { json!({ first: nothing }) };
        assert_eq!(at_once, expected, "{mode}: one at once");
        assert_eq!(connects.iter().map(|(network, _)| network.as_str()).collect::<Vec<_>>(), later, "{mode}: the others later");
        let (at_once, connects, _) = networks(mode, "", told, DOCKER);
        assert_eq!((at_once, connects), (json!({ "a_net": {}, "bridge": {}, "z_net": {} }), vec![]), "{mode}: all at once");
    }
    let (_, connects, _) = networks("a_net", "", all(json!({ "IPAMConfig": { "IPv4Address": "10.1.0.2" } })), OLD_DOCKER);
    assert_eq!(connects[1].1, json!({ "IPAMConfig": { "IPv4Address": "10.1.0.2" } }), "with all that was asked for");
}

#[test]
fn a_hardware_address_stays_where_a_person_gave_it() {
    for (what, mode, ip, mac, at_endpoint, at_container) in [
        ("given", "shop", "172.18.0.5", "02:11:22:33:44:55", true, true),
        ("made of the address", "shop", "172.18.0.5", "02:42:ac:12:00:05", false, false),
        ("made of another address", "shop", "172.18.0.6", "02:42:ac:12:00:05", true, true),
        ("given, while it is down", "shop", "", "02:11:22:33:44:55", true, true),
        ("given in the default network", "default", "172.17.0.5", "02:11:22:33:44:55", true, true),
        ("not told", "shop", "172.18.0.5", "", false, false),
        ("in the network of the machine", "host", "", "02:11:22:33:44:55", false, false),
    ] {
        let name = if mode == "default" { "bridge" } else { mode };
        let told = json!({ name: endpoint(ip, json!({})) });
        let given = |given: bool| if given { json!(mac) } else { Value::Null };
        let (at_once, _, own) = networks(mode, mac, told.clone(), DOCKER);
        let found = at_once.get(name).map_or(Value::Null, |endpoint| endpoint["MacAddress"].clone());
        assert_eq!((found, own), (given(at_endpoint), Value::Null), "{what}: since API 1.44 it is the endpoint's");
        let (at_once, _, own) = networks(mode, mac, told, OLD_DOCKER);
        let found = at_once.get(name).map_or(Value::Null, |endpoint| endpoint["MacAddress"].clone());
        assert_eq!((found, own), (Value::Null, given(at_container)), "{what}: before that it is the container's");
    }
}

#[test]
fn in_the_network_of_another_container_nothing_of_ones_own_is_asked_for() {
    let told = json!({
        "Config": { "ExposedPorts": { "80/tcp": {} }, "Hostname": "vpn", "MacAddress": "02:11:22:33:44:55" },
        "HostConfig": {
            "NetworkMode": "container:vpn", "PortBindings": { "80/tcp": [] }, "PublishAllPorts": false, "Dns": [], "ExtraHosts": null,
            "Links": null, "Memory": 5,
        },
    });
    let body = made_from(told, &Value::Null, DOCKER).body;
    let host = json!({ "NetworkMode": "container:vpn", "Memory": 5, "RestartPolicy": { "Name": "no", "MaximumRetryCount": 0 } });
    assert_eq!(body, json!({ "Image": "nginx:1.27", "HostConfig": host }));
}
