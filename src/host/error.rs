//! What can go wrong with a host, and how the page is told.

use super::SshTrouble;
use crate::wire::HostState;

/// Why a host did not answer as it should. The address is part of each, so that the text can be read alone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HostError {
    /// nothing is there: no socket, or nobody listens
    #[error("no Engine answers at `{address}`: start it, or say where it listens (DOCKER_HOST, or `url` of the host)")]
    Absent {
        /// where it was looked for
        address: String,
    },
    /// the socket is there and its permissions keep Plimsoll out
    #[error("`{address}` may not be opened{}", member_of(*.group, *.in_container))]
    Forbidden {
        /// where it is
        address: String,
        /// the number of the group that may open it
        group: Option<u32>,
        /// whether Plimsoll itself runs in a container
        in_container: bool,
    },
    /// the connection could not be made, or broke
    #[error("the connection to `{address}` failed: {detail}")]
    Broken {
        /// where it was
        address: String,
        /// in the words of the system
        detail: String,
    },
    /// a file of the TLS connection could not be used
    #[error("cannot use `{file}` for the connection to `{address}`: {detail}")]
    Certificate {
        /// where it was meant to connect
        address: String,
        /// which file
        file: String,
        /// what is wrong with it
        detail: String,
    },
    /// the program `ssh` came to its end
    #[error("the connection to `{address}` failed: {trouble}")]
    Ssh {
        /// where it was meant to connect
        address: String,
        /// what happened
        trouble: SshTrouble,
    },
    /// no answer in time
    #[error("`{address}` did not answer `{request}` within {seconds} s")]
    TimedOut {
        /// who was asked
        address: String,
        /// what for
        request: String,
        /// the limit that was kept
        seconds: u64,
    },
    /// the Engine speaks an API that is too old
    #[error("the Engine at `{address}` speaks API {api}, and at least {needed} is needed: update it")]
    TooOld {
        /// who was asked
        address: String,
        /// what it speaks
        api: String,
        /// what Plimsoll needs
        needed: String,
    },
    /// somebody in between does not let the request through
    #[error("`{request}` is not allowed at `{address}` (status {status}): a socket proxy in between must permit it")]
    Refused {
        /// who was asked
        address: String,
        /// what for
        request: String,
        /// the HTTP status
        status: u16,
    },
    /// an answer that no Engine should give
    #[error("`{address}` gave an unusable answer to `{request}`: {detail}")]
    BadAnswer {
        /// who was asked
        address: String,
        /// what for
        request: String,
        /// what was wrong with it
        detail: String,
    },
}

impl HostError {
    /// What the page shows. `lost_since` is when the host was last well, in Unix seconds; where it never was, nothing was lost, and a
    /// host that is not there is called absent.
    pub fn state(&self, address: &str, lost_since: Option<i64>) -> HostState {
        match self {
            Self::Absent { address } if lost_since.is_none() => HostState::Absent { address: address.clone() },
            Self::Forbidden { address, group, in_container } => {
                HostState::Forbidden { address: address.clone(), group: *group, in_container: *in_container }
            }
            _ => HostState::Lost { address: address.to_owned(), detail: self.detail(), since: lost_since },
        }
    }

    /// What happened, where the address stands beside it already.
    fn detail(&self) -> String {
        match self {
            Self::Absent { .. } => "nobody listens there".to_owned(),
            Self::Forbidden { .. } => "permission denied".to_owned(),
            Self::Broken { detail, .. } => detail.clone(),
            Self::Ssh { trouble, .. } => trouble.to_string(),
            Self::Certificate { file, detail, .. } => format!("cannot use `{file}`: {detail}"),
            Self::TimedOut { request, seconds, .. } => format!("no answer to `{request}` within {seconds} s"),
            Self::TooOld { api, needed, .. } => format!("it speaks API {api}, and at least {needed} is needed"),
            Self::Refused { request, status, .. } => {
                format!("`{request}` is not allowed there (status {status}), perhaps by a socket proxy")
            }
            Self::BadAnswer { request, detail, .. } => format!("unusable answer to `{request}`: {detail}"),
        }
    }
}

/// The hint that helps to get in.
fn member_of(group: Option<u32>, in_container: bool) -> String {
    match (group, in_container) {
        (Some(group), true) => format!(": start the container with `--group-add {group}`"),
        (Some(group), false) => format!(": its group has the number {group}; join it and log in again"),
        (None, _) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_host_that_was_well_can_be_lost() {
        let absent = HostError::Absent { address: "unix:///s".into() };
        assert_eq!(absent.state("unix:///s", None), HostState::Absent { address: "unix:///s".into() });
        let lost = HostState::Lost { address: "unix:///s".into(), detail: "nobody listens there".into(), since: Some(5) };
        assert_eq!(absent.state("unix:///s", Some(5)), lost);
    }

    #[test]
    fn a_host_that_was_never_well_is_lost_since_no_time() {
        let error = HostError::TimedOut { address: "tcp://nas:2375".into(), request: "GET /info".into(), seconds: 10 };
        let state = error.state("tcp://nas:2375", None);
        let detail = "no answer to `GET /info` within 10 s".to_owned();
        assert_eq!(state, HostState::Lost { address: "tcp://nas:2375".into(), detail, since: None });
    }

    #[test]
    fn the_text_of_a_forbidden_socket_says_what_helps() {
        let error = |in_container| HostError::Forbidden { address: "unix:///s".into(), group: Some(998), in_container };
        assert!(error(true).to_string().contains("--group-add 998"));
        assert!(error(false).to_string().contains("998"));
    }
}
