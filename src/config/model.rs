//! The configuration as the program uses it.

use std::{collections::BTreeMap, net::SocketAddr, path::PathBuf, str::FromStr, time::Duration};

use secrecy::SecretString;
use url::Url;

use super::{BasePath, Compose, Password, Schedule, Zone};
use crate::image::Policies;

/// Everything that can be configured.
#[derive(Debug, Clone)]
pub struct Config {
    /// where to listen
    pub listen: SocketAddr,
    /// where the database is
    pub data_dir: PathBuf,
    /// the path under which everything lies
    pub base_path: BasePath,
    /// the address under which people reach it
    pub public_url: Option<Url>,
    /// further names that are accepted as `Host`, in lower case: key `hosts`
    pub accepted_hosts: Vec<String>,
    /// who may do what
    pub access: Access,
    /// of schedules and of times in the log
    pub timezone: Zone,
    /// the log
    pub log: Log,
    /// the checks
    pub check: Check,
    /// the updates
    pub update: Update,
    /// files of Compose
    pub compose: Compose,
    /// the inventory
    pub watch: Watch,
    /// what is wished about images: keys `images.…`
    pub policies: Policies,
    /// registries by host and port; Docker Hub is `docker.io`: tables `[registry."…"]`
    pub registries: BTreeMap<String, Registry>,
    /// hosts by name, in place of discovery: tables `[host.…]`
    pub hosts: BTreeMap<String, Host>,
}

/// Who may do what.
#[derive(Debug, Clone)]
pub struct Access {
    /// whether a login is needed to change something
    pub auth: Auth,
    /// what a visitor without login sees; none where nobody said
    pub anonymous: Option<Anonymous>,
    /// user and password; none where nobody said
    pub credential: Option<(String, Password)>,
}

/// Whether a login is needed to change something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Auth {
    /// yes
    Password,
    /// no: everyone who reaches the port may change everything
    None,
}

/// What a visitor without login sees once there is a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Anonymous {
    /// everything
    Viewer,
    /// numbers
    Counts,
    /// nothing
    None,
}

/// The log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    /// what is logged, as `tracing_subscriber::EnvFilter` reads it
    pub filter: String,
    /// how
    pub format: LogFormat,
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// lines for people
    Text,
    /// JSON lines
    Json,
}

/// The checks.
#[derive(Debug, Clone)]
pub struct Check {
    /// when
    pub schedule: Schedule,
    /// how long one request may take
    pub timeout: Duration,
    /// how long a whole check may take
    pub limit: Duration,
    /// whether one is made at the start
    pub at_start: bool,
}

/// The updates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Update {
    /// how long a new container must stay up before the old one is removed
    pub grace: Duration,
    /// how long the image that ran before is kept, for a way back
    pub keep: Duration,
}

/// The inventory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watch {
    /// whether containers that do not run are shown
    pub stopped: bool,
    /// whether the Engine of this machine is looked for where none is configured
    pub discover: bool,
}

/// What is known of a registry beside its name.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    /// whether it speaks plain http
    pub insecure: bool,
    /// user name and password for it
    pub login: Option<(String, SecretString)>,
    /// host and port to connect to in place of its name's
    pub address: Option<String>,
    /// whether it is never asked
    pub ignore: bool,
    /// how many requests may be under way to it
    pub at_once: Option<u32>,
    /// files for TLS
    pub tls: Tls,
}

/// Where a host's Engine is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Host {
    /// at an address
    Url {
        /// `unix://`, `tcp://`, `http://`, `https://` or `ssh://`
        url: String,
        /// files for TLS
        tls: Tls,
    },
    /// where a docker context says
    Context(String),
}

/// Files (PEM) for TLS with an Engine or a registry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tls {
    /// the certificate that the other's is signed with
    pub ca: Option<PathBuf>,
    /// our certificate and its key
    pub identity: Option<(PathBuf, PathBuf)>,
}

impl FromStr for Anonymous {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "viewer" => Ok(Self::Viewer),
            "counts" => Ok(Self::Counts),
            "none" => Ok(Self::None),
            _ => Err(()),
        }
    }
}

impl Anonymous {
    /// The word for it in configuration, forms and the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Counts => "counts",
            Self::None => "none",
        }
    }
}
