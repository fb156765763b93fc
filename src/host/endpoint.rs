//! Where an Engine is reached, in the forms of `DOCKER_HOST`.

use std::{
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
};

use super::Ssh;

/// Port of an Engine without TLS.
const PLAIN_PORT: u16 = 2375;

/// Port of an Engine with TLS.
const TLS_PORT: u16 = 2376;

/// Where an Engine is reached.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Endpoint {
    /// a socket on this machine
    Unix(PathBuf),
    /// plain HTTP
    Tcp {
        /// name or address, without brackets
        host: String,
        /// port
        port: u16,
    },
    /// HTTPS, with certificates on both sides
    Tls {
        /// name or address, without brackets
        host: String,
        /// port
        port: u16,
        /// who is trusted, and who Plimsoll is
        certificates: Certificates,
    },
    /// the program `ssh`, and Docker's command line on the other side
    Ssh(Ssh),
}

/// The files of a TLS connection to an Engine. They are read at each connection, so renewed ones need no restart.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Certificates {
    /// who signs the Engine's certificate
    pub ca: PathBuf,
    /// the certificate to show; left out where the file does not exist
    pub cert: PathBuf,
    /// its key
    pub key: PathBuf,
}

/// What names no Engine, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// none of the known forms
    #[error("`{0}` is no address of an Engine: expected `unix:///path/to/docker.sock`, `tcp://host:port` or `ssh://user@host`")]
    Form(String),
    /// a way to connect that is not built in
    #[error("`{text}`: connecting by {scheme} is not supported; use `unix://`, `tcp://` or `ssh://`")]
    Scheme {
        /// what was written
        text: String,
        /// its scheme
        scheme: String,
    },
    /// an address by ssh with something in it that cannot be told apart from an option, or that a shell would read. It may hold a password
    #[error(
        "the address that starts with `ssh://` cannot be used: expected `ssh://user@host:port`, each part of plain letters and digits, and \
         without a password, because ssh is given a key"
    )]
    Ssh,
    /// a docker context that names no Engine
    #[error("the docker context `{name}`{by} {detail}")]
    Context {
        /// its name
        name: String,
        /// who named it, with a space in front; empty where that is known
        by: String,
        /// what is wrong with it
        detail: String,
    },
    /// `https://` without certificates
    #[error("`{0}` needs certificates: set DOCKER_CERT_PATH to the directory with ca.pem, cert.pem and key.pem")]
    NoCertificates(String),
}

impl Certificates {
    /// The files in `directory`, under the names that Docker gives them.
    pub fn in_directory(directory: &Path) -> Self {
        Self { ca: directory.join("ca.pem"), cert: directory.join("cert.pem"), key: directory.join("key.pem") }
    }
}

impl Endpoint {
    /// Reads an address; with `certificates`, `tcp://` means TLS, as in Docker's own command line.
    pub fn parse(text: &str, certificates: Option<Certificates>) -> Result<Self, EndpointError> {
        let form = || EndpointError::Form(text.to_owned());
        let (scheme, rest) = text.split_once("://").ok_or_else(form)?;
        match scheme {
            "unix" if rest.starts_with('/') => Ok(Self::Unix(rest.into())),
            "tcp" | "http" | "https" => {
                let (host, port) = authority(rest.trim_end_matches('/')).ok_or_else(form)?;
                match (scheme, certificates) {
                    ("http", _) | ("tcp", None) => Ok(Self::Tcp { host, port: port.unwrap_or(PLAIN_PORT) }),
                    (_, Some(certificates)) => Ok(Self::Tls { host, port: port.unwrap_or(TLS_PORT), certificates }),
                    (_, None) => Err(EndpointError::NoCertificates(text.to_owned())),
                }
            }
            "ssh" => Ssh::parse(rest).map(Self::Ssh).ok_or(EndpointError::Ssh),
            "npipe" | "fd" => Err(EndpointError::Scheme { text: text.to_owned(), scheme: scheme.to_owned() }),
            _ => Err(form()),
        }
    }
}

/// `host`, `host:port` or `[ipv6]:port`, and nothing behind it.
pub(super) fn authority(text: &str) -> Option<(String, Option<u16>)> {
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let (address, rest) = rest.split_once(']')?;
            address.parse::<std::net::Ipv6Addr>().ok()?;
            let port = if rest.is_empty() { None } else { Some(rest.strip_prefix(':')?) };
            (address, port)
        }
        None => match text.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (text, None),
        },
    };
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b':'));
    if host.is_empty() || !plain(host) {
        return None;
    }
    match port {
        None => Some((host.to_owned(), None)),
        Some(port) if port.bytes().all(|byte| byte.is_ascii_digit()) => Some((host.to_owned(), Some(port.parse().ok()?))),
        Some(_) => None,
    }
}

impl FromStr for Endpoint {
    type Err = EndpointError;

    fn from_str(text: &str) -> Result<Self, EndpointError> {
        Self::parse(text, None)
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unix(path) => write!(f, "unix://{}", path.display()),
            Self::Ssh(ssh) => ssh.fmt(f),
            Self::Tcp { host, port } | Self::Tls { host, port, .. } if host.contains(':') => write!(f, "tcp://[{host}]:{port}"),
            Self::Tcp { host, port } | Self::Tls { host, port, .. } => write!(f, "tcp://{host}:{port}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tcp(host: &str, port: u16) -> Endpoint {
        Endpoint::Tcp { host: host.into(), port }
    }

    #[test]
    fn addresses_are_read_and_written() {
        for (text, endpoint, shown) in [
            ("unix:///var/run/docker.sock", Endpoint::Unix("/var/run/docker.sock".into()), "unix:///var/run/docker.sock"),
            ("tcp://nas:2375", tcp("nas", 2375), "tcp://nas:2375"),
            ("tcp://nas", tcp("nas", 2375), "tcp://nas:2375"),
            ("tcp://nas:4243/", tcp("nas", 4243), "tcp://nas:4243"),
            ("http://10.0.0.2:80", tcp("10.0.0.2", 80), "tcp://10.0.0.2:80"),
            ("tcp://[::1]:2375", tcp("::1", 2375), "tcp://[::1]:2375"),
            ("tcp://[::1]", tcp("::1", 2375), "tcp://[::1]:2375"),
        ] {
            let read: Endpoint = text.parse().expect(text);
            assert_eq!(read, endpoint, "{text}");
            assert_eq!(read.to_string(), shown, "{text}");
        }
    }

    #[test]
    fn certificates_make_it_tls() {
        let certificates = || Certificates::in_directory(Path::new("/certs"));
        let tls = |port| Endpoint::Tls { host: "nas".into(), port, certificates: certificates() };
        assert_eq!(Endpoint::parse("tcp://nas:2376", Some(certificates())), Ok(tls(2376)));
        assert_eq!(Endpoint::parse("https://nas", Some(certificates())), Ok(tls(2376)));
        assert_eq!(Endpoint::parse("http://nas", Some(certificates())), Ok(tcp("nas", 2375)));
        assert_eq!(Endpoint::parse("https://nas", None), Err(EndpointError::NoCertificates("https://nas".into())));
        let socket = Endpoint::parse("unix:///run/d.sock", Some(certificates()));
        assert_eq!(socket, Ok(Endpoint::Unix("/run/d.sock".into())));
    }

    #[test]
    fn other_ways_to_connect_are_refused_by_name() {
        for (text, scheme) in [("npipe:////./pipe/docker_engine", "npipe"), ("fd://", "fd")] {
            let refused = EndpointError::Scheme { text: text.into(), scheme: scheme.into() };
            assert_eq!(text.parse::<Endpoint>(), Err(refused), "{text}");
        }
    }

    #[test]
    fn an_address_by_ssh_is_read_and_its_password_is_not_repeated() {
        assert_eq!("ssh://me@nas:22".parse::<Endpoint>().map(|read| read.to_string()).as_deref(), Ok("ssh://me@nas:22"));
        for text in ["ssh://me:hunter2@nas", "ssh://-oProxyCommand=hunter2", "ssh://-oProxyCommand=hunter2@nas"] {
            let error = text.parse::<Endpoint>().expect_err(text);
            assert_eq!(error, EndpointError::Ssh, "{text}");
            assert!(!error.to_string().contains("hunter2"));
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "",
            "nas",
            "/var/run/docker.sock",
            "unix://relative.sock",
            "tcp://",
            "tcp://:2375",
            "tcp://nas:port",
            "tcp://nas:99999",
            "tcp://nas:2375/prefix",
            "tcp://[::1",
            "tcp://[nas]:1",
            "tcp://[::1]2375",
            "tcp://user@nas:1",
            "ftp://nas",
            "tcp://nas:+1",
        ] {
            assert_eq!(text.parse::<Endpoint>(), Err(EndpointError::Form(text.into())), "{text}");
        }
    }
}
