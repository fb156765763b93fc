//! Hosts that are not well, and what containers do.

use crate::wire::{Allows, HostRow, HostState, WorkloadRow, WorkloadState};

/// What is wrong with a host, and what helps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostHelp {
    /// what is so, strong
    pub what: String,
    /// what follows from it and what to do
    pub more: String,
    /// lines to copy
    pub lines: Vec<String>,
}

/// A host's name, with its Engine's version where that is known.
pub fn host_name(host: &HostRow) -> String {
    match &host.engine {
        Some(engine) => format!("{}, Engine {engine}", host.name),
        None => host.name.clone(),
    }
}

/// What is wrong with the host. Nothing, where it is well or just being reached.
pub fn host_help(host: &HostRow, now: i64) -> Option<HostHelp> {
    let name = &host.name;
    Some(match &host.state {
        HostState::Connecting | HostState::Connected => return None,
        HostState::Absent { address } if address.contains("://") && !address.starts_with("unix://") => HostHelp {
            what: format!("No Engine answers for {name}."),
            more: format!("Nobody listens at {address}. Start Docker there, or correct the address. Plimsoll keeps trying."),
            lines: Vec::new(),
        },
        HostState::Absent { address } => HostHelp {
            what: format!("No Engine answers for {name}."),
            more: format!(
                "Looked at {address}. Start Docker, or set DOCKER_HOST to where it is. Where Plimsoll runs in a container, give it the socket:"
            ),
            lines: vec!["-v /var/run/docker.sock:/var/run/docker.sock".to_owned()],
        },
        HostState::Forbidden { address, group, in_container: false } => {
            let group = group.map(|group| format!(" (it belongs to group {group})")).unwrap_or_default();
            HostHelp {
                what: format!("Plimsoll may not open {address}{group}."),
                more: "Let its user do so, then log in again and start Plimsoll anew:".to_owned(),
                lines: vec!["sudo usermod -aG docker $USER".to_owned()],
            }
        }
        HostState::Forbidden { address, group, in_container: true } => {
            // where the group is not known, the host's shell looks it up
            let (group, looked_up) = match group {
                Some(group) => (group.to_string(), group.to_string()),
                None => ("GID".to_owned(), "$(stat -c %g /var/run/docker.sock)".to_owned()),
            };
            HostHelp {
                what: format!("Plimsoll may not open {address}."),
                more: "Start its container with the group that the socket belongs to, on the command line or in the Compose file:"
                    .to_owned(),
                lines: vec![format!("--group-add {looked_up}"), format!("group_add: [\"{group}\"]")],
            }
        }
        HostState::Lost { address, detail, since } => {
            let (what, shown) = match since {
                Some(since) => (format!("{name} was lost {}.", super::ago(now - since)), " Its containers are shown as they were then."),
                None => (format!("{name} cannot be reached."), ""),
            };
            HostHelp { what, more: format!("{address}: {detail}.{shown} Plimsoll keeps trying."), lines: Vec::new() }
        }
    })
}

/// What keeps the host from being shown as it is, in a few words: behind its name in a list of hosts. Nothing, where it is well.
pub fn host_aside(host: &HostRow) -> Option<String> {
    match &host.state {
        HostState::Connecting => Some("connecting".to_owned()),
        HostState::Connected => (!host.allows.updates()).then(|| WATCHED.to_owned()),
        HostState::Absent { .. } => Some("away: nobody listens there".to_owned()),
        HostState::Forbidden { .. } => Some("away: permission denied".to_owned()),
        HostState::Lost { detail, .. } => Some(format!("away: {}", first_words(detail))),
    }
}

/// The host is only watched, in a word.
const WATCHED: &str = "only watched";

/// Most of a system's words that stand in a list of hosts, in characters; the note below has them all.
const FIRST_WORDS: usize = 60;

/// Words of a system, shortened at a space.
fn first_words(detail: &str) -> String {
    let Some((end, _)) = detail.char_indices().nth(FIRST_WORDS) else { return detail.to_owned() };
    let end = detail[..end].rfind(' ').unwrap_or(end);
    format!("{}…", &detail[..end])
}

/// Why nothing on a host can be updated, and which switch of a socket proxy allows it.
pub fn monitor_only(allows: Allows) -> String {
    let (what, switch) = match allows {
        Allows::Looking | Allows::Updates => ("no change is", "POST=1"),
        Allows::Part => ("not all that an update takes is", "POST=1"),
        Allows::NoPull => ("no pull is", "IMAGES=1"),
        Allows::NoNetworks => ("no change of networks is", "NETWORKS=1"),
    };
    format!("Its host is only watched: {what} let through. A socket proxy would allow updates with {switch}.")
}

/// What a container does, in a word: its health where that is known.
pub fn state_word(workload: &WorkloadRow) -> String {
    match workload.state {
        WorkloadState::Running => workload.health.clone().unwrap_or_else(|| "running".to_owned()),
        WorkloadState::Paused => "paused".to_owned(),
        WorkloadState::Restarting => "restarting".to_owned(),
        WorkloadState::Created => "never started".to_owned(),
        WorkloadState::Exited => "stopped".to_owned(),
        WorkloadState::Other => "not running".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is wrong, as one line.
    fn line(state: HostState) -> Option<String> {
        let host = HostRow { name: "nas".into(), state, engine: None, allows: Allows::Updates };
        host_help(&host, 7_200).map(|help| format!("{} {} [{}]", help.what, help.more, help.lines.join(" | ")))
    }

    #[test]
    fn each_trouble_comes_with_what_helps() {
        let address = || "/var/run/docker.sock".to_owned();
        let forbidden = |group, in_container| HostState::Forbidden { address: address(), group, in_container };
        let cases = [
            (HostState::Connected, None),
            (HostState::Connecting, None),
            (
                HostState::Absent { address: address() },
                Some(
                    "No Engine answers for nas. Looked at /var/run/docker.sock. Start Docker, or set DOCKER_HOST to where it is. \
                     Where Plimsoll runs in a container, give it the socket: [-v /var/run/docker.sock:/var/run/docker.sock]",
                ),
            ),
            (
                HostState::Absent { address: "tcp://nas:2375".into() },
                Some(
                    "No Engine answers for nas. Nobody listens at tcp://nas:2375. Start Docker there, or correct the address. \
                     Plimsoll keeps trying. []",
                ),
            ),
            (
                forbidden(Some(998), false),
                Some(
                    "Plimsoll may not open /var/run/docker.sock (it belongs to group 998). \
                     Let its user do so, then log in again and start Plimsoll anew: [sudo usermod -aG docker $USER]",
                ),
            ),
            (
                forbidden(Some(998), true),
                Some(
                    "Plimsoll may not open /var/run/docker.sock. Start its container with the group that the socket belongs to, \
                     on the command line or in the Compose file: [--group-add 998 | group_add: [\"998\"]]",
                ),
            ),
            (
                forbidden(None, true),
                Some(
                    "Plimsoll may not open /var/run/docker.sock. Start its container with the group that the socket belongs to, on \
                     the command line or in the Compose file: [--group-add $(stat -c %g /var/run/docker.sock) | group_add: [\"GID\"]]",
                ),
            ),
            (
                HostState::Lost { address: address(), detail: "connection refused".into(), since: Some(0) },
                Some(
                    "nas was lost 2 hours ago. /var/run/docker.sock: connection refused. \
                     Its containers are shown as they were then. Plimsoll keeps trying. []",
                ),
            ),
            (
                HostState::Lost { address: "ssh://nas".into(), detail: "no route".into(), since: None },
                Some("nas cannot be reached. ssh://nas: no route. Plimsoll keeps trying. []"),
            ),
        ];
        for (state, expected) in cases {
            assert_eq!(line(state).as_deref(), expected);
        }
    }

    #[test]
    fn a_list_of_hosts_says_which_is_not_as_it_should_be() {
        let aside = |state, allows| host_aside(&HostRow { name: "nas".into(), state, engine: None, allows });
        assert_eq!(aside(HostState::Connected, Allows::Updates), None);
        assert_eq!(aside(HostState::Connected, Allows::NoPull).as_deref(), Some("only watched"));
        let lost = |detail: &str| HostState::Lost { address: "ssh://nas".into(), detail: detail.into(), since: None };
        assert_eq!(aside(lost("no route to host"), Allows::Updates).as_deref(), Some("away: no route to host"));
        let long = "its host key is not known: accept it once by hand, as the user that Plimsoll runs as";
        let short = "away: its host key is not known: accept it once by hand, as the…";
        assert_eq!(aside(lost(long), Allows::Looking).as_deref(), Some(short));
        assert_eq!(aside(lost(&"ä".repeat(200)), Allows::Updates).map(|text| text.chars().count()), Some(6 + FIRST_WORDS + 1));
    }

    #[test]
    fn a_host_that_is_only_watched_says_which_switch_would_help() {
        for (allows, what, switch) in [
            (Allows::Looking, "no change is let through", "POST=1"),
            (Allows::Part, "not all that an update takes is let through", "POST=1"),
            (Allows::NoPull, "no pull is let through", "IMAGES=1"),
            (Allows::NoNetworks, "no change of networks is let through", "NETWORKS=1"),
        ] {
            let expected = format!("Its host is only watched: {what}. A socket proxy would allow updates with {switch}.");
            assert_eq!(monitor_only(allows), expected);
        }
    }
}
