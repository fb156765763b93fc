//! From what was gathered to the configuration.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use super::{
    Access, Auth, BasePath, Check, Compose, Config, ConfigError, Environment, Host, Log, Password, Registry, Schedule, Seen, Tls, Update,
    Watch, Zone, gather::Gathered, keys, parse, reader::Reader, tables::Entry, value::quoted,
};
use crate::image::{
    Policies, Policy,
    policy::{Tool, values},
};

/// Understands what was gathered, leaving only its warnings and its file.
pub(super) fn config(gathered: &mut Gathered, environment: &Environment) -> Result<Config, ConfigError> {
    let mut top = Reader { keys: keys::SCALARS, values: std::mem::take(&mut gathered.scalars), prefix: String::new() };
    let timezone = match top.text("timezone", parse::timezone)? {
        Some(zone) => Zone::Named(zone),
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
            limit: top.set("check.limit", parse::limit)?,
            at_start: top.flag("check.at_start"),
        },
        update: Update { grace: top.set("update.grace", parse::timeout)?, keep: top.set("update.keep", parse::keep)? },
        compose: Compose { edit: top.flag("compose.edit"), paths: top.list("compose.paths", Seen::parse)? },
        watch: Watch { stopped: top.flag("watch.stopped"), discover: top.flag("watch.discover") },
        policies: Policies {
            default: policy(&mut top, "policy.", &Policy::default())?,
            adopt: top.list("labels.adopt", Tool::by_name)?.into_iter().collect(),
            extra: top.list("images.extra", parse::reference)?.into_iter().collect(),
            exclude: top.list("images.exclude", parse::excluded)?,
            ..Policies::default()
        },
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
            let at_once = reader.text("at_once", parse::at_once)?;
            let tls = Tls { identity: reader.files("cert", "key")?, ca: reader.text("ca", parse::readable)? };
            let (insecure, ignore) = (reader.flag("insecure"), reader.flag("ignore"));
            config.registries.insert(entry.id, Registry { insecure, login, address, ignore, at_once, tls });
        } else if entry.table.name == "image" {
            let mut own = policy(&mut reader, "", &config.policies.default)?;
            own.below = reader.text("below", |text| values::version(text).ok().flatten())?;
            own.ignore = reader.list("ignore", |text| parse::name(text, 128))?;
            (own.pin, own.enable) = (reader.flag("pin"), reader.flag("enable"));
            config.policies.images.insert(entry.id, own);
        } else {
            config.hosts.insert(entry.id, host(&entry.place, &mut reader)?);
        }
    }
    Ok(config)
}

/// Where a host is: at an address, or where a docker context says, which has certificates of its own.
fn host(place: &str, reader: &mut Reader) -> Result<Host, ConfigError> {
    let full = |name: &str, reader: &Reader| format!("{}{name}", reader.prefix);
    if let Some(context) = reader.text("context", |text| parse::name(text, 255))? {
        let other = ["url", "ca", "cert", "key"].into_iter().find(|key| reader.values.contains_key(key));
        return match other {
            Some(key) => {
                let (first, second) = (full("context", reader), full(key, reader));
                Err(ConfigError::Both { place: place.to_owned(), first, second })
            }
            None => Ok(Host::Context(context)),
        };
    }
    let Some(url) = reader.text("url", parse::engine)? else {
        let allowed = reader.key("url").allowed;
        return Err(ConfigError::Missing { place: place.to_owned(), key: full("url", reader), allowed });
    };
    let identity = reader.files("cert", "key")?;
    Ok(Host::Url { url, tls: Tls { ca: reader.text("ca", parse::readable)?, identity } })
}

/// The wishes that stand under keys which start with `start`, in place of those of `base`.
fn policy(reader: &mut Reader, start: &'static str, base: &Policy) -> Result<Policy, ConfigError> {
    let key = |name: &str| reader.keys.iter().map(|key| key.name).find(|key| key.strip_prefix(start) == Some(name));
    let [follow, tell, include, exclude, cooldown] =
        ["follow", "tell", "include", "exclude", "cooldown"].map(|name| key(name).expect("both tables have these keys"));
    let level = |text: &str| values::follow(text).ok();
    let pattern = |text: &str| values::pattern(text).ok();
    Ok(Policy {
        follow: reader.text(follow, level)?.unwrap_or(base.follow),
        tell: reader.text(tell, level)?.unwrap_or(base.tell),
        include: reader.text(include, pattern)?.unwrap_or_else(|| base.include.clone()),
        exclude: reader.text(exclude, pattern)?.unwrap_or_else(|| base.exclude.clone()),
        cooldown: reader.text(cooldown, |text| values::duration(text).ok())?.unwrap_or(base.cooldown),
        ..base.clone()
    })
}

/// The time zone where none is configured.
fn local_zone(environment: &Environment, warnings: &mut Vec<String>) -> Zone {
    let Some(name) = environment.get("TZ") else { return Zone::System };
    let zone = parse::timezone(name.trim_start_matches(':')).or_else(|| TimeZone::posix(name).ok());
    Zone::Named(zone.unwrap_or_else(|| {
        warnings.push(format!("TZ is {}, which is no known time zone: UTC is used", quoted(name)));
        TimeZone::UTC
    }))
}
