//! Why a conversation by `ssh` came to its end: from its last words to something that a person can act on. Pure.

use super::Ssh;

/// Most of the program's own words that are passed on, in characters.
const WORDS: usize = 300;

/// Status of a shell that does not find a program.
const NOT_FOUND: i32 = 127;

/// Why a conversation ended.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SshTrouble {
    /// the program is not there
    #[error("the program `ssh` is not there: install OpenSSH's client (Plimsoll's own container image has none)")]
    NoProgram,
    /// the program does not run
    #[error("the program `ssh` cannot be started: {0}")]
    NotStarted(String),
    /// the other machine's key was never seen before
    #[error("its host key is not known: accept it once by hand, with `{by_hand}`, as the user that Plimsoll runs as")]
    HostKeyUnknown {
        /// what to type
        by_hand: String,
    },
    /// the other machine's key is another one than before
    #[error("its host key has changed: if that is right, remove the old one from known_hosts and accept the new one with `{by_hand}`")]
    HostKeyChanged {
        /// what to type
        by_hand: String,
    },
    /// nobody may log in with what there is
    #[error("the login is denied: `{by_hand}` must work without a question, with a key, as the user that Plimsoll runs as")]
    Denied {
        /// what to type
        by_hand: String,
    },
    /// the name stands for nothing
    #[error("its name has no address")]
    NoName,
    /// nobody answers
    #[error("no connection: {0}")]
    Unreachable(String),
    /// the user that this process runs as has no name
    #[error("`ssh` refuses to run for a user without a name: give Plimsoll's user an entry in /etc/passwd")]
    NoUser,
    /// there is no `docker` on the other side
    #[error("the program `docker` is not found there: install Docker's command line, where a login that is not interactive finds it")]
    NoDocker,
    /// the command line there does not know how to pass bytes on
    #[error("the Docker command line there is older than 18.09 and has no `docker system dial-stdio`: update it")]
    DockerTooOld,
    /// the user there may not speak to the Engine
    #[error("its user may not speak to Docker: put it into the group `docker` there")]
    DockerDenied,
    /// no Engine runs there
    #[error("no Engine answers there: start Docker on that machine")]
    NoEngine,
    /// something else than the Engine speaks first
    #[error("something there prints text before Docker answers, most often a start-up file of the login's shell: keep it silent")]
    Chatter,
    /// anything else
    #[error("{0}")]
    Other(String),
}

/// Words that tell what happened, in lower case, the most telling first. Each line holds words of which all must be there.
const TELLING: &[(&[&str], Kind)] = &[
    (&["host key", "has changed"], Kind::HostKeyChanged),
    (&["host identification has changed"], Kind::HostKeyChanged),
    (&["host key verification failed"], Kind::HostKeyUnknown),
    (&["permission denied", "docker"], Kind::DockerDenied),
    (&["permission denied ("], Kind::Denied),
    (&["too many authentication failures"], Kind::Denied),
    (&["could not resolve hostname"], Kind::NoName),
    (&["no user exists for uid"], Kind::NoUser),
    (&["connect to host"], Kind::Unreachable),
    (&["during banner exchange"], Kind::Unreachable),
    (&["is not a docker command"], Kind::DockerTooOld),
    (&["unknown command", "dial-stdio"], Kind::DockerTooOld),
    (&["cannot connect to the docker daemon"], Kind::NoEngine),
    (&["unable to connect", "docker"], Kind::NoEngine),
    (&["failed to connect to the docker api"], Kind::NoEngine),
    (&["command not found"], Kind::NoDocker),
    (&["docker: not found"], Kind::NoDocker),
];

/// The kinds that words tell of.
#[derive(Debug, Clone, Copy)]
enum Kind {
    HostKeyChanged,
    HostKeyUnknown,
    DockerDenied,
    Denied,
    NoName,
    NoUser,
    Unreachable,
    DockerTooOld,
    NoEngine,
    NoDocker,
}

impl SshTrouble {
    /// What `said`, the program's words to its user, and its exit code mean. Without a code a signal ended it.
    pub(in crate::host) fn read(ssh: &Ssh, code: Option<i32>, said: &[u8]) -> Self {
        let said = String::from_utf8_lossy(said);
        let lower = said.to_ascii_lowercase();
        let by_hand = || ssh.by_hand();
        let told = TELLING.iter().find(|(words, _)| words.iter().all(|word| lower.contains(word)));
        match told.map(|(_, kind)| *kind) {
            Some(Kind::HostKeyChanged) => Self::HostKeyChanged { by_hand: by_hand() },
            Some(Kind::HostKeyUnknown) => Self::HostKeyUnknown { by_hand: by_hand() },
            Some(Kind::DockerDenied) => Self::DockerDenied,
            Some(Kind::Denied) => Self::Denied { by_hand: by_hand() },
            Some(Kind::NoName) => Self::NoName,
            Some(Kind::NoUser) => Self::NoUser,
            Some(Kind::Unreachable) => Self::Unreachable(last_words(&said).rsplit(": ").next().unwrap_or_default().to_lowercase()),
            Some(Kind::DockerTooOld) => Self::DockerTooOld,
            Some(Kind::NoEngine) => Self::NoEngine,
            Some(Kind::NoDocker) => Self::NoDocker,
            None if code == Some(NOT_FOUND) => Self::NoDocker,
            None => Self::Other(match (last_words(&said), code) {
                (words, _) if !words.is_empty() => words,
                (_, Some(code)) => format!("`ssh` ended with status {code}, and without a word"),
                (_, None) => "`ssh` was killed".to_owned(),
            }),
        }
    }
}

/// The last line that says something, on one line and shortened.
fn last_words(said: &str) -> String {
    let line = said.lines().map(str::trim).rfind(|line| !line.is_empty()).unwrap_or_default();
    line.chars()
        .take(WORDS)
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect::<String>()
        .trim_end_matches('.')
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What OpenSSH 9.2, Docker's command line and shells say.
    #[test]
    fn last_words_become_something_to_act_on() {
        let ssh = Ssh::parse("me@nas").expect("an address");
        let by_hand = || ssh.by_hand();
        let denied = "me@nas: Permission denied (publickey,password).\r\n";
        let key = "No ED25519 host key is known for nas and you have requested strict checking.\r\nHost key verification failed.\r\n";
        let changed = "@@@@\n@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\n@@@@\nHost key for nas has changed and you have \
                       requested strict checking.\nHost key verification failed.\n";
        let daemon = "permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: dial unix \
                      /var/run/docker.sock: connect: permission denied";
        for (code, said, expected) in [
            (Some(255), key, SshTrouble::HostKeyUnknown { by_hand: by_hand() }),
            (Some(255), changed, SshTrouble::HostKeyChanged { by_hand: by_hand() }),
            (Some(255), denied, SshTrouble::Denied { by_hand: by_hand() }),
            (Some(1), daemon, SshTrouble::DockerDenied),
            (Some(255), "ssh: Could not resolve hostname nas: Name or service not known\n", SshTrouble::NoName),
            (Some(255), "ssh: connect to host nas port 22: Connection refused\n", SshTrouble::Unreachable("connection refused".into())),
            (Some(255), "ssh: connect to host nas port 22: Connection timed out", SshTrouble::Unreachable("connection timed out".into())),
            (Some(255), "No user exists for uid 65532\n", SshTrouble::NoUser),
            (Some(127), "sh: 1: docker: not found\n", SshTrouble::NoDocker),
            (Some(127), "bash: line 1: docker: command not found\n", SshTrouble::NoDocker),
            (Some(127), "", SshTrouble::NoDocker),
            (Some(1), "docker: 'dial-stdio' is not a docker command.\nSee 'docker --help'\n", SshTrouble::DockerTooOld),
            (
                Some(1),
                "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
                SshTrouble::NoEngine,
            ),
            (
                Some(255),
                "Connection to nas closed by remote host.\r\n",
                SshTrouble::Other("Connection to nas closed by remote host".into()),
            ),
            (Some(3), "\n", SshTrouble::Other("`ssh` ended with status 3, and without a word".into())),
            (None, "", SshTrouble::Other("`ssh` was killed".into())),
            (Some(1), "\u{1b}[31mred\n", SshTrouble::Other(" [31mred".into())),
        ] {
            assert_eq!(SshTrouble::read(&ssh, code, said.as_bytes()), expected, "{said}");
        }
        let SshTrouble::Other(words) = SshTrouble::read(&ssh, Some(1), &[b'x'; 10_000]) else { panic!("its own words") };
        assert_eq!(words.len(), WORDS);
    }
}
