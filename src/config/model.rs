//! The configuration as the program uses it.

use std::{collections::BTreeMap, net::SocketAddr, path::PathBuf, str::FromStr, time::Duration};

use jiff::tz::TimeZone;
use secrecy::SecretString;
use url::Url;

use super::{
    BasePath, ConfigError, Environment, Password, Schedule,
    gather::{Gathered, Values},
    keys::{self, Key},
    parse,
    tables::Entry,
    value::{Found, Value, quoted},
};

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
    pub timezone: TimeZone,
    /// the log
    pub log: Log,
    /// the checks
    pub check: Check,
    /// the inventory
    pub watch: Watch,
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
    /// whether one is made at the start
    pub at_start: bool,
}

/// The inventory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watch {
    /// whether containers that do not run are shown
    pub stopped: bool,
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
}

/// Where a host's Engine is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    /// `unix://`, `tcp://`, `http://` or `https://`
    pub url: String,
    /// files for TLS
    pub tls: Tls,
}

/// Files (PEM) for TLS with an Engine.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tls {
    /// the certificate that the Engine's is signed with
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

/// Understands what was gathered, leaving only its warnings and its file.
pub(super) fn build(gathered: &mut Gathered, environment: &Environment) -> Result<Config, ConfigError> {
    let mut top = Reader { keys: keys::SCALARS, values: std::mem::take(&mut gathered.scalars), prefix: String::new() };
    let timezone = match top.text("timezone", parse::timezone)? {
        Some(zone) => zone,
        None => local_zone(environment, &mut gathered.warnings),
    };
    let config = Config {
        listen: top.set("listen", parse::address)?,
        data_dir: top.set("data_dir", parse::directory)?,
        base_path: top.set("base_path", BasePath::parse)?,
        public_url: top.text("public_url", parse::public_url)?,
        accepted_hosts: top.list("hosts", parse::host_header)?,
        access: Access {
            auth: top.set("auth", parse::auth)?,
            anonymous: top.text("anonymous", parse::anonymous)?,
            credential: top.pair("user", parse::user, "password", |secret| Password::parse(secret).map_err(|error| error.to_string()))?,
        },
        timezone,
        log: Log { filter: top.set("log", parse::log)?, format: top.set("log_format", parse::log_format)? },
        check: Check {
            schedule: top.set("check.schedule", Schedule::parse)?,
            timeout: top.set("check.timeout", parse::timeout)?,
            at_start: top.flag("check.at_start"),
        },
        watch: Watch { stopped: top.flag("watch.stopped") },
        registries: BTreeMap::new(),
        hosts: BTreeMap::new(),
    };
    debug_assert!(top.values.is_empty(), "a key of the table that nobody reads");
    if config.access.auth == Auth::None && config.access.credential.is_some() {
        gathered.warnings.push("`user` and `password` have no effect while `auth` is \"none\"".to_owned());
    }
    named(config, std::mem::take(&mut gathered.entries))
}

/// Adds the tables keyed by a name.
fn named(mut config: Config, entries: Vec<Entry>) -> Result<Config, ConfigError> {
    for entry in entries {
        let mut reader = Reader { keys: entry.table.keys, prefix: entry.key(""), values: entry.values };
        if entry.table.name == "registry" {
            let login = reader.pair("username", |text| parse::name(text, 256), "password", parse::token)?;
            let address = reader.text("address", parse::registry_address)?;
            config.registries.insert(entry.id, Registry { insecure: reader.flag("insecure"), login, address });
        } else {
            let Some(url) = reader.text("url", parse::engine)? else {
                let allowed = reader.key("url").allowed;
                return Err(ConfigError::Missing { place: entry.place, key: format!("{}url", reader.prefix), allowed });
            };
            let identity = reader.files("cert", "key")?;
            let tls = Tls { ca: reader.text("ca", parse::readable)?, identity };
            config.hosts.insert(entry.id, Host { url, tls });
        }
    }
    Ok(config)
}

/// The time zone where none is configured.
fn local_zone(environment: &Environment, warnings: &mut Vec<String>) -> TimeZone {
    let Some(name) = environment.get("TZ") else { return TimeZone::try_system().unwrap_or(TimeZone::UTC) };
    let zone = parse::timezone(name.trim_start_matches(':')).or_else(|| TimeZone::posix(name).ok());
    zone.unwrap_or_else(|| {
        warnings.push(format!("TZ is {}, which is no known time zone: UTC is used", quoted(name)));
        TimeZone::UTC
    })
}

/// Takes values out by their key, and understands them.
struct Reader {
    keys: &'static [Key],
    values: Values,
    prefix: String,
}

impl Reader {
    /// What the table says of a key.
    fn key(&self, name: &str) -> &'static Key {
        self.keys.iter().find(|key| key.name == name).expect("only keys of the table are read")
    }

    /// The error about a value.
    fn wrong(&self, name: &str, origin: &super::Origin, found: String) -> ConfigError {
        let allowed = self.key(name).allowed.to_owned();
        ConfigError::Wrong { place: origin.place(), key: format!("{}{name}", self.prefix), found, allowed }
    }

    /// A text that may be absent.
    fn text<T>(&mut self, name: &'static str, parse: impl Fn(&str) -> Option<T>) -> Result<Option<T>, ConfigError> {
        let Some(Found { value, origin }) = self.values.remove(name) else { return Ok(None) };
        let parsed = match &value {
            Value::Text(text) => parse(text),
            _ => None,
        };
        parsed.map(Some).ok_or_else(|| self.wrong(name, &origin, value.found()))
    }

    /// A text with a default.
    fn set<T>(&mut self, name: &'static str, parse: impl Fn(&str) -> Option<T>) -> Result<T, ConfigError> {
        Ok(self.text(name, parse)?.expect("the table has a default for it"))
    }

    /// A flag.
    fn flag(&mut self, name: &'static str) -> bool {
        matches!(self.values.remove(name), Some(Found { value: Value::Flag(true), .. }))
    }

    /// A list, empty where absent.
    fn list<T>(&mut self, name: &'static str, parse: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, ConfigError> {
        let Some(Found { value: Value::List(items), origin }) = self.values.remove(name) else { return Ok(Vec::new()) };
        items.iter().map(|item| parse(item).ok_or_else(|| self.wrong(name, &origin, quoted(item)))).collect()
    }

    /// A name and its secret: both or neither.
    fn pair<N, S>(
        &mut self,
        name: &'static str,
        parse: impl Fn(&str) -> Option<N>,
        secret: &'static str,
        understand: impl Fn(SecretString) -> Result<S, String>,
    ) -> Result<Option<(N, S)>, ConfigError> {
        self.together(name, secret)?;
        let name = self.text(name, parse)?;
        let Some(Found { value: Value::Secret(text), origin }) = self.values.remove(secret) else { return Ok(None) };
        let understood = understand(text).map_err(|found| self.wrong(secret, &origin, found))?;
        Ok(name.map(|name| (name, understood)))
    }

    /// Two files: both or neither.
    fn files(&mut self, first: &'static str, second: &'static str) -> Result<Option<(PathBuf, PathBuf)>, ConfigError> {
        self.together(first, second)?;
        let first = self.text(first, parse::readable)?;
        Ok(first.zip(self.text(second, parse::readable)?))
    }

    /// Refuses one key without the other.
    fn together(&self, first: &'static str, second: &'static str) -> Result<(), ConfigError> {
        let (key, missing, found) = match (self.values.get(first), self.values.get(second)) {
            (Some(found), None) => (first, second, found),
            (None, Some(found)) => (second, first, found),
            _ => return Ok(()),
        };
        let full = |name: &str| format!("{}{name}", self.prefix);
        Err(ConfigError::Alone { place: found.origin.place(), key: full(key), missing: full(missing) })
    }
}
