//! Hosts that are not well, and what containers do.

use crate::wire::{HostRow, HostState, WorkloadRow, WorkloadState};

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
        HostState::Lost { address, detail, since } => HostHelp {
            what: format!("{name} was lost {}.", super::ago(now - since)),
            more: format!("{address}: {detail}. Its containers are shown as they were then. Plimsoll keeps trying."),
            lines: Vec::new(),
        },
    })
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
        let host = HostRow { name: "nas".into(), state, engine: None };
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
                HostState::Lost { address: address(), detail: "connection refused".into(), since: 0 },
                Some(
                    "nas was lost 2 hours ago. /var/run/docker.sock: connection refused. \
                     Its containers are shown as they were then. Plimsoll keeps trying. []",
                ),
            ),
        ];
        for (state, expected) in cases {
            assert_eq!(line(state).as_deref(), expected);
        }
    }
}
