//! Addresses of the form `ssh://[user@]host[:port][/path/of/the/socket]`, as Docker's own command line takes them. Pure.
//!
//! Everything in them ends as arguments of the program `ssh`, and the path in a line that the shell on the other side reads. So each part is
//! held to letters that mean nothing to either, and none may begin as an option does.

mod trouble;

use std::fmt;

pub use trouble::SshTrouble;

/// Longest part of an address.
const LONGEST: usize = 255;

/// How long the connection to the other machine may take, in seconds: less than a greeting is given, so that `ssh` itself says what is wrong.
const CONNECT_SECONDS: u8 = 8;

/// An Engine on another machine, reached by the program `ssh`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Ssh {
    /// who logs in; the program's own choice where it is left out
    user: Option<String>,
    /// name, address without brackets, or an alias of the program's configuration
    host: String,
    /// the port; the program's own choice where it is left out
    port: Option<u16>,
    /// the Engine's socket over there, where it is not the usual one
    socket: Option<String>,
}

impl Ssh {
    /// Reads what stands behind `ssh://`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (place, path) = match text.find('/') {
            Some(at) => text.split_at(at),
            None => (text, ""),
        };
        let (user, place) = match place.rsplit_once('@') {
            Some((user, place)) => (Some(user), place),
            None => (None, place),
        };
        let (host, port) = super::endpoint::authority(place)?;
        let plain = |text: &str, more: &str| {
            let known = |letter: char| letter.is_ascii_alphanumeric() || more.contains(letter);
            text.len() <= LONGEST
                && text.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '_')
                && text.chars().all(known)
        };
        let user_fits = user.is_none_or(|user| plain(user, "._-+"));
        // an IPv6 address may begin with a colon, which no option does
        let host_fits = plain(host.trim_start_matches(':'), ".-_:");
        let socket = Some(path.trim_end_matches('/')).filter(|path| !path.is_empty());
        let socket_fits = socket.is_none_or(|path| path.strip_prefix('/').is_some_and(|path| plain(path.trim_start_matches('.'), "/._-")));
        (user_fits && host_fits && socket_fits && port != Some(0)).then(|| Self {
            user: user.map(str::to_owned),
            host,
            port,
            socket: socket.map(str::to_owned),
        })
    }

    /// The arguments of the program: it never asks for anything, gives up in time, notices when the other side is gone, carries nothing but
    /// this one conversation, and speaks of errors alone.
    ///
    /// What it is to run on the other side is Docker's own `docker system dial-stdio`, which passes bytes on to the Engine.
    pub(super) fn arguments(&self) -> Vec<String> {
        let timeout = format!("ConnectTimeout={CONNECT_SECONDS}");
        let options = [
            "BatchMode=yes",
            &timeout,
            "ConnectionAttempts=1",
            "ServerAliveInterval=15",
            "ServerAliveCountMax=2",
            // one process is one connection: none stays behind for others
            "ControlMaster=no",
            "ClearAllForwardings=yes",
            "PermitLocalCommand=no",
            "RemoteCommand=none",
            "RequestTTY=no",
            "EscapeChar=none",
            "LogLevel=ERROR",
        ];
        let mut arguments: Vec<String> = options.iter().flat_map(|option| ["-o", *option]).map(str::to_owned).collect();
        arguments.extend(self.login());
        arguments.extend(["--".to_owned(), self.host.clone(), "docker".to_owned()]);
        if let Some(socket) = &self.socket {
            arguments.extend(["--host".to_owned(), format!("unix://{socket}")]);
        }
        arguments.extend(["system", "dial-stdio"].map(str::to_owned));
        arguments
    }

    /// What a person types to try the same connection.
    pub(super) fn by_hand(&self) -> String {
        let words = ["ssh".to_owned()].into_iter().chain(self.login()).chain([self.host.clone()]);
        words.collect::<Vec<_>>().join(" ")
    }

    /// Who and where, as options.
    fn login(&self) -> impl Iterator<Item = String> {
        let user = self.user.iter().flat_map(|user| ["-l".to_owned(), user.clone()]);
        user.chain(self.port.into_iter().flat_map(|port| ["-p".to_owned(), port.to_string()]))
    }
}

impl fmt::Display for Ssh {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ssh://")?;
        if let Some(user) = &self.user {
            write!(f, "{user}@")?;
        }
        let (open, close) = if self.host.contains(':') { ("[", "]") } else { ("", "") };
        write!(f, "{open}{}{close}", self.host)?;
        if let Some(port) = self.port {
            write!(f, ":{port}")?;
        }
        f.write_str(self.socket.as_deref().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_written() {
        for (text, by_hand, end) in [
            ("nas", "ssh nas", "-- nas docker system dial-stdio"),
            ("me@nas", "ssh -l me nas", "-l me -- nas docker system dial-stdio"),
            ("me@nas.lan:2222", "ssh -l me -p 2222 nas.lan", "-l me -p 2222 -- nas.lan docker system dial-stdio"),
            ("m.e-1@[fe80::1]:22", "ssh -l m.e-1 -p 22 fe80::1", "-l m.e-1 -p 22 -- fe80::1 docker system dial-stdio"),
            ("[::1]", "ssh ::1", "-- ::1 docker system dial-stdio"),
            (
                "me@nas/run/user/1000/docker.sock",
                "ssh -l me nas",
                "-l me -- nas docker --host unix:///run/user/1000/docker.sock system dial-stdio",
            ),
            ("nas/home/me/.colima/docker.sock", "ssh nas", "-- nas docker --host unix:///home/me/.colima/docker.sock system dial-stdio"),
        ] {
            let read = Ssh::parse(text).expect(text);
            assert_eq!(read.to_string(), format!("ssh://{text}"));
            assert_eq!(read.by_hand(), by_hand);
            let arguments = read.arguments().join(" ");
            assert!(arguments.ends_with(end) && arguments.starts_with("-o BatchMode=yes -o ConnectTimeout=8 "), "{arguments}");
        }
        assert_eq!(Ssh::parse("nas/").map(|ssh| ssh.to_string()).as_deref(), Some("ssh://nas"));
    }

    #[test]
    fn what_could_be_an_option_or_mean_something_to_a_shell_is_refused() {
        for text in [
            "",
            "@nas",
            "me@",
            "-oProxyCommand=touch%20x",
            "-oProxyCommand=x",
            "-nas",
            "-l@nas",
            "-oProxyCommand=x@nas",
            "me@-oProxyCommand=x",
            "me@-nas",
            "me;id@nas",
            "$(id)@nas",
            "me`id`@nas",
            "me nas",
            "nas name",
            "nas\nname",
            "nas;id",
            "nas:x",
            "nas:0",
            "nas:70000",
            "nas:22:22",
            "nas:-p",
            "[nas]",
            "[::1",
            "nas?x",
            "nas#x",
            "nas/$(id)",
            "nas/a b",
            "nas/a;id",
            "nas//x",
            "me:secret@nas",
            "a@b@nas",
            &"n".repeat(300),
        ] {
            assert_eq!(Ssh::parse(text), None, "{text}");
        }
    }
}
