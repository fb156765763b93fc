//! Which containers are recreated together, because some use what is another one's. Pure.
//!
//! The network of a container goes with it, and so do its other namespaces: who uses them holds on to the id of a container, and could not be started
//! again once that is gone. An old `--link` as well means one container, not its name.

use serde::{Deserialize, Serialize};

use super::container::{Container, list, text};

/// Where a container may name another one whose namespace it uses.
const NAMESPACES: [&str; 6] = ["NetworkMode", "PidMode", "IpcMode", "UTSMode", "UsernsMode", "CgroupMode"];

/// A place in the host's configuration of a container that names another one of its family.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Use {
    /// `NetworkMode`
    pub(super) place: String,
    /// which of the family it means
    pub(super) provider: usize,
}

/// Those of `others` that must be recreated with `container`, each behind whatever it uses. Also those that do not run: they could never be started
/// again.
pub(super) fn dependants<'a>(container: &Container, others: &'a [Container]) -> Vec<&'a Container> {
    let mut found: Vec<&Container> = Vec::new();
    loop {
        let is_new = |other: &&Container| {
            let is_in = |one: &Container| one.id() == other.id();
            !is_in(container) && !found.iter().any(|one| is_in(one)) && (uses(other, container) || found.iter().any(|one| uses(other, one)))
        };
        let new: Vec<_> = others.iter().filter(is_new).collect();
        if new.is_empty() {
            break;
        }
        found.extend(new);
    }
    let mut ordered: Vec<&Container> = Vec::new();
    while !found.is_empty() {
        let is_ready = |one: &&Container| !found.iter().any(|other| other.id() != one.id() && uses(one, other));
        // a circle cannot be made, but a strange answer can
        let at = found.iter().position(is_ready).unwrap_or(0);
        ordered.push(found.remove(at));
    }
    ordered
}

/// Where `container` names one of `family`.
pub(super) fn places(container: &Container, family: &[&Container]) -> Vec<Use> {
    let provider = |named: &str| family.iter().position(|member| means(named, member));
    let place = |place: &&str| Some(Use { provider: provider(shared(container, place)?)?, place: (*place).to_owned() });
    NAMESPACES.iter().filter_map(place).collect()
}

/// The containers whose namespaces it uses, as its configuration names them.
pub(super) fn namespaces(container: &Container) -> impl Iterator<Item = &str> {
    NAMESPACES.iter().filter_map(|place| shared(container, place))
}

/// Those of `others` whose volumes `container` takes.
pub(super) fn givers<'a>(container: &Container, others: &'a [Container]) -> impl Iterator<Item = &'a Container> {
    let named = list(&container.host()["VolumesFrom"]).iter().map(|from| text(from).split(':').next().unwrap_or_default());
    let named: Vec<String> = named.map(str::to_owned).collect();
    others.iter().filter(move |other| named.iter().any(|named| means(named, other)))
}

fn shared<'a>(container: &'a Container, place: &str) -> Option<&'a str> {
    text(&container.host()[place]).strip_prefix("container:")
}

/// Whether `other` would lose something with `container`. Volumes are not among that: they stay.
fn uses(other: &Container, container: &Container) -> bool {
    let links = list(&other.host()["Links"]).iter().map(|link| text(link).split(':').next().unwrap_or_default());
    namespaces(other).chain(links).any(|named| means(named, container))
}

/// Whether `named`, a name or an id that may be shortened, means `container`.
pub(super) fn means(named: &str, container: &Container) -> bool {
    let named = named.trim_start_matches('/');
    named == container.name() || (named.len() >= 12 && container.id().starts_with(named))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn container(name: &str, host: Value) -> Container {
        let id = crate::image::Digest::of(name.as_bytes()).hex().to_owned();
        Container::new(json!({ "Id": id, "Name": format!("/{name}"), "HostConfig": host }))
    }

    fn names(container: &Container, others: &[Container]) -> Vec<String> {
        dependants(container, others).into_iter().map(|one| one.name().to_owned()).collect()
    }

    #[test]
    fn who_uses_what_is_recreated_with_it_and_after_it() {
        let vpn = container("vpn", json!({}));
        let by_id = json!({ "NetworkMode": format!("container:{}", vpn.id()) });
        let others = [
            container("shell", json!({ "PidMode": "container:torrent", "NetworkMode": "container:vpn" })),
            container("torrent", by_id),
            container("alone", json!({ "NetworkMode": "bridge", "VolumesFrom": ["vpn"] })),
            container("linked", json!({ "Links": ["/torrent:/linked/t"] })),
            container("elsewhere", json!({ "NetworkMode": "container:other" })),
        ];
        assert_eq!(names(&vpn, &others), ["torrent", "shell", "linked"]);
        assert_eq!(names(&others[2], &others), Vec::<String>::new());
        assert_eq!(names(&others[1], &others), ["shell", "linked"]);
    }

    #[test]
    fn who_gives_volumes_is_found_by_name_and_by_id() {
        let others = [container("data", json!({})), container("logs", json!({})), container("else", json!({}))];
        let taker = container("taker", json!({ "VolumesFrom": ["data:ro", others[1].id(), "gone"] }));
        assert_eq!(givers(&taker, &others).map(Container::name).collect::<Vec<_>>(), ["data", "logs"]);
    }

    #[test]
    fn a_circle_ends() {
        let a = container("a", json!({}));
        let others = [
            container("b", json!({ "NetworkMode": "container:c", "PidMode": "container:a" })),
            container("c", json!({ "NetworkMode": "container:b" })),
        ];
        let mut found = names(&a, &others);
        found.sort();
        assert_eq!(found, ["b", "c"]);
    }

    #[test]
    fn places_name_the_member_of_the_family() {
        let vpn = container("vpn", json!({}));
        let both = container(
            "both",
            json!({ "NetworkMode": format!("container:{}", &vpn.id()[..12]), "IpcMode": "container:gone", "PidMode": "host" }),
        );
        assert_eq!(places(&both, &[&vpn, &both]), [Use { place: "NetworkMode".into(), provider: 0 }]);
    }
}
